import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Bytes from which it grows no more. */
const enough = 8 * 2 ** 20;

/**
 * The part of V8's heap that new objects are in. What the translator makes lives on in small part, by which V8 lets it grow to 32 MiB; with a
 * quarter of that a program takes no longer.
 */
export class YoungGeneration {
  #isBounded = false;

  /** To be called now and then: lets it grow no more once it has enough. */
  look(): void {
    if (this.#isBounded) return;
    const size = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
    if (size < enough) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    this.#isBounded = true;
  }
}
