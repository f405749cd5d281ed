/** A number in LEB128 (DWARF 5, section 7.6), in `size` bytes at least. An unsigned one is taken modulo 2^64. */
export function encodeLeb128(value: bigint, isSigned: boolean, size = 1): Uint8Array {
  const bytes: number[] = [];
  let rest = isSigned ? value : BigInt.asUintN(64, value);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const isLast = isSigned ? rest === (byte & 0x40 ? -1n : 0n) : rest === 0n;
    if (isLast && bytes.length + 1 >= size) return Uint8Array.of(...bytes, byte);
    bytes.push(byte | 0x80);
  }
}

/** Appends a number of at most 31 bits in LEB128. */
export function appendLeb128(buffer: { appendByte(byte: number): void }, value: number, isSigned: boolean): void {
  let rest = value;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if (isSigned ? rest === (byte & 0x40 ? -1 : 0) : rest === 0) {
      buffer.appendByte(byte);
      return;
    }
    buffer.appendByte(byte | 0x80);
  }
}
