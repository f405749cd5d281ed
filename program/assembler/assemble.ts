import type { Isa } from '../../riscv/isa-string';
import type { Diagnostic } from '../program';
import { Diagnostics } from './diagnostics';
import { link } from './link';
import { SourceAssembler } from './source-assembler';
import type { FileAccess } from './source-files';

export interface AssemblySource {
  /** The path that messages and the line table give. The C preprocessor goes over what ends in `.S`. */
  readonly path: string;
  readonly text: string;
}

export interface AssembleOptions extends FileAccess {
  /** The address of the first byte of `.text`, a multiple of 4096; 0x10000 unless given. */
  readonly textAddress?: bigint | undefined;
  /** Whether every function gets a patchable call site, as compilers place with -fpatchable-function-entry. */
  readonly callSites?: boolean;
  /** The extensions whose instructions may be used, as -march says; RV64GC unless given. */
  readonly isa?: Isa | undefined;
  /** Macros of the C preprocessor: what would follow `#define`. */
  readonly defines?: readonly string[];
  /** Whether the linker shortens calls and addresses as `ld --relax` does; it does not unless told. */
  readonly relax?: boolean | undefined;
  /** Bytes of nops before each function with a call site (the M of -fpatchable-function-entry=N,M), for its ops pointer; 0 unless given. */
  readonly callSiteLead?: 0 | 8;
}

export interface Assembled {
  /** A linked static ELF64 for riscv; absent when there are errors. */
  readonly image?: Uint8Array;
  /** All errors and warnings, by source and line. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Assembles sources in the dialect of GNU as and links them to one static program, as GNU ld does,
 * without linker relaxation unless that is asked for. Symbols that are global resolve across the sources. It never throws.
 */
export function assemble(sources: readonly AssemblySource[], options: AssembleOptions = {}): Assembled {
  const diagnostics = new Diagnostics();
  const assembled = sources.map(({ path, text }) => {
    const source = new SourceAssembler(path, text, diagnostics, options);
    source.run();
    return source;
  });
  const image = link(assembled, { textAddress: options.textAddress ?? 0x10000n, relaxes: options.relax === true }, diagnostics);
  const sorted = diagnostics.sorted(sources.map(({ path }) => path));
  return image && !diagnostics.hasErrors ? { image, diagnostics: sorted } : { diagnostics: sorted };
}
