/** Places of code of which is kept how often their regions were made again. */
const mostPlaces = 1 << 16;

/** How often a region was made again, and the registers beside which accesses went elsewhere then, as bits. */
interface Remade {
  readonly count: number;
  readonly moving: number;
}

const never: Remade = { count: 0, moving: 0 };

/** How often regions were made again for accesses that go elsewhere than was expected, by where they begin. */
export class Remakes {
  readonly #remade = new Map<number, Remade>();

  at(offset: number): Remade {
    return this.#remade.get(offset) ?? never;
  }

  /** The region at an offset is to be made again, since accesses beside these registers go elsewhere. */
  add(offset: number, moving: number): void {
    if (this.#remade.size >= mostPlaces) this.#remade.clear();
    const before = this.at(offset);
    this.#remade.set(offset, { count: before.count + 1, moving: before.moving | moving });
  }
}
