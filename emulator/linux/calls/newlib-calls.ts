import type { SystemCall } from '../process-state';
import { pathCalls } from './path-calls';

const AT_FDCWD = BigInt(-100);
const AT_SYMLINK_NOFOLLOW = 0x100n;
const AT_REMOVEDIR = 0x200n;

/**
 * Calls of the proxy kernel's that newlib's start files make beside Linux's (libgloss/riscv/machine/syscall.h): Linux has none of these
 * numbers on riscv64.
 */
export const newlibCalls: ReadonlyMap<number, SystemCall> = new Map<number, SystemCall>([
  [1024, (process, [path, flags, mode]) => pathCalls.openat!(process, [AT_FDCWD, path, linuxFlags(flags), mode, 0n, 0n])],
  [1025, (process, [from, to]) => pathCalls.linkat!(process, [AT_FDCWD, from, AT_FDCWD, to, 0n, 0n])],
  [1026, (process, [path]) => pathCalls.unlinkat!(process, [AT_FDCWD, path, 0n, 0n, 0n, 0n])],
  [1030, (process, [path, mode]) => pathCalls.mkdirat!(process, [AT_FDCWD, path, mode, 0n, 0n, 0n])],
  [1031, (process, [path]) => pathCalls.unlinkat!(process, [AT_FDCWD, path, AT_REMOVEDIR, 0n, 0n, 0n])],
  [1033, (process, [path, mode]) => pathCalls.faccessat!(process, [AT_FDCWD, path, mode, 0n, 0n, 0n])],
  [1038, (process, [path, status]) => pathCalls.newfstatat!(process, [AT_FDCWD, path, status, 0n, 0n, 0n])],
  [1039, (process, [path, status]) => pathCalls.newfstatat!(process, [AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW, 0n, 0n])],
]);

/** Flags of `open` in newlib (sys/_default_fcntl.h), and those of Linux; the access modes are the same. */
const openFlags = [
  [0x8n, 0x400n],
  [0x200n, 0x40n],
  [0x400n, 0x200n],
  [0x800n, 0x80n],
  [0x4000n, 0x800n],
  [0x40000n, 0x80000n],
  [0x100000n, 0x20000n],
  [0x200000n, 0x10000n],
] as const;

/** newlib hands its own flags on as they are. */
function linuxFlags(flags: bigint): bigint {
  return openFlags.reduce((all, [newlib, linux]) => ((flags & newlib) === 0n ? all : all | linux), flags & 3n);
}
