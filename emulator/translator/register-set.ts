/** Registers x1-x31 and f0-f31, as bits of two numbers. */
export interface RegisterSet {
  readonly x: number;
  readonly f: number;
}

export const noRegisters: RegisterSet = { x: 0, f: 0 };

/** The bit of an x register; x0 is in no set. */
export function xBit(register: number): number {
  return register === 0 ? 0 : 1 << register;
}

const xSets = Array.from({ length: 32 }, (_, register): RegisterSet => ({ x: xBit(register), f: 0 }));
const fSets = Array.from({ length: 32 }, (_, register): RegisterSet => ({ x: 0, f: 1 << register }));

/** The set of one register. */
export function justX(register: number): RegisterSet {
  return xSets[register]!;
}

export function justF(register: number): RegisterSet {
  return fSets[register]!;
}

export function xBits(registers: Iterable<number>): RegisterSet {
  let x = 0;
  for (const register of registers) x |= xBit(register);
  return { x, f: 0 };
}

/** The same set as the first one where the other adds nothing. */
export function union(one: RegisterSet, other: RegisterSet): RegisterSet {
  const x = one.x | other.x;
  const f = one.f | other.f;
  return x === one.x && f === one.f ? one : { x, f };
}

/** The numbers of the bits that are set. */
export function numbersIn(bits: number): number[] {
  const numbers: number[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) numbers.push(lowestIn(rest));
  return numbers;
}

/** The number of the lowest bit that is set. */
export function lowestIn(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** What tells sets of registers from each other. */
export function keyOf({ x, f }: RegisterSet): number | string {
  return f === 0 ? x : `${x} ${f}`;
}
