import type { Token } from '../../program/assembler/lexer';
import type { Statement } from '../../program/assembler/statement';
import type { DocumentLine } from './document-line';
import { operandSlots } from './operand-slots';

/** A word of a statement, and which operand it is in: from 0, -1 for labels and the mnemonic or directive itself. */
export interface TokenPlace {
  readonly statement: Statement;
  readonly token: Token;
  readonly operand: number;
  /** The token before it in its statement, if that touches it. */
  readonly before: Token | undefined;
}

/** The word at a column (from 0), or the one that ends there. */
export function tokenAt(line: DocumentLine, character: number): TokenPlace | undefined {
  const column = character + 1;
  const all = line.parsed.statements.flatMap((statement) => tokensOf(statement).map((token) => ({ statement, token })));
  const holding = all.findIndex(({ token }) => token.column <= column && column < token.column + token.length);
  const ending = all.findIndex(({ token }) => token.kind !== 'punctuator' && token.column + token.length === column);
  const index = ending >= 0 && (holding < 0 || all[holding]!.token.kind === 'punctuator') ? ending : holding;
  const found = all[index];
  if (!found) return undefined;
  const { statement, token } = found;
  const previous = all[index - 1];
  const touches = previous?.statement === statement && previous.token.column + previous.token.length === token.column;
  return { statement, token, operand: operandOf(statement, token), before: touches ? previous.token : undefined };
}

export function tokensOf({ labels, name, operands }: Statement): Token[] {
  return [...labels, ...(name ? [name] : []), ...operands];
}

function operandOf({ operands }: Statement, token: Token): number {
  return operandSlots(operands, 0, 0).findIndex(({ tokens }) => tokens.includes(token));
}
