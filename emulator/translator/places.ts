import { pageSize } from '../linear-memory';
import type { Block, Step } from './control-flow';
import type { Way } from './found-runs';

/** Bytes of code whose places are found at once. */
const pieceSize = 128;

/** Code of a region that is searched for: where it begins, or code that is called from one place and put in line there. */
export class Context {
  readonly inlined: Inlined | undefined;
  /** Its places in pieces of code, by where these begin: the next one is mostly in the same piece. By halfwords in a piece. */
  readonly #pieces = new Map<number, (Place | undefined)[]>();
  #start = 0;
  #piece: (Place | undefined)[] | undefined;

  constructor(inlined?: Inlined) {
    this.inlined = inlined;
  }

  /** The place at an even offset, the same one each time. */
  placeAt(offset: number): Place {
    let within = offset - this.#start;
    if (!this.#piece || within < 0 || within >= pieceSize) {
      this.#start = Math.floor(offset / pieceSize) * pieceSize;
      this.#piece = this.#pieceAt(this.#start);
      within = offset - this.#start;
    }
    const index = within >> 1;
    const known = this.#piece[index];
    if (known) return known;
    const place = { offset, context: this, step: undefined, isLeader: false, next: undefined, exit: undefined, block: undefined };
    this.#piece[index] = place;
    return place;
  }

  #pieceAt(start: number): (Place | undefined)[] {
    const known = this.#pieces.get(start);
    if (known) return known;
    const piece = new Array<Place | undefined>(pieceSize / 2);
    this.#pieces.set(start, piece);
    return piece;
  }
}

export interface Inlined {
  /** The register that holds the return address. */
  readonly link: number;
  readonly returnTo: Place;
  /** How many contexts there are around it. */
  readonly depth: number;
}

/** An offset in a context that something leads to, and what the search has found there. */
export interface Place {
  readonly offset: number;
  readonly context: Context;
  /** The instruction; undefined where there is none, or it was not come to yet. */
  step: Step | undefined;
  /** More than the instruction before leads to it. */
  isLeader: boolean;
  /** Where the instruction just goes on: the place behind. */
  next: Place | undefined;
  /** Else where it goes. */
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
      return exit.expected ? [exit.expected] : [];
    case 'indirect':
      return exit.targets;
  }
}

/**
 * Where an instruction may go in its context, with what it calls or puts in line passed over. The interpreter counts that it goes backwards
 * or to another page, but not that it comes back from what it called.
 */
export function waysOf(exit: Exit, { offset, instruction }: Step, context: Context): Way[] {
  const next = offset + instruction.length;
  switch (exit.kind) {
    case 'branch': {
      const [one, other] = [exit.ways[0]!, exit.ways[1]];
      return other ? [wayTo(one.offset, offset, next), wayTo(other.offset, offset, next)] : [wayTo(one.offset, offset, next)];
    }
    case 'indirect':
      // Of these it counts few.
      return exit.targets.map(({ offset: to }) => ({ to, isCounted: to <= offset }));
    case 'return':
      return [];
    case 'jump':
      if (exit.to.context === context) return [wayTo(exit.to.offset, offset, next)];
  }
  return [{ to: next, isCounted: false }];
}

/** The way to a place from an instruction, behind which the next one is. */
function wayTo(to: number, from: number, next: number): Way {
  return { to, isCounted: to !== next && (to <= from || pageOf(to) !== pageOf(from)) };
}

function pageOf(offset: number): number {
  return Math.floor(offset / pageSize);
}
