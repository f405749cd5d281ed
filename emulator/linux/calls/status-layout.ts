import { nanosecondsPerSecond } from '../clock';
import type { FileStatus, FileType } from '../files/node';

/** The file type in st_mode (include/uapi/linux/stat.h), and d_type of a directory entry, which is the same shifted. */
const typeBits: Readonly<Record<FileType, number>> = {
  pipe: 0o010000,
  device: 0o020000,
  directory: 0o040000,
  file: 0o100000,
  link: 0o120000,
};

export const statSize = 128;
export const statxSize = 256;
const blockSize = 4096;
/** STATX_BASIC_STATS: everything but the time of birth. */
const basicStats = 0x7ff;

export function dtypeOf(type: FileType): number {
  return typeBits[type] >> 12;
}

export function modeOf({ type, mode }: FileStatus): number {
  return typeBits[type] | mode;
}

/** struct stat (include/uapi/asm-generic/stat.h). */
export function writeStat(view: DataView, status: FileStatus): void {
  view.setBigUint64(0, BigInt(status.device), true);
  view.setBigUint64(8, status.inode, true);
  view.setUint32(16, modeOf(status), true);
  view.setUint32(20, status.links, true);
  view.setUint32(24, status.user, true);
  view.setUint32(28, status.group, true);
  view.setBigUint64(32, BigInt(status.deviceNumber), true);
  view.setBigInt64(48, BigInt(status.size), true);
  view.setInt32(56, blockSize, true);
  view.setBigInt64(64, blocksOf(status), true);
  writeTime(view, 72, status.accessed);
  writeTime(view, 88, status.modified);
  writeTime(view, 104, status.changed);
}

/** struct statx (include/uapi/linux/stat.h). */
export function writeStatx(view: DataView, status: FileStatus): void {
  view.setUint32(0, basicStats, true);
  view.setUint32(4, blockSize, true);
  view.setUint32(16, status.links, true);
  view.setUint32(20, status.user, true);
  view.setUint32(24, status.group, true);
  view.setUint16(28, modeOf(status), true);
  view.setBigUint64(32, status.inode, true);
  view.setBigUint64(40, BigInt(status.size), true);
  view.setBigUint64(48, blocksOf(status), true);
  writeTime(view, 64, status.accessed);
  writeTime(view, 96, status.changed);
  writeTime(view, 112, status.modified);
  view.setUint32(128, status.deviceNumber >> 8, true);
  view.setUint32(132, status.deviceNumber & 0xff, true);
  view.setUint32(140, status.device, true);
}

/** Seconds and nanoseconds, as struct timespec and struct statx_timestamp have them: below 2^32 both are the same. */
function writeTime(view: DataView, at: number, time: bigint): void {
  const seconds = time / nanosecondsPerSecond;
  view.setBigInt64(at, seconds, true);
  view.setUint32(at + 8, Number(time - seconds * nanosecondsPerSecond), true);
}

/** In units of 512 bytes. */
function blocksOf({ size, type }: FileStatus): bigint {
  return type === 'file' ? BigInt(Math.ceil(size / 512)) : 0n;
}
