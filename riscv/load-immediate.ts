import type { Operands } from './encode';
import type { BaseMnemonic, Mnemonic } from './instruction-table';

export interface Step {
  readonly mnemonic: BaseMnemonic;
  readonly operands: Operands;
  /** The compressed forms that GNU as takes here; where it is absent, those that it takes for the same base instruction. */
  readonly compressed?: readonly Mnemonic[];
}

/**
 * The instructions that GNU as makes of `li rd, value` for RV64; the value is taken modulo 2^64. A value of 32 bits needs lui
 * and addiw; a longer one is that of its upper bits, shifted into place, plus its low 12 bits.
 */
export function loadImmediate(rd: number, value: bigint): readonly Step[] {
  const wrapped = BigInt.asIntN(64, value);
  if (BigInt.asIntN(12, wrapped) === wrapped) {
    return [{ mnemonic: 'addi', operands: { rd, rs1: 0, immediate: Number(wrapped) }, compressed: ['c.li'] }];
  }
  return build(rd, wrapped);
}

function build(rd: number, value: bigint): readonly Step[] {
  const low = BigInt.asIntN(12, value);
  const high = BigInt.asIntN(64, value - low);
  if (BigInt.asIntN(32, value) === value) return build32(rd, Number(BigInt.asIntN(32, high)), Number(low));
  let shift = 12n;
  while (((high >> shift) & 1n) === 0n) shift++;
  const steps: Step[] = [...build(rd, high >> shift), { mnemonic: 'slli', operands: { rd, rs1: rd, immediate: Number(shift) } }];
  if (low !== 0n) steps.push({ mnemonic: 'addi', operands: { rd, rs1: rd, immediate: Number(low) } });
  return steps;
}

function build32(rd: number, high: number, low: number): readonly Step[] {
  const steps: Step[] = [];
  const base = high === 0 ? 0 : rd;
  if (high !== 0) steps.push({ mnemonic: 'lui', operands: { rd, immediate: high } });
  if (low !== 0 || base === 0) steps.push({ mnemonic: 'addiw', operands: { rd, rs1: base, immediate: low } });
  return steps;
}
