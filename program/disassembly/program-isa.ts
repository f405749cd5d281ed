import { generalIsa, type Isa, IsaError, parseIsa, wholeIsa } from '../../riscv/isa-string';
import { type ElfFile, sectionBytes } from '../elf/elf-file';

const tagArch = 5;

/**
 * The extensions that a program says to use, in its `.riscv.attributes` (RISC-V ELF psABI, section "Attributes"): RV64GC where it
 * says nothing, and all where it names some that the table has not.
 */
export function programIsa(file: ElfFile): Isa {
  const section = file.sections.find(({ name }) => name === '.riscv.attributes');
  const text = section && architectureIn(sectionBytes(file, section));
  return text === undefined ? generalIsa : isaOf(text);
}

/** What an architecture string says; all of the table where it names extensions that are not in it. */
export function isaOf(text: string): Isa {
  try {
    return parseIsa(text);
  } catch (error) {
    if (error instanceof IsaError) return wholeIsa;
    throw error;
  }
}

/** Tags with an odd number have a string, those with an even one a number in ULEB128; they follow a header of the vendor `riscv`. */
function architectureIn(bytes: Uint8Array): string | undefined {
  const decoder = new TextDecoder();
  const textAt = (at: number) => decoder.decode(bytes.subarray(at, bytes.indexOf(0, at) < 0 ? bytes.length : bytes.indexOf(0, at)));
  if (textAt(5) !== 'riscv') return undefined;
  // The version, the length and name of the vendor's part, the tag and length of the file's.
  for (let at = 1 + 4 + 6 + 1 + 4; at < bytes.length; ) {
    const tag = bytes[at++]!;
    const text = textAt(at);
    if (tag === tagArch) return text;
    if (tag % 2 === 1) at += text.length + 1;
    else {
      while ((bytes[at] ?? 0) >= 0x80) at += 1;
      at += 1;
    }
  }
  return undefined;
}
