import type { FrameRule } from '../../program/unwind/frame-rules';
import { type I32, type I64, i32, i64, select } from '../wasm/expression';
import { get, type Local } from '../wasm/function-body';
import { writeLookup } from './key-lookup';
import { writeOffset } from './memory-checks';
import type { HookWriting } from './native-hook';
import { entryField } from './recorder-layout';
import { writeTrueReturn } from './taken-returns';

/** The second part of the keys of rules: that of a return address, and that of a pc. Nothing else has such small ones. */
export const ruleKey = { returnAddress: 1n, pc: 2n } as const;

/** How a stack is walked on from a pc. */
export type WalkRule =
  | ({ readonly kind: 'caller' } & FrameRule)
  /** The outermost frame; and what is no frame. */
  | { readonly kind: 'last' | 'foreign' }
  /** The handler of `takenReturns`, which are there: functions have it as their return address. */
  | { readonly kind: 'taken'; readonly stack: bigint };

/** The registers that a walk begins with. */
export const walkRegisters = { ra: 1, sp: 2, s0: 8 } as const;

const kinds = { caller: 1, last: 2, foreign: 3, taken: 4 } as const;
const kindMask = 7;
const bits = { fromS0: 8n, savesS0: 16n, inRegister: 32n } as const;
/** Where in the word of a rule the distances are, and how many bits each has. */
const shifts = { distance: 8n, returnAddress: 32n, s0: 48n, stack: 8n } as const;
const widths = { distance: 24, slot: 16 } as const;

/** The word of a rule; undefined where a distance has no room in it. */
export function wordOfRule(rule: WalkRule): bigint | undefined {
  const kind = BigInt(kinds[rule.kind]);
  if (rule.kind === 'taken') return kind | (rule.stack << shifts.stack);
  if (rule.kind !== 'caller') return kind;
  const { base, distance } = rule;
  const [returnAddress, s0] = [-(rule.returnAddress ?? 0n), -(rule.s0 ?? 0n)];
  if (BigInt.asIntN(widths.distance, distance) !== distance) return undefined;
  if ([returnAddress, s0].some((slot) => BigInt.asUintN(widths.slot, slot) !== slot)) return undefined;
  const flags = (base === 's0' ? bits.fromS0 : 0n) | (rule.s0 === undefined ? 0n : bits.savesS0);
  const inRegister = rule.returnAddress === undefined ? bits.inRegister : 0n;
  const upper = (returnAddress << shifts.returnAddress) | (s0 << shifts.s0);
  return kind | flags | inRegister | (BigInt.asUintN(widths.distance, distance) << shifts.distance) | upper;
}

/** A frame whose function is at a call, which returns to `pc`. */
export interface WaitingFrame {
  readonly pc: I64;
  readonly sp: I64;
  readonly s0: I64;
}

/** Writes walking the stack: `store` is told of the callers in turn. Gives their number. */
export type StackWriter = (writing: HookWriting, store: (index: I32, pc: I64) => void) => Local<'i32'>;

/** Goes on only where code at a pc finds its caller in ra, its sp and its s0: at a function's entry. */
export function writeEntryCheck(writing: HookWriting, pc: I64): void {
  const { body, leave } = writing;
  const entry = wordOfRule({ kind: 'caller', base: 'sp', distance: 0n, returnAddress: undefined, s0: undefined })!;
  const place = writeLookup(writing, pc, i64.constant(ruleKey.pc), leave);
  body.if(i64.ne(i64.load(place, entryField.hits), i64.constant(entry)), leave);
}

/**
 * Walks from a frame that waits for a call up the stack, by the rules in the table, and has `store` written for the return address into
 * each caller, which is told how many came before. At most so many. Gives their number. Leaves where a rule is missing.
 */
export function writeStackWalk(
  writing: HookWriting,
  start: WaitingFrame,
  most: number,
  store: (index: I32, pc: I64) => void,
): Local<'i32'> {
  const { body, memory, leave } = writing;
  const count = body.local('i32');
  const [pc, sp, s0] = [body.local('i64'), body.local('i64'), body.local('i64')];
  body.set(count, i32.constant(0));
  body.set(pc, start.pc);
  body.set(sp, start.sp);
  body.set(s0, start.s0);
  const load = (address: I64): I64 => i64.load(writeOffset(writing, address, 8, 'mapped'), memory.windowAt);
  body.block((ended) => {
    body.loop((next) => {
      body.scope(() => {
        const rule = body.hold(ruleOf(writing, get(pc)));
        const kind = body.hold(kindOf(rule));
        // The first is the frame itself, which is no caller of its.
        body.if(i32.eq(kind, i32.constant(kinds.last)), () => body.branch(ended));
        body.if(i32.ne(kind, i32.constant(kinds.caller)), leave);
        const has = (flag: bigint): I32 => i32.ne(i32.and(i32.wrap(rule), i32.constant(Number(flag))), i32.constant(0));
        const distance = i64.shrS(i64.shl(rule, i64.constant(32n)), i64.constant(64n - BigInt(widths.distance)));
        const end = body.hold(i64.add(select(has(bits.fromS0), get(s0), get(sp)), distance));
        body.if(i64.leU(end, get(sp)), leave);
        const below = (shift: bigint): I64 =>
          i64.sub(end, i64.and(i64.shrU(rule, i64.constant(shift)), i64.constant(2n ** BigInt(widths.slot) - 1n)));
        const back = body.hold(load(body.hold(below(shifts.returnAddress))));
        body.branchIf(ended, i64.eqz(back));
        const caller = callerOf(writing, back, end);
        body.branchIf(ended, i32.eq(caller.kind, i32.constant(kinds.foreign)));
        store(get(count), caller.pc);
        body.set(count, i32.add(get(count), i32.constant(1)));
        body.branchIf(ended, i32.eq(get(count), i32.constant(most)));
        body.if(has(bits.savesS0), () => body.set(s0, load(body.hold(below(shifts.s0)))));
        body.set(sp, end);
        body.set(pc, caller.pc);
        body.branch(next);
      });
    });
  });
  return count;
}

/**
 * The same from where the hart stands: `store` is told of the caller first. `from` is what a rule says of the pc there, undefined where
 * it is that of the outermost frame.
 */
export function writeStackWalkFrom(
  writing: HookWriting,
  from: FrameRule | undefined,
  most: number,
  store: (index: I32, pc: I64) => void,
): Local<'i32'> {
  const { body, memory, leave } = writing;
  const count = body.local('i32');
  body.set(count, i32.constant(0));
  if (!from) return count;
  const load = (end: I64, offset: bigint): I64 =>
    i64.load(writeOffset(writing, body.hold(i64.add(end, i64.constant(offset))), 8, 'mapped'), memory.windowAt);
  const top = writing.x(walkRegisters.sp);
  const end = body.hold(i64.add(writing.x(walkRegisters[from.base]), i64.constant(from.distance)));
  body.if(i64.ltU(end, top), leave);
  const back = body.hold(from.returnAddress === undefined ? writing.x(walkRegisters.ra) : load(end, from.returnAddress));
  const s0 = body.hold(from.s0 === undefined ? writing.x(walkRegisters.s0) : load(end, from.s0));
  body.if(i64.ne(back, i64.constant(0)), () => {
    const { pc, kind } = callerOf(writing, back, end);
    body.if(i32.ne(kind, i32.constant(kinds.foreign)), () => {
      store(i32.constant(0), pc);
      const further = writeStackWalk(writing, { pc, sp: end, s0 }, most - 1, (index, pc) => {
        store(i32.add(index, i32.constant(1)), pc);
      });
      body.set(count, i32.add(get(further), i32.constant(1)));
    });
  });
  return count;
}

/** Whom a function returns to that has that return address, and whose frame ends there; and the kind of the rule of that. */
function callerOf(writing: HookWriting, back: I64, end: I64): { readonly pc: I64; readonly kind: I32 } {
  const { body } = writing;
  const pc = body.local('i64');
  const kind = body.local('i32');
  const rule = body.hold(ruleOf(writing, back));
  body.set(pc, back);
  body.set(kind, kindOf(rule));
  body.if(i32.eq(get(kind), i32.constant(kinds.taken)), () => {
    body.set(pc, writeTrueReturn(writing, body.hold(i64.shrU(rule, i64.constant(shifts.stack))), back, end));
    body.set(kind, kindOf(ruleOf(writing, get(pc))));
  });
  return { pc: get(pc), kind: get(kind) };
}

function kindOf(rule: I64): I32 {
  return i32.and(i32.wrap(rule), i32.constant(kindMask));
}

function ruleOf(writing: HookWriting, pc: I64): I64 {
  return i64.load(writeLookup(writing, pc, i64.constant(ruleKey.returnAddress), writing.leave), entryField.hits);
}
