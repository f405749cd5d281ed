/** Registers x1-x31 and f0-f31, as bits of two numbers. */
export interface RegisterSet {
  readonly x: number;
  readonly f: number;
}

export const noRegisters: RegisterSet = { x: 0, f: 0 };
export const allRegisters: RegisterSet = { x: -1, f: -1 };

/** x0 is in no set. */
export function xRegister(register: number): RegisterSet {
  return { x: register === 0 ? 0 : 1 << register, f: 0 };
}

export function fRegister(register: number): RegisterSet {
  return { x: 0, f: 1 << register };
}

export function union(...sets: readonly RegisterSet[]): RegisterSet {
  return sets.reduce((one, other) => ({ x: one.x | other.x, f: one.f | other.f }), noRegisters);
}

export function common(one: RegisterSet, other: RegisterSet): RegisterSet {
  return { x: one.x & other.x, f: one.f & other.f };
}

export function without(one: RegisterSet, other: RegisterSet): RegisterSet {
  return { x: one.x & ~other.x, f: one.f & ~other.f };
}

export function areSame(one: RegisterSet, other: RegisterSet): boolean {
  return one.x === other.x && one.f === other.f;
}

/** The numbers of the bits that are set. */
export function numbersIn(bits: number): number[] {
  const numbers: number[] = [];
  for (let rest = bits; rest !== 0; rest &= rest - 1) numbers.push(31 - Math.clz32(rest & -rest));
  return numbers;
}
