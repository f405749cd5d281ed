import type { Step } from './control-flow';

/** What guessing needs of the machine. */
export interface Known {
  addressOf(offset: number): bigint;
  /** The doubleword of memory at an address; undefined where nothing is mapped. */
  load(address: bigint): bigint | undefined;
}

/**
 * What registers probably hold: constants that instructions make, and what memory holds now at addresses that are known so. Whoever
 * relies on it has to look.
 */
export class Guesses {
  readonly #known: Known;
  readonly #values: Map<number, bigint>;

  constructor(known: Known, values: ReadonlyMap<number, bigint> = new Map()) {
    this.#known = known;
    this.#values = new Map(values);
  }

  copy(): Guesses {
    return new Guesses(this.#known, this.#values);
  }

  get(register: number): bigint | undefined {
    return register === 0 ? 0n : this.#values.get(register);
  }

  /** Follows an instruction. */
  execute({ offset, instruction, effects }: Step): void {
    if (effects.writes !== 'rd' || instruction.rd === 0) return;
    const value = this.#resultOf(offset, instruction);
    if (value === undefined) this.#values.delete(instruction.rd);
    else this.#values.set(instruction.rd, BigInt.asUintN(64, value));
  }

  #resultOf(offset: number, { meaning, rs1, rs2, immediate, length }: Step['instruction']): bigint | undefined {
    const plus = (value: bigint | undefined, other: bigint | undefined) =>
      value === undefined || other === undefined ? undefined : value + other;
    switch (meaning) {
      case 'lui':
        return BigInt(immediate);
      case 'auipc':
        return this.#known.addressOf(offset) + BigInt(immediate);
      case 'addi':
        return plus(this.get(rs1), BigInt(immediate));
      case 'add':
        return plus(this.get(rs1), this.get(rs2));
      case 'ld': {
        const address = plus(this.get(rs1), BigInt(immediate));
        return address === undefined ? undefined : this.#known.load(BigInt.asUintN(64, address));
      }
      case 'jal':
      case 'jalr':
        return this.#known.addressOf(offset + length);
      default:
        return undefined;
    }
  }
}
