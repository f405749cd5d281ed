import type { Token } from '../../program/assembler/lexer';

/** One operand as it is written, between commas. Columns count from 0; an operand that is not written yet has no tokens. */
export interface OperandSlot {
  readonly tokens: readonly Token[];
  readonly start: number;
  readonly end: number;
}

/** Cuts operands at the commas outside parentheses. `start` and `end` are the columns of all of them, from 0. */
export function operandSlots(tokens: readonly Token[], start: number, end: number): OperandSlot[] {
  const slots: OperandSlot[] = [];
  let inSlot: Token[] = [];
  let from = start;
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'punctuator') {
      if (token.text === '(') depth++;
      if (token.text === ')') depth--;
      if (token.text === ',' && depth <= 0) {
        slots.push({ tokens: inSlot, start: from, end: token.column - 1 });
        inSlot = [];
        from = token.column;
        continue;
      }
    }
    inSlot.push(token);
  }
  if (tokens.length > 0) slots.push({ tokens: inSlot, start: from, end });
  return slots;
}
