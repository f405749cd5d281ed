/**
 * What a name is written as. `symbol` is a name whose line alone does not tell more; `argument` is a parameter of a macro, `word`
 * a name of the C preprocessor.
 */
export type OccurrenceKind = 'label' | 'numeric' | 'constant' | 'common' | 'macro' | 'argument' | 'section' | 'word' | 'symbol';

/** One name in one line. */
export interface Occurrence {
  /** Of a numeric label only the number, of an argument without the backslash. */
  readonly name: string;
  readonly kind: OccurrenceKind;
  readonly role: 'definition' | 'declaration' | 'reference';
  /** Columns count from 0, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Of a reference to a numeric label. */
  readonly direction?: 'b' | 'f';
}

/** The kinds that share one space of names in a source: what a label and a `.set` name is one thing to the assembler. */
const symbolKinds: ReadonlySet<OccurrenceKind> = new Set(['label', 'constant', 'common', 'symbol', 'word']);

/** The key under which an index keeps an occurrence: kinds that are told apart by the syntax have spaces of their own. */
export function keyOf({ kind, name }: Pick<Occurrence, 'kind' | 'name'>): string {
  if (symbolKinds.has(kind)) return name;
  return kind === 'macro' ? `macro ${name.toLowerCase()}` : `${kind} ${name}`;
}
