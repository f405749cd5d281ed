import type { Form } from '../../riscv/pseudo-instructions';
import { xNames } from '../../riscv/registers';
import { operandNames } from './instructions';

/** The instructions of a macro in terms of its operands: `auipc rd, %pcrel_hi(symbol)`. */
export function expansionOf(form: Form & { kind: 'macro' }): string[] {
  if (form.steps === 'loadImmediate') return ['lui, addi and slli as the constant needs them'];
  const names = operandNames(form);
  return form.steps.map(({ mnemonic, rd, rs1, rs2, immediate }) => {
    const registers = [rd, rs1, rs2].filter((each) => each !== undefined).map((each) => (typeof each === 'number' ? xNames[each]! : each));
    const value = typeof immediate === 'number' ? `${immediate}` : `${immediate}(${names.includes('symbol') ? 'symbol' : names.at(-1)})`;
    return `${mnemonic} ${[...registers, value].join(', ')}`;
  });
}
