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
  [1024, (process, [path, flags, mode]) => pathCalls.openat!(process, [AT_FDCWD, path, flags, mode, 0n, 0n])],
  [1025, (process, [from, to]) => pathCalls.linkat!(process, [AT_FDCWD, from, AT_FDCWD, to, 0n, 0n])],
  [1026, (process, [path]) => pathCalls.unlinkat!(process, [AT_FDCWD, path, 0n, 0n, 0n, 0n])],
  [1030, (process, [path, mode]) => pathCalls.mkdirat!(process, [AT_FDCWD, path, mode, 0n, 0n, 0n])],
  [1031, (process, [path]) => pathCalls.unlinkat!(process, [AT_FDCWD, path, AT_REMOVEDIR, 0n, 0n, 0n])],
  [1033, (process, [path, mode]) => pathCalls.faccessat!(process, [AT_FDCWD, path, mode, 0n, 0n, 0n])],
  [1038, (process, [path, status]) => pathCalls.newfstatat!(process, [AT_FDCWD, path, status, 0n, 0n, 0n])],
  [1039, (process, [path, status]) => pathCalls.newfstatat!(process, [AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW, 0n, 0n])],
]);
