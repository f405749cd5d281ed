import { assemblyFunctions } from './source-functions/assembly-functions';
import { cFunctions } from './source-functions/c-functions';

/** A function in a source text. Lines and columns count from 1. */
export interface SourceFunction {
  readonly name: string;
  /** The first and last line that belong to it. */
  readonly startLine: number;
  readonly endLine: number;
  /** Where its name is: the label, or the declarator. */
  readonly nameLine: number;
  readonly nameColumn: number;
}

/** The functions that a source defines, by line. It is read without being built, may be half-written, and never fails. */
export function functionsIn(text: string, language: 'assembly' | 'c'): readonly SourceFunction[] {
  return language === 'assembly' ? assemblyFunctions(text) : cFunctions(text);
}
