import type { Diagnostic } from '../program';

/** A piece of one line of a source. Lines and columns count from 1. */
export interface Span {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
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

  /** All of them, by source and line. */
  sorted(paths: readonly string[]): Diagnostic[] {
    const order = new Map(paths.map((path, index) => [path, index]));
    return [...this.found.values()].sort(
      (a, b) => (order.get(a.path) ?? -1) - (order.get(b.path) ?? -1) || a.line - b.line || a.column - b.column,
    );
  }

  private add(severity: Diagnostic['severity'], span: Span, message: string): void {
    if (this.isFull) return;
    const { path, line, column, length } = span;
    const key = `${path}\n${line}:${column}:${message}`;
    if (!this.found.has(key)) this.found.set(key, { severity, path, line, column, length: Math.max(1, length), message });
  }
}
