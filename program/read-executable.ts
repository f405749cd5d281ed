import { readCallSites } from './elf/call-sites';
import { type ElfFile, readElfFile } from './elf/elf-file';
import { needsExecutableStack, readSegments } from './elf/segments';
import { makeSymbolTable } from './elf/symbol-table';
import { openSymbols, sectionRanges } from './elf/symbols';
import type { Executable, FileImage } from './program';

/**
 * Reads what running a static riscv64 ELF executable takes. Undefined where it has debug information, of which there may be something to
 * tell (`readProgram`). Throws ProgramError for what is none.
 */
export function readExecutable(image: FileImage, name: string): Executable | undefined {
  const notes: string[] = [];
  const file = readElfFile(image, name, notes);
  if (file.sections.some(({ name }) => /^\.z?debug_/.test(name))) return undefined;
  return executableOf(file, notes);
}

/** What is common to all executables, and their call sites. */
export function executableOf(file: ElfFile, notes: string[]) {
  const { name, image, entry, bias } = file;
  const segments = readSegments(file);
  const symbols = makeSymbolTable(openSymbols(file, notes), () => sectionRanges(file));
  const hasCodeOnStack = needsExecutableStack(file);
  return { name, image, entry, bias, segments, hasCodeOnStack, symbols, notes, ...readCallSites(file, segments, symbols, notes) };
}
