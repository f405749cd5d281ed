import { flag } from '../float/routine-types';
import { hartAt, type LinearMemory } from '../linear-memory';
import { type I64, i32 } from '../wasm/expression';
import type { FunctionBody } from '../wasm/function-body';
import { seenCounters, seenCountersAt, seenJumps } from './seen-layout';

/**
 * What the interpreter notes of the instructions that it executes is in tables without chains, where what comes later may take the place
 * of what was there: it tells what is probable, and costs a few instructions.
 *
 * The place of an indirect jump is told by the lower bits of its address and a hash of its target. It has the lower 32 bits of both
 * addresses, with bit 0 of the jump's set: the table is zeros at first. Floating-point arithmetic that was not plain, though a result had
 * been inexact before, which alone makes most of it plain, is counted by the lower bits of its address.
 */
const { jumps, targets: targetsOfJump, entrySize } = seenJumps;
const multiplier = 0x9e3779b1 | 0;
const targetShift = 32 - Math.log2(targetsOfJump);
const jumpShift = Math.log2(targetsOfJump * entrySize) - 1;

/** Notes that the jump at `pc` goes to `target`. */
export function noteJump(body: FunctionBody, { seenAt }: LinearMemory, pc: I64, target: I64): void {
  const from = body.hold(i32.wrap(pc));
  const to = body.hold(i32.wrap(target));
  const jump = i32.shl(i32.and(from, i32.constant(2 * (jumps - 1))), i32.constant(jumpShift));
  const hash = i32.shrU(i32.mul(to, i32.constant(multiplier)), i32.constant(targetShift));
  const place = body.hold(i32.add(jump, i32.mul(hash, i32.constant(entrySize))));
  body.store(place, i32.or(from, i32.constant(1)), seenAt);
  body.store(place, to, seenAt + 4);
}

/** Notes that the arithmetic at `pc` is not plain, unless that is as no result has been inexact yet. */
export function noteNotPlain(body: FunctionBody, { seenAt }: LinearMemory, pc: I64): void {
  const place = body.hold(i32.mul(i32.and(i32.wrap(pc), i32.constant(2 * (seenCounters - 1))), i32.constant(2)));
  const counter = seenAt + seenCountersAt;
  const isInexact = i32.and(i32.load(i32.constant(0), hartAt.fcsr), i32.constant(flag.inexact));
  body.store(place, i32.add(i32.load(place, counter), isInexact), counter);
}

/** Reads what the interpreter has noted. Offsets are those of the guest's window. */
export class Seen {
  readonly #memory: LinearMemory;
  /** The lower 32 bits of the window's first address. */
  readonly #base: number;

  constructor(memory: LinearMemory) {
    this.#memory = memory;
    this.#base = Number(BigInt.asIntN(32, memory.base));
  }

  /** Where the indirect jump at an offset has gone, as far as that has a place. */
  jumpsFrom(offset: number): number[] {
    const { words, size, seenAt } = this.#memory;
    const from = (this.#base + offset) | 1;
    const targets: number[] = [];
    const first = (seenAt >> 2) + ((from >> 1) & (jumps - 1)) * targetsOfJump * 2;
    for (let at = first; at < first + targetsOfJump * 2; at += 2) {
      if (words[at] !== from) continue;
      const target = (words[at + 1]! - this.#base) >>> 0;
      if (target < size) targets.push(target);
    }
    return targets;
  }

  /** How often the arithmetic at an offset was not plain. */
  notPlain(offset: number): number {
    const { words, seenAt } = this.#memory;
    return words[((seenAt + seenCountersAt) >> 2) + (((this.#base + offset) >> 1) & (seenCounters - 1))]!;
  }
}
