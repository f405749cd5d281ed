import type { Instruction } from '../../riscv/instruction';
import { type BaseMnemonic, instructionTable } from '../../riscv/instruction-table';
import { operandKinds, type RegisterField } from '../../riscv/operands';
import { hartAt } from '../linear-memory';

/** Where the registers of an instruction are in linear memory, by the fields of its record; rs3 only where it has three sources. */
export interface RecordRegisters {
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number | undefined;
}

export function registersOf(instruction: Instruction): RecordRegisters {
  const floats = floatFields.get(instruction.meaning);
  const { rd, rs1, rs2 } = instruction;
  const f = (field: 'frd' | 'frs1' | 'frs2' | 'frs3') => (floats?.has(field) ? hartAt.f + instruction[field] * 8 : undefined);
  return {
    rd: f('frd') ?? (rd === 0 ? hartAt.scratch : hartAt.x + rd * 8),
    rs1: f('frs1') ?? hartAt.x + rs1 * 8,
    rs2: f('frs2') ?? hartAt.x + rs2 * 8,
    rs3: f('frs3'),
  };
}

/** The floating-point registers that instructions have, for those that have any. */
const floatFields: ReadonlyMap<BaseMnemonic, ReadonlySet<RegisterField>> = new Map(
  instructionTable.flatMap(({ mnemonic, expandsTo, operands }) => {
    const fields = operands.flatMap((kind) => {
      const operand = operandKinds[kind];
      return operand.syntax === 'float register' ? operand.fields : [];
    });
    return expandsTo || fields.length === 0 ? [] : [[mnemonic as BaseMnemonic, new Set(fields)] as const];
  }),
);
