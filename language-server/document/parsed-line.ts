import type { Token } from '../../program/assembler/lexer';
import { parseLine, type Statement } from '../../program/assembler/statement';
import { type LineState, type ReadableLine, readLine } from './line-state';
import type { Occurrence } from './occurrence';
import { occurrencesIn } from './occurrences';

/** What the text of one line says by itself. Columns count from 0, in UTF-16 code units; those of tokens from 1. */
export interface ParsedLine extends ReadableLine {
  /** None in a directive of the C preprocessor. */
  readonly statements: readonly Statement[];
  readonly occurrences: readonly Occurrence[];
}

/**
 * What was parsed lately. Few lines are kept: what lives long in a cache outlives the young generation of the heap, so that reading
 * all of a long file through a large one would fill the memory with what is dropped from it.
 */
const cache = new Map<string, ParsedLine>();
const mostCached = 256;
/** Longer lines are rare, and their texts would fill the memory as keys. */
const longestCached = 200;

/** The result may be shared by lines that are alike. */
export function parsedLine(text: string, state: LineState, isPreprocessed: boolean): ParsedLine {
  if (text.length > longestCached) return parseOnce(text, state, isPreprocessed);
  const key = state === 'code' && !isPreprocessed ? text : `${text}\0${state}${isPreprocessed}`;
  let line = cache.get(key);
  if (!line) {
    if (cache.size >= mostCached) cache.clear();
    line = parseOnce(text, state, isPreprocessed);
    cache.set(key, line);
  }
  return line;
}

/** Parses a line without keeping the result. */
export function parseOnce(text: string, state: LineState, isPreprocessed: boolean): ParsedLine {
  const readable = readLine(text, state, isPreprocessed);
  const statements = readable.isDirective ? [] : parseLine(readable.code);
  return { ...readable, statements, occurrences: occurrencesIn(readable, statements) };
}

/** The key of a statement's mnemonic or directive: its text in lower case; undefined for labels alone and assignments. */
export function operationOf(statement: Statement): string | undefined {
  const { name, isAssignment } = statement;
  return name?.kind === 'name' && !isAssignment ? name.text.toLowerCase() : undefined;
}

/** The bytes of a quoted name, or the name as it is written; undefined where a token is no name. */
export function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === 'name') return token.text;
  return token?.kind === 'string' && token.bytes ? new TextDecoder().decode(token.bytes) : undefined;
}
