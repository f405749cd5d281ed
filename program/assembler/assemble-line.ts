import type { Isa } from '../../riscv/isa-string';
import type { Diagnostic } from '../program';
import { Diagnostics } from './diagnostics';
import { relax, sizeOfSection, takeBackPadding } from './relax';
import { Relocator } from './relocate';
import { SourceAssembler } from './source-assembler';

/** What one line comes to by itself, wherever it may stand. */
export interface LineCode {
  /** The bytes that it puts into its section; fields that wait for an address are 0, branches have the length of near ones. */
  readonly bytes: Uint8Array;
  /** Whether the bytes are those of the program too: no symbol and no address has a part in them. */
  readonly isFinal: boolean;
  /** What is wrong with it, lines counted from 1; empty where that depends on other lines, which only a run over all of them tells. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Directives whose meaning other lines decide. */
const ofSeveralLines = /^\.(if|else|endif|macro|endm|mexit|exitm|rept|irp|endr|purgem|cfi_|loc|popsection|include|incbin|file)/;

/**
 * Assembles one line of a source, for editors: well under a millisecond, so that it can be done on each keystroke and for each
 * visible line. A call of a macro, whose definition is elsewhere, is an unknown instruction here.
 */
export function assembleLine(text: string, options: { readonly isa?: Isa; readonly path?: string } = {}): LineCode {
  const diagnostics = new Diagnostics();
  const path = options.path ?? 'line.s';
  const source = new SourceAssembler(path, text, diagnostics, options.isa ? { isa: options.isa } : {});
  source.read();
  let isFinal = true;
  const relocator = new Relocator(() => {
    isFinal = false;
  });
  let bytes = new Uint8Array(0);
  for (const section of source.sections.values()) {
    if (section.fixed.length === 0 && section.fragments.length === 0) continue;
    isFinal &&= section.fragments.length === 0 && section.fixups.length === 0;
    relax(section, () => {});
    for (const fragment of section.fragments) if (fragment.kind === 'branch' && fragment.size > 4) fragment.size = 4;
    takeBackPadding(section);
    if (!section.hasBits || sizeOfSection(section) > mostBytes) continue;
    bytes = new Uint8Array(sizeOfSection(section));
    relocator.write(section, bytes);
  }
  const dependsOnOthers = source.consultsNames || ofSeveralLines.test(text.trimStart().toLowerCase());
  return { bytes, isFinal, diagnostics: dependsOnOthers ? [] : diagnostics.sorted([path]) };
}

/** Of a line that makes more, such as `.skip 1 << 20`, the bytes are not made. */
const mostBytes = 4096;
