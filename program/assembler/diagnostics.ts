import type { Diagnostic } from '../program';

/** A piece of one line of a source. Lines and columns count from 1. */
export interface Span {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The macro or repetition that the line is assembled in. */
  readonly within?: Expansion | undefined;
}

/** One run through the body of a macro or repetition. */
export interface Expansion {
  /** The name of the macro; undefined for a repetition. */
  readonly macro: string | undefined;
  /** How messages name it: `macro 'push', called` or `'.rept'`. */
  readonly title: string;
  /** The file and line of the call, or of the directive that repeats. */
  readonly path: string;
  readonly line: number;
  readonly outer: Expansion | undefined;
  /** How many it is inside of, with itself. */
  readonly depth: number;
}

/** The place that the line table gives for a line, as GNU as does: for what a macro makes that of the outermost call. */
export function debugPlace(written: Pick<Span, 'path' | 'line' | 'within'>): Pick<Span, 'path' | 'line'> {
  let outermost: Pick<Span, 'path' | 'line'> = written;
  for (let expansion = written.within; expansion; expansion = expansion.outer) if (expansion.macro !== undefined) outermost = expansion;
  return outermost;
}

/** Thrown inside the assembler where a statement cannot go on; the statement loop turns it into a diagnostic. */
export class SourceError extends Error {
  constructor(
    readonly span: Span,
    message: string,
  ) {
    super(message);
  }
}

/** Names of any length can stand in a message, which stays short enough to be read. In UTF-16 code units. */
const longestSentence = 400;
const longestTitle = 80;

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

/** Of more calls inside of calls than this the message names only the innermost. */
const mostNamed = 3;

/** The end of a message about a line of a macro: where the macro was called. */
function callers(path: string, within: Expansion | undefined): string {
  const named: string[] = [];
  let expansion = within;
  for (; expansion && named.length < mostNamed; expansion = expansion.outer)
    named.push(
      `in ${shortened(expansion.title, longestTitle)} at ${expansion.path === path ? 'line ' : `${expansion.path}:`}${expansion.line}`,
    );
  if (named.length === 0) return '';
  return ` (${named.join('; ')}${expansion ? '; ...' : ''})`;
}

/** More errors than this help nobody and would let a hostile source fill the memory. */
const limit = 10_000;

/** The errors and warnings of one run, each once. */
export class Diagnostics {
  private readonly found = new Map<string, Diagnostic>();
  private errors = 0;

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** Whether so many were found that going on is of no use. */
  get isFull(): boolean {
    return this.found.size >= limit;
  }

  error(span: Span, message: string): void {
    this.errors++;
    this.add('error', span, message);
  }

  warning(span: Span, message: string): void {
    this.add('warning', span, message);
  }

  note(span: Span, message: string): void {
    this.add('note', span, message);
  }

  /** All of them, by source and line. */
  sorted(paths: readonly string[]): Diagnostic[] {
    const order = new Map(paths.map((path, index) => [path, index]));
    return [...this.found.values()].sort(
      (a, b) => (order.get(a.path) ?? -1) - (order.get(b.path) ?? -1) || a.line - b.line || a.column - b.column,
    );
  }

  private add(severity: Diagnostic['severity'], span: Span, sentence: string): void {
    if (this.isFull) return;
    const { path, line, column, length } = span;
    const message = shortened(sentence, longestSentence) + callers(path, span.within);
    const key = `${path}\n${line}:${column}:${message}`;
    if (!this.found.has(key)) this.found.set(key, { severity, path, line, column, length: Math.max(1, length), message });
  }
}
