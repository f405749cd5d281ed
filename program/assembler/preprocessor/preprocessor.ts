import { Conditionals } from '../conditionals';
import { type Diagnostics, SourceError, type Span } from '../diagnostics';
import type { SourceLine } from '../source-line';
import { conditionHolds } from './condition';
import { Definitions, PreprocessorError } from './definitions';
import { preprocessorTokens } from './preprocessor-token';

const directive =
  /^\s*(#[ \t]*(?:include|include_next|import|define|undef|if|ifdef|ifndef|elif|else|endif|error|warning))(?![\w$])[ \t]*(.*)$/su;

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

/** The lines of a `.S` as the C preprocessor leaves them: directives carried out, macros replaced; lines keep their numbers. */
export function* preprocess(path: string, lines: readonly string[], diagnostics: Diagnostics): Generator<SourceLine, void> {
  const definitions = new Definitions();
  const conditionals = new Conditionals(diagnostics, '#');
  for (const logical of logicalLines(lines)) {
    const { text, line, firstLength } = logical;
    const match = directive.exec(text);
    const column = match ? match[0].indexOf('#') + 1 : 1;
    const span = { path, line, column, length: match ? match[1]!.length : Math.max(1, firstLength) };
    try {
      if (match) {
        carryOut(match[1]!.replace(/^#\s*/, ''), withoutComment(match[2]!), span, { definitions, conditionals, diagnostics });
      } else if (!conditionals.isSkipping) {
        yield replaced(path, logical, definitions);
      }
    } catch (error) {
      if (error instanceof PreprocessorError) diagnostics.error(span, error.message);
      else if (error instanceof SourceError) diagnostics.error(error.span, error.message);
      else throw error;
    }
  }
  conditionals.leave(0, false);
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

function carryOut(
  name: string,
  rest: string,
  span: Span,
  { definitions, conditionals, diagnostics }: { definitions: Definitions; conditionals: Conditionals; diagnostics: Diagnostics },
): void {
  const isDefined = () => definitions.has(macroName(rest));
  if (name === 'if') conditionals.begin(span, () => conditionHolds(rest, definitions));
  else if (name === 'ifdef') conditionals.begin(span, isDefined);
  else if (name === 'ifndef') conditionals.begin(span, () => !isDefined());
  else if (name === 'elif') conditionals.otherwise(span, () => conditionHolds(rest, definitions));
  else if (name === 'else') conditionals.otherwise(span, undefined);
  else if (name === 'endif') conditionals.end(span);
  else if (conditionals.isSkipping) return;
  else if (name === 'define') definitions.define(rest);
  else if (name === 'undef') definitions.undefine(macroName(rest));
  else if (name === 'error') diagnostics.error(span, `#error ${rest}`);
  else if (name === 'warning') diagnostics.warning(span, `#warning ${rest}`);
  else throw new PreprocessorError(`'#${name}' reads another file, which is not done here: run 'cpp' first and assemble what it writes`);
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
