/** `size` bytes of a little-endian 64-bit register, from byte `from` on. */
export function bytesFrom(register: bigint, from: number, size: number): bigint {
  return BigInt.asUintN(8 * size, register >> BigInt(8 * from));
}

/** The register with `size` of its bytes, from byte `from` on, replaced. */
export function bytesInto(register: bigint, from: number, size: number, value: bigint): bigint {
  const shift = BigInt(8 * from);
  const mask = ((1n << BigInt(8 * size)) - 1n) << shift;
  return BigInt.asUintN(64, (register & ~mask) | ((value << shift) & mask));
}
