import type { Isa } from '../../../riscv/isa-string';
import { Conditionals } from '../conditionals';
import { type Diagnostics, SourceError, type Span } from '../diagnostics';
import type { SourceFiles } from '../source-files';
import type { SourceLine } from '../source-line';
import { splitLines } from '../source-lines';
import { conditionHolds } from './condition';
import { Definitions, PreprocessorError } from './definitions';
import { preprocessorTokens } from './preprocessor-token';

const directive =
  /^\s*(#[ \t]*(?:include|include_next|import|define|undef|if|ifdef|ifndef|elif|elifdef|elifndef|else|endif|error|warning|pragma|ident|sccs))(?![\w$])[ \t]*(.*)$/su;

/** Whether the C preprocessor goes over a source before the assembler, as in GCC. */
export function needsPreprocessor(path: string): boolean {
  return path.endsWith('.S');
}

/** A line and those that continue it after a backslash. */
interface LogicalLine {
  readonly text: string;
  readonly line: number;
  /** The length of the first line, whose columns are true. */
  readonly firstLength: number;
}

/**
 * The lines of a `.S` and of the files that it includes as the C preprocessor leaves them: directives carried out, macros replaced;
 * lines keep their numbers.
 */
export function preprocess(path: string, text: string, context: PreprocessorContext): Generator<SourceLine, void> {
  return new Preprocessor(context).lines(path, text, 0);
}

/** What the preprocessing of a source needs beside its text. */
export interface PreprocessorContext {
  readonly files: SourceFiles;
  readonly isa: Isa;
  /** Macros that are defined at the start: what would follow `#define`. */
  readonly defines: readonly string[];
  readonly diagnostics: Diagnostics;
}

/** Files may include files as deep as with GCC. */
const deepest = 200;

class Preprocessor {
  private readonly definitions: Definitions;
  private readonly conditionals: Conditionals;
  private readonly files: SourceFiles;
  private readonly diagnostics: Diagnostics;
  /** Whether files included each other without end: nothing more is read then. */
  private isStopped = false;
  /** Files with `#pragma once`. */
  private readonly once = new Set<string>();

  constructor({ files, isa, defines, diagnostics }: PreprocessorContext) {
    this.files = files;
    this.diagnostics = diagnostics;
    this.definitions = new Definitions(isa, defines);
    this.conditionals = new Conditionals(diagnostics, '#');
  }

  *lines(path: string, text: string, depth: number): Generator<SourceLine, void> {
    const definitions = this.definitions;
    const conditionals = this.conditionals;
    const diagnostics = this.diagnostics;
    const { lines, openComment } = splitLines(text, true);
    if (openComment) diagnostics.error({ path, ...openComment, length: 2 }, 'this comment is not closed');
    const open = conditionals.depth;
    for (const logical of logicalLines(lines)) {
      if (this.isStopped) return;
      const match = directive.exec(logical.text);
      const column = match ? match[0].indexOf('#') + 1 : 1;
      const span = { path, line: logical.line, column, length: match ? match[1]!.length : Math.max(1, logical.firstLength) };
      try {
        if (match) {
          const name = match[1]!.replace(/^#\s*/, '');
          const rest = withoutComment(match[2]!);
          if (name !== 'include') this.carryOut(name, rest, span);
          else if (!conditionals.isSkipping) yield* this.include(rest, span, depth);
        } else if (!conditionals.isSkipping) {
          yield replaced(path, logical, definitions);
        }
      } catch (error) {
        if (error instanceof PreprocessorError) diagnostics.error(span, error.message);
        else if (error instanceof SourceError) diagnostics.error(error.span, error.message);
        else throw error;
      }
    }
    conditionals.leave(open, false);
  }

  private *include(text: string, span: Span, depth: number): Generator<SourceLine, void> {
    const written = /^["<]/.test(text) ? text : expandedText(text, this.definitions);
    const match = /^(?:"([^"]+)"|<([^>]+)>)/.exec(written);
    if (!match) throw new PreprocessorError('#include takes the name of a file in quotes or angle brackets');
    if (depth >= deepest) {
      this.isStopped = true;
      throw new PreprocessorError(`files include files deeper than ${deepest}: does one include itself?`);
    }
    const file = this.files.find(match[1] ?? match[2]!, match[1] === undefined ? undefined : span.path);
    if (typeof file === 'string') throw new PreprocessorError(file);
    if (!this.once.has(file.path)) yield* this.lines(file.path, new TextDecoder().decode(file.bytes), depth + 1);
  }

  private carryOut(name: string, rest: string, span: Span): void {
    const definitions = this.definitions;
    const conditionals = this.conditionals;
    const isDefined = () => definitions.has(macroName(rest));
    if (name === 'if') conditionals.begin(span, () => conditionHolds(rest, definitions));
    else if (name === 'ifdef') conditionals.begin(span, isDefined);
    else if (name === 'ifndef') conditionals.begin(span, () => !isDefined());
    else if (name === 'elif') conditionals.otherwise(span, () => conditionHolds(rest, definitions));
    else if (name === 'elifdef') conditionals.otherwise(span, isDefined);
    else if (name === 'elifndef') conditionals.otherwise(span, () => !isDefined());
    else if (name === 'else') conditionals.otherwise(span, undefined);
    else if (name === 'endif') conditionals.end(span);
    else if (conditionals.isSkipping) return;
    else if (name === 'define') definitions.define(rest);
    else if (name === 'undef') definitions.undefine(macroName(rest));
    else if (name === 'error') this.diagnostics.error(span, `#error ${rest}`);
    else if (name === 'warning') this.diagnostics.warning(span, `#warning ${rest}`);
    else if (name === 'pragma') {
      if (rest === 'once') this.once.add(span.path);
    } else if (name !== 'ident' && name !== 'sccs') {
      throw new PreprocessorError(`'#${name}' is not done here: run 'cpp' first and assemble what it writes`);
    }
  }
}

function* logicalLines(lines: readonly string[]): Generator<LogicalLine, void> {
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let text = lines[index]!;
    const firstLength = text.length;
    if (text.endsWith('\\')) {
      const pieces: string[] = [];
      for (; text.endsWith('\\') && index + 1 < lines.length; text = lines[++index]!) pieces.push(text.slice(0, -1));
      text = pieces.join('') + text;
    }
    yield { text, line, firstLength };
  }
}

function withoutComment(text: string): string {
  return preprocessorTokens(text, () => 0)
    .map((token) => token.text)
    .join('')
    .trim();
}

function expandedText(text: string, definitions: Definitions): string {
  return definitions
    .expand(preprocessorTokens(text, () => 0))
    .map((token) => token.text)
    .join('')
    .trim();
}

function macroName(text: string): string {
  const name = /^[A-Za-z_$][\w$]*/.exec(text)?.[0];
  if (name === undefined) throw new PreprocessorError('expected the name of a macro');
  return name;
}

/** A line with its macros replaced, and where each character of it is written. */
function replaced(path: string, { text, line, firstLength }: LogicalLine, definitions: Definitions): SourceLine {
  const tokens = preprocessorTokens(text, (index) => Math.min(index, firstLength) + 1);
  const expanded = definitions.expand(tokens);
  if (text.length === firstLength && expanded.length === tokens.length && expanded.every((token, index) => token === tokens[index])) {
    return { path, text, line };
  }
  const columns: number[] = [];
  for (const { text: piece, column, hidden } of expanded) {
    for (let index = 0; index < piece.length; index++) columns.push(hidden ? column : Math.min(column + index, firstLength + 1));
  }
  columns.push(firstLength + 1);
  return { path, text: expanded.map((token) => token.text).join(''), line, columns };
}
