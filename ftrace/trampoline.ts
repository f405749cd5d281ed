import type { GuestMemory } from '../emulator/machine';
import { assemble } from '../program/assembler/assemble';
import type { Program } from '../program/program';
import { readProgram } from '../program/read-program';
import { makeCall, patchPair, patchWord, verifyPair } from './call-site';
import type { FrameLayout } from './frame-layout';
import { FtraceError } from './ftrace-error';
import type { Model, TrampolineEntry } from './models/model';
import tracersText from './trampolines/tracers.S';

const pageSize = 4096n;
/** Room for the code and data of trampolines and tracers. */
const roomSize = 8n * pageSize;
const tracersPath = '/riscv-ftrace/tracers.S';

/** Where in a trampoline its frame is on the stack. */
interface LiveFrame {
  readonly start: bigint;
  readonly end: bigint;
  readonly layout: FrameLayout;
}

/** A model's trampolines and tracers in the guest: their program, and the words of it that change while it is there. */
export class Trampoline {
  /** The addresses of the model's entries. */
  readonly entries: readonly bigint[];
  readonly returnToHandler: bigint;
  private readonly live: readonly LiveFrame[];
  private readonly calls: readonly bigint[];
  private callee: bigint;

  /** Assembles the model's trampolines and maps them as region `ftrace`, near the program. Throws FtraceError where no room is. */
  static install(memory: GuestMemory, model: Model, near: Program): Trampoline {
    const address = memory.findFree(roomSize, near.callSites[0]?.address ?? near.entry);
    if (address === undefined) throw new FtraceError('ENOMEM', `no room for ftrace_caller within 2 GiB of ${near.name}`);
    const program = build(model, address);
    map(memory, program);
    return new Trampoline(memory, program, model);
  }

  private constructor(
    private readonly memory: GuestMemory,
    readonly program: Program,
    model: Model,
  ) {
    this.entries = model.entries.map(({ symbol }) => this.addressOf(symbol));
    this.returnToHandler = this.addressOf('return_to_handler');
    this.live = model.entries.map((entry) => this.findFrame(entry));
    this.calls = model.entries.flatMap(({ call }) => (call === undefined ? [] : [this.addressOf(call)]));
    this.callee = this.addressOf('ftrace_stub');
  }

  /**
   * Makes every `ftrace_call` call that function with that op (`update_ftrace_func`, `function_trace_op`). Where both callees are so
   * near that the auipc is the same, one word changes; else the hart must not stand between the two (`callPoints`).
   */
  trace(callee: bigint, op: bigint): void {
    this.writeWord('function_trace_op', op);
    if (callee === this.callee) return;
    for (const call of this.calls) {
      const [before, after] = [makeCall(call, this.callee, 'ra'), makeCall(call, callee, 'ra')];
      verifyPair(this.memory, call, before);
      if (before[0] === after[0]) patchWord(this.memory, call + 4n, after[1]);
      else patchPair(this.memory, call, after);
    }
    this.callee = callee;
  }

  /** The calls that `trace` rewrites. */
  get callPoints(): readonly bigint[] {
    return this.calls;
  }

  /** The layout of the frame that a hart at `pc` has at its sp: from the instruction after the one that makes room for it on. */
  frameAt(pc: bigint): FrameLayout | undefined {
    return this.live.find(({ start, end }) => pc >= start && pc <= end)?.layout;
  }

  addressOf(name: string): bigint {
    const symbol = this.program.symbols.named(name);
    if (!symbol) throw new Error(`the ftrace trampoline has no ${name}`);
    return symbol.address;
  }

  writeWord(name: string, value: bigint): void {
    this.memory.write(this.addressOf(name), new Uint8Array(new BigUint64Array([value]).buffer));
  }

  private findFrame({ symbol, frame }: TrampolineEntry): LiveFrame {
    const addiSp = (immediate: number) => ((immediate << 20) | 0x00010113) >>> 0;
    const find = (word: number) => {
      for (let pc = this.addressOf(symbol); ; pc += 4n) {
        const found = this.memory.load(pc, 4);
        if (found === undefined) throw new Error(`${symbol} makes no frame`);
        if (Number(found) === word) return pc;
      }
    };
    return { start: find(addiSp(-frame.sizeOnStack)) + 4n, end: find(addiSp(frame.sizeOnStack)), layout: frame };
  }
}

function build(model: Model, textAddress: bigint): Program {
  const sources = [model.trampoline, { path: tracersPath, text: tracersText }];
  const { image, diagnostics } = assemble(sources, { textAddress, callSites: false });
  if (!image) throw new Error(diagnostics.map((each) => `${each.path}:${each.line}:${each.column}: ${each.message}`).join('\n'));
  return readProgram(image, 'ftrace', new Map(sources.map(({ path, text }) => [path, text])));
}

function map(memory: GuestMemory, program: Program): void {
  for (const { address, bytes, size, permissions } of program.segments) {
    const start = address - (address % pageSize);
    const end = ((address + size + pageSize - 1n) / pageSize) * pageSize;
    memory.map({ name: 'ftrace', address: start, size: end - start, permissions });
    memory.write(address, bytes);
  }
}
