/** The flags of open as Linux numbers them (include/uapi/asm-generic/fcntl.h), in the order in which the kernel prints them. */
const flags: readonly (readonly [number, string])[] = [
  [0x1, 'O_WRONLY'],
  [0x2, 'O_RDWR'],
  [0x40, 'O_CREAT'],
  [0x80, 'O_EXCL'],
  [0x100, 'O_NOCTTY'],
  [0x200, 'O_TRUNC'],
  [0x400, 'O_APPEND'],
  [0x800, 'O_NONBLOCK'],
  [0x1000, 'O_DSYNC'],
  [0x4000, 'O_DIRECT'],
  [0x8000, 'O_LARGEFILE'],
  [0x10000, 'O_DIRECTORY'],
  [0x20000, 'O_NOFOLLOW'],
  [0x40000, 'O_NOATIME'],
  [0x80000, 'O_CLOEXEC'],
];

const list = flags.map(([bit, name]) => `{ 0x${bit.toString(16)}, "${name}" }`).join(', ');

/** The flags of openat in its event: as text, and in its `print fmt`. */
export const openFlags = {
  text(value: bigint): string {
    if (value === 0n) return 'O_RDONLY';
    let rest = value;
    const names = flags.flatMap(([bit, name]) => {
      if ((value & BigInt(bit)) === 0n) return [];
      rest &= ~BigInt(bit);
      return [name];
    });
    if (rest !== 0n) names.push(`0x${BigInt.asUintN(64, rest).toString(16)}`);
    const isReadOnly = (value & 3n) === 0n;
    return `${isReadOnly ? 'O_RDONLY|' : ''}${names.join('|')}`;
  },
  format: `(REC->flags & ~3) && !(REC->flags & 3) ? "O_RDONLY|" : "",  REC->flags ? __print_flags(REC->flags, "|", ${list}) : "O_RDONLY"`,
};
