import { layOutLoaded, type OutputSection } from '../output-sections';
import { takeBackPadding } from '../relax';
import type { Pointers } from '../relocate';
import type { Section } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { type Surroundings, shortenSection } from './shorten-section';

/**
 * Linker relaxation as GNU ld does it (ldlang.c, lang_relax_sections; bfd/elfnn-riscv.c, _bfd_riscv_relax_section): calls become `jal`
 * or `c.j`, addresses are taken from `gp`, `x0` or `tp` where they are near, and `lui` becomes `c.lui`. The sections are gone through in
 * the order of their addresses, each at the address that those before it have left it, until nothing changes; then padding is cut to
 * what the new addresses need. `place` gives the linker's own symbols their addresses, and returns what the
 * base registers point to.
 */
export function relaxLinked(
  sources: readonly SourceAssembler[],
  sections: readonly Section[],
  outputs: readonly OutputSection[],
  textAddress: bigint,
  place: () => Pointers,
): void {
  const surroundings = { ...whereTheyAre(outputs), ...whatTheyAllow(sources), largestAlignment: largestAlignmentOf(sections) };
  for (let again = true; again; ) {
    again = false;
    const now = { ...surroundings, ...place() };
    layOutLoaded(outputs, textAddress, (section) => {
      if (shortenSection(section, now)) again = true;
    });
  }
  layOutLoaded(outputs, textAddress, takeBackPadding);
}

function whereTheyAre(outputs: readonly OutputSection[]): Pick<Surroundings, 'outputOf'> {
  const outputOf = new Map<Section, OutputSection>();
  for (const output of outputs) for (const { section } of output.inputs) outputOf.set(section, output);
  return { outputOf };
}

/** Whether code may become compressed: where its source has used that extension anywhere, as the flags of its object file say. */
function whatTheyAllow(sources: readonly SourceAssembler[]): Pick<Surroundings, 'mayCompress'> {
  const compressed = new Set<Section>();
  for (const { options, sections } of sources) if (options.used.has('C')) for (const section of sections.values()) compressed.add(section);
  return { mayCompress: compressed };
}

function largestAlignmentOf(sections: readonly Section[]): number {
  return sections.reduce((largest, { alignment }) => Math.max(largest, alignment), 1);
}
