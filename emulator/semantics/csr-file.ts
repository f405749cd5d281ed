import type { Instruction } from '../../riscv/instruction';
import type { Isa } from '../../riscv/isa-string';

/**
 * Zicntr's cycle, time and instret (Volume I, chapter "Zicntr and Zihpm"). A cycle is an instruction and
 * the clock of the guest its retired instructions, so all three are the same count. They are read-only.
 */
const counters: ReadonlySet<number> = new Set([0xc00, 0xc01, 0xc02]);

export function isCounter(csr: number): boolean {
  return counters.has(csr);
}

/**
 * The CSRs of F by number: each is some bits of fcsr, `mask` of them from bit `shift` on (Volume I, chapter "F", section
 * "Floating-Point Control and Status Register").
 */
export const floatCsrs: ReadonlyMap<number, { readonly shift: number; readonly mask: number }> = new Map([
  [0x001, { shift: 0, mask: 0x1f }],
  [0x002, { shift: 5, mask: 0x07 }],
  [0x003, { shift: 0, mask: 0xff }],
]);

/** Whether there is that CSR, among those that user programs have. */
export function hasCsr(isa: Isa, csr: number): boolean {
  return floatCsrs.has(csr) ? isa.has('F') : isCounter(csr) && isa.has('Zicntr');
}

/** False for an instruction of a user program that names a CSR which is not there, or would write a read-only one. */
export function isLegalCsrAccess(instruction: Instruction, isa: Isa): boolean {
  const { meaning, csr } = instruction;
  return !meaning.startsWith('csrr') || (hasCsr(isa, csr) && !(isCounter(csr) && writesCsr(instruction)));
}

/**
 * Whether a CSR instruction writes: `csrrs` and `csrrc` do unless their source is x0 or the immediate 0 (Volume I, chapter "Zicsr",
 * table of conditions).
 */
export function writesCsr({ meaning, rs1, immediate }: Instruction): boolean {
  return meaning.startsWith('csrrw') || (meaning.endsWith('i') ? immediate !== 0 : rs1 !== 0);
}
