import { assemblyFunctions } from './source-functions/assembly-functions';
import { cFunctions } from './source-functions/c-functions';
import { cppFunctions } from './source-functions/cpp-functions';
import type { SourceLanguage } from './source-language';

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
export function functionsIn(text: string, language: SourceLanguage): readonly SourceFunction[] {
  return { assembly: assemblyFunctions, c: cFunctions, cpp: cppFunctions }[language](text);
}
