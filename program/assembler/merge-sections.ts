import { evaluate } from './evaluate';
import { constant, type Expression } from './expression';
import { alignUp, outputName } from './output-sections';
import { distanceInSection, offsetOf, sizeOfSection } from './relax';
import { type Place, Section } from './section';
import { SHF_MERGE, SHF_STRINGS } from './section-attributes';
import type { SourceAssembler } from './source-assembler';
import { AssemblySymbol, isPlace } from './symbols';

/** A string or constant that is kept once for all that are equal, or that end like it. */
interface Entry {
  readonly bytes: Uint8Array;
  alignment: number;
  /** The longer string at whose end it is. */
  within: Entry | undefined;
  /** Where it is kept. */
  section: Section | undefined;
  offset: number;
}

/** Where the entries of one section begin, in order. */
interface Input {
  readonly section: Section;
  /** What is left of it. */
  readonly kept: Section;
  readonly starts: number[];
  readonly entries: Entry[];
}

/**
 * Merges the sections of mergeable strings and constants as GNU ld does (bfd/merge.c): equal ones are kept once, where they are first
 * seen, and strings that are the end of others are taken from there. Sections of one output section, entry size and alignment are
 * merged together; one that waits for addresses stays as it is. The symbols move to where their string is kept.
 */
export function mergeSections(sources: readonly SourceAssembler[], sections: readonly Section[]): readonly Section[] {
  const fixed = new Set<Section>();
  const groups = new Map<string, Section[]>();
  for (const section of sections) {
    if (!isMergeable(section)) continue;
    const { flags, entrySize } = section.attributes;
    const key = `${outputName(section.name)} ${flags} ${entrySize} ${section.alignment}`;
    const group = groups.get(key);
    if (group) group.push(section);
    else groups.set(key, [section]);
  }
  if (groups.size === 0) return sections;
  for (const { symbols } of sources)
    for (const { definition } of symbols.all) if (definition && !isPlace(definition)) addFixed(definition, fixed);
  const merged = new Map<Section, Input>();
  for (const group of groups.values()) {
    const movable = group.filter((section) => !fixed.has(section));
    for (const input of merge(movable)) merged.set(input.section, input);
  }
  const kept = new Set([...merged.values()].map((input) => input.kept));
  for (const { symbols } of sources) {
    for (const symbol of symbols.all) {
      move(symbol, merged);
      if (symbol.resolved instanceof AssemblySymbol) move(symbol.resolved, merged);
    }
  }
  return sections
    .map((section) => merged.get(section)?.kept ?? section)
    .filter((section) => !kept.has(section) || section.fixed.length > 0);
}

function isMergeable({ attributes: { flags, entrySize }, alignment, fixups, fragments, hasBits }: Section): boolean {
  if ((flags & SHF_MERGE) === 0 || entrySize === 0 || !hasBits || fixups.length > 0) return false;
  if (
    !fragments.every(
      (fragment) => fragment.kind === 'align' && typeof fragment.fill !== 'string' && fragment.fill.every((byte) => byte === 0),
    )
  )
    return false;
  const isPower = (entrySize & (entrySize - 1)) === 0;
  return entrySize < alignment ? isPower && (flags & SHF_STRINGS) !== 0 : entrySize % alignment === 0;
}

/** Cuts the sections of a group into entries and gives each its place; a section that cannot be cut evenly is left out. */
function merge(group: readonly Section[]): Input[] {
  const known = new Map<string, Entry>();
  const inputs: Input[] = [];
  for (const section of group) {
    const { flags, entrySize } = section.attributes;
    const isStrings = (flags & SHF_STRINGS) !== 0;
    const bytes = contentsOf(section);
    const hasEnd = !isStrings || bytes.subarray(-entrySize).every((byte) => byte === 0);
    if (bytes.length === 0 || bytes.length % entrySize !== 0 || !hasEnd) continue;
    const input: Input = { section, kept: new Section(section.name, section.attributes), starts: [], entries: [] };
    const add = (start: number, end: number, alignment: number) => {
      const content = bytes.subarray(start, end);
      const key = latin.decode(content);
      let entry = known.get(key);
      if (!entry) {
        entry = { bytes: content, alignment, within: undefined, section: undefined, offset: 0 };
        known.set(key, entry);
      }
      entry.alignment = Math.max(entry.alignment, alignment);
      input.starts.push(start);
      input.entries.push(entry);
    };
    if (isStrings) cutStrings(bytes, entrySize, section.alignment, add);
    else for (let at = 0; at < bytes.length; at += entrySize) add(at, at + entrySize, section.alignment);
    inputs.push(input);
  }
  const { flags, entrySize } = group[0]?.attributes ?? { flags: 0, entrySize: 1 };
  if ((flags & SHF_STRINGS) !== 0) findEnds([...known.values()], entrySize);
  keep(inputs);
  return inputs;
}

/** Cuts at the zeros; padding between strings that are aligned is no string. */
function cutStrings(
  bytes: Uint8Array,
  entrySize: number,
  alignment: number,
  add: (start: number, end: number, alignment: number) => void,
): void {
  const isZero = (at: number) => bytes.subarray(at, at + entrySize).every((byte) => byte === 0);
  for (let at = 0; at < bytes.length; ) {
    // The alignment that the string has by its place, as far as the section has it.
    const own = at === 0 ? alignment : Math.min(alignment, at & -at);
    let end = at;
    while (end < bytes.length && !isZero(end)) end += entrySize;
    end += entrySize;
    add(at, end, own);
    at = end;
    for (let hasEmpty = false; at < bytes.length && isZero(at); at += entrySize) {
      if (hasEmpty || at % alignment !== 0) continue;
      hasEmpty = true;
      add(at, at + entrySize, alignment);
    }
  }
}

/** Finds for each string the longer one that ends with it, where the alignment allows that. */
function findEnds(entries: readonly Entry[], entrySize: number): void {
  const reversed = (entry: Entry) => latin.decode(entry.bytes.slice(0, entry.bytes.length - entrySize).reverse());
  // Strings that may be at the end of each other where both are aligned have lengths that are alike modulo the alignment.
  const byText = entries
    .map((entry) => ({ entry, text: reversed(entry), tail: entry.bytes.length & (entry.alignment - 1) }))
    .sort((a, b) => a.tail - b.tail || (a.text < b.text ? -1 : 1));
  let last = byText.at(-1);
  for (let index = byText.length - 2; index >= 0; index--) {
    const { entry, text } = byText[index]!;
    const longer = last!.entry;
    const skipped = longer.bytes.length - entry.bytes.length;
    if (last!.text.startsWith(text) && skipped % entrySize === 0 && longer.alignment >= entry.alignment && skipped % entry.alignment === 0)
      entry.within = longer;
    else last = byText[index];
  }
}

/** For each section what is left of it: the entries that were first seen in it and are in no other. */
function keep(inputs: readonly Input[]): void {
  const placed = new Set<Entry>();
  for (const { section, kept, entries } of inputs) {
    kept.align(section.alignment);
    kept.isReferenced = section.isReferenced;
    kept.starts = [0];
    for (const entry of entries) {
      if (entry.within || placed.has(entry)) continue;
      placed.add(entry);
      kept.fixed.skip(alignUp(kept.fixed.length, entry.alignment) - kept.fixed.length);
      entry.section = kept;
      entry.offset = kept.fixed.length;
      kept.fixed.append(entry.bytes);
    }
  }
}

/** Where a place in a section of entries is after the merging. */
function movedTo(place: Place, { starts, entries }: Input): Place {
  const offset = offsetOf(place);
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  const entry = entries[low]!;
  const holder = entry.within ?? entry;
  const start = holder.offset + holder.bytes.length - entry.bytes.length;
  return { section: holder.section!, fragment: 0, offset: start + Math.min(offset - starts[low]!, entry.bytes.length) };
}

/** Moves what the definition of a symbol is in a merged section. Its size, which may be a distance there, stays. */
function move(symbol: AssemblySymbol, merged: ReadonlyMap<Section, Input>): void {
  const place = symbol.definition && isPlace(symbol.definition) ? symbol.definition : undefined;
  const input = place && merged.get(place.section);
  if (!input) return;
  const size = symbol.size && evaluate(symbol.size, distanceInSection);
  if (size && !size.base) symbol.size = constant(size.offset);
  symbol.definition = movedTo(place, input);
}

/** Adds the sections of the places that an expression names itself, by `.`: they cannot move. */
function addFixed(expression: Expression, fixed: Set<Section>): void {
  if (expression.kind === 'place') fixed.add(expression.place.section);
  else if (expression.kind === 'unary') addFixed(expression.operand, fixed);
  else if (expression.kind === 'binary') {
    addFixed(expression.left, fixed);
    addFixed(expression.right, fixed);
  }
}

const latin = new TextDecoder('latin1');

function contentsOf(section: Section): Uint8Array {
  const bytes = new Uint8Array(sizeOfSection(section));
  const { fragments, starts, fixed } = section;
  let from = 0;
  for (let index = 0; index <= fragments.length; index++) {
    const offset = fragments[index]?.offset ?? fixed.length;
    bytes.set(fixed.bytes.subarray(from, offset), starts[index]!);
    from = offset;
  }
  return bytes;
}
