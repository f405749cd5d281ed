import type { Extension, Format, InstructionRow } from './instruction-row';
import type { OperandKind } from './operands';

export type Row<M extends string> = readonly [M, Format, match: number, mask: number, operands: readonly OperandKind[], prose: string];

/** The 32-bit instructions of an extension, or those of it that need others too. */
export function rows<const M extends string>(
  extension: Extension,
  list: readonly Row<M>[],
  alsoNeeds: readonly Extension[] = [],
): InstructionRow<M, never>[] {
  return list.map(([mnemonic, format, match, mask, operands, prose]) => {
    return { mnemonic, extension, alsoNeeds, format, match, mask, operands, prose };
  });
}
