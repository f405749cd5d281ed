/** A base type as DWARF expressions know it; the generic one is an address-sized integer (DWARF 5, section 2.5.1). */
export interface StackType {
  /** Bytes: 1 to 16. */
  readonly size: number;
  readonly encoding: 'signed' | 'unsigned' | 'float';
}

/** An element of the expression stack: the bits of a value, zero-extended. */
export interface StackValue {
  readonly bits: bigint;
  readonly type: StackType;
}

/** Arithmetic on it is modulo 2^64 and, where it matters, signed. */
export const genericType: StackType = { size: 8, encoding: 'unsigned' };

export function generic(value: bigint): StackValue {
  return { bits: BigInt.asUintN(64, value), type: genericType };
}

/** The bits of an integer in a type. */
export function integerOf(value: bigint, type: StackType): StackValue {
  return { bits: BigInt.asUintN(8 * type.size, value), type };
}

export function signedOf({ bits, type }: StackValue): bigint {
  return BigInt.asIntN(8 * type.size, bits);
}

/** The integer as its type has it. */
export function numberOf(value: StackValue): bigint {
  return value.type.encoding === 'signed' ? signedOf(value) : value.bits;
}

export function floatOf({ bits, type }: StackValue): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt.asUintN(64, bits), true);
  return type.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

export function valueOfFloat(value: number, type: StackType): StackValue {
  const view = new DataView(new ArrayBuffer(8));
  if (type.size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return { bits: type.size === 4 ? BigInt(view.getUint32(0, true)) : view.getBigUint64(0, true), type };
}

/** The value in another type (DW_OP_convert). */
export function convert(value: StackValue, type: StackType): StackValue {
  const isFloat = value.type.encoding === 'float';
  if (type.encoding === 'float') return valueOfFloat(isFloat ? floatOf(value) : Number(numberOf(value)), type);
  if (!isFloat) return integerOf(numberOf(value), type);
  const number = Math.trunc(floatOf(value));
  return integerOf(Number.isFinite(number) ? BigInt(number) : 0n, type);
}

/** The value's bytes, the low one first. */
export function bytesOf({ bits, type }: StackValue, size = type.size): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let index = 0, rest = bits; index < size; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}
