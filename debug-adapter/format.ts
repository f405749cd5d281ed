/** The texts of values: what a person used to gdb expects to read. */

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** `0x5 (5)`, `0xfffffffffffffffe (-2)`; the decimal is left out where it would be only noise. */
export function integer(value: bigint): string {
  const signed = BigInt.asIntN(64, value);
  const small = signed >= -0x8000_0000n && signed <= 0x7fff_ffffn;
  return small ? `${hex(value)} (${signed})` : hex(value);
}

/** A value as a person edits it: takes back the decimal, symbol and offset that were shown beside it. */
export function withoutAnnotations(text: string): string {
  return text.replace(/(?:\s+(?:\(-?\d+\)|<[^<>]*>|\[\+\d+\]))+\s*$/, '');
}

/** An address from a memory reference or an instruction reference; undefined where the text is none. */
export function parseAddress(text: string): bigint | undefined {
  return /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt.asUintN(64, BigInt(text)) : undefined;
}
