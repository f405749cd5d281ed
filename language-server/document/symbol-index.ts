import type { DocumentLine } from './document-line';
import { keyOf, type Occurrence } from './occurrence';

/** A name at its place. */
export interface Found {
  readonly line: DocumentLine;
  readonly occurrence: Occurrence;
}

const mayNameFile = /include|incbin/i;

/** Which lines of a document have which names; adding or taking a line costs what the line holds. */
export class SymbolIndex {
  /** The lines that may name a file. */
  readonly filesNamed = new Set<DocumentLine>();
  private readonly defineConstants = new Set<DocumentLine>();
  private readonly byKey: Lines = new Map();
  private readonly defining: Lines = new Map();
  private readonly declaring: Lines = new Map();

  add(line: DocumentLine, occurrences: readonly Occurrence[]): void {
    if (mayNameFile.test(line.text)) this.filesNamed.add(line);
    for (const occurrence of occurrences) {
      const key = keyOf(occurrence);
      put(this.byKey, key, line);
      if (occurrence.role === 'definition') put(this.defining, key, line);
      if (occurrence.role === 'definition' && occurrence.kind === 'constant') this.defineConstants.add(line);
      if (occurrence.role === 'declaration') put(this.declaring, key, line);
    }
  }

  remove(line: DocumentLine): void {
    this.filesNamed.delete(line);
    this.defineConstants.delete(line);
    for (const occurrence of line.parsed.occurrences) {
      const key = keyOf(occurrence);
      take(this.byKey, key, line);
      take(this.defining, key, line);
      take(this.declaring, key, line);
    }
  }

  /** All that is written of a name, by line. */
  all(key: string): Found[] {
    return found(linesOf(this.byKey, key), key, () => true);
  }

  definitions(key: string): Found[] {
    return found(linesOf(this.defining, key), key, ({ role }) => role === 'definition');
  }

  declarations(key: string): Found[] {
    return found(linesOf(this.declaring, key), key, ({ role }) => role === 'declaration');
  }

  isDefined(key: string): boolean {
    return this.defining.has(key);
  }

  /** Whether a line does more with a name than to define or declare it. */
  isReferenced(key: string): boolean {
    for (const line of linesOf(this.byKey, key)) {
      if (line.parsed.occurrences.some((occurrence) => occurrence.role === 'reference' && keyOf(occurrence) === key)) return true;
    }
    return false;
  }

  isDeclared(key: string): boolean {
    return this.declaring.has(key);
  }

  /** The keys of everything that is defined. */
  get definedKeys(): Iterable<string> {
    return this.defining.keys();
  }

  /** The names that are given a value, by `.set` and its like. */
  get constants(): string[] {
    return [...this.defineConstants].flatMap(({ parsed }) =>
      parsed.occurrences.filter(({ kind, role }) => kind === 'constant' && role === 'definition').map(({ name }) => name),
    );
  }

  /** The names that are both declared and defined here, most of them global. */
  get declaredGlobals(): string[] {
    return [...this.declaring.keys()].filter((key) => this.defining.has(key));
  }
}

/** One line stands for itself: of most names there are few. */
type Lines = Map<string, DocumentLine | Set<DocumentLine>>;

function put(map: Lines, key: string, line: DocumentLine): void {
  const lines = map.get(key);
  if (lines instanceof Set) lines.add(line);
  else if (lines === undefined) map.set(key, line);
  else if (lines !== line) map.set(key, new Set([lines, line]));
}

function take(map: Lines, key: string, line: DocumentLine): void {
  const lines = map.get(key);
  if (lines === line || (lines instanceof Set && lines.delete(line) && lines.size === 0)) map.delete(key);
}

function linesOf(map: Lines, key: string): Iterable<DocumentLine> {
  const lines = map.get(key);
  return lines === undefined ? [] : lines instanceof Set ? lines : [lines];
}

function found(lines: Iterable<DocumentLine>, key: string, wanted: (occurrence: Occurrence) => boolean): Found[] {
  return [...lines]
    .sort((left, right) => left.number - right.number)
    .flatMap((line) =>
      line.parsed.occurrences
        .filter((occurrence) => keyOf(occurrence) === key && wanted(occurrence))
        .map((occurrence) => ({ line, occurrence })),
    );
}
