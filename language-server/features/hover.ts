import type { Hover, Position } from 'vscode-languageserver';
import { csrNumber } from '../../riscv/csrs';
import { findRow, type InstructionRow } from '../../riscv/instruction-table';
import { type Form, formsOf } from '../../riscv/pseudo-instructions';
import type { AssemblyDocument } from '../document/assembly-document';
import { operationOf } from '../document/parsed-line';
import { type TokenPlace, tokenAt } from '../document/token-at';
import { directiveDoc } from '../knowledge/directives';
import { encodingFields } from '../knowledge/encoding-table';
import { expansionOf } from '../knowledge/expansion';
import { isInstruction, isNameOfInstruction, operandNames } from '../knowledge/instructions';
import { csrText, registerText } from '../knowledge/operand-docs';
import { pseudoCode } from '../knowledge/pseudo-code';
import { registerNamed } from '../knowledge/registers';
import { relocationDoc } from '../knowledge/relocations';
import { describeSymbol, placeText } from '../workspace/describe-symbol';
import type { LineCode } from '../workspace/line-code';
import { nameAt, rangeOf } from '../workspace/names';
import type { Workspace } from '../workspace/workspace';

/**
 * What is known of the word at a position. `codeAt` tells what a line was assembled to, `addressOf` where a label is in memory, where
 * that is known.
 */
export function hover(
  workspace: Workspace,
  document: AssemblyDocument,
  position: Position,
  codeAt: (line: number) => LineCode | undefined,
  addressOf: (document: AssemblyDocument, name: string) => bigint | undefined = () => undefined,
): Hover | undefined {
  const line = document.line(position.line);
  const place = line && tokenAt(line, position.character);
  if (!line) return undefined;
  const text = (place && wordText(place, line.number, codeAt)) ?? symbolText(workspace, document, position, addressOf);
  if (text !== undefined) {
    const name = nameAt(document, position);
    const token = place && {
      start: { line: line.number, character: place.token.column - 1 },
      end: { line: line.number, character: place.token.column - 1 + place.token.length },
    };
    const range = token ?? (name && rangeOf(name));
    return { contents: { kind: 'markdown', value: text }, ...(range && { range }) };
  }
  return undefined;
}

function wordText(place: TokenPlace, line: number, codeAt: (line: number) => LineCode | undefined): string | undefined {
  const { statement, token, before } = place;
  const operation = operationOf(statement);
  if (token === statement.name && operation !== undefined) {
    if (isInstruction(operation)) return instructionText(operation, codeAt(line));
    if (operation.startsWith('.')) return directiveText(operation);
  }
  if (token.kind === 'number' && !statement.labels.includes(token)) return numberText(token.value!);
  if (token.kind !== 'name') return undefined;
  if (before?.text === '%') return relocationText(token.text);
  const isOperandOfInstruction = operation !== undefined && (isInstruction(operation) || operation.startsWith('.cfi_'));
  const register = registerNamed(token.text);
  if (isOperandOfInstruction && register) return registerText(register);
  if (isOperandOfInstruction && csrNumber(token.text) !== undefined && isNameOfInstruction(operation, token.text))
    return csrText(token.text);
  return undefined;
}

function instructionText(name: string, code: LineCode | undefined): string {
  const forms = formsOf(name);
  const [first] = forms;
  const syntax = forms.slice(0, mostForms).map(syntaxText).join('\n');
  const prose = [...new Set(forms.map((form) => form.prose))].slice(0, mostForms).join('\n\n');
  const row = first?.kind === 'single' ? findRow(first.meaning) : undefined;
  const pseudo = row && pseudoCode(row.expandsTo ?? row.mnemonic);
  const parts = [codeBlock(syntax), prose];
  if (pseudo) parts.push(`\`${pseudo}\``);
  if (row) {
    const form = row.mnemonic === name ? '' : `; a form of \`${row.mnemonic}\``;
    parts.push(`Extension ${row.extension}, format ${row.format}${form}`, encodingText(row));
  } else if (first?.kind === 'macro') {
    parts.push('A pseudo-instruction of several instructions:', codeBlock(expansionOf(first).join('\n')));
  }
  if (code)
    parts.push(code.isFinal ? 'In this line:' : 'In this line, before the linker fills in addresses:', codeBlock(code.texts.join('\n')));
  return parts.join('\n\n');
}

const mostForms = 6;

function syntaxText(form: Form): string {
  return `${form.name} ${operandNames(form).join(', ')}`.trimEnd();
}

function encodingText(row: InstructionRow): string {
  const fields = encodingFields(row);
  const head = fields.map(({ high, low }) => (high === low ? `${high}` : `${high}-${low}`));
  return [head, head.map(() => '---'), fields.map(({ text }) => text)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function directiveText(name: string): string | undefined {
  const doc = directiveDoc(name);
  return doc && `${codeBlock(`${doc.name} ${doc.syntax}`.trimEnd())}\n\n${doc.prose}`;
}

function relocationText(name: string): string | undefined {
  const doc = relocationDoc(name);
  return doc && `${codeBlock(`%${doc.name}(symbol)`)}\n\n${doc.prose}`;
}

function numberText(value: bigint): string {
  const unsigned = BigInt.asUintN(64, value);
  const lines = [`${value}`, `0x${unsigned.toString(16)}`, `0b${unsigned.toString(2)}`];
  if (value >= 0x20n && value < 0x7fn) lines.push(`'${String.fromCharCode(Number(value))}'`);
  return codeBlock(lines.join('\n'));
}

function symbolText(
  workspace: Workspace,
  document: AssemblyDocument,
  position: Position,
  addressOf: (document: AssemblyDocument, name: string) => bigint | undefined,
): string | undefined {
  const place = nameAt(document, position);
  const description = place && describeSymbol(workspace, place);
  if (!description) return undefined;
  const { definition, comment, value } = description;
  const { name, kind } = definition.occurrence;
  const address = kind === 'label' ? addressOf(definition.document, name) : undefined;
  const head =
    value !== undefined
      ? `${name} = ${value}  (0x${BigInt.asUintN(64, value).toString(16)})`
      : address !== undefined
        ? `${name} = 0x${address.toString(16)}`
        : name;
  const source = description.kind === 'macro' ? codeBlock(definition.line.text.trim()) : '';
  return [codeBlock(head), placeText(description, document), source, comment].filter((part) => part !== '').join('\n\n');
}

function codeBlock(text: string): string {
  return `\`\`\`riscv-asm\n${text}\n\`\`\``;
}
