import type { Range, TextEdit } from 'vscode-languageserver';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import { macroAround } from '../document/macro-blocks';
import { operandSlots } from '../document/operand-slots';
import { operationOf } from '../document/parsed-line';
import { isInstruction } from '../knowledge/instructions';

/** Columns count from 0, in characters; a tab goes to the next multiple of `tabSize`. */
export interface FormatOptions {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
  /** Where operands begin, at least. */
  readonly operandColumn: number;
  /** Where comments behind code begin, at least. */
  readonly commentColumn: number;
}

/**
 * Puts labels, mnemonics, operands and comments in columns. Only blanks between the parts of a statement change, never those in
 * texts, comments or the operands of directives and macros: the bytes that are assembled stay the same, and formatting again
 * changes nothing. Without a range all lines are formatted.
 */
export function formatting(document: AssemblyDocument, options: FormatOptions, range?: Range): TextEdit[] {
  const last = document.lines.length - 1;
  const from = Math.max(range?.start.line ?? 0, 0);
  // A selection that ends at the beginning of a line does not hold that line.
  const to = Math.min(range ? range.end.line - (range.end.character === 0 && range.end.line > from ? 1 : 0) : last, last);
  const edits: TextEdit[] = [];
  for (let start = blockStart(document, from); start <= to; ) {
    const end = blockEnd(document, start);
    const lines = formatBlock(document, start, end, options);
    for (let number = Math.max(start, from); number <= Math.min(end, to); number++) {
      const { text } = document.line(number)!;
      const formatted = lines[number - start]!;
      if (formatted !== text) edits.push({ range: wholeLine(number, text), newText: formatted });
    }
    start = end + 1;
  }
  return edits;
}

/** After Enter the line above is formatted, and the new one begins where the mnemonics do. */
export function formattingOnEnter(document: AssemblyDocument, line: number, options: FormatOptions): TextEdit[] {
  const above = document.line(line - 1);
  if (!above) return [];
  const range = { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: above.text.length } };
  return formatting(document, options, range);
}

/** Lines without a blank one between them share their columns of comments. */
function blockStart(document: AssemblyDocument, number: number): number {
  let start = number;
  while (start > 0 && !isBlank(document.line(start - 1)!)) start--;
  return start;
}

function blockEnd(document: AssemblyDocument, number: number): number {
  let end = number;
  while (end + 1 < document.lines.length && !isBlank(document.line(end)!)) end++;
  return end;
}

function isBlank({ text }: DocumentLine): boolean {
  return text.trim() === '';
}

interface Parts {
  /** Labels and statements in their columns, without the comment; undefined for a line that stays as it is. */
  readonly code: string | undefined;
  /** The comment behind the code, or alone in its line. */
  readonly comment: string;
}

function formatBlock(document: AssemblyDocument, start: number, end: number, options: FormatOptions): string[] {
  const lines = Array.from({ length: end - start + 1 }, (_, index) => document.line(start + index)!);
  const inMacro = macroAround(document, start) !== undefined;
  const parts = lines.map((line) => partsOf(line, options, inMacro));
  const widths = parts
    .filter(({ code, comment }) => code !== undefined && code !== '' && comment !== '')
    .map(({ code }) => widthOf(code!, options));
  const column = roundUp(Math.max(options.commentColumn, ...widths.map((width) => width + 2)), options);
  return parts.map(({ code, comment }, index) => {
    if (code === undefined) return lines[index]!.text;
    if (comment === '') return code;
    return code === '' ? lines[index]!.text.trimEnd() : pad(code, column, options) + comment;
  });
}

function partsOf(line: DocumentLine, options: FormatOptions, inMacro: boolean): Parts {
  const { parsed, text } = line;
  const keeps = { code: undefined, comment: '' };
  const [first] = parsed.comments;
  // A comment before or between code, or one that goes on in another line, has its own reasons.
  const isAtEnd = !first || (parsed.comments.length === 1 && first.end >= text.trimEnd().length);
  if (parsed.isDirective || line.state !== 'code' || !isAtEnd || parsed.next !== 'code') return keeps;
  if (parsed.statements.length === 0) return { code: '', comment: first ? text.slice(first.start).trimEnd() : '' };
  if (parsed.statements.some((statement) => [statement.name, ...statement.operands].some((token) => token?.kind === 'problem')))
    return keeps;
  const code = codeOf(line, options, inMacro);
  return { code, comment: first ? text.slice(first.start).trimEnd() : '' };
}

function codeOf({ parsed, text }: DocumentLine, options: FormatOptions, inMacro: boolean): string {
  const indent = options.insertSpaces ? ' '.repeat(options.tabSize) : '\t';
  let code = '';
  for (const [index, statement] of parsed.statements.entries()) {
    const { labels, name } = statement;
    if (index > 0) code += '; ';
    const labelTexts = labels.map((label) => `${textOf(text, label)}:`).join(' ');
    if (index === 0) code = labelTexts;
    else if (labels.length > 0) code += `${labelTexts} `;
    if (!name) continue;
    if (index === 0) code = code === '' ? indentOf(statement.name!.text, text, indent) : pad(code, options.tabSize, options, true);
    const operation = text.slice(name.column - 1, name.column - 1 + name.length);
    code += operation;
    const operands = operandsText(text, statement, inMacro);
    if (operands === '') continue;
    const isColumn = index === 0 && !statement.isAssignment;
    code = isColumn ? pad(code, options.operandColumn, options, true) + operands : `${code} ${operands}`;
  }
  return code;
}

/** Directives that say what the lines after them are may stand in the first column, where their author put them. */
function indentOf(operation: string, text: string, indent: string): string {
  return operation.startsWith('.') && /^\S/.test(text) ? '' : indent;
}

/** The operands of instructions with one blank after each comma; those of all else as they are written. */
function operandsText(text: string, statement: DocumentLine['parsed']['statements'][number], inMacro: boolean): string {
  const { operands, end, name, isAssignment } = statement;
  const [first] = operands;
  if (!first) return '';
  const written = text.slice(first.column - 1, end - 1);
  if (isAssignment || inMacro || !isInstruction(operationOf(statement) ?? '')) return written;
  const slots = operandSlots(operands, name!.column - 1 + name!.length, end - 1);
  return slots.map(({ start, end: slotEnd }) => text.slice(start, slotEnd).trim()).join(', ');
}

function textOf(text: string, token: { readonly column: number; readonly length: number }): string {
  return text.slice(token.column - 1, token.column - 1 + token.length);
}

/** The text with blanks behind it up to a column; at least one, and with `toTab` up to the next tab stop where it is too long. */
function pad(text: string, column: number, options: FormatOptions, toTab = false): string {
  const width = widthOf(text, options);
  const target = width < column ? column : toTab ? width + 1 : column;
  if (options.insertSpaces) return text + ' '.repeat(Math.max(target - width, 1));
  const tabs = Math.ceil((roundUp(target, options) - width) / options.tabSize);
  return text + '\t'.repeat(Math.max(tabs, 1));
}

function roundUp(column: number, { tabSize, insertSpaces }: FormatOptions): number {
  return insertSpaces ? column : Math.ceil(column / tabSize) * tabSize;
}

/** In columns, a tab going to its next stop. */
function widthOf(text: string, { tabSize }: FormatOptions): number {
  let width = 0;
  for (const character of text) width = character === '\t' ? (Math.floor(width / tabSize) + 1) * tabSize : width + 1;
  return width;
}

function wholeLine(line: number, text: string): Range {
  return { start: { line, character: 0 }, end: { line, character: text.length } };
}
