import { type Decode, decoderFor } from '../riscv/decode';
import { type Isa, wholeIsa } from '../riscv/isa-string';
import type { Environment, RefusedAccess } from './environment';
import {
  accessFault,
  breakpointException,
  environmentCallException,
  fetchFault,
  illegalInstruction,
  misalignedTarget,
  reservedRounding,
} from './exceptions';
import { FlatMemory } from './flat-memory';
import { makeRoutines } from './float/routines';
import type { CodeAlignment } from './interpreter/interpreter-emitter';
import { type InBaseline, type Interpret, makeInterpreter, over } from './interpreter/interpreter-module';
import { exit } from './interpreter/record';
import { RecordPool } from './interpreter/record-pool';
import { hartAt, LinearMemory, pageSize, permissionBits, type WindowOptions } from './linear-memory';
import type { GuestException, HookAnswer, Machine, MachineStatistics, Stop } from './machine';
import type { NativeHook } from './recorder/native-hook';
import { Recorder } from './recorder/recorder';
import { floatCsrs, hasCsr } from './semantics/csr-file';
import { Translator } from './translator/translator';

interface Hook {
  readonly callback: () => HookAnswer;
  readonly native?: NativeHook | undefined;
  readonly name?: string;
}

/**
 * Instructions between two entries of the engine: V8 puts a loop into its optimised tier only when it is entered anew. They are few
 * after a region has been made, and more and more while none is.
 */
const shortestSlice = 1 << 18;
const longestSlice = 1 << 24;
/**
 * The same where there is a deadline: slices that take a millisecond or so, also where they leave the engine often; in that case the
 * clock is looked at after so many exits.
 */
const shortestTimedSlice = 1 << 12;
const longestTimedSlice = 1 << 22;
const shortTime = 0.5;
const longTime = 2;
const exitsBetweenLooks = 64;
/**
 * How often code is come to in the interpreter before it is worth being optimised: when as much time has been lost as that takes.
 */
const comeTosToOptimise = 1 << 17;
const noReservation = 2n ** 64n - 1n;
const fuelWord = hartAt.fuel >> 2;
const fcsrWord = hartAt.fcsr >> 2;
const budgetStop: Stop = { kind: 'budget' };
/** The exits where a region was left just now. */
const leftRegion: ReadonlySet<number> = new Set([
  exit.regionCheck,
  exit.regionFloat,
  exit.regionIndirect,
  exit.regionHook,
  exit.regionJumped,
  exit.regionLeft,
]);
/** The exits that the environment has no part in. */
const internal: ReadonlySet<number> = new Set([...leftRegion, exit.stop, exit.notDecoded, exit.fenceI, exit.hot]);

/** One hart and its memory, run by the interpreter. */
export class RiscvMachine implements Machine {
  readonly memory: FlatMemory;
  /** What it has; other instructions are illegal. */
  readonly isa: Isa;
  readonly recorder: Recorder;
  readonly #linear: LinearMemory;
  readonly #records: RecordPool;
  readonly #translator: Translator;
  readonly #makeInterpreter: () => Interpret;
  #interpret: Interpret;
  /** How the interpreter is kept from being optimised, as long as it shall be. */
  #inBaseline: InBaseline | undefined;
  #afterRegion: (() => void) | undefined;
  readonly #environment: Environment | undefined;
  readonly #decode: Decode;
  readonly #alignment: CodeAlignment;
  /** Offsets in the window with a breakpoint, with a hook, and with either. */
  readonly #breakpoints = new Set<number>();
  readonly #hooks = new Map<number, Hook>();
  readonly #stops = new Set<number>();
  /** What has already been reported at the pc; everything counts again once the pc has changed. */
  #reported: 'nothing' | 'breakpoint' | 'all' = 'nothing';
  #ended: Stop | undefined;
  /** Calls of hooks' callbacks. */
  readonly #hookCalls: Record<string, number> = {};
  #slice = shortestSlice;
  #timedSlice = shortestTimedSlice;
  /** A handler of the program that was entered since the engine was last started. */
  #trap: Extract<Stop, { kind: 'trap' }> | undefined;

  /**
   * Without an environment, every ecall is an exception; without an ISA, the machine has all that there is. Code that has been come to
   * `hotAfter` times is translated to WebAssembly; with 0 none is. With `inBaseline` the interpreter is optimised only where it has much
   * to do. Throws RangeError where the window is too large.
   */
  constructor(
    options: WindowOptions & {
      readonly environment?: Environment;
      readonly isa?: Isa | undefined;
      readonly hotAfter?: number | undefined;
      readonly inBaseline?: InBaseline | undefined;
    },
  ) {
    this.#linear = new LinearMemory(options);
    this.recorder = new Recorder(this.#linear);
    const { environment, isa = wholeIsa, hotAfter, inBaseline } = options;
    this.#inBaseline = hotAfter === 0 ? undefined : inBaseline;
    this.isa = isa;
    this.#decode = decoderFor(isa);
    this.#environment = environment;
    const alignment: CodeAlignment = isa.has('C') ? 2 : 4;
    this.#alignment = alignment;
    const routines = makeRoutines(this.#linear.memory);
    this.#translator = new Translator(this.#linear, {
      routines,
      alignment,
      code: {
        size: this.#linear.size,
        fetchWord: (offset) => this.#records.decodedWord(offset),
        mayHaveCome: (offset) => this.#records.isDecoded(offset),
        instructionOf: (word) => this.#records.instructionOf(word),
        isWritable: (offset) => (this.#linear.permissionsOf(offset) & permissionBits.write) !== 0,
        stops: this.#stops,
        hasHooks: () => this.#hooks.size > 0,
        hookAt: (offset) => this.#nativeHookAt(offset),
        addressOf: (offset) => this.#linear.addressOf(offset),
        offsetOf: (address) => this.#linear.offsetOf(address),
        load: (address) => this.memory.load(address, 8),
        valueOf: (register) => this.readX(register),
      },
      wayTimesAt: (offset) => this.#records.wayTimesAt(offset),
      bytesOf: (start, end) => this.#records.decodedBytes(start, end),
      mapped: () => this.memory.spans,
      changed: (offset) => this.#records.update(offset),
      isWatched: () => this.#afterRegion !== undefined,
      hotAfter,
    });
    this.#records = new RecordPool(
      this.#linear,
      this.#stops,
      this.#translator.slots,
      isa,
      environment?.leaves && ((instruction) => environment.leaves!(instruction)),
    );
    this.memory = new FlatMemory(this.#linear, {
      written: (offset, length) => this.#written(offset, length),
      remapped: (offset, length) => {
        this.#linear.noteWritten(offset, length);
        this.#translator.remapped(offset, length);
        this.#records.dropPages(offset, length);
      },
    });
    this.#makeInterpreter = () => {
      const watchesRegions = this.#afterRegion !== undefined;
      const { table } = this.#translator;
      const options = { alignment, watchesRegions, inBaseline: this.#inBaseline };
      const { interpret, inPlace } = makeInterpreter(this.#linear, table, routines, options);
      table.set(0, inPlace);
      return interpret;
    };
    this.#interpret = this.#makeInterpreter();
    this.#linear.doublewords[hartAt.reservation >> 3] = noReservation;
  }

  get pc(): bigint {
    return this.#linear.doublewords[hartAt.pc >> 3]!;
  }

  set pc(value: bigint) {
    this.#linear.doublewords[hartAt.pc >> 3] = value;
    this.#reported = 'nothing';
  }

  get instret(): bigint {
    return this.#linear.doublewords[hartAt.instret >> 3]!;
  }

  /** The hart and its memory as they are, for those who compare machines. */
  get linearMemory(): LinearMemory {
    return this.#linear;
  }

  /** Calls back each time a region was left, with the whole state of the hart in place. The engine is slower then. */
  watchRegions(callback: () => void): void {
    this.#afterRegion = callback;
    // Those that there are go on at others without coming back.
    this.#translator.forget();
    this.#interpret = this.#makeInterpreter();
  }

  /** What the translator has done so far. */
  get statistics(): MachineStatistics {
    const { comeTos, statistics } = this.#translator;
    return { ...statistics, comeTos, isKeptInBaseline: this.#inBaseline !== undefined, hookCalls: this.#hookCalls };
  }

  readX(index: number): bigint {
    return this.#linear.doublewords[(hartAt.x >> 3) + index]!;
  }

  writeX(index: number, value: bigint): void {
    if (index !== 0) this.#linear.doublewords[(hartAt.x >> 3) + index] = value;
  }

  readF(index: number): bigint {
    return this.#linear.doublewords[(hartAt.f >> 3) + index]!;
  }

  writeF(index: number, value: bigint): void {
    this.#linear.doublewords[(hartAt.f >> 3) + index] = value;
  }

  get privilege(): 'user' | 'machine' | undefined {
    return this.#environment?.privilege;
  }

  readCsr(number: number): bigint | undefined {
    const inFcsr = this.isa.has('F') ? floatCsrs.get(number) : undefined;
    if (inFcsr && this.isa.has('F')) return BigInt((this.#linear.words[fcsrWord]! >> inFcsr.shift) & inFcsr.mask);
    return this.#environment?.readCsr?.(number) ?? (hasCsr(this.isa, number) ? this.instret : undefined);
  }

  writeCsr(number: number, value: bigint): boolean {
    const inFcsr = this.isa.has('F') ? floatCsrs.get(number) : undefined;
    if (!inFcsr || !this.isa.has('F')) return this.#environment?.writeCsr?.(number, value) ?? false;
    const { shift, mask } = inFcsr;
    const others = this.#linear.words[fcsrWord]! & ~(mask << shift);
    this.#linear.words[fcsrWord] = others | ((Number(BigInt.asUintN(8, value)) & mask) << shift);
    return true;
  }

  setBreakpoint(address: bigint): void {
    const offset = this.#linear.offsetOf(address);
    this.#breakpoints.add(offset);
    this.#updateStop(offset);
  }

  clearBreakpoint(address: bigint): void {
    const offset = this.#linear.offsetOf(address);
    this.#breakpoints.delete(offset);
    this.#updateStop(offset);
  }

  setHook(address: bigint, callback: Hook['callback'], options: Omit<Hook, 'callback'> = {}): void {
    const offset = this.#linear.offsetOf(address);
    this.#hooks.set(offset, { callback, ...options });
    this.#updateStop(offset);
  }

  clearHook(address: bigint): void {
    const offset = this.#linear.offsetOf(address);
    this.#hooks.delete(offset);
    this.#updateStop(offset);
  }

  run(budget: number, deadline = Number.POSITIVE_INFINITY, isWanted?: () => boolean): Stop {
    const end = this.instret + BigInt(budget);
    const isTimed = deadline !== Number.POSITIVE_INFINITY;
    this.#translator.limit.run(deadline, isWanted);
    let now = isTimed ? performance.now() : 0;
    for (let left = budget; left > 0; left = Number(end - this.instret)) {
      const made = this.#translator.made;
      const most = isTimed ? this.#timedSlice : longestSlice;
      const stop = this.#interrupt() ?? this.#execute(Math.min(left, most, this.#slice, this.#fuelToInterrupt()), deadline);
      if (stop) return stop;
      this.#slice = made === this.#translator.made ? Math.min(2 * this.#slice, longestSlice) : shortestSlice;
      if (!isTimed) continue;
      const before = now;
      now = performance.now();
      if (now - before < shortTime) this.#timedSlice = Math.min(2 * this.#timedSlice, longestTimedSlice);
      else if (now - before > longTime) this.#timedSlice = Math.max(this.#timedSlice >> 1, shortestTimedSlice);
      if (now >= deadline || isWanted?.()) break;
    }
    return budgetStop;
  }

  step(): Stop {
    if (this.#reported !== 'all') {
      this.#reported = 'breakpoint';
      const stop = this.#stopHere();
      if (stop) return stop;
    }
    this.#trap = undefined;
    return this.#interrupt() ?? this.#trap ?? this.#execute(1) ?? this.#interrupt() ?? this.#trap ?? budgetStop;
  }

  /** For the environment: counts the instruction at the pc as executed; the hart goes on at `next`. */
  retire(next: bigint): undefined {
    const { doublewords, words } = this.#linear;
    words[fuelWord]! -= 1;
    doublewords[hartAt.instret >> 3]! += 1n;
    this.pc = next;
  }

  /**
   * For the environment: executes the store at the pc as if the page of `permitted` permitted everything, and retires it. False where it
   * faults all the same.
   */
  executePermitted(permitted: bigint, { address, size }: Pick<RefusedAccess, 'address' | 'size'>): boolean {
    const { words, permissions } = this.#linear;
    const page = Math.floor(this.#linear.offsetOf(permitted) / pageSize);
    const [fuel, kept] = [words[fuelWord]!, permissions[page]!];
    const { mapped, read, write, execute } = permissionBits;
    const interpret = (): number => {
      permissions[page] = mapped | read | write | execute;
      words[fuelWord] = 1;
      const result = this.#interpret(over.stop + over.region);
      permissions[page] = kept;
      return result;
    };
    let result = interpret();
    if (result === exit.hot) {
      // The region is made while the page has its own permissions, since it relies on them.
      this.#translator.translate(this.#linear.offsetOf(this.pc));
      result = interpret();
    }
    const done = result === exit.budget;
    words[fuelWord] = fuel - (done ? 1 : 0);
    if (done) this.#reported = 'nothing';
    // A page that is not writable is not looked at by `fence.i`.
    if (done && (kept & execute) !== 0) this.#written(this.#linear.offsetOf(address), size);
    return done;
  }

  /** Bytes of guest memory were written, but not by a store that the permissions of their pages allow. */
  #written(offset: number, length: number): void {
    this.#linear.noteWritten(offset, length);
    // Nothing is known of code in other pages.
    if (!this.#isExecutable(offset, length)) return;
    this.#translator.written(offset, length);
    this.#records.drop(offset, length);
  }

  /** Whether any page with one of these `length` bytes is. */
  #isExecutable(offset: number, length: number): boolean {
    const { permissions } = this.#linear;
    const end = (offset + length) / pageSize;
    for (let page = Math.floor(offset / pageSize); page < end; page += 1) if (permissions[page]! & permissionBits.execute) return true;
    return false;
  }

  /** For the environment: gives these mapped pages permission bits, whatever their region says. */
  permit(address: bigint, size: bigint, bits: number): void {
    const offset = this.#linear.offsetOf(address);
    const [first, end] = [offset / pageSize, (offset + Number(size)) / pageSize];
    const pages = this.#linear.permissions.subarray(first, end);
    if (pages.every((one) => one === bits)) return;
    const changesCode = pages.some((one) => ((one ^ bits) & permissionBits.execute) !== 0);
    pages.fill(bits);
    if (changesCode) {
      this.#translator.remapped(offset, Number(size));
      this.#records.dropPages(offset, Number(size));
    } else this.#translator.permissionsChanged(offset, Number(size));
  }

  /** For the environment: makes the engine leave every store to the page of an address to `access`. */
  watchStores(address: bigint): void {
    const offset = this.#linear.offsetOf(address);
    const page = BigInt(offset - (offset % pageSize)) + this.#linear.base;
    this.permit(page, BigInt(pageSize), this.#linear.permissionsOf(offset) & ~permissionBits.write);
  }

  /** For the environment: the mode of the hart forbids these kinds of managing cache blocks, bits of `cacheControl`. */
  forbidCacheControl(bits: number): void {
    this.#linear.words[hartAt.forbidden >> 2] = bits;
  }

  /** For the environment: what it leaves to the engine has changed, so all code is decoded anew. */
  forgetCode(): void {
    this.#translator.forget();
    this.#records.flush();
  }

  /** Instructions until the environment wants to interrupt the hart, at least 1. */
  #fuelToInterrupt(): number {
    const at = this.#environment?.interruptAt;
    if (at === undefined) return longestSlice;
    const distance = at - this.instret;
    return distance >= BigInt(longestSlice) ? longestSlice : Math.max(1, Number(distance));
  }

  #interrupt(): Stop | undefined {
    const at = this.#environment?.interruptAt;
    if (at === undefined || this.instret < at) return undefined;
    const { pc } = this;
    const stop = this.#noteEnd(this.#environment?.interrupt?.(this));
    if (!stop && this.pc !== pc) this.#trap = { kind: 'trap', interrupt: true };
    return stop;
  }

  /** Executes at most `fuel` instructions, fewer where a trap or an interrupt is to be looked at; undefined where nothing has stopped it. */
  #execute(fuel: number, deadline = Number.POSITIVE_INFINITY): Stop | undefined {
    const { words } = this.#linear;
    words[fuelWord] = fuel;
    this.#trap = undefined;
    let passed = 0;
    for (let exits = 1; !this.#ended; exits += 1) {
      const before: number = words[fuelWord]!;
      const result = this.#interpret(this.#reported === 'all' ? over.stop + over.region : passed);
      passed = 0;
      if (words[fuelWord] !== before) this.#reported = 'nothing';
      if (result === exit.budget) return undefined;
      if (result === exit.regionCheck || result === exit.regionFloat || result === exit.regionLeft) passed = over.region;
      if (this.#afterRegion && leftRegion.has(result)) this.#afterRegion();
      const stop = this.#handle(result) ?? (result === exit.regionCheck ? this.#hookBefore() : undefined);
      if (stop) return stop;
      if (this.#trap || (!internal.has(result) && this.#environment?.interruptAt !== undefined)) return undefined;
      // Making a region takes as long as thousands of other exits.
      const looks = deadline !== Number.POSITIVE_INFINITY && (exits % exitsBetweenLooks === 0 || result === exit.hot);
      if (looks && performance.now() >= deadline) return undefined;
    }
    return this.#ended;
  }

  #handle(result: number): Stop | undefined {
    switch (result & 0xff) {
      case exit.stop:
        return this.#enterHook() ? undefined : this.#stopHere();
      case exit.regionHook:
        return this.#stopHere();
      case exit.regionJumped:
      case exit.regionLeft:
        // A region that dispatches may be left for want of fuel where its jump goes, and where no instruction can be.
        return this.#decodeHere(this.#linear.addressOf(this.#linear.words[hartAt.jumpFrom >> 2]! >>> 0));
      case exit.notDecoded:
        return this.#decodeHere();
      case exit.environmentCall:
        return this.#callEnvironment();
      case exit.hot:
        this.#translator.translate(this.#linear.offsetOf(this.pc));
        if (this.#inBaseline && this.#translator.comeTos > comeTosToOptimise) this.#optimise();
        return undefined;
      case exit.regionCheck:
        this.#translator.failures.checkFailed(this.#linear.offsetOf(this.pc));
        return undefined;
      case exit.regionIndirect:
        return this.#goFromRegion(this.#linear.words[hartAt.jumpFrom >> 2]! >>> 0);
      case exit.regionFloat:
        this.#translator.failures.wasNotPlain(this.#linear.offsetOf(this.pc));
        return undefined;
      case exit.fenceI:
        this.#translator.fence();
        this.#records.dropWritable();
        return this.retire(this.pc + 4n);
      case exit.breakpoint:
        return this.#raise(breakpointException(this.pc));
      case exit.misalignedTarget:
        return this.#raise(misalignedTarget(this.pc, this.#faultValue));
      case exit.illegal:
        return this.#executeOutside(Number(this.#faultValue));
      case exit.privileged:
        return this.#executeOutside(this.#records.wordAt(this.#linear.offsetOf(this.pc)));
      case exit.reservedRounding:
        return this.#raise(reservedRounding(this.pc, this.#records.wordAt(this.#linear.offsetOf(this.pc)), this.readCsr(2)!));
      default:
        return this.#accessOutside(result);
    }
  }

  #optimise(): void {
    this.#inBaseline = undefined;
    this.#interpret = this.#makeInterpreter();
  }

  /** Reports the breakpoint at the pc, if it is not yet reported, or else runs the hook. */
  #stopHere(): Stop | undefined {
    const offset = this.#linear.offsetOf(this.pc);
    if (this.#reported === 'nothing' && this.#breakpoints.has(offset)) {
      this.#reported = 'breakpoint';
      return { kind: 'breakpoint' };
    }
    this.#reported = 'all';
    const hook = this.#hooks.get(offset);
    if (!hook) return undefined;
    const { name = 'other' } = hook;
    this.#hookCalls[name] = (this.#hookCalls[name] ?? 0) + 1;
    const answer = hook.callback();
    if (answer === 'again') this.#reported = 'breakpoint';
    return answer === 'stop' ? { kind: 'hook' } : undefined;
  }

  /** The interpreter is to make an access that a region has left to it: where a native hook stands before it, that is left too. */
  #hookBefore(): Stop | undefined {
    return this.#hooks.has(this.#linear.offsetOf(this.pc)) ? this.#stopHere() : undefined;
  }

  /** Puts the native hook at the pc in force, where nothing else stands there: the engine then runs it. */
  #enterHook(): boolean {
    const offset = this.#linear.offsetOf(this.pc);
    return this.#nativeHookAt(offset) !== undefined && this.#translator.makeHook(offset);
  }

  #nativeHookAt(offset: number): NativeHook | undefined {
    return this.#breakpoints.has(offset) ? undefined : this.#hooks.get(offset)?.native;
  }

  /** Goes on at the pc, to which a region jumped from an offset. */
  #goFromRegion(from: number): Stop | undefined {
    this.#translator.failures.wentTo(from, this.#linear.offsetOf(this.pc));
    return this.#decodeHere(this.#linear.addressOf(from));
  }

  #decodeHere(from = this.#from): Stop | undefined {
    const { pc } = this;
    const offset = this.#linear.offsetOf(pc);
    if (pc % BigInt(this.#alignment) === 0n && offset >= 0 && this.#records.decodeFrom(offset)) return undefined;
    return this.#raise(fetchFault(this.#linear, pc, from, this.#alignment));
  }

  #callEnvironment(): Stop | undefined {
    if (!this.#environment?.call) return this.#raise(environmentCallException(this.pc));
    const stop = this.#environment.call(this);
    if (stop && stop.kind !== 'exit') return stop;
    this.retire(this.pc + 4n);
    return this.#noteEnd(stop ?? this.#environment.returned?.(this));
  }

  #executeOutside(word: number): Stop | undefined {
    const instruction = this.#environment?.execute && this.#decode(word);
    if (!instruction) return this.#raise(illegalInstruction(this.pc, word, this.isa));
    const done = this.#environment!.execute!(instruction);
    return done?.kind === 'illegal' ? this.#raise(illegalInstruction(this.pc, word, this.isa, done.why)) : this.#noteEnd(done);
  }

  #accessOutside(result: number): Stop | undefined {
    const kind = (result & 0xff) === exit.loadFault ? 'load' : 'store';
    const access = { kind, address: this.#faultValue, size: (result >>> 8) & 0xff } as const;
    const done = this.#environment?.access ? this.#environment.access(access) : 'refused';
    return done === 'refused' ? this.#raise(accessFault(this.#linear, result, this.#faultValue)) : this.#noteEnd(done);
  }

  #raise(exception: GuestException): Stop | undefined {
    if (!this.#environment?.exception) return { kind: 'exception', exception };
    const { instret } = this;
    const stop = this.#noteEnd(this.#environment.exception(this, exception));
    if (!stop && this.instret === instret) this.#trap = { kind: 'trap', interrupt: false };
    return stop;
  }

  #noteEnd(stop: Stop | undefined): Stop | undefined {
    if (stop?.kind === 'exit') this.#ended = stop;
    return stop;
  }

  get #faultValue(): bigint {
    return this.#linear.doublewords[hartAt.faultValue >> 3]!;
  }

  /** The instruction that went to the pc; a page left behind its end has none. */
  get #from(): bigint | undefined {
    const from = this.#linear.doublewords[hartAt.from >> 3]!;
    return from === 0n || from === this.pc ? undefined : from;
  }

  #updateStop(offset: number): void {
    if (this.#breakpoints.has(offset) || this.#hooks.has(offset)) this.#stops.add(offset);
    else this.#stops.delete(offset);
    this.#translator.stopChanged(offset);
    this.#records.update(offset);
  }
}
