import { bothWays, way } from './branch-ways';
import { Callees, targetOfPair } from './callees';
import type { Code } from './code';
import { type Block, type ControlFlow, type End, isBlock, type Step, type Target } from './control-flow';
import { dispatchBlock } from './dispatch-block';
import { FoundRuns } from './found-runs';
import { Guesses } from './guesses';
import { mostIdle } from './idle';
import { separateLoops } from './nested-loops';
import { Context, type Exit, type Place, placesAfter, waysOf } from './places';
import { reducible } from './reducible';
import type { RegionExit } from './region-interface';
import { unrollLoops } from './unroll';
import { withEntries } from './with-entries';

export interface Region {
  /** Where it begins. */
  readonly offset: number;
  readonly flow: ControlFlow;
  /** What the x registers probably hold where it is entered, if that is known: it is made there, or has been looked at before. */
  readonly registers: BigUint64Array | undefined;
  /** How many instructions it has: no way through it without a check is longer. */
  readonly length: number;
  /** It holds a switch of many cases, all of which come back to it. */
  readonly isSwitch: boolean;
  /** The offsets where it can be entered as well. */
  readonly entries: readonly number[];
  /** The offset where it ends for want of room, in the middle of code without jumps. */
  readonly goesOn: number | undefined;
  /** The offsets of what it was made from, instructions and the stops it ends before: [start, end) each. */
  readonly sources: readonly { readonly start: number; readonly end: number }[];
}

/** Instructions of a region, and those of a function that is put in line where it is called. */
export const longest = 500;
/** Instructions that a region has whether they are in others or not. */
const alone = 64;
/** Instructions of a region with a wide switch, and targets of a jump of which a region holds some and not all, at most. */
export const longestSwitch = 6000;
const mostCases = 32;
/** Targets of all its indirect jumps past which a region has as much room: threaded code has a jump at the end of each case. */
const mostTargets = 12;
/** How many times as many targets a jump has than another region can be entered at, for one more to hold them; else they are parts of it. */
export const growthOfSwitch = 1.5;
const bytesOfInstruction = 4;
/** How many calls of itself, one in the other, a function has put in line. */
const mostRecursion = 2;

/** A place that is still to be explored, and what registers probably hold there, where that matters. */
interface Open {
  readonly place: Place;
  readonly guesses: Guesses | undefined;
  /** The instruction before, where what is explored from there goes on behind it. */
  readonly before: Step | undefined;
  readonly isOn: boolean;
}

const returns: Exit = { kind: 'return', expected: undefined };

/** Searches for the region that begins at an offset: the code that its direct jumps lead to, as far as it may grow. */
export class RegionSearch {
  /** Instructions that were found, but for idle ones where a function may begin. */
  length = 0;
  /** It has a wide switch of which not all cases are known yet, and is better looked for again soon. */
  isEarly = false;
  readonly #code: Code;
  readonly #callees: Callees;
  readonly #start: Place;
  readonly #registers: BigUint64Array | undefined;
  readonly #since: number | undefined;
  readonly #sources: { start: number; end: number }[] = [];
  /** Where other regions begin that it ends before. */
  readonly #ends: number[] = [];
  readonly #runs = new FoundRuns();
  /** Places of which those from a number on are still to be explored. First come, first explored: what is near the start has the room. */
  readonly #open: Open[];
  #explored = 0;
  /** The blocks that end with indirect jumps, and where these go. */
  readonly #jumps: Block[] = [];
  readonly #targets = new Set<number>();
  /** Instructions that the region may have: with a switch of many cases more than others. */
  #longest: number;

  /**
   * `most` is how many instructions are looked for at first, `registers` what the x registers probably hold where the region begins, and
   * `since` the look at code since when branches have gone the ways that it is to have; all of them where that is undefined.
   */
  constructor(code: Code, offset: number, registers: BigUint64Array | undefined, most = longest, since?: number) {
    this.#code = code;
    this.#registers = registers;
    this.#since = since;
    this.#callees = new Callees(code);
    this.#longest = Math.min(longest, code.mostAtOnce());
    this.#start = new Context().placeAt(offset);
    this.#open = [{ place: this.#start, guesses: code.hasHooks() ? new Guesses(code) : undefined, before: undefined, isOn: false }];
    this.explore(most);
  }

  /** Whether a region can have no more than what was found. */
  get isWhole(): boolean {
    return this.#explored === this.#open.length || this.length >= this.#longest;
  }

  /** The region with the instructions that were found. Undefined where it would be empty. */
  region(): Region | undefined {
    const entry = this.#blockAt(this.#start);
    if (!entry || entry.end.kind === 'leave') return undefined;
    const asked = (flow: ControlFlow): ControlFlow => {
      this.#code.breathe(flow.blocks.length);
      return flow;
    };
    const isSwitch = this.#longest > longest;
    const begins = (offset: number) => offset === this.#start.offset || this.#code.regions.has(offset);
    const looped = asked(separateLoops(reducible((isSwitch && this.#dispatch(entry)) || entry, asked)));
    const entered = isSwitch ? looped : withEntries(looped, this.#start.offset, this.#isShared);
    const flow = asked(unrollLoops(entered === looped ? looped : asked(entered), begins));
    const length = flow.blocks.reduce((sum, { steps }) => sum + steps.length, 0);
    return {
      offset: this.#start.offset,
      flow,
      registers: this.#registers,
      length,
      isSwitch,
      entries: entriesOf(flow.blocks[0]!, this.#start.offset),
      goesOn: this.#goesOn,
      sources: merge(this.#sources),
    };
  }

  /** The block by which indirect jumps dispatch; undefined without any. */
  #dispatch(entry: Block): Block | undefined {
    return dispatchBlock(entry, this.#start.offset, this.#jumps, this.#isShared);
  }

  /** Whether a block is what is at an offset for all that comes from elsewhere, not that of a function in line. */
  readonly #isShared = (offset: number, block: Block): boolean => this.#start.context.placeAt(offset).block === block;

  get #goesOn(): number | undefined {
    const next = this.#open[this.#explored];
    return next?.isOn && next.place.context === this.#start.context ? next.place.offset : undefined;
  }

  /** Whether what was found leads to a region that can be entered at these offsets, and ends before it. */
  leadsTo(entries: readonly number[]): boolean {
    return this.#ends.some((offset) => entries.includes(offset));
  }

  /** How many instructions of what was found the interpreter has executed, by how often it came to places (`FoundRuns`). */
  interpreted(heatOf: (offset: number) => number): number {
    return this.#runs.interpreted(this.#start.offset, heatOf);
  }

  /** Looks for more instructions, until there are `most`. */
  explore(most: number): void {
    for (; this.#explored < this.#open.length; this.#explored += 1) {
      if (!this.#follow(this.#open[this.#explored]!, Math.min(most, this.#longest))) return;
    }
  }

  /** Finds the instructions from a place to the next jump. False where there are as many as are looked for before. */
  #follow({ place: start, guesses, before: earlier, isOn }: Open, most: number): boolean {
    const { context } = start;
    if (!isOn) start.isLeader = true;
    if (start.step) return true;
    if (!isOn && this.#explored > 0 && (!this.#code.mayHaveCome(start.offset) || this.#belongsElsewhere(start.offset, context)))
      return true;
    this.#code.breathe();
    const counted = this.length;
    let before = earlier;
    let last: Step | undefined;
    let exit: Exit | undefined;
    let isFull = false;
    let idle = 0;
    let { offset } = start;
    for (;;) {
      if (context.stepAt(offset)) {
        context.placeAt(offset).isLeader = true;
        break;
      }
      if ((last || isOn) && this.#belongsElsewhere(offset, context)) break;
      if (this.length >= most) {
        this.#open[this.#explored] = { place: context.placeAt(offset), guesses, before: last ?? before, isOn: isOn || last !== undefined };
        isFull = true;
        break;
      }
      const found = this.#callees.stepAt(offset);
      if (!found || found.effects.leaves) break;
      if (last) before = last;
      last = guesses ? this.#callees.withHook(found, guesses) : found;
      context.found(last);
      // What has a hook counts: a region that begins at one is that instruction alone.
      if (idle < mostIdle && !last.hook && this.#callees.isIdle(found)) idle += 1;
      else this.length += 1;
      if (last.effects.goes !== 'on') {
        exit = this.#exitOf(last, context, before, guesses);
        context.placeAt(offset).exit = exit;
        break;
      }
      guesses?.execute(last);
      offset = last.end;
    }
    if (!last) return !isFull;
    const after = exit && placesAfter(exit);
    if (context === this.#start.context) {
      this.#runs.add(start.offset, last, exit && after && waysOf(exit, after, context), exit?.kind === 'indirect', this.length - counted);
    }
    if (!exit || !after) return !isFull;
    guesses?.execute(last);
    for (const next of after) {
      const guessed = guesses && (exit.kind === 'call' ? new Guesses(this.#code) : guesses.copy());
      this.#open.push({ place: next, guesses: guessed, before: undefined, isOn: false });
    }
    return true;
  }

  /**
   * Whether a region ends before an offset, since another one begins there: code of long functions is in few regions. What leads to a long
   * one and is not in a loop with it is worth no other that has all of that again. Functions in line have no end before theirs.
   */
  #belongsElsewhere(offset: number, context: Context): boolean {
    // Only this region knows where what was put in line is to come back to.
    if (context !== this.#start.context || !this.#code.regions.has(offset)) return false;
    const isLong = this.length >= (this.#longest > longest ? this.#longest : alone);
    if (!isLong && !this.#code.hasLongRegion(offset, this.#start.offset)) return false;
    this.#ends.push(offset);
    return true;
  }

  #exitOf({ offset, end, instruction, effects }: Step, context: Context, before: Step | undefined, guesses: Guesses | undefined): Exit {
    const { rd, rs1, immediate } = instruction;
    if (effects.goes === 'branches' && !effects.writes) {
      const next = context.placeAt(end);
      const taken = context.placeAt(offset + immediate);
      const ways = this.#since === undefined ? bothWays : this.#code.waysSince(offset, this.#since);
      return { kind: 'branch', taken, next, ways: ways === bothWays ? [next, taken] : [ways === way.taken ? taken : next] };
    }
    const target = effects.isRelative ? offset + immediate : targetOfPair(before, instruction);
    const { inlined } = context;
    if (rd !== 0) {
      const next = context.placeAt(end);
      const depth = inlined ? inlined.depth + 1 : 0;
      const isRecursive = target === this.#start.offset && depth < mostRecursion;
      if (target === undefined) {
        const hooked = guesses && instruction.meaning === 'jalr' ? this.#callees.guessHook(instruction, guesses) : undefined;
        if (hooked !== undefined) return { kind: 'guess', to: inLine(hooked, rd, next, depth) };
        const probable = this.#callees.guessCallee(instruction);
        return probable === undefined
          ? { kind: 'call', callee: undefined, back: next }
          : { kind: 'guess', to: inLine(probable, rd, next, depth), back: next };
      }
      if (this.#callees.canBeInlined(target, rd, isRecursive) || this.#callees.callsHook(target, rd, end))
        return { kind: 'jump', to: inLine(target, rd, next, depth) };
      return { kind: 'call', callee: target, back: next };
    }
    if (target !== undefined) return { kind: 'jump', to: context.placeAt(target) };
    if (inlined && rs1 === inlined.link && immediate === 0) return { kind: 'return', expected: inlined.returnTo };
    if (rs1 === 1 || rs1 === 5) return returns;
    const targets = [...this.#code.targetsOf(offset)];
    return { kind: 'indirect', targets: this.#hasRoomFor(targets, offset) ? targets.map((at) => context.placeAt(at)) : [] };
  }

  /** Whether a region holds the code that an indirect jump goes to; a wide switch makes it a longer one. */
  #hasRoomFor(targets: readonly number[], from: number): boolean {
    // What comes to light one after the other would each have all of a switch made again.
    if (targets.length < growthOfSwitch * this.#code.targetsHeld(targets)) return false;
    const most = Math.min(longestSwitch, this.#code.mostAtOnce());
    if (!isWide(targets, longest)) {
      for (const target of targets) this.#targets.add(target);
      if (this.#targets.size > mostTargets) this.#longest = most;
      return true;
    }
    if (isWide(targets, most)) return false;
    // A region that is to have all ways is made at once, of what is known.
    if (this.#since !== undefined && !this.#code.hasAllTargets(from)) {
      this.isEarly = true;
      return false;
    }
    this.#longest = most;
    return true;
  }

  #blockAt(place: Place): Block | undefined {
    if (place.block) return place.block;
    this.#code.breathe();
    const { offset, step } = place;
    const why = step ? undefined : this.#whyNot(offset);
    if (!step && !why) return undefined;
    const block: Block & { steps: Step[] } = { steps: [], end: { kind: 'leave', offset, why: why ?? 'instruction' }, index: 0 };
    place.block = block;
    if (step) this.#fill(block, place);
    else this.#sources.push({ start: offset, end: offset + 4 });
    return block;
  }

  #fill(block: Block & { steps: Step[] }, { offset: start, context }: Place): void {
    for (let offset = start; ; ) {
      const step = context.stepAt(offset)!;
      block.steps.push(step);
      const behind = step.end;
      const exit = context.knownAt(offset)?.exit;
      if (!exit && context.stepAt(behind) && !context.knownAt(behind)?.isLeader) {
        offset = behind;
        continue;
      }
      this.#sources.push({ start, end: behind });
      if (exit?.kind === 'indirect') this.#jumps.push(block);
      block.end = exit ? this.#endOf(block.steps, exit) : { kind: 'goto', to: this.#target(context.placeAt(behind), behind) };
      return;
    }
  }

  #endOf(steps: readonly Step[], exit: Exit): End {
    const { offset, end, instruction } = steps.at(-1)!;
    const { meaning, rd } = instruction;
    const unknown = meaning === 'jalr' && targetOfPair(steps.at(-2), instruction) === undefined;
    switch (exit.kind) {
      case 'branch':
        return { kind: 'branch', taken: this.#target(exit.taken, offset), next: this.#target(exit.next, end) };
      case 'return': {
        const { expected } = exit;
        return expected
          ? { kind: 'return', expected: { offset: expected.offset, to: this.#target(expected, offset) } }
          : { kind: 'return' };
      }
      case 'jump':
        if (!unknown) return { kind: 'goto', to: this.#target(exit.to, offset) };
        if (rd === 0) return { kind: 'indirect', targets: [] };
        return { kind: 'call', callee: undefined, back: this.#target(exit.to.context.inlined!.returnTo, offset) };
      case 'call':
        return { kind: 'call', callee: unknown ? undefined : exit.callee, back: this.#target(exit.back, offset) };
      case 'guess': {
        const to = this.#target(exit.to, offset);
        if (!exit.back) return { kind: 'guess', offset: exit.to.offset, to };
        const call = { kind: 'call', callee: undefined, back: this.#target(exit.back, offset), by: steps.at(-1)! } as const;
        return isBlock(to) ? { kind: 'guess', offset: exit.to.offset, to, otherwise: { steps: [], end: call, index: 0 } } : call;
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
    if (this.#code.stops.has(offset)) return this.#callees.hookAt(offset) ? undefined : 'stop';
    if (!this.#code.canFetch(offset)) return undefined;
    const step = this.#callees.stepAt(offset);
    return step ? step.effects.leaves : 'instruction';
  }
}

/** Code that is put in line where it is called, in a context of its own. */
function inLine(callee: number, link: number, returnTo: Place, depth: number): Place {
  return new Context({ link, returnTo, depth }).placeAt(callee);
}

/**
 * Whether a switch has so much code that a region of so many instructions holds a part of it: the regions of the others would each have that
 * part again. They are gone to by the table of regions instead.
 */
export function isWide(targets: readonly number[], instructions: number): boolean {
  return targets.length > mostCases && Math.max(...targets) - Math.min(...targets) > bytesOfInstruction * instructions;
}

/** The offsets where a region can be entered besides `start`, by its first block. */
function entriesOf({ steps, end }: Block, start: number): number[] {
  if (end.kind !== 'enter' && (end.kind !== 'indirect' || steps.length > 0)) return [];
  return end.targets.map(({ offset }) => offset).filter((offset) => offset !== start);
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
