import { type FunctionType, placeOfType } from '../wasm/module';

/** Floating-point formats as routines number them. */
export const floatFormat = { half: 0, single: 1, double: 2 } as const;

export type FloatFormatNumber = (typeof floatFormat)[keyof typeof floatFormat];

/** The exception flags in fflags (Volume I, chapter "F", section "Floating-Point Control and Status Register"). */
export const flag = { inexact: 1, underflow: 2, overflow: 4, divideByZero: 8, invalid: 16 } as const;

/** The rounding modes that an instruction or frm may have. */
export const rounding = { nearestEven: 0, towardsZero: 1, down: 2, up: 3, nearestMaximum: 4 } as const;

/** Integers that conversions lead to. */
export const integerKind = { word: 0, unsignedWord: 1, doubleword: 2, unsignedDoubleword: 3 } as const;

/**
 * Floating-point arithmetic in software, exact in bits and flags: functions of a WebAssembly module that engines call through tables. A
 * float operand is a register's 64 bits, as it is: what is not boxed counts as NaN. A float result is boxed. `how` is an i32: the rounding
 * mode in its low 3 bits, the format (`floatFormat`) of operands and result above. The flags that an operation raises are put into the
 * hart's fcsr.
 */
export const routineTypes = {
  /** (a, b, how) */
  add: routine('i64', 'i64', 'i32'),
  multiply: routine('i64', 'i64', 'i32'),
  divide: routine('i64', 'i64', 'i32'),
  /** (a, how) */
  squareRoot: routine('i64', 'i32'),
  /** (a, b, c, how): a times b, plus c. */
  multiplyAdd: routine('i64', 'i64', 'i64', 'i32'),
  /** (a, b, how); those that end in `OrNaN` are a NaN where either operand is. */
  minimum: routine('i64', 'i64', 'i32'),
  maximum: routine('i64', 'i64', 'i32'),
  minimumOrNaN: routine('i64', 'i64', 'i32'),
  maximumOrNaN: routine('i64', 'i64', 'i32'),
  /** (a, b, how) to 0 or 1; those that are called quiet raise NV for signalling NaNs alone. */
  quietEqual: routine('i64', 'i64', 'i32'),
  quietLess: routine('i64', 'i64', 'i32'),
  quietLessEqual: routine('i64', 'i64', 'i32'),
  less: routine('i64', 'i64', 'i32'),
  lessEqual: routine('i64', 'i64', 'i32'),
  /** (a, how) to the mask of fclass. */
  classify: routine('i64', 'i32'),
  /** (a, how, kind): to an integer of a kind of `integerKind`, sign-extended. */
  toInteger: routine('i64', 'i32', 'i32'),
  /** (a): from a double towards zero, modulo 2^32, sign-extended. */
  toWordModulo: routine('i64'),
  /** (integer, how) */
  fromSigned: routine('i64', 'i32'),
  fromUnsigned: routine('i64', 'i32'),
  /** (a, format of a, how): `how` has the format of the result. */
  convert: routine('i64', 'i32', 'i32'),
  /** (number, how): a constant of fli. */
  constant: routine('i64', 'i32'),
  /** (a, how, 1 where a change raises NX, else 0) */
  roundToIntegral: routine('i64', 'i32', 'i32'),
} as const satisfies Record<string, FunctionType>;

export type RoutineName = keyof typeof routineTypes;

/** In the order in which they are numbered. */
export const routineNames = Object.keys(routineTypes) as readonly RoutineName[];

/** The types that they have, each once. */
export const routineSignatures: readonly FunctionType[] = distinct(Object.values(routineTypes));

/** Which of `routineSignatures` a routine has. */
export function signatureOf(name: RoutineName): number {
  return signatures.get(name)!;
}

const signatures = new Map(routineNames.map((name) => [name, placeOfType([...routineSignatures], routineTypes[name])]));

function distinct(types: readonly FunctionType[]): FunctionType[] {
  const all: FunctionType[] = [];
  for (const type of types) placeOfType(all, type);
  return all;
}

function routine(...parameters: ('i32' | 'i64')[]): FunctionType {
  return { parameters, results: ['i64'] };
}
