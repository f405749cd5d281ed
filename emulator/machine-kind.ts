import { viewOf } from '../program/elf/byte-reader';
import type { Executable, FileImage } from '../program/program';
import { ramStart } from './bare-metal/memory-plan';

/** What a program runs on: Linux, or a bare machine that it has for itself. */
export const machineKinds = ['linux', 'bare-metal'] as const;
export type MachineKind = (typeof machineKinds)[number];

/** Where a source that says nothing of it is to be linked for a machine; undefined where Linux programs are. */
export function textAddressFor(kind: MachineKind | undefined): bigint | undefined {
  return kind === 'bare-metal' ? ramStart : undefined;
}

/** slli x0, x0, 0x1f; ebreak; srai x0, x0, 7: the sequence of a semihosting call. */
const semihostingCall = [0x13, 0x10, 0xf0, 0x01, 0x73, 0x00, 0x10, 0x00, 0x13, 0x50, 0x70, 0x40];
const noteSegment = 4;
const noteAbiTag = 1;

/**
 * What a program looks made for: a bare machine where it is linked into its RAM, is to be loaded elsewhere than it runs, has
 * `tohost`, or makes semihosting calls; else, and with Linux's ABI tag in any case, Linux.
 */
export function machineKindOf(program: Executable): MachineKind {
  if (hasAbiTag(program.image)) return 'linux';
  const { entry, segments, symbols } = program;
  const isBare =
    entry >= ramStart ||
    segments.some(({ address, loadAddress }) => address !== loadAddress) ||
    symbols.named('tohost') !== undefined ||
    segments.some(({ bytes, permissions }) => permissions.execute && contains(bytes, semihostingCall));
  return isBare ? 'bare-metal' : 'linux';
}

/** Whether there is a note of type NT_GNU_ABI_TAG of `GNU`: glibc puts one into every program (gABI, "Note Section"). */
function hasAbiTag(image: FileImage): boolean {
  const header = viewOf(image.subarray(0, 64));
  const [start, count] = [Number(header.getBigUint64(32, true)), header.getUint16(56, true)];
  const table = viewOf(image.subarray(start, start + count * 56));
  for (let at = 0; at + 56 <= table.byteLength; at += 56) {
    if (table.getUint32(at, true) !== noteSegment) continue;
    const [offset, size] = [Number(table.getBigUint64(at + 8, true)), Number(table.getBigUint64(at + 32, true))];
    if (offset + size <= image.length && hasNote(viewOf(image.subarray(offset, offset + size)))) return true;
  }
  return false;
}

function hasNote(notes: DataView): boolean {
  const [nameSize, descriptionSize, type, name] = [0, 4, 8, 12];
  for (let at = 0; at + 16 <= notes.byteLength; ) {
    const [nameBytes, descriptionBytes] = [notes.getUint32(at + nameSize, true), notes.getUint32(at + descriptionSize, true)];
    const isGnu = nameBytes === 4 && notes.getUint32(at + name, false) === 0x474e5500;
    if (isGnu && notes.getUint32(at + type, true) === noteAbiTag) return true;
    at += 12 + Math.ceil(nameBytes / 4) * 4 + Math.ceil(descriptionBytes / 4) * 4;
  }
  return false;
}

function contains(bytes: Uint8Array, wanted: readonly number[]): boolean {
  for (let at = bytes.indexOf(wanted[0]!); at >= 0; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
