import type { Instruction } from '../../riscv/instruction';

/** What is known of a value without running the function: what a register held at its entry, an address in its frame, a number. */
export type AbstractValue =
  | { readonly kind: 'entry'; readonly register: number }
  /** The canonical frame address (sp at the function's entry) plus an offset in bytes. */
  | { readonly kind: 'frame'; readonly offset: bigint }
  | { readonly kind: 'number'; readonly value: bigint };

/** What is known before an instruction. */
export interface AbstractState {
  /** By register number; undefined where nothing is known. */
  readonly x: readonly (AbstractValue | undefined)[];
  /** Doublewords on the stack that hold what a register held at entry, by offset from the canonical frame address. */
  readonly saved: ReadonlyMap<bigint, number>;
}

export const sp = 2;

/** What is known at a function's first instruction. */
export const entryState: AbstractState = {
  x: Array.from({ length: 32 }, (_, register): AbstractValue => {
    if (register === 0) return { kind: 'number', value: 0n };
    return register === sp ? { kind: 'frame', offset: 0n } : { kind: 'entry', register };
  }),
  saved: new Map(),
};

/** What is known after an instruction that does not change the flow of control. */
export function stateAfter(state: AbstractState, instruction: Instruction): AbstractState {
  const { meaning, rd, rs1, rs2, immediate } = instruction;
  const size = storeSizes.get(meaning) ?? (meaning.startsWith('amo') || meaning.startsWith('sc.') ? 8n : undefined);
  const stored = size === undefined ? state : afterStore(state, rs1, BigInt(immediate), size, meaning === 'sd' ? rs2 : 0);
  if (meaning === 'ecall') return withRegister(stored, 10, undefined);
  return rd === 0 || storeSizes.has(meaning) ? stored : withRegister(stored, rd, result(state, instruction));
}

/** What is known when a called function has returned: it may change all but the callee-saved registers (psABI, chapter 2). */
export function stateAfterCall(state: AbstractState): AbstractState {
  return { ...state, x: state.x.map((value, register) => (isKeptByCalls(register) ? value : undefined)) };
}

/** What is known where two paths meet: what both agree on. It is `a` itself where that loses nothing. */
export function meet(a: AbstractState, b: AbstractState): AbstractState {
  const x = a.x.map((value, register) => (isSame(value, b.x[register]) ? value : undefined));
  const saved = [...a.saved].filter(([offset, register]) => b.saved.get(offset) === register);
  const losesNothing = saved.length === a.saved.size && x.every((value, register) => value === a.x[register]);
  return losesNothing ? a : { x, saved: new Map(saved) };
}

export function isSame(a: AbstractValue | undefined, b: AbstractValue | undefined): boolean {
  if (a === b) return true;
  if (a?.kind === 'entry') return b?.kind === 'entry' && a.register === b.register;
  if (a?.kind === 'frame') return b?.kind === 'frame' && a.offset === b.offset;
  return a?.kind === 'number' && b?.kind === 'number' && a.value === b.value;
}

/** zero, sp, gp, tp and s0-s11. */
export function isKeptByCalls(register: number): boolean {
  return register === 0 || (register >= 2 && register <= 4) || register === 8 || register === 9 || (register >= 18 && register <= 27);
}

/** fs0-fs11, by number of f0-f31. */
export function isFloatKeptByCalls(register: number): boolean {
  return register === 8 || register === 9 || (register >= 18 && register <= 27);
}

const storeSizes = new Map<string, bigint>([
  ['sb', 1n],
  ['sh', 2n],
  ['sw', 4n],
  ['sd', 8n],
  ['fsh', 2n],
  ['fsw', 4n],
  ['fsd', 8n],
]);

function result({ x, saved }: AbstractState, { meaning, rs1, rs2, immediate }: Instruction): AbstractValue | undefined {
  const a = x[rs1];
  const b = x[rs2];
  switch (meaning) {
    case 'lui':
      return { kind: 'number', value: BigInt(immediate) };
    case 'addi':
      return immediate === 0 ? a : sum(a, { kind: 'number', value: BigInt(immediate) });
    case 'addiw':
      return a?.kind === 'number' ? { kind: 'number', value: BigInt.asIntN(32, a.value + BigInt(immediate)) } : undefined;
    case 'slli':
      return a?.kind === 'number' ? { kind: 'number', value: BigInt.asIntN(64, a.value << BigInt(immediate)) } : undefined;
    case 'add':
      return rs1 === 0 ? b : rs2 === 0 ? a : sum(a, b);
    case 'sub':
      return rs2 === 0 ? a : b?.kind === 'number' ? sum(a, { kind: 'number', value: -b.value }) : undefined;
    case 'ld': {
      const register = a?.kind === 'frame' ? saved.get(a.offset + BigInt(immediate)) : undefined;
      return register === undefined ? undefined : { kind: 'entry', register };
    }
    default:
      return undefined;
  }
}

function sum(a: AbstractValue | undefined, b: AbstractValue | undefined): AbstractValue | undefined {
  if (a?.kind === 'number' && b?.kind === 'number') return { kind: 'number', value: BigInt.asIntN(64, a.value + b.value) };
  if (a?.kind === 'frame' && b?.kind === 'number') return { kind: 'frame', offset: a.offset + b.value };
  if (a?.kind === 'number' && b?.kind === 'frame') return { kind: 'frame', offset: a.value + b.offset };
  return undefined;
}

/** A store overwrites what it overlaps, and saves a register if it is a whole one's value at entry. */
function afterStore(state: AbstractState, base: number, immediate: bigint, size: bigint, source: number): AbstractState {
  const address = state.x[base];
  if (address?.kind !== 'frame') return state;
  const start = address.offset + immediate;
  const saved = new Map([...state.saved].filter(([offset]) => offset + 8n <= start || start + size <= offset));
  const value = state.x[source];
  if (source !== 0 && value?.kind === 'entry') saved.set(start, value.register);
  return { ...state, saved };
}

function withRegister(state: AbstractState, register: number, value: AbstractValue | undefined): AbstractState {
  return { ...state, x: state.x.with(register, value) };
}
