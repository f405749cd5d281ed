import { type BaseMnemonic, baseRows } from './base-rows';
import { compressedRows } from './compressed-rows';
import type { InstructionRow } from './instruction-row';

export type { BaseMnemonic } from './base-rows';
export type { InstructionRow } from './instruction-row';

/** Every mnemonic of RV64IMAC_Zicsr_Zifencei, with the dots and the `c.` of the ISA manual. */
export type Mnemonic = BaseMnemonic | (typeof compressedRows)[number]['mnemonic'];

/** Every instruction of RV64IMAC_Zicsr_Zifencei; where a word matches several rows, it is the first. */
export const instructionTable: readonly InstructionRow<Mnemonic, BaseMnemonic>[] = [...baseRows, ...compressedRows];

const byMnemonic: ReadonlyMap<string, InstructionRow<Mnemonic, BaseMnemonic>> = new Map(instructionTable.map((row) => [row.mnemonic, row]));

export function rowOf(mnemonic: Mnemonic): InstructionRow<Mnemonic, BaseMnemonic> {
  return byMnemonic.get(mnemonic)!;
}

/** The row of a mnemonic as people write it, in lower case; undefined where there is none. */
export function findRow(mnemonic: string): InstructionRow<Mnemonic, BaseMnemonic> | undefined {
  return byMnemonic.get(mnemonic);
}
