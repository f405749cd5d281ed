import type { Statement } from '../../program/assembler/statement';
import type { DocumentLine } from '../document/document-line';

/** The checks beyond assembling, by the codes that settings and documentation use. */
export const checkCodes = [
  'callee-saved-not-restored',
  'return-address-lost',
  'stack-unbalanced',
  'clobbered-by-call',
  'uninitialized-register',
  'argument-never-written',
  'result-never-used',
  'unreachable-code',
  'unused-label',
  'store-to-read-only',
  'wrong-width',
] as const;

export type CheckCode = (typeof checkCodes)[number];

/** What a check has found, at a piece of one line. Columns count from 0. */
export interface Finding {
  readonly code: CheckCode;
  readonly line: DocumentLine;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Code that can be taken away, which editors show faded. */
  readonly isUnnecessary?: boolean;
}

export function findingAt(code: CheckCode, line: DocumentLine, { start, end, name }: Statement, message: string): Finding {
  return { code, line, start: (name?.column ?? start) - 1, end: end - 1, message };
}
