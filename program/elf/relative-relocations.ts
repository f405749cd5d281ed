import { ProgramError } from '../program-error';
import { ByteReader } from './byte-reader';
import { type ElfFile, SHT_RELA, sectionBytes } from './elf-file';

/**
 * The addresses that a position-independent program writes into its memory when it starts, by the places it writes them to: its relocations
 * of the type R_RISCV_RELATIVE (RISC-V psABI, "Relocations"). Tables that cannot be read count as empty, since running needs none.
 */
export function readRelativeRelocations(file: ElfFile): ReadonlyMap<bigint, bigint> {
  const addresses = new Map<bigint, bigint>();
  if (file.bias === 0n) return addresses;
  for (const section of file.sections.filter(({ type }) => type === SHT_RELA)) {
    try {
      const reader = new ByteReader(sectionBytes(file, section), `${file.name}: section ${section.name}`, file.bias);
      while (!reader.atEnd) {
        const place = reader.address();
        const isRelative = reader.u64() === relative;
        const address = reader.address();
        if (isRelative) addresses.set(place, address);
      }
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
    }
  }
  return addresses;
}

/** R_RISCV_RELATIVE, of no symbol. */
const relative = 3n;
