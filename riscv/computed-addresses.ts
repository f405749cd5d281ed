import type { Instruction } from './instruction';
import type { OperandKind } from './operands';

const globalPointerRegister = 3;
const threadPointerRegister = 4;

/**
 * The addresses that objdump notes behind instructions: of the upper part that an earlier lui or auipc of the listing has put in a
 * register, and the offset that this instruction adds; or of the offset from gp, tp or zero (binutils, opcodes/riscv-dis.c). Each
 * upper part is used once, and by the order of the listing, whatever jumps lie between.
 */
export class ComputedAddresses {
  readonly #upper: (bigint | undefined)[] = [];
  readonly #globalPointer: bigint | undefined;

  /** What gp holds, the value of `__global_pointer$`, where it is known. */
  constructor(globalPointer?: bigint) {
    this.#globalPointer = globalPointer;
  }

  /** The address to be noted behind the next instruction of the listing, which is shown with those operands. */
  follow(instruction: Instruction, shown: readonly OperandKind[], address: bigint): bigint | undefined {
    const { mnemonic, meaning, rd, rs1, immediate } = instruction;
    if (meaning === 'auipc') this.#upper[rd] = BigInt.asUintN(64, address + BigInt(immediate));
    else if (meaning === 'lui') this.#upper[rd] = BigInt.asUintN(64, BigInt(immediate));
    else if (mnemonic === 'c.addi' || mnemonic === 'c.addiw') {
      // The second is that of the base instruction, which is shown in its stead.
      const isShown = shown.includes('c.immediate') || shown.includes('immediate');
      if (rd !== 0 && isShown) return this.#compute(rd, immediate, mnemonic === 'c.addiw');
    } else if (mnemonic === 'addi' || mnemonic === 'addiw') {
      if (rs1 !== 0 && shown.includes('immediate')) return this.#compute(rs1, immediate, mnemonic === 'addiw');
    } else if (mnemonic === 'jalr') {
      if (shown.length > 0) return this.#compute(rs1, immediate, false);
    } else if (shown.includes('load(rs1)') || shown.includes('store(rs1)')) {
      if (instruction.length === 4) return this.#compute(rs1, immediate, false);
    }
    return undefined;
  }

  #compute(register: number, offset: number, isWord: boolean): bigint | undefined {
    const base = this.#baseOf(register);
    if (base === undefined) return undefined;
    const sum = base + BigInt(offset);
    return BigInt.asUintN(64, isWord ? BigInt.asIntN(32, sum) : sum);
  }

  #baseOf(register: number): bigint | undefined {
    const upper = this.#upper[register];
    if (upper !== undefined) {
      this.#upper[register] = undefined;
      return register === 0 ? 0n : upper;
    }
    if (register === globalPointerRegister && this.#globalPointer !== undefined) return this.#globalPointer;
    return register === threadPointerRegister || register === 0 ? 0n : undefined;
  }
}
