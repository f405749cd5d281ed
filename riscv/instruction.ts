import type { BaseMnemonic, Mnemonic } from './instruction-table';

/** One decoded instruction. A compressed one carries its own row and the base mnemonic whose meaning it has. */
export interface Instruction {
  /** The row's mnemonic, for example `c.addi`. */
  readonly mnemonic: Mnemonic;
  /** The mnemonic whose semantics it has: itself, or for a compressed instruction what it expands to (`addi`). */
  readonly meaning: BaseMnemonic;
  /** Size in bytes. */
  readonly length: 2 | 4;
  /** The instruction word, unsigned; 16 bits when `length` is 2. */
  readonly word: number;
  /** Numbers of integer registers, 0-31; 0 where the instruction has no such operand. */
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  /** Numbers of floating-point registers, 0-31; 0 where the instruction has no such operand. */
  readonly frd: number;
  readonly frs1: number;
  readonly frs2: number;
  readonly frs3: number;
  /**
   * The immediate, sign-extended as the ISA manual says and already scaled to bytes. For lui and auipc it is the value added
   * (a multiple of 4096), for shifts the amount, for fence the 12 bits fm|pred|succ, for csrr*i the 5-bit uimm,
   * for fli.* the number of the constant,
   * for an instruction of extension A its 2 bits aq|rl.
   */
  readonly immediate: number;
  /** The CSR number of a Zicsr instruction, else 0. */
  readonly csr: number;
  /** The rounding-mode field (bits 14-12) of an instruction that has one, else 0; 7 is the mode that frm holds. */
  readonly roundingMode: number;
}
