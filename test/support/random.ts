/** Numbers that look random and repeat for a seed (Marsaglia's xorshift with 32 bits). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** 32 bits, unsigned. */
  word(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    return this.word() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  doubleword(): bigint {
    return (BigInt(this.word()) << 32n) | BigInt(this.word());
  }
}

/** Numbers from 0 to a limit less 1, the same for the same seed. */
export function randomBelow(seed: number): (limit: number) => number {
  const random = new Random(seed);
  return (limit) => random.below(limit);
}

/** 32-bit numbers, unsigned, the same for the same seed. */
export function randomWords(seed: number): () => number {
  const random = new Random(seed);
  return () => random.word();
}
