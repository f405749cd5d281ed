import { signed, signed32, unsigned } from './binary';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

/** A WebAssembly expression with one result: its operands are evaluated from first to last, then its instruction. */
export interface Expression<T extends ValueType = ValueType> {
  readonly type: T;
  readonly operands: readonly Expression[];
  /** The opcode with its immediates. */
  readonly instruction: readonly number[];
}

export type I32 = Expression<'i32'>;
export type I64 = Expression<'i64'>;
export type F32 = Expression<'f32'>;
export type F64 = Expression<'f64'>;

/** Integer operations by the names of the core specification; a load takes its address and a constant offset in bytes. */
export const i32 = {
  constant: (value: number): I32 => node('i32', [0x41, ...signed32(value | 0)]),
  load: load('i32', 0x28, 2),
  load8U: load('i32', 0x2d, 0),
  load16U: load('i32', 0x2f, 1),
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
  constant: (value: bigint): I64 => node('i64', [0x42, ...signed(BigInt.asIntN(64, value))]),
  load: load('i64', 0x29, 3),
  load8S: load('i64', 0x30, 0),
  load8U: load('i64', 0x31, 0),
  load16S: load('i64', 0x32, 1),
  load16U: load('i64', 0x33, 1),
  load32S: load('i64', 0x34, 2),
  load32U: load('i64', 0x35, 2),
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
  constant: (value: number): F32 => node('f32', [0x43, ...new Uint8Array(new Float32Array([value]).buffer)]),
  load: load('f32', 0x2a, 2),
  ...floatOperations('f32', 0x5b, 0x8b),
  reinterpret: unary('i32', 'f32', 0xbe),
  demote: unary('f64', 'f32', 0xb6),
  convertS: unary('i64', 'f32', 0xb4),
  convertU: unary('i64', 'f32', 0xb5),
} as const;

export const f64 = {
  constant: (value: number): F64 => node('f64', [0x44, ...new Uint8Array(new Float64Array([value]).buffer)]),
  load: load('f64', 0x2b, 3),
  ...floatOperations('f64', 0x61, 0x99),
  reinterpret: unary('i64', 'f64', 0xbf),
  promote: unary('f32', 'f64', 0xbb),
  convertS: unary('i64', 'f64', 0xb9),
  convertU: unary('i64', 'f64', 0xba),
} as const;

/** `whenTrue` where the condition is not 0, else `whenFalse`; both are evaluated. */
export function select<T extends ValueType>(condition: I32, whenTrue: Expression<T>, whenFalse: Expression<T>): Expression<T> {
  return { type: whenTrue.type, operands: [whenTrue, whenFalse, condition], instruction: [0x1b] };
}

/**
 * a times b, plus c; whether it is rounded once or twice is the engine's choice, the same each time (the relaxed SIMD part of the core
 * specification).
 */
export function relaxedMultiplyAdd(a: F64, b: F64, c: F64): F64 {
  const vectors = [a, b, c].map((lane): Expression => ({ type: 'f64', operands: [lane], instruction: [0xfd, 0x14] }));
  const product: Expression = { type: 'f64', operands: vectors, instruction: [0xfd, ...unsigned(0x107)] };
  return { type: 'f64', operands: [product], instruction: [0xfd, 0x21, 0] };
}

/** The result of the function with this index. */
export function call<T extends ValueType>(type: T, functionIndex: number, ...operands: readonly Expression[]): Expression<T> {
  return { type, operands, instruction: [0x10, ...unsigned(functionIndex)] };
}

/** Appends the instructions of an expression to `code`. */
export function encode(expression: Expression, code: number[]): void {
  const { operands, instruction } = expression;
  for (let index = 0; index < operands.length; index += 1) encode(operands[index]!, code);
  for (let index = 0; index < instruction.length; index += 1) code.push(instruction[index]!);
}

function node<T extends ValueType>(type: T, instruction: readonly number[], ...operands: readonly Expression[]): Expression<T> {
  return { type, operands, instruction };
}

function unary<A extends ValueType, R extends ValueType>(_operand: A, result: R, opcode: number) {
  return (operand: Expression<A>): Expression<R> => node(result, [opcode], operand);
}

function binary<A extends ValueType, R extends ValueType>(_operand: A, result: R, opcode: number) {
  return (left: Expression<A>, right: Expression<A>): Expression<R> => node(result, [opcode], left, right);
}

/** `alignment` is the natural one, as a power of two: a hint only. */
function load<R extends ValueType>(result: R, opcode: number, alignment: number) {
  return (address: I32, offset = 0): Expression<R> => node(result, [opcode, alignment, ...unsigned(offset)], address);
}

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
  return (operand: Expression<A>): Expression<R> => node(result, [0xfc, number], operand);
}
