/** Something wrong in one line. It keeps no line number, so that it stays with its line while others are added and taken. */
export interface LineProblem {
  /** Columns count from 0. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Who found it: the assembler, or the check of that code. */
  readonly origin: 'error' | 'warning' | 'note' | 'undefined' | { readonly check: string; readonly isUnnecessary: boolean };
}
