import type { Location, Position, Range } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import { macroAround } from '../document/macro-blocks';
import { keyOf, type Occurrence } from '../document/occurrence';
import type { Workspace } from './workspace';

/** A name at its place in a document. */
export interface NamePlace {
  readonly document: AssemblyDocument;
  readonly line: DocumentLine;
  readonly occurrence: Occurrence;
}

/** The name at a position, or the one that ends there. */
export function nameAt(document: AssemblyDocument, position: Position): NamePlace | undefined {
  const line = document.line(position.line);
  const occurrence =
    line?.parsed.occurrences.find(({ start, end }) => start <= position.character && position.character < end) ??
    line?.parsed.occurrences.find(({ end }) => end === position.character);
  return line && occurrence ? { document, line, occurrence } : undefined;
}

export function rangeOf({ line, occurrence }: Pick<NamePlace, 'line' | 'occurrence'>): Range {
  return { start: { line: line.number, character: occurrence.start }, end: { line: line.number, character: occurrence.end } };
}

export function locationOf(place: NamePlace): Location {
  return { uri: place.document.uri, range: rangeOf(place) };
}

/** Where the thing that a name stands for is defined. */
export function definitionsOf(workspace: Workspace, place: NamePlace): NamePlace[] {
  return placesOf(workspace, place).filter(({ occurrence }) => occurrence.role === 'definition');
}

/** Where it is declared: `.globl`, `.type` and their like. */
export function declarationsOf(workspace: Workspace, place: NamePlace): NamePlace[] {
  return placesOf(workspace, place).filter(({ occurrence }) => occurrence.role === 'declaration');
}

/** Every place of the thing that a name stands for, definitions and declarations among them, by document and line. */
export function placesOf(workspace: Workspace, place: NamePlace): NamePlace[] {
  const { occurrence, document, line } = place;
  if (occurrence.kind === 'numeric') return numericPlaces(place);
  if (occurrence.kind === 'argument') return argumentPlaces(place);
  const key = keyOf(occurrence);
  const unit = workspace.unitOf(document);
  // A macro may be called by a name that reads as an unknown symbol in an operand, so only its own space counts.
  const own = unit.flatMap((each) => placesIn(each, key));
  if (occurrence.kind === 'macro' || occurrence.kind === 'word') return own;
  const isShared = occurrence.kind === 'section' || isGlobal(unit, key);
  if (!isShared) return own;
  const isDefinedHere = unit.some(({ index }) => index.isDefined(key));
  const shared = [...workspace.documents].filter((each) => {
    if (occurrence.kind === 'section' || unit.includes(each) || each.index.all(key).length === 0) return false;
    const members = workspace.unitOf(each);
    // A source that defines the same name belongs to another program.
    const isDefinedThere = members.some(({ index }) => index.isDefined(key));
    return isGlobal(members, key) && !(isDefinedHere && isDefinedThere);
  });
  return [...own, ...shared.flatMap((each) => placesIn(each, key)), ...(own.length === 0 ? [{ document, line, occurrence }] : [])];
}

/** Whether other sources mean the same by a name: it is declared global, or it is defined in none of these. */
export function isGlobal(unit: readonly AssemblyDocument[], key: string): boolean {
  if (!unit.some(({ index }) => index.isDefined(key))) return true;
  return unit.some(
    ({ index }) =>
      index.declarations(key).some(({ line }) => /\.(?:globl|global|weak)\b/i.test(line.parsed.code)) ||
      index.definitions(key).some(({ line }) => /\.comm(?:on)?\b/i.test(line.parsed.code)),
  );
}

function placesIn(document: AssemblyDocument, key: string): NamePlace[] {
  return document.index.all(key).map(({ line, occurrence }) => ({ document, line, occurrence }));
}

/** A numeric label and what refers to it: `1b` is the last `1:` before it, in its line or above; `1f` the next one after it. */
function numericPlaces(place: NamePlace): NamePlace[] {
  const all = placesIn(place.document, keyOf(place.occurrence));
  const definitions = all.filter(({ occurrence }) => occurrence.role === 'definition');
  const { direction } = place.occurrence;
  const index =
    direction === undefined
      ? definitions.findIndex((each) => compare(each, place) === 0)
      : direction === 'b'
        ? definitions.findLastIndex((each) => compare(each, place) < 0)
        : definitions.findIndex((each) => compare(each, place) > 0);
  const definition = definitions[index];
  if (!definition) return [place];
  const before = definitions[index - 1];
  const after = definitions[index + 1];
  return all.filter((each) => {
    if (each.occurrence.role === 'definition') return each === definition;
    const order = compare(each, definition);
    if (each.occurrence.direction === 'b') return order > 0 && (!after || compare(each, after) < 0);
    return order < 0 && (!before || compare(each, before) > 0);
  });
}

function compare(left: NamePlace, right: NamePlace): number {
  return left.line.number - right.line.number || left.occurrence.start - right.occurrence.start;
}

/** A parameter of a macro or repetition is known from its head to its end. */
function argumentPlaces(place: NamePlace): NamePlace[] {
  const { document, line, occurrence } = place;
  const block = macroAround(document, line.number);
  if (!block) return [place];
  const places: NamePlace[] = [];
  for (let number = block.start; number <= block.end; number++) {
    const each = document.line(number)!;
    for (const other of each.parsed.occurrences) {
      if (other.kind === 'argument' && other.name === occurrence.name) places.push({ document, line: each, occurrence: other });
    }
  }
  return places;
}
