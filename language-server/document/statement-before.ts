import type { Position } from 'vscode-languageserver';
import type { Statement } from '../../program/assembler/statement';
import type { AssemblyDocument } from './assembly-document';
import type { DocumentLine } from './document-line';
import { parsedLine } from './parsed-line';

/** What stands before a position in its statement: the half that completion and signature help go by. */
export interface StatementBefore {
  readonly line: DocumentLine;
  readonly statement: Statement;
  /** Which operand the position is in, from 0; undefined while the mnemonic or directive itself is being written. */
  readonly operand: number | undefined;
  /** The text of that operand up to the position. */
  readonly operandText: string;
}

/** Undefined in a comment, in a directive of the preprocessor, and where no statement has begun. */
export function statementBefore(document: AssemblyDocument, position: Position): StatementBefore | undefined {
  const line = document.line(position.line);
  if (!line || isInComment(line, position.character)) return undefined;
  const text = line.text.slice(0, position.character);
  const { statements, isDirective, code } = parsedLine(text, line.state, document.isPreprocessed);
  const statement = statements.at(-1);
  if (isDirective || !statement?.name || /;\s*$/.test(code)) return undefined;
  const nameEnd = statement.name.column - 1 + statement.name.length;
  if (nameEnd >= text.length) return { line, statement, operand: undefined, operandText: '' };
  const { operand, start } = operandAt(code, nameEnd);
  return { line, statement, operand, operandText: text.slice(start) };
}

export function isInComment(line: DocumentLine, character: number): boolean {
  return line.parsed.comments.some(({ start, end }) => start < character && character <= end);
}

/** Counts the commas outside of parentheses and strings. */
function operandAt(code: string, from: number): { operand: number; start: number } {
  let operand = 0;
  let start = from;
  let depth = 0;
  for (const match of code.slice(from).matchAll(/"(?:[^"\\]|\\.)*"?|[(),]/g)) {
    if (match[0] === '(') depth++;
    if (match[0] === ')') depth--;
    if (match[0] !== ',' || depth > 0) continue;
    operand++;
    start = from + match.index + 1;
  }
  return { operand, start };
}
