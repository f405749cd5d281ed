import type { Operands } from '../../riscv/encode';
import type { BaseMnemonic } from '../../riscv/instruction-table';
import type { Macro, MacroStep } from '../../riscv/macros';

interface Registers {
  readonly rd: number;
  readonly rs2: number;
  readonly frd: number;
  readonly frs2: number;
  readonly temporary: number;
}

/** The instructions of a macro whose symbol is that many bytes from its first instruction. */
export function expandMacro(macro: Macro, registers: Registers, distance: bigint): { mnemonic: BaseMnemonic; operands: Operands }[] {
  const low = Number(BigInt.asIntN(12, distance));
  const high = Number(distance) - low;
  const number = (register: MacroStep['rd']) => (typeof register === 'string' ? registers[register] : (register ?? 0));
  return (macro.steps as readonly MacroStep[]).map(({ mnemonic, rd, rs1, rs2, frd, frs2, immediate }) => ({
    mnemonic,
    operands: {
      rd: number(rd),
      rs1: number(rs1),
      rs2: number(rs2),
      frd: number(frd),
      frs2: number(frs2),
      immediate: immediate === '%pcrel_hi' ? high : immediate === '%pcrel_lo' ? low : immediate,
    },
  }));
}
