import type { Instruction } from '../../riscv/instruction';
import { isRelative } from '../interpreter/handlers';
import type { NativeHook } from '../recorder/native-hook';
import { type Block, ControlFlow, type End, type Step, type Target } from './control-flow';
import { effectsOf } from './effects';
import { Guesses, type Known } from './guesses';
import type { RegionExit } from './region-interface';
import { union, xBit } from './register-set';
import { registersRead, registersWritten } from './register-use';
import { unrollLoops } from './unroll';

/** What finding a region needs of the machine. Offsets are those of the guest's window. */
export interface Code extends Known {
  canFetch(offset: number): boolean;
  /** The instruction at an even offset; undefined where there is none that the engine executes. */
  instructionAt(offset: number): Instruction | undefined;
  /** A breakpoint or hook stands there. */
  hasStop(offset: number): boolean;
  /** What the engine does by itself before the instruction at an offset, where a hook stands there and nothing else. */
  hookAt(offset: number): NativeHook | undefined;
  /** Where the indirect jump at an offset has gone, as far as that is known. */
  targetsOf(offset: number): Iterable<number>;
  offsetOf(address: bigint): number;
  /** Bytes in the guest's window. */
  readonly size: number;
}

export interface Region {
  /** Where it begins. */
  readonly offset: number;
  readonly flow: ControlFlow;
  /** How many instructions it has: no way through it without a check is longer. */
  readonly length: number;
  /** The offsets of what it was made from, instructions and the stops it ends before: [start, end) each. */
  readonly sources: readonly { readonly start: number; readonly end: number }[];
}

/** Instructions of a region, and those of a function that is put in line where it is called. */
const longest = 1000;
const longestInline = 48;
/** How many calls of itself, one in the other, a function has put in line. */
const mostRecursion = 2;

/** Code that is called from one place and put in line there. */
interface Inlined {
  /** The register that holds the return address. */
  readonly link: number;
  readonly returnTo: number;
  readonly outer: Context;
  /** How many contexts there are around it. */
  readonly depth: number;
}
type Context = Inlined | undefined;

/** An instruction with the ways out of it; those within the region are offsets in a context. */
interface Node {
  readonly step: Step;
  readonly context: Context;
  readonly exit: Exit;
}

type Place = { readonly offset: number; readonly context: Context };
type Exit =
  | { readonly kind: 'on'; readonly next: Place }
  | { readonly kind: 'jump'; readonly to: Place }
  | { readonly kind: 'branch'; readonly taken: Place; readonly next: Place }
  | { readonly kind: 'call'; readonly callee: number | undefined; readonly back: Place }
  | { readonly kind: 'guess'; readonly to: Place; readonly back: Place }
  | { readonly kind: 'return'; readonly expected: Place | undefined }
  | { readonly kind: 'indirect'; readonly targets: readonly Place[] };

/** The region that begins at an offset: the code that its direct jumps lead to, as far as it may grow. Undefined where it would be empty. */
export function findRegion(code: Code, offset: number): Region | undefined {
  return new Finder(code, offset).find();
}

class Finder {
  readonly #code: Code;
  readonly #nodes = new Map<Context, Map<number, Node>>();
  /** Where blocks begin. */
  readonly #leaders = new Map<Context, Set<number>>();
  readonly #blocks = new Map<Context, Map<number, Block>>();
  readonly #sources: { start: number; end: number }[] = [];
  readonly #start: number;
  readonly #steps = new Map<number, Step>();
  #length = 0;

  /** `start` is where the region begins. */
  constructor(code: Code, start: number) {
    this.#code = code;
    this.#start = start;
  }

  find(): Region | undefined {
    const start = { offset: this.#start, context: undefined };
    this.#explore(start);
    const entry = this.#blockAt(start);
    if (!entry || entry.end.kind === 'leave') return undefined;
    const flow = unrollLoops(reducible(entry));
    const length = flow.blocks.reduce((sum, { steps }) => sum + steps.length, 0);
    return { offset: this.#start, flow, length, sources: merge(this.#sources) };
  }

  #explore(start: Place): void {
    const open = [{ place: start, guesses: new Guesses(this.#code) }];
    this.#lead(start);
    // First come, first explored: what is near the start has the room.
    for (let next = 0; next < open.length; next += 1) {
      const { place, guesses } = open[next]!;
      let at: Place | undefined = place;
      let before: Step | undefined;
      while (at && this.#length < longest) {
        const nodes = mapIn(this.#nodes, at.context);
        if (nodes.has(at.offset)) {
          this.#lead(at);
          break;
        }
        const found = this.#stepAt(at.offset);
        if (!found || found.effects.leaves) break;
        const step = this.#inPlace(found, at.context, guesses);
        const exit = this.#exitOf(step, at.context, before, guesses);
        guesses.execute(step);
        nodes.set(at.offset, { step, context: at.context, exit });
        this.#length += 1;
        before = step;
        at = exit.kind === 'on' ? exit.next : undefined;
        for (const after of placesAfter(exit)) {
          this.#lead(after);
          const isBehindCall = exit.kind === 'call' || (exit.kind === 'guess' && after === exit.back);
          open.push({ place: after, guesses: isBehindCall ? new Guesses(this.#code) : guesses.copy() });
        }
      }
    }
  }

  #lead({ offset, context }: Place): void {
    const leaders = this.#leaders.get(context);
    if (leaders) leaders.add(offset);
    else this.#leaders.set(context, new Set([offset]));
  }

  #stepAt(offset: number): Step | undefined {
    let step = this.#steps.get(offset);
    if (step || offset < 0 || offset >= this.#code.size) return step;
    if (this.#code.hasStop(offset) && !this.#hookAt(offset)) return undefined;
    const instruction = this.#code.instructionAt(offset);
    if (!instruction) return undefined;
    const effects = effectsOf(instruction.meaning);
    step = { offset, instruction, effects, read: registersRead(instruction, effects), written: registersWritten(instruction, effects) };
    this.#steps.set(offset, step);
    return step;
  }

  /** The native hook before a jump that links nothing: only there can it be part of a region. */
  #hookAt(offset: number): NativeHook | undefined {
    const native = this.#code.hookAt(offset);
    const instruction = native && this.#code.instructionAt(offset);
    return instruction?.meaning === 'jalr' && instruction.rd === 0 ? native : undefined;
  }

  /** A step as one context has it. */
  #inPlace(step: Step, context: Context, guesses: Guesses): Step {
    const native = this.#hookAt(step.offset);
    if (!native) return context ? { ...step } : step;
    const bits = (registers: readonly number[]) => ({ x: registers.reduce((all, one) => all | xBit(one), 0), f: 0 });
    const hook = { native, guesses: guesses.copy() };
    return { ...step, hook, read: union(step.read, bits(native.reads)), written: union(step.written, bits(native.writes)) };
  }

  #exitOf({ offset, instruction, effects }: Step, context: Context, before: Step | undefined, guesses: Guesses): Exit {
    const { length, rd, rs1, immediate, meaning } = instruction;
    const place = (at: number): Place => ({ offset: at, context });
    const next = place(offset + length);
    if (effects.goes === 'on') return { kind: 'on', next };
    if (effects.goes === 'branches' && !effects.writes) return { kind: 'branch', taken: place(offset + immediate), next };
    const target = isRelative(meaning) ? offset + immediate : targetOfPair(before, instruction);
    if (rd !== 0) {
      const depth = context === undefined ? 0 : context.depth + 1;
      const isRecursive = target === this.#start && depth < mostRecursion;
      const within = (callee: number): Place => ({ offset: callee, context: { link: rd, returnTo: next.offset, outer: context, depth } });
      if (target === undefined) {
        const hooked = meaning === 'jalr' ? this.#guessHook(instruction, guesses) : undefined;
        return hooked === undefined ? { kind: 'call', callee: undefined, back: next } : { kind: 'guess', to: within(hooked), back: next };
      }
      if (this.#canBeInlined(target, rd, isRecursive) || this.#callsHook(target, rd, next.offset))
        return { kind: 'jump', to: within(target) };
      return { kind: 'call', callee: target, back: next };
    }
    if (target !== undefined) return { kind: 'jump', to: place(target) };
    if (context && rs1 === context.link && immediate === 0) {
      return { kind: 'return', expected: { offset: context.returnTo, context: context.outer } };
    }
    if (rs1 === 1 || rs1 === 5) return { kind: 'return', expected: undefined };
    return { kind: 'indirect', targets: [...this.#code.targetsOf(offset)].map(place) };
  }

  /** The offset of the native hook that an indirect jump probably goes to. */
  #guessHook({ rs1, immediate }: Instruction, guesses: Guesses): number | undefined {
    const value = guesses.get(rs1);
    const offset = value === undefined ? -1 : this.#code.offsetOf(value + BigInt(immediate));
    return offset >= 0 && this.#hookAt(offset) ? offset : undefined;
  }

  /** Whether the code at an offset, called with a link in a register, goes straight to a call of a native hook: a trampoline. */
  #callsHook(start: number, link: number, returnTo: number): boolean {
    const guesses = new Guesses(this.#code, new Map([[link, this.#code.addressOf(returnTo)]]));
    let before: Step | undefined;
    for (let [offset, count] = [start, 0]; count < longestInline; count += 1) {
      const step = this.#stepAt(offset);
      if (!step || step.effects.leaves) return false;
      const { goes, writes } = step.effects;
      if (goes !== 'on' && (goes === 'jumps' || writes)) {
        if (step.instruction.rd === 0 || step.instruction.meaning !== 'jalr') return false;
        const target = targetOfPair(before, step.instruction);
        return target === undefined ? this.#guessHook(step.instruction, guesses) !== undefined : this.#hookAt(target) !== undefined;
      }
      guesses.execute(step);
      before = step;
      offset += step.instruction.length;
    }
    return false;
  }

  /** Whether the code at an offset is short and comes back through a register; only where it is to be recursive may it make calls. */
  #canBeInlined(start: number, link: number, isRecursive: boolean): boolean {
    const open = [start];
    const seen = new Set<number>();
    let returns = false;
    for (let offset = open.pop(); offset !== undefined; offset = open.pop()) {
      if (seen.has(offset)) continue;
      seen.add(offset);
      const step = this.#stepAt(offset);
      if (!step || step.effects.leaves || seen.size > longestInline) return false;
      const { rd, rs1, immediate, length, meaning } = step.instruction;
      const { goes, writes } = step.effects;
      if (goes === 'on' && writes === 'rd' && rd === link && !isRecursive) return false;
      if (goes !== 'on' && writes && rd !== 0) {
        if (!isRecursive && !this.#isTraced(offset, rd, seen)) return false;
        open.push(offset + length);
        continue;
      }
      if (goes === 'jumps') {
        if (rs1 !== link || immediate !== 0) return false;
        returns = true;
        continue;
      }
      if (goes === 'branches') open.push(offset + immediate);
      if (goes === 'on' || !writes) open.push(offset + length);
      if (isRelative(meaning) && offset + immediate < 0) return false;
    }
    return returns;
  }

  /** Whether the call at an offset is that of a trampoline, by a pair of instructions. */
  #isTraced(offset: number, link: number, seen: ReadonlySet<number>): boolean {
    const [before, step] = [this.#stepAt(offset - 4), this.#stepAt(offset)!];
    const target = seen.has(offset - 4) ? targetOfPair(before, step.instruction) : undefined;
    return target !== undefined && link !== 1 && this.#callsHook(target, link, offset + step.instruction.length);
  }

  #blockAt(place: Place): Block | undefined {
    const blocks = mapIn(this.#blocks, place.context);
    const known = blocks.get(place.offset);
    if (known) return known;
    const first = mapIn(this.#nodes, place.context).get(place.offset);
    const why = first ? undefined : this.#whyNot(place.offset);
    if (!first && !why) return undefined;
    const block: Block & { steps: Step[] } = {
      steps: [],
      end: { kind: 'leave', offset: place.offset, why: why ?? 'instruction' },
      index: 0,
    };
    blocks.set(place.offset, block);
    if (first) this.#fill(block, first);
    else this.#sources.push({ start: place.offset, end: place.offset + 4 });
    return block;
  }

  #fill(block: Block & { steps: Step[] }, first: Node): void {
    const nodes = mapIn(this.#nodes, first.context);
    const leaders = this.#leaders.get(first.context);
    for (let node = first; ; ) {
      const { step, exit } = node;
      block.steps.push(step);
      this.#sources.push({ start: step.offset, end: step.offset + step.instruction.length });
      if (exit.kind !== 'on') {
        block.end = this.#endOf(block.steps, exit);
        return;
      }
      const next = nodes.get(exit.next.offset);
      if (!next || leaders?.has(exit.next.offset)) {
        block.end = { kind: 'goto', to: this.#target(exit.next, exit.next.offset) };
        return;
      }
      node = next;
    }
  }

  #endOf(steps: readonly Step[], exit: Exclude<Exit, { kind: 'on' }>): End {
    const by = steps.at(-1)!;
    const { offset, instruction } = by;
    const { meaning, rd, length } = instruction;
    const unknown = meaning === 'jalr' && targetOfPair(steps.at(-2), instruction) === undefined;
    switch (exit.kind) {
      case 'branch':
        return { kind: 'branch', taken: this.#target(exit.taken, offset), next: this.#target(exit.next, offset + length) };
      case 'return': {
        const { expected } = exit;
        return expected
          ? { kind: 'return', expected: { offset: expected.offset, to: this.#target(expected, offset) } }
          : { kind: 'return' };
      }
      case 'jump':
        if (!unknown) return { kind: 'goto', to: this.#target(exit.to, offset) };
        if (rd === 0) return { kind: 'indirect', targets: [] };
        return {
          kind: 'call',
          by,
          callee: undefined,
          back: this.#target({ offset: offset + length, context: exit.to.context?.outer }, offset),
        };
      case 'call':
        return { kind: 'call', by, callee: unknown ? undefined : exit.callee, back: this.#target(exit.back, offset) };
      case 'guess': {
        const otherwise: Block = {
          steps: [],
          end: { kind: 'call', by, callee: undefined, back: this.#target(exit.back, offset) },
          index: 0,
        };
        return { kind: 'guess', offset: exit.to.offset, to: this.#target(exit.to, offset), otherwise };
      }
      case 'indirect':
        return { kind: 'indirect', targets: exit.targets.map((place) => ({ offset: place.offset, to: this.#target(place, offset) })) };
    }
  }

  #target(place: Place, from: number): Target {
    return this.#blockAt(place) ?? { outside: place.offset, from };
  }

  /** Why the interpreter has to execute what is at an offset; undefined where it could be translated, or cannot be fetched. */
  #whyNot(offset: number): RegionExit | undefined {
    if (offset < 0 || offset >= this.#code.size) return undefined;
    if (this.#code.hasStop(offset)) return 'stop';
    if (!this.#code.canFetch(offset)) return undefined;
    const step = this.#stepAt(offset);
    return step ? step.effects.leaves : 'instruction';
  }
}

/** The offset that `auipc` and `jalr` on the same register go to. */
function targetOfPair(before: Step | undefined, { meaning, rs1, immediate }: Instruction): number | undefined {
  if (meaning !== 'jalr' || before?.instruction.meaning !== 'auipc' || before.instruction.rd !== rs1 || rs1 === 0) return undefined;
  const target = before.offset + before.instruction.immediate + immediate;
  return target % 2 === 0 ? target : target - 1;
}

function placesAfter(exit: Exit): Place[] {
  switch (exit.kind) {
    case 'jump':
      return [exit.to];
    case 'branch':
      return [exit.next, exit.taken];
    case 'call':
      return [exit.back];
    case 'guess':
      return [exit.to, exit.back];
    case 'return':
      return exit.expected ? [exit.expected] : [];
    case 'indirect':
      return [...exit.targets];
    default:
      return [];
  }
}

/** The control flow from a block, in which ways that cannot be written as loops lead out of the region. */
function reducible(entry: Block): ControlFlow {
  for (;;) {
    const flow = new ControlFlow(entry);
    const wrong = flow.irreducible();
    if (wrong.length === 0) return flow;
    for (const { from, to } of wrong) cut(from, to);
  }
}

function cut(from: Block, to: Block): void {
  const last = from.steps.at(-1);
  const offset = to.steps[0]?.offset ?? (to.end.kind === 'leave' ? to.end.offset : 0);
  const outside = { outside: offset, from: last?.offset ?? offset };
  const replace = (target: Target): Target => (target === to ? outside : target);
  const { end } = from;
  if (end.kind === 'goto') from.end = { ...end, to: replace(end.to) };
  else if (end.kind === 'branch') from.end = { ...end, taken: replace(end.taken), next: replace(end.next) };
  else if (end.kind === 'call') from.end = { ...end, back: replace(end.back) };
  else if (end.kind === 'guess') from.end = { ...end, to: replace(end.to) };
  else if (end.kind === 'indirect') from.end = { ...end, targets: end.targets.filter((one) => one.to !== to) };
  else if (end.kind === 'return' && end.expected) from.end = { ...end, expected: { ...end.expected, to: replace(end.expected.to) } };
}

function merge(ranges: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

function mapIn<Value>(maps: Map<Context, Map<number, Value>>, context: Context): Map<number, Value> {
  let map = maps.get(context);
  if (!map) {
    map = new Map();
    maps.set(context, map);
  }
  return map;
}
