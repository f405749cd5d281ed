export interface ElfSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Bytes in memory; those of the file unless given. */
  readonly size?: number;
  /** `r`, `w` and `x` as wanted. */
  readonly flags: string;
}

const headerSize = 64;
const programHeaderSize = 56;
const pageSize = 4096;

/**
 * A static riscv64 ELF executable of just these segments, at whole pages of the file, with no sections. With `headersAt` its
 * headers are a read-only segment at that address too.
 */
export function staticElf(entry: number, contents: readonly ElfSegment[], headersAt?: number): Uint8Array {
  const headers = { address: headersAt ?? 0, bytes: new Uint8Array(headerSize + programHeaderSize * (contents.length + 1)), flags: 'r' };
  const segments: readonly ElfSegment[] = headersAt === undefined ? contents : [headers, ...contents];
  const starts: number[] = [];
  let end = pageSize;
  for (const segment of segments) {
    starts.push(segment === headers ? 0 : end);
    if (segment !== headers) end += Math.ceil(segment.bytes.length / pageSize) * pageSize;
  }
  const image = new Uint8Array(end);
  const view = new DataView(image.buffer);
  image.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 243, true); // EM_RISCV
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(entry), true);
  view.setBigUint64(32, BigInt(headerSize), true);
  view.setUint32(48, 1, true); // EF_RISCV_RVC
  view.setUint16(52, headerSize, true);
  view.setUint16(54, programHeaderSize, true);
  view.setUint16(56, segments.length, true);
  segments.forEach(({ address, bytes, size = bytes.length, flags }, index) => {
    const at = headerSize + index * programHeaderSize;
    view.setUint32(at, 1, true); // PT_LOAD
    view.setUint32(at + 4, (flags.includes('r') ? 4 : 0) | (flags.includes('w') ? 2 : 0) | (flags.includes('x') ? 1 : 0), true);
    [starts[index]!, address, address, bytes.length, size, pageSize].forEach((value, field) => {
      view.setBigUint64(at + 8 + field * 8, BigInt(value), true);
    });
    if (starts[index] !== 0) image.set(bytes, starts[index]!);
  });
  return image;
}
