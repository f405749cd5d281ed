import { Section, SHT_PROGBITS } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { debugFrames } from './debug-frame';
import { writeInfo } from './debug-info';
import { writeLines } from './debug-line';

/** The debug information of all sources; what a compiler has already written into its source is kept and not doubled. */
export function debugSections(sources: readonly SourceAssembler[]): Section[] {
  return sources.flatMap((source) => {
    const lines = debugSection('.debug_line');
    const written = writeLines(source, source.sections.get('.debug_line') ?? lines);
    const made = written && !source.sections.has('.debug_line') ? [lines] : [];
    const info =
      written && !source.sections.has('.debug_info')
        ? writeInfo(source, lines.fixed.length > 0 ? lines : source.sections.get('.debug_line')!)
        : [];
    return [...made, ...info, ...debugFrames(source)];
  });
}

export function debugSection(name: string): Section {
  return new Section(name, { type: SHT_PROGBITS, flags: 0, entrySize: 0 });
}
