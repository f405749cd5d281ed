import type { Token } from '../../program/assembler/lexer';
import type { Statement } from '../../program/assembler/statement';
import { isInstruction, isNameOfInstruction } from '../knowledge/instructions';
import type { ReadableLine } from './line-state';
import type { Occurrence } from './occurrence';
import { operandSlots } from './operand-slots';
import { nameOf, operationOf } from './parsed-line';

/** The names that a line defines, declares and refers to. */
export function occurrencesIn(line: ReadableLine, statements: readonly Statement[]): Occurrence[] {
  const found: Occurrence[] = [];
  if (line.isDirective) inPreprocessor(line.code, found);
  for (const statement of statements) inStatement(line.code, statement, found);
  return found;
}

function inStatement(code: string, statement: Statement, found: Occurrence[]): void {
  const { labels, name, isAssignment, operands } = statement;
  for (const label of labels) {
    if (label.kind === 'number') add(found, label, 'numeric', 'definition', label.text);
    else add(found, label, 'label', 'definition');
  }
  if (!name) return;
  if (isAssignment) {
    add(found, name, 'constant', 'definition');
    inExpression(operands, found);
    return;
  }
  const operation = operationOf(statement);
  if (operation === undefined) return;
  if (isInstruction(operation)) inInstruction(operation, statement, found);
  else if (operation.startsWith('.')) inDirective(operation, code, statement, found);
  else {
    // A macro, or a misspelt instruction.
    add(found, name, 'macro', 'reference');
    inExpression(operands, found);
  }
}

/** Whether a name in an operand of an instruction means something by itself: a register, a CSR, a rounding mode. */
function inInstruction(operation: string, { operands }: Statement, found: Occurrence[]): void {
  for (const { tokens } of operandSlots(operands, 0, 0)) {
    if (tokens.length === 1 && tokens[0]!.kind === 'name' && isNameOfInstruction(operation, tokens[0]!.text)) continue;
    inExpression(tokens, found, (token) => isNameOfInstruction('', token.text));
    for (const token of tokens) if (token.kind === 'string') add(found, token, 'symbol', 'reference');
  }
}

/** References in an expression; what follows `%` is the name of a relocation, what follows `\` an argument, `@plt` no symbol. */
function inExpression(tokens: readonly Token[], found: Occurrence[], isNoSymbol: (token: Token) => boolean = () => false): void {
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    const after = isPunctuator(before) && before!.column + before!.length === token.column ? before!.text : '';
    if (token.kind === 'local') {
      const direction = token.text.endsWith('b') ? 'b' : 'f';
      const { start, end } = placeOf(token);
      found.push({ name: token.text.slice(0, -1), kind: 'numeric', role: 'reference', start, end, direction });
    } else if (after === '\\' && token.kind === 'name') add(found, token, 'argument', 'reference', token.text.replace(/\..*$/, ''));
    else if (after === '%' && isPunctuator(tokens[index + 1], '(')) continue;
    else if (after === '@') continue;
    else if (token.kind === 'name' && token.text !== '.' && !isNoSymbol(token)) add(found, token, 'symbol', 'reference');
  }
}

const declaring: ReadonlySet<string> = new Set([
  ...['.globl', '.global', '.weak', '.local', '.hidden', '.protected', '.internal', '.type', '.size', '.extern', '.symver', '.weakref'],
  '.variant_cc',
]);
const defining: ReadonlySet<string> = new Set(['.set', '.equ', '.equiv', '.eqv']);
const common: ReadonlySet<string> = new Set(['.comm', '.common', '.lcomm']);
const sections: ReadonlySet<string> = new Set(['.section', '.pushsection']);
/** Directives whose operands are no expressions. */
const textual: ReadonlySet<string> = new Set([
  ...['.option', '.attribute', '.file', '.ident', '.include', '.incbin', '.ascii', '.asciz', '.string', '.err', '.error', '.warning'],
  ...['.print', '.title', '.sbttl', '.cfi_sections', '.ifc', '.ifnc', '.ifeqs', '.ifnes'],
]);
const conditionsOnNames: ReadonlySet<string> = new Set(['.ifdef', '.ifndef', '.ifnotdef']);

function inDirective(operation: string, code: string, { operands, name, end }: Statement, found: Occurrence[]): void {
  const [first] = operands;
  if (operation === '.macro') inMacroHead(code, name!, end, found);
  else if (operation === '.irp' || operation === '.irpc') {
    if (first) add(found, first, 'argument', 'definition');
    inExpression(operands.slice(1), found);
  } else if (operation === '.purgem') for (const token of operands) add(found, token, 'macro', 'reference');
  else if (sections.has(operation)) {
    if (nameOf(first) !== undefined) add(found, first!, 'section', 'reference');
  } else if (defining.has(operation) || common.has(operation)) {
    if (nameOf(first) !== undefined) add(found, first!, defining.has(operation) ? 'constant' : 'common', 'definition');
    inExpression(operands.slice(1), found);
  } else if (declaring.has(operation)) inDeclaration(operation, operands, found);
  else if (conditionsOnNames.has(operation)) {
    if (nameOf(first) !== undefined) add(found, first!, 'symbol', 'reference');
  } else if (operation.startsWith('.cfi_')) inExpression(operands, found, (token) => isNameOfInstruction('', token.text));
  else if (!textual.has(operation)) inExpression(operands, found);
}

/** `.type f, @function` and `.size f, .-f` declare their first operand only. */
function inDeclaration(operation: string, operands: readonly Token[], found: Occurrence[]): void {
  const slots = operandSlots(operands, 0, 0);
  const isList = operation !== '.type' && operation !== '.size' && operation !== '.symver' && operation !== '.weakref';
  for (const [index, { tokens }] of slots.entries()) {
    if (index === 0 || isList) {
      if (nameOf(tokens[0]) !== undefined) add(found, tokens[0]!, 'symbol', 'declaration');
    } else if (operation === '.size') inExpression(tokens, found);
  }
}

/** `.macro name a, b=1, c:req, d:vararg`; names and defaults are text to the assembler. */
function inMacroHead(code: string, directive: Token, end: number, found: Occurrence[]): void {
  const text = code.slice(0, end - 1);
  const pattern = /[\w.$\u0080-\uffff]+/y;
  let position = skipBlanks(text, directive.column - 1 + directive.length);
  let isFirst = true;
  while (position < text.length) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) {
      position++;
      continue;
    }
    const start = position;
    position += match[0].length;
    found.push({ name: match[0], kind: isFirst ? 'macro' : 'argument', role: 'definition', start, end: position });
    isFirst = false;
    if (text[position] === ':') position += /^:\w*/.exec(text.slice(position))![0].length;
    const afterBlanks = skipBlanks(text, position);
    if (text[afterBlanks] === '=') position = afterBlanks + /^=\s*(?:"(?:[^"\\]|\\.)*"?|[^\s,]*)/.exec(text.slice(afterBlanks))![0].length;
  }
}

function skipBlanks(text: string, from: number): number {
  let position = from;
  while (position < text.length && /\s/.test(text[position]!)) position++;
  return position;
}

/** The names of the C preprocessor that a directive defines or asks for. */
function inPreprocessor(code: string, found: Occurrence[]): void {
  const head = /^\s*#\s*(define|undef|ifdef|ifndef|if|elif)\s+/.exec(code);
  const from = head ? head[0].length : 0;
  if (!head && /^\s*#/.test(code)) return;
  const visible = code.replace(/"(?:[^"\\]|\\.)*"?/g, (text) => ' '.repeat(text.length));
  for (const match of visible.slice(from).matchAll(/[A-Za-z_]\w*/g)) {
    const start = from + match.index;
    if (match[0] === 'defined') continue;
    const isDefinition = head?.[1] === 'define' && match.index === 0;
    found.push({ name: match[0], kind: 'word', role: isDefinition ? 'definition' : 'reference', start, end: start + match[0].length });
  }
}

function add(found: Occurrence[], token: Token, kind: Occurrence['kind'], role: Occurrence['role'], as?: string): void {
  const name = as ?? nameOf(token);
  if (name !== undefined) found.push({ name, kind, role, ...placeOf(token) });
}

function placeOf(token: Token): { start: number; end: number } {
  const quote = token.kind === 'string' ? 1 : 0;
  return { start: token.column - 1 + quote, end: token.column - 1 + token.length - quote };
}

function isPunctuator(token: Token | undefined, text?: string): boolean {
  return token?.kind === 'punctuator' && (text === undefined || token.text === text);
}
