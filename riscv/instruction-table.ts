import { type BaseMnemonic, baseRows } from './base-rows';
import { compressedRows } from './compressed-rows';
import type { Instruction } from './instruction';
import type { InstructionRow } from './instruction-row';
import type { RegisterField } from './operands';

export type { BaseMnemonic } from './base-rows';
export type { InstructionRow } from './instruction-row';

/** Every mnemonic, with the dots and the `c.` of the ISA manual. */
export type Mnemonic = BaseMnemonic | (typeof compressedRows)[number]['mnemonic'];

/** Every instruction; where a word matches several rows, it is the first that the machine has. */
export const instructionTable: readonly InstructionRow<Mnemonic, BaseMnemonic>[] = [...baseRows, ...compressedRows];

const byMnemonic: ReadonlyMap<string, InstructionRow<Mnemonic, BaseMnemonic>> = new Map(instructionTable.map((row) => [row.mnemonic, row]));

export function rowOf(mnemonic: Mnemonic): InstructionRow<Mnemonic, BaseMnemonic> {
  return byMnemonic.get(mnemonic)!;
}

/** The row of a mnemonic as people write it, in lower case; undefined where there is none. */
export function findRow(mnemonic: string): InstructionRow<Mnemonic, BaseMnemonic> | undefined {
  return byMnemonic.get(mnemonic);
}

/** Whether an instruction with these operands is encoded in the space that the ISA manual keeps for hints to compressed code. */
export function isHint(row: InstructionRow, operands: Partial<Pick<Instruction, RegisterField | 'immediate'>>): boolean {
  if (row.mnemonic === 'c.nop') return (operands.immediate ?? 0) !== 0;
  return row.hint?.some((field) => (operands[field] ?? 0) === 0) ?? false;
}
