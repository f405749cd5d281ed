import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver';
import type { Token } from '../../program/assembler/lexer';
import { formsOf } from '../../riscv/pseudo-instructions';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import { operationOf } from '../document/parsed-line';
import { isInstruction } from '../knowledge/instructions';
import type { LineCode } from '../workspace/line-code';

export interface InlayHintOptions {
  /** The instructions that a pseudo-instruction was assembled to. */
  readonly expansions: boolean;
  /** Large numbers in the other base. */
  readonly numbers: boolean;
  /** Bytes of each line that makes some. */
  readonly sizes: boolean;
}

/** Numbers up to this are read as easily in one base as in the other. */
const plainNumber = 255n;

/** What a line does not say itself, for the lines of a range. */
export function inlayHints(
  document: AssemblyDocument,
  range: Range,
  codeAt: (line: number) => LineCode | undefined,
  options: InlayHintOptions,
): InlayHint[] {
  const hints: InlayHint[] = [];
  const last = Math.min(range.end.line, document.lines.length - 1);
  for (let number = Math.max(range.start.line, 0); number <= last; number++) {
    const line = document.line(number)!;
    if (line.parsed.statements.length === 0) continue;
    if (options.numbers) hints.push(...numberHints(line));
    const code = options.expansions || options.sizes ? codeAt(number) : undefined;
    if (code && code.bytes.length > 0) hints.push(...codeHints(line, code, options));
  }
  return hints;
}

function numberHints(line: DocumentLine): InlayHint[] {
  const hints: InlayHint[] = [];
  for (const statement of line.parsed.statements) {
    for (const token of statement.operands) {
      const label = otherBase(token);
      if (label === undefined) continue;
      const position = { line: line.number, character: token.column - 1 + token.length };
      hints.push({ position, label, kind: InlayHintKind.Parameter, paddingLeft: true });
    }
  }
  return hints;
}

function otherBase({ kind, text, value }: Token): string | undefined {
  if (kind !== 'number' || value === undefined || value <= plainNumber) return undefined;
  if (/^0x/i.test(text)) return `= ${value}`;
  return /^[1-9]/.test(text) ? `= 0x${value.toString(16)}` : undefined;
}

function codeHints(line: DocumentLine, code: LineCode, options: InlayHintOptions): InlayHint[] {
  const [statement] = line.parsed.statements;
  const position = { line: line.number, character: statement!.end - 1 };
  const operation = operationOf(statement!) ?? '';
  const hints: InlayHint[] = [];
  const isPseudo = isInstruction(operation) && (formsOf(operation)[0]?.kind === 'macro' || code.texts.length > 1);
  if (options.expansions && isPseudo) {
    const texts = code.texts.map((text) => text.replace(/^[\da-f]+\s+/, ''));
    // Without its address an operand would be shown as 0.
    const label = texts.map((text) => (code.isFinal ? text : text.replace(/ .*/, ''))).join('; ');
    hints.push({ position, label: `→ ${label}`, paddingLeft: true });
  }
  if (options.sizes) {
    const size = code.bytes.length;
    hints.push({ position, label: `${size} ${size === 1 ? 'byte' : 'bytes'}`, paddingLeft: true });
  }
  return hints;
}
