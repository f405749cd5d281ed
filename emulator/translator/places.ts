import type { Block, Step } from './control-flow';

/** Bytes of code whose places are found at once. */
const pieceSize = 64;

/** What the search has found in a piece of code, by halfwords in it: most instructions have no place of their own. */
type Piece = (Step | Place | undefined)[];

/** Code of a region that is searched for: where it begins, or code that is called from one place and put in line there. */
export class Context {
  readonly inlined: Inlined | undefined;
  /** By where they begin: what is asked for next is mostly in the same piece. */
  readonly #pieces = new Map<number, Piece>();
  #start = 0;
  #piece: Piece | undefined;

  constructor(inlined?: Inlined) {
    this.inlined = inlined;
  }

  /** The instruction that was found at an even offset. */
  stepAt(offset: number): Step | undefined {
    const there = this.#pieceAt(offset)[(offset - this.#start) >> 1];
    return there && isPlace(there) ? there.step : there;
  }

  found(step: Step): void {
    const piece = this.#pieceAt(step.offset);
    const index = (step.offset - this.#start) >> 1;
    const there = piece[index];
    if (there && isPlace(there)) there.step = step;
    else piece[index] = step;
  }

  /** The place at an even offset, the same one each time. */
  placeAt(offset: number): Place {
    const piece = this.#pieceAt(offset);
    const index = (offset - this.#start) >> 1;
    const there = piece[index];
    if (there && isPlace(there)) return there;
    const place = { offset, context: this, step: there, isLeader: false, exit: undefined, block: undefined };
    piece[index] = place;
    return place;
  }

  /** The same where it was asked for before. */
  knownAt(offset: number): Place | undefined {
    const there = this.#pieceAt(offset)[(offset - this.#start) >> 1];
    return there && isPlace(there) ? there : undefined;
  }

  #pieceAt(offset: number): Piece {
    const within = offset - this.#start;
    if (this.#piece && within >= 0 && within < pieceSize) return this.#piece;
    this.#start = Math.floor(offset / pieceSize) * pieceSize;
    this.#piece = this.#pieces.get(this.#start);
    if (!this.#piece) {
      this.#piece = new Array<Step | Place | undefined>(pieceSize / 2);
      this.#pieces.set(this.#start, this.#piece);
    }
    return this.#piece;
  }
}

function isPlace(there: Step | Place): there is Place {
  return (there as Partial<Place>).context !== undefined;
}

export interface Inlined {
  /** The register that holds the return address. */
  readonly link: number;
  readonly returnTo: Place;
  /** How many contexts there are around it. */
  readonly depth: number;
}

/** An offset in a context that something leads to, or from which something goes elsewhere. */
export interface Place {
  readonly offset: number;
  readonly context: Context;
  /** The instruction; undefined where there is none, or it was not come to yet. */
  step: Step | undefined;
  /** More than the instruction before leads to it. */
  isLeader: boolean;
  /** Where its instruction goes that does not just go on. */
  exit: Exit | undefined;
  /** The block that begins with it. */
  block: Block | undefined;
}

/** Where an instruction goes that does not just go on. A branch has the ways that the region has, one or both. */
export type Exit =
  | { readonly kind: 'jump'; readonly to: Place }
  | { readonly kind: 'branch'; readonly taken: Place; readonly next: Place; readonly ways: readonly Place[] }
  | { readonly kind: 'call'; readonly callee: number | undefined; readonly back: Place }
  | { readonly kind: 'guess'; readonly to: Place; readonly back?: Place }
  | { readonly kind: 'return'; readonly expected: Place | undefined }
  | { readonly kind: 'indirect'; readonly targets: readonly Place[] };

/** Where the search goes on behind an instruction. */
export function placesAfter(exit: Exit): readonly Place[] {
  switch (exit.kind) {
    case 'jump':
      return [exit.to];
    case 'branch':
      return exit.ways;
    case 'call':
      return [exit.back];
    case 'guess':
      return exit.back ? [exit.back, exit.to] : [exit.to];
    case 'return':
      return exit.expected ? [exit.expected] : none;
    case 'indirect':
      return exit.targets;
  }
}

/**
 * Where an instruction may go in its context, of the places where the search goes on behind it: what it calls or puts in line is passed over,
 * and undefined where it comes back behind it from there.
 */
export function waysOf(exit: Exit, after: readonly Place[], context: Context): readonly Place[] | undefined {
  switch (exit.kind) {
    case 'branch':
    case 'call':
    case 'indirect':
      return after;
    case 'return':
      return none;
    case 'guess':
      return undefined;
    case 'jump':
      return exit.to.context === context ? after : undefined;
  }
}

const none: readonly Place[] = [];
