import type { FileImage } from '../program';
import { ProgramError } from '../program-error';
import { ByteReader } from './byte-reader';

/** What the ELF header says about the rest of the file. */
export interface ElfHeader {
  readonly entry: bigint;
  readonly positionIndependent: boolean;
  readonly programHeaderOffset: number;
  readonly programHeaderCount: number;
  readonly sectionHeaderOffset: number;
  readonly sectionCount: number;
  readonly sectionNamesIndex: number;
}

/**
 * Reads the ELF header (gABI, "ELF Header"). Throws ProgramError where it is not that of a linked riscv64 program or, with `ofAnyType`,
 * of a riscv64 file.
 */
export function checkHeader(image: FileImage, name: string, ofAnyType = false): ElfHeader {
  const header = image.subarray(0, headerSize);
  checkIdentification(header, image.length, name);
  const reader = new ByteReader(header, `${name}: the ELF header`);
  reader.seek(16);
  const type = reader.u16();
  const machine = reader.u16();
  if (machine !== machineRiscv) {
    throw new ProgramError(`${name} is for ${machineNames.get(machine) ?? `machine number ${machine}`}, not RISC-V`);
  }
  const refusal = refusedTypes.get(type);
  if (refusal && !ofAnyType) throw new ProgramError(`${name} ${refusal}`);
  if (type !== typeExecutable && type !== typeShared && !ofAnyType)
    throw new ProgramError(`${name} is no program: its ELF type is ${type}`);
  reader.u32();
  const entry = reader.u64();
  const programHeaderOffset = reader.u64AsNumber();
  const sectionHeaderOffset = reader.u64AsNumber();
  reader.u32();
  reader.u16();
  const programEntrySize = reader.u16();
  const programHeaderCount = reader.u16();
  if (programHeaderCount > 0 || !ofAnyType) checkEntrySize(name, 'program', programEntrySize, 56);
  const sectionEntrySize = reader.u16();
  const sectionCount = sectionHeaderOffset === 0 ? 0 : reader.u16();
  if (sectionCount > 0) checkEntrySize(name, 'section', sectionEntrySize, 64);
  reader.seek(62);
  const sectionNamesIndex = reader.u16();
  return {
    entry,
    positionIndependent: type === typeShared,
    programHeaderOffset,
    programHeaderCount,
    sectionHeaderOffset,
    sectionCount,
    sectionNamesIndex,
  };
}

const headerSize = 64;
const machineRiscv = 243;
const typeExecutable = 2;
const typeShared = 3;

const refusedTypes: ReadonlyMap<number, string> = new Map([
  [1, 'is a relocatable object file: link it'],
  [4, 'is a core dump, not a program'],
]);

const machineNames: ReadonlyMap<number, string> = new Map([
  [2, 'SPARC'],
  [3, 'x86 (32-bit)'],
  [8, 'MIPS'],
  [20, 'PowerPC'],
  [21, 'PowerPC64'],
  [22, 's390'],
  [40, 'Arm (32-bit)'],
  [62, 'x86-64'],
  [183, 'AArch64'],
  [247, 'BPF'],
  [258, 'LoongArch'],
]);

function checkIdentification(header: Uint8Array, length: number, name: string): void {
  if (length === 0) throw new ProgramError(`${name} is empty`);
  const isElf = header[0] === 0x7f && header[1] === 0x45 && header[2] === 0x4c && header[3] === 0x46;
  if (!isElf) {
    const start = [...header.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new ProgramError(`${name}: not an ELF file: it starts with ${start}`);
  }
  if (length < headerSize) {
    throw new ProgramError(`${name} is truncated: it has ${length} bytes, an ELF header has ${headerSize}`);
  }
  if (header[4] === 1) throw new ProgramError(`${name} is 32-bit: only 64-bit RISC-V programs run here`);
  if (header[4] !== 2) throw new ProgramError(`${name} is corrupt at byte 0x4: an ELF class ${header[4]} does not exist`);
  if (header[5] === 2) throw new ProgramError(`${name} is big-endian: only little-endian RISC-V programs run here`);
  if (header[5] !== 1) throw new ProgramError(`${name} is corrupt at byte 0x5: an ELF data encoding ${header[5]} does not exist`);
}

function checkEntrySize(name: string, table: string, size: number, expected: number): void {
  if (size === expected) return;
  throw new ProgramError(`${name} is corrupt: the entries of its ${table} header table have ${size} bytes instead of ${expected}`);
}
