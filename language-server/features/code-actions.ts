import { type CodeAction, CodeActionKind, type Diagnostic, type Range, type TextEdit } from 'vscode-languageserver';
import { nearestName } from '../../program/assembler/nearest-name';
import { mnemonics } from '../../riscv/pseudo-instructions';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import { operandSlots } from '../document/operand-slots';
import { functionAround, functionsOf } from '../document/outline';
import { operationOf } from '../document/parsed-line';
import { directiveDocs } from '../knowledge/directives';
import { registerNamed } from '../knowledge/registers';

/** What mends the diagnostics of a range, and what can be made better there without one. */
export function codeActions(document: AssemblyDocument, range: Range, diagnostics: readonly Diagnostic[]): CodeAction[] {
  return [
    ...diagnostics.flatMap((diagnostic) => fixes(document, diagnostic)),
    ...declareFunction(document, range),
    ...convertNumber(document, range),
  ];
}

function fixes(document: AssemblyDocument, diagnostic: Diagnostic): CodeAction[] {
  const line = document.line(diagnostic.range.start.line);
  if (!line) return [];
  const action = (title: string, edits: readonly TextEdit[], isPreferred = false): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    ...(isPreferred && { isPreferred }),
    edit: { changes: { [document.uri]: [...edits] } },
  });
  const { range } = diagnostic;
  const reported = { message: typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value, range };
  return [
    ...misspelt(line, reported, action),
    ...missingExtension(line, reported, action),
    ...outOfRange(line, reported, action),
    ...unused(line, diagnostic, action),
  ];
}

interface Reported {
  readonly message: string;
  readonly range: Range;
}

type MakeAction = (title: string, edits: readonly TextEdit[], isPreferred?: boolean) => CodeAction;

function misspelt(line: DocumentLine, { message, range }: Reported, action: MakeAction): CodeAction[] {
  const match = /^unknown (instruction|directive) '([^']*)'/.exec(message);
  if (!match) return [];
  const [, what, written] = match;
  const named = /did you mean '([^']*)'/.exec(message)?.[1];
  const near = named ?? nearestName(written!.toLowerCase(), what === 'instruction' ? mnemonics : directiveDocs.map(({ name }) => name));
  if (near === undefined) return [];
  const statement = line.parsed.statements.find(({ name }) => name?.column === range.start.character + 1);
  const end = statement?.name ? statement.name.column - 1 + statement.name.length : range.end.character;
  return [
    action(`Change to '${near}'`, [{ range: { start: range.start, end: { line: line.number, character: end } }, newText: near }], true),
  ];
}

/** Turns the extension on from this line on, as `.option arch` does. */
function missingExtension(line: DocumentLine, { message }: Reported, action: MakeAction): CodeAction[] {
  const extension = /needs the extension ([A-Z]\w*)/.exec(message)?.[1];
  if (extension === undefined) return [];
  const indent = /^\s*/.exec(line.text)![0] || '\t';
  const start = { line: line.number, character: 0 };
  const newText = extension === 'C' ? `${indent}.option rvc\n` : `${indent}.option arch, +${extension.toLowerCase()}\n`;
  return [action(`Turn on extension ${extension} before this line`, [{ range: { start, end: start }, newText }], true)];
}

const byRegister: Readonly<Record<string, string>> = {
  ...{
    addi: 'add',
    andi: 'and',
    ori: 'or',
    xori: 'xor',
    slti: 'slt',
    sltiu: 'sltu',
    addiw: 'addw',
    add: 'add',
    and: 'and',
    or: 'or',
    xor: 'xor',
  },
};

/** An immediate that does not fit goes into a register: `addi a0, a1, 5000` becomes `li t0, 5000` and `add a0, a1, t0`. */
function outOfRange(line: DocumentLine, { message, range }: Reported, action: MakeAction): CodeAction[] {
  if (!/out of range|does not fit/.test(message)) return [];
  const column = range.start.character + 1;
  const statement = line.parsed.statements.find(({ start, end }) => start <= column && column <= end);
  const operation = statement && operationOf(statement);
  if (!statement?.name || operation === undefined) return [];
  const slots = operandSlots(statement.operands, 0, 0).map(({ tokens }) => {
    const [first] = tokens;
    const last = tokens.at(-1);
    return first && last ? line.text.slice(first.column - 1, last.column - 1 + last.length) : '';
  });
  const indent = line.text.slice(0, statement.name.column - 1);
  const whole = {
    start: { line: line.number, character: statement.name.column - 1 },
    end: { line: line.number, character: statement.end - 1 },
  };
  const [rd, rs1, immediate] = slots;
  if ((operation === 'addi' || operation === 'addiw') && slots.length === 3 && registerNamed(rs1!)?.name === 'zero') {
    return [action('Load it with li', [{ range: whole, newText: `li ${rd}, ${immediate}` }], true)];
  }
  const form = byRegister[operation];
  if (form === undefined || slots.length !== 3) return [];
  const temporary = ['t0', 't1', 't2'].find((name) => !slots.some((slot) => registerNamed(slot)?.name === name))!;
  const newText = `li ${temporary}, ${immediate}\n${/^\s*$/.test(indent) ? indent : '\t'}${form} ${rd}, ${rs1}, ${temporary}`;
  return [action(`Load it into ${temporary} with li`, [{ range: whole, newText }], true)];
}

function unused(line: DocumentLine, { code, range }: Diagnostic, action: MakeAction): CodeAction[] {
  if (code !== 'unused-label' && code !== 'unreachable-code' && code !== 'result-never-used') return [];
  const colon = /^\s*:\s*/.exec(line.text.slice(range.end.character))?.[0].length ?? 0;
  const isAlone =
    line.parsed.statements.length === 1 &&
    line.text.slice(0, range.start.character).trim() === '' &&
    line.text.slice(range.end.character + colon).trim() === '';
  const wholeLine = { start: { line: line.number, character: 0 }, end: { line: line.number + 1, character: 0 } };
  const piece = { start: range.start, end: { line: line.number, character: range.end.character + colon } };
  return [
    action(code === 'unused-label' ? 'Remove the label' : 'Remove the instruction', [{ range: isAlone ? wholeLine : piece, newText: '' }]),
  ];
}

/** `.type` and `.size` for a function that has only a label: without them debuggers and tracing do not see it. */
function declareFunction(document: AssemblyDocument, range: Range): CodeAction[] {
  const item = functionAround(document, range.start.line) ?? labelItem(document, range.start.line);
  if (!item) return [];
  const declarations = document.index.declarations(item.name).map(({ line }) => line.parsed.code);
  const hasType = declarations.some((code) => /\.type\b/.test(code));
  const hasSize = declarations.some((code) => /\.size\b/.test(code));
  if (hasType && hasSize) return [];
  const edits: TextEdit[] = [];
  const at = (line: number): Range => ({ start: { line, character: 0 }, end: { line, character: 0 } });
  if (!hasType) edits.push({ range: at(item.start), newText: `\t.type ${item.name}, @function\n` });
  if (!hasSize) edits.push(sizeEdit(document, item));
  const what = !hasType && !hasSize ? '.type and .size' : hasType ? '.size' : '.type';
  return [{ title: `Add ${what} of '${item.name}'`, kind: CodeActionKind.QuickFix, edit: { changes: { [document.uri]: edits } } }];
}

function labelItem(document: AssemblyDocument, line: number) {
  return functionsOf(document).find(({ start }) => start === line);
}

/** Behind the last line of the function that holds an instruction. */
function sizeEdit(document: AssemblyDocument, { name, start, end }: { name: string; start: number; end: number }): TextEdit {
  let last = end;
  while (last > start && !document.line(last)!.parsed.statements.some((statement) => !/^\.|^$/.test(operationOf(statement) ?? ''))) last--;
  const { text } = document.line(last)!;
  const position = { line: last, character: text.length };
  return { range: { start: position, end: position }, newText: `\n\t.size ${name}, .-${name}` };
}

/** A number in another base. */
function convertNumber(document: AssemblyDocument, { start, end }: Range): CodeAction[] {
  const line = document.line(start.line);
  if (!line || start.line !== end.line) return [];
  const token = line.parsed.statements
    .flatMap(({ operands }) => operands)
    .find(
      ({ kind, column, length, text }) =>
        kind === 'number' && !text.startsWith("'") && column - 1 <= start.character && end.character <= column - 1 + length,
    );
  if (token?.value === undefined) return [];
  const place = {
    start: { line: line.number, character: token.column - 1 },
    end: { line: line.number, character: token.column - 1 + token.length },
  };
  const texts = [`${token.value}`, `0x${token.value.toString(16)}`, `0b${token.value.toString(2)}`];
  return texts
    .filter((text) => text.toLowerCase() !== token.text.toLowerCase())
    .map((text) => ({
      title: `Write as ${text}`,
      kind: CodeActionKind.RefactorRewrite,
      edit: { changes: { [document.uri]: [{ range: place, newText: text }] } },
    }));
}
