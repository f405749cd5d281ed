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
  const bare = text.replace(/(?:\s+(?:\(-?\d+\)|<[^<>]*>|\[\+\d+[^\]]*\]))+\s*$/, '');
  // A character beside its code, and a text beside its address.
  return bare.replace(/^(\s*-?\d+)\s+'(?:\\.*|.)'\s*$/, '$1').replace(/^(\s*0x[0-9a-f]+)(?:\s+<[^<>]*>)?\s+".*"(?:\.\.\.)?\s*$/, '$1');
}

/**
 * An instruction reference. An editor keeps the disassembly that it has got for a reference, so that code needs new references once
 * call sites were patched: `0x10040@2` after the second patch.
 */
export function instructionReference(address: bigint, patches: number): string {
  return patches === 0 ? hex(address) : `${hex(address)}@${patches}`;
}

/** An address from a memory reference or an instruction reference; undefined where the text is none. */
export function parseAddress(text: string): bigint | undefined {
  const [, address] = /^(0x[0-9a-f]{1,16}|\d{1,20})(?:@\d+)?$/i.exec(text) ?? [];
  return address === undefined ? undefined : BigInt.asUintN(64, BigInt(address));
}
