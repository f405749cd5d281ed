import type { Instruction } from '../../riscv/instruction';

/**
 * The CSRs of the machine: Zicntr's cycle, time and instret (Volume I, chapter "Zicntr and Zihpm"). A cycle is an instruction and
 * the clock of the guest its retired instructions, so all three are the same count.
 */
const counters: ReadonlySet<number> = new Set([0xc00, 0xc01, 0xc02]);

export function isCounter(csr: number): boolean {
  return counters.has(csr);
}

/**
 * False for an instruction that names a CSR which is not there, or would write a read-only one. `csrrs` and `csrrc` write unless
 * their source is x0 or the immediate 0 (Volume I, chapter "Zicsr", table of conditions); 11 in bits 11-10 means read-only.
 */
export function isLegalCsrAccess({ meaning, rs1, immediate, csr }: Instruction): boolean {
  if (!meaning.startsWith('csrr')) return true;
  const writes = meaning.startsWith('csrrw') || (meaning.endsWith('i') ? immediate !== 0 : rs1 !== 0);
  return isCounter(csr) && !(writes && csr >> 10 === 3);
}
