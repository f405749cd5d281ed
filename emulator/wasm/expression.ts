import type { Bytes } from './bytes';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

/** A WebAssembly expression with one result: its operands are evaluated from first to last, then its instruction. */
export interface Expression<T extends ValueType = ValueType> {
  readonly type: T;
  /** The opcode; one behind a prefix byte has the prefix above its lower 12 bits. */
  readonly opcode: number;
  /**
   * The number that follows the opcode, where one does; that of a constant is in `wide` where it is no integer of 32 bits. So the engine
   * keeps `immediate` in the expression itself.
   */
  readonly immediate: number;
  readonly wide: number | bigint | undefined;
  readonly first: Expression | undefined;
  readonly second: Expression | undefined;
  readonly third: Expression | undefined;
  /** Operands before those three: of a call. */
  readonly others: readonly Expression[] | undefined;
}

export type I32 = Expression<'i32'>;
export type I64 = Expression<'i64'>;
export type F32 = Expression<'f32'>;
export type F64 = Expression<'f64'>;

/** Integer operations by the names of the core specification; a load takes its address and a constant offset in bytes. */
export const i32 = {
  constant: (value: number): I32 => constant32(value | 0),
  load: load('i32', 0x28),
  load8U: load('i32', 0x2d),
  load16U: load('i32', 0x2f),
  clz: unary('i32', 'i32', 0x67),
  ctz: unary('i32', 'i32', 0x68),
  popcnt: unary('i32', 'i32', 0x69),
  eqz: unary('i32', 'i32', 0x45),
  eq: binary('i32', 'i32', 0x46),
  ne: binary('i32', 'i32', 0x47),
  ltS: binary('i32', 'i32', 0x48),
  ltU: binary('i32', 'i32', 0x49),
  gtS: binary('i32', 'i32', 0x4a),
  gtU: binary('i32', 'i32', 0x4b),
  leS: binary('i32', 'i32', 0x4c),
  geS: binary('i32', 'i32', 0x4e),
  geU: binary('i32', 'i32', 0x4f),
  add: binary('i32', 'i32', 0x6a),
  sub: binary('i32', 'i32', 0x6b),
  divS: binary('i32', 'i32', 0x6d),
  divU: binary('i32', 'i32', 0x6e),
  remS: binary('i32', 'i32', 0x6f),
  remU: binary('i32', 'i32', 0x70),
  mul: binary('i32', 'i32', 0x6c),
  and: binary('i32', 'i32', 0x71),
  or: binary('i32', 'i32', 0x72),
  xor: binary('i32', 'i32', 0x73),
  shl: binary('i32', 'i32', 0x74),
  shrS: binary('i32', 'i32', 0x75),
  shrU: binary('i32', 'i32', 0x76),
  rotl: binary('i32', 'i32', 0x77),
  rotr: binary('i32', 'i32', 0x78),
  wrap: unary('i64', 'i32', 0xa7),
  reinterpret: unary('f32', 'i32', 0xbc),
} as const;

export const i64 = {
  /** A number is to be below 2^53 and above -2^53. */
  constant: (value: number | bigint): I64 => constant64(value),
  load: load('i64', 0x29),
  load8S: load('i64', 0x30),
  load8U: load('i64', 0x31),
  load16S: load('i64', 0x32),
  load16U: load('i64', 0x33),
  load32S: load('i64', 0x34),
  load32U: load('i64', 0x35),
  clz: unary('i64', 'i64', 0x79),
  ctz: unary('i64', 'i64', 0x7a),
  popcnt: unary('i64', 'i64', 0x7b),
  eqz: unary('i64', 'i32', 0x50),
  eq: binary('i64', 'i32', 0x51),
  ne: binary('i64', 'i32', 0x52),
  ltS: binary('i64', 'i32', 0x53),
  ltU: binary('i64', 'i32', 0x54),
  gtS: binary('i64', 'i32', 0x55),
  gtU: binary('i64', 'i32', 0x56),
  leU: binary('i64', 'i32', 0x58),
  geS: binary('i64', 'i32', 0x59),
  geU: binary('i64', 'i32', 0x5a),
  add: binary('i64', 'i64', 0x7c),
  sub: binary('i64', 'i64', 0x7d),
  mul: binary('i64', 'i64', 0x7e),
  divS: binary('i64', 'i64', 0x7f),
  divU: binary('i64', 'i64', 0x80),
  remS: binary('i64', 'i64', 0x81),
  remU: binary('i64', 'i64', 0x82),
  and: binary('i64', 'i64', 0x83),
  or: binary('i64', 'i64', 0x84),
  xor: binary('i64', 'i64', 0x85),
  shl: binary('i64', 'i64', 0x86),
  shrS: binary('i64', 'i64', 0x87),
  shrU: binary('i64', 'i64', 0x88),
  rotl: binary('i64', 'i64', 0x89),
  rotr: binary('i64', 'i64', 0x8a),
  /** Sign-extends the lowest 8 or 16 bits. */
  extend8S: unary('i64', 'i64', 0xc2),
  extend16S: unary('i64', 'i64', 0xc3),
  extendS: unary('i32', 'i64', 0xac),
  extendU: unary('i32', 'i64', 0xad),
  /** Sign-extends the lower 32 bits. */
  extend32S: unary('i64', 'i64', 0xc4),
  reinterpret: unary('f64', 'i64', 0xbd),
  /** Towards zero; what is out of range becomes the nearest integer that is not, a NaN 0. */
  truncateSaturatedS: truncate('f64', 'i64', 6),
  truncateSaturatedU: truncate('f64', 'i64', 7),
} as const;

/** Arithmetic of IEEE 754, rounded to nearest, ties to even. The bits of a NaN that it gives are not specified. */
export const f32 = {
  constant: (value: number): F32 => wideConstant('f32', opcode.f32Constant, value),
  load: load('f32', 0x2a),
  ...floatOperations('f32', 0x5b, 0x8b),
  reinterpret: unary('i32', 'f32', 0xbe),
  demote: unary('f64', 'f32', 0xb6),
  convertS: unary('i64', 'f32', 0xb4),
  convertU: unary('i64', 'f32', 0xb5),
} as const;

export const f64 = {
  constant: (value: number): F64 => wideConstant('f64', opcode.f64Constant, value),
  load: load('f64', 0x2b),
  ...floatOperations('f64', 0x61, 0x99),
  reinterpret: unary('i64', 'f64', 0xbf),
  promote: unary('f32', 'f64', 0xbb),
  convertS: unary('i64', 'f64', 0xb9),
  convertU: unary('i64', 'f64', 0xba),
} as const;

/** `whenTrue` where the condition is not 0, else `whenFalse`; both are evaluated. */
export function select<T extends ValueType>(condition: I32, whenTrue: Expression<T>, whenFalse: Expression<T>): Expression<T> {
  return node(whenTrue.type, 0x1b, 0, whenTrue, whenFalse, condition);
}

/**
 * a times b, plus c; whether it is rounded once or twice is the engine's choice, the same each time (the relaxed SIMD part of the core
 * specification).
 */
export function relaxedMultiplyAdd(a: F64, b: F64, c: F64): F64 {
  const [first, second, third] = [a, b, c].map((lane) => node('f64', 0xfd014, 0, lane));
  return node('f64', opcode.extractLane, 0, node('f64', 0xfd107, 0, first, second, third));
}

/** The result of the function with this index. */
export function call<T extends ValueType>(type: T, functionIndex: number, ...operands: readonly Expression[]): Expression<T> {
  return node(type, opcode.call, functionIndex, undefined, undefined, undefined, operands);
}

/** What is called through a table: the index of the table, and that of the type that the function has. */
export interface Indirect {
  readonly table: number;
  readonly type: number;
}

/** The result of the function at `slot` of a table. */
export function callIndirect<T extends ValueType>(type: T, called: Indirect, slot: I32, ...operands: readonly Expression[]): Expression<T> {
  return node(type, opcode.callIndirect, called.type | (called.table << shiftOfTable), slot, undefined, undefined, operands);
}

/** The number that follows a call through a table has the type below, and the table above. */
const shiftOfTable = 8;

/** The value of the local with this index. */
export function localGet<T extends ValueType>(type: T, index: number): Expression<T> {
  const known = keptLocals[type];
  while (known.length <= index) known.push(node(type, opcode.localGet, known.length));
  return known[index] as Expression<T>;
}

/** What a value of 64 bits is the bits of, where it is those of a double that has just been made. */
export function reinterpreted(value: I64): F64 | undefined {
  return value.opcode === opcode.reinterpretDouble ? (value.first as F64) : undefined;
}

/** The bits of a value as a double, loaded as one where they come from memory. */
export function asDouble(value: I64): F64 {
  if (value.opcode === opcode.i64Load) return node('f64', opcode.f64Load, value.immediate, value.first);
  return f64.reinterpret(value);
}

/** Appends the instructions of an expression to `code`. */
export function encode(expression: Expression, code: Bytes): void {
  const { opcode: number, first, others } = expression;
  if (number === opcode.localGet) {
    code.instruction(number, expression.immediate);
    return;
  }
  if (others) for (const one of others) encode(one, code);
  if (first) {
    const { second, third } = expression;
    encode(first, code);
    if (second) encode(second, code);
    if (third) encode(third, code);
  }
  if (number < opcode.lowestPlain) encodeWithImmediate(expression, code);
  else if (number < 0x100) code.byte(number);
  else {
    code.instruction(number >> 12, number & 0xfff);
    if (number === opcode.extractLane) code.byte(0);
  }
}

function encodeWithImmediate({ opcode: number, immediate, wide }: Expression, code: Bytes): void {
  if (wide !== undefined) {
    encodeWide(number, wide, code);
    return;
  }
  switch (number) {
    case opcode.i64Constant:
    case opcode.i32Constant:
      code.constant(number, immediate);
      return;
    case opcode.call:
      code.instruction(number, immediate);
      return;
    case opcode.callIndirect:
      code.instruction(number, immediate & ((1 << shiftOfTable) - 1));
      code.unsigned(immediate >> shiftOfTable);
      return;
    case opcode.select:
      code.byte(number);
      return;
    default:
      code.access(number, alignmentOf[number - opcode.i32Load]!, immediate);
  }
}

function encodeWide(number: number, wide: number | bigint, code: Bytes): void {
  code.byte(number);
  if (typeof wide === 'bigint') code.signedWide(wide);
  else if (number === opcode.i64Constant) code.signed(wide);
  else if (number === opcode.f32Constant) code.float32(wide);
  else code.float64(wide);
}

export const opcode = {
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  i32Load: 0x28,
  i64Load: 0x29,
  f64Load: 0x2b,
  i64Store: 0x37,
  f64Store: 0x39,
  /** Those of the lower 16 and 32 bits follow. */
  i64Store8: 0x3c,
  i32Constant: 0x41,
  i64Constant: 0x42,
  f32Constant: 0x43,
  f64Constant: 0x44,
  /** From here on nothing follows the opcode, but for lanes. */
  lowestPlain: 0x45,
  /** Those that compare follow each other. */
  firstComparison: 0x45,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64GeS: 0x59,
  i64GeU: 0x5a,
  lastComparison: 0x66,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  extendS: 0xac,
  extendU: 0xad,
  reinterpretDouble: 0xbd,
  extend8S: 0xc2,
  extend16S: 0xc3,
  extend32S: 0xc4,
  extractLane: 0xfd021,
} as const;

/** The natural alignment of each load, as a power of two: a hint only. */
const alignmentOf = [2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2];

/** All expressions are made here, so that they have one shape: the engine is slow where it meets several. */
function node<T extends ValueType>(
  type: T,
  opcode: number,
  immediate: number,
  first?: Expression,
  second?: Expression,
  third?: Expression,
  others?: readonly Expression[],
  wide?: number | bigint,
): Expression<T> {
  return { type, opcode, immediate, wide, first, second, third, others };
}

/** The values of locals, by their indices: kept once made, as they come again and again. */
const keptLocals: Readonly<Record<ValueType, Expression[]>> = { i32: [], i64: [], f32: [], f64: [] };

/** Constants that are kept in the same way. */
const [lowestKept, highestKept] = [-2048, 2047];
const kept = new Array<I64 | undefined>(highestKept - lowestKept + 1);
const kept32 = new Array<I32 | undefined>(highestKept - lowestKept + 1);

function constant32(value: number): I32 {
  if (value < lowestKept || value > highestKept) return node('i32', opcode.i32Constant, value);
  const known = kept32[value - lowestKept];
  if (known) return known;
  const constant = node('i32', opcode.i32Constant, value);
  kept32[value - lowestKept] = constant;
  return constant;
}

function constant64(value: number | bigint): I64 {
  if (typeof value === 'number') {
    if ((value | 0) !== value) return wideConstant('i64', opcode.i64Constant, value);
    if (value < lowestKept || value > highestKept) return node('i64', opcode.i64Constant, value);
    const known = kept[value - lowestKept];
    if (known) return known;
    const constant = node('i64', opcode.i64Constant, value);
    kept[value - lowestKept] = constant;
    return constant;
  }
  const wide = BigInt.asIntN(64, value);
  const narrow = Number(wide);
  if ((narrow | 0) === narrow) return node('i64', opcode.i64Constant, narrow);
  return wideConstant('i64', opcode.i64Constant, Number.isSafeInteger(narrow) ? narrow : wide);
}

function wideConstant<T extends ValueType>(type: T, opcode: number, value: number | bigint): Expression<T> {
  return node(type, opcode, 0, undefined, undefined, undefined, undefined, value);
}

function unary<A extends ValueType, R extends ValueType>(_operand: A, result: R, opcode: number) {
  return (operand: Expression<A>): Expression<R> => node(result, opcode, 0, operand);
}

function binary<A extends ValueType, R extends ValueType>(_operand: A, result: R, opcode: number) {
  return (left: Expression<A>, right: Expression<A>): Expression<R> => node(result, opcode, 0, left, right);
}

function load<R extends ValueType>(result: R, opcode: number) {
  return (address: I32, offset = 0): Expression<R> => {
    return isFolded(address, offset)
      ? node(result, opcode, 0, i32.constant(address.immediate + offset))
      : node(result, opcode, offset, address);
  };
}

/**
 * Whether an access is at a constant address, with that and the offset in one: V8's optimising compiler adds the offset to the start of the
 * memory in a node that all accesses share, and takes a fifth longer to place those.
 */
export function isFolded(address: I32, offset: number): boolean {
  return address.opcode === opcode.i32Constant && address.immediate >= 0 && address.immediate + offset <= highestFolded;
}

const highestFolded = 2 ** 31 - 1;

/** The operations that both float types have. */
export type FloatOperations<T extends 'f32' | 'f64'> = ReturnType<typeof floatOperations<T>>;

/** `FloatOperations`; `compare` and `compute` are the opcodes of the first of each. */
function floatOperations<T extends 'f32' | 'f64'>(type: T, compare: number, compute: number) {
  return {
    eq: binary(type, 'i32', compare),
    ne: binary(type, 'i32', compare + 1),
    lt: binary(type, 'i32', compare + 2),
    gt: binary(type, 'i32', compare + 3),
    le: binary(type, 'i32', compare + 4),
    ge: binary(type, 'i32', compare + 5),
    abs: unary(type, type, compute),
    neg: unary(type, type, compute + 1),
    ceil: unary(type, type, compute + 2),
    floor: unary(type, type, compute + 3),
    truncate: unary(type, type, compute + 4),
    nearest: unary(type, type, compute + 5),
    sqrt: unary(type, type, compute + 6),
    add: binary(type, type, compute + 7),
    sub: binary(type, type, compute + 8),
    mul: binary(type, type, compute + 9),
    div: binary(type, type, compute + 10),
    min: binary(type, type, compute + 11),
    max: binary(type, type, compute + 12),
    copySign: binary(type, type, compute + 13),
  };
}

function truncate<A extends ValueType, R extends ValueType>(_operand: A, result: R, number: number) {
  return (operand: Expression<A>): Expression<R> => node(result, 0xfc000 + number, 0, operand);
}
