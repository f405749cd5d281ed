/** A set of registers as bits of two 32-bit numbers: x0-x31 and f0-f31. x0 is never in it. */
export interface RegisterSet {
  readonly x: number;
  readonly f: number;
}

export const none: RegisterSet = { x: 0, f: 0 };

export function union(left: RegisterSet, right: RegisterSet): RegisterSet {
  return { x: left.x | right.x, f: left.f | right.f };
}

export function without(left: RegisterSet, right: RegisterSet): RegisterSet {
  return { x: left.x & ~right.x, f: left.f & ~right.f };
}

export function intersection(left: RegisterSet, right: RegisterSet): RegisterSet {
  return { x: left.x & right.x, f: left.f & right.f };
}

export function isSame(left: RegisterSet, right: RegisterSet): boolean {
  return left.x === right.x && left.f === right.f;
}

export function isEmpty({ x, f }: RegisterSet): boolean {
  return x === 0 && f === 0;
}

/** The set of registers with these names: `x5`, `f10`. */
export function setOf(names: Iterable<string>): RegisterSet {
  let x = 0;
  let f = 0;
  for (const name of names) {
    const bit = 1 << Number(name.slice(1));
    if (name.startsWith('f')) f |= bit;
    else if (name !== 'x0') x |= bit;
  }
  return { x, f };
}

/** The numbered names of its registers, integers first. */
export function namesIn({ x, f }: RegisterSet): string[] {
  const names: string[] = [];
  for (let number = 0; number < 32; number++) if ((x >>> number) & 1) names.push(`x${number}`);
  for (let number = 0; number < 32; number++) if ((f >>> number) & 1) names.push(`f${number}`);
  return names;
}

const range = (prefix: string, ...numbers: number[]) => numbers.map((number) => `${prefix}${number}`);

/** RISC-V psABI, chapter "Register Convention". */
export const calleeSaved = setOf([
  ...range('x', 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27),
  ...range('f', 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27),
]);
export const argumentRegisters = setOf([...range('x', 10, 11, 12, 13, 14, 15, 16, 17), ...range('f', 10, 11, 12, 13, 14, 15, 16, 17)]);
export const returnRegisters = setOf([...range('x', 10, 11), ...range('f', 10, 11)]);
export const temporaries = setOf([...range('x', 5, 6, 7, 28, 29, 30, 31), ...range('f', 0, 1, 2, 3, 4, 5, 6, 7, 28, 29, 30, 31)]);
/** What a call may change. */
export const callerSaved = union(union(temporaries, argumentRegisters), setOf(['x1']));
export const stackPointer = setOf(['x2']);
export const returnAddress = setOf(['x1']);

/** Whether they have a register in common. */
export function overlap(left: RegisterSet, right: RegisterSet): boolean {
  return !isEmpty(intersection(left, right));
}
