/** Bits `high` to `low` of the instruction word hold the bits of the immediate from `to` upwards. */
export type Piece = readonly [high: number, low: number, to: number];

/** The values that an immediate can have: the multiples of `multiple` from `minimum` to `maximum`. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly multiple: number;
}

/** Makes the function that takes an immediate out of a word. */
export function gatherer(pieces: readonly Piece[], signed: boolean): (word: number) => number {
  const parts = pieces.map(([high, low, to]) => ({ low, ones: ones(high - low + 1), to }));
  const unused = 32 - widthOf(pieces);
  return (word) => {
    let value = 0;
    for (const { low, ones, to } of parts) value |= ((word >>> low) & ones) << to;
    return signed ? (value << unused) >> unused : value;
  };
}

/** The bits of the word that hold an immediate: the inverse of what `gatherer` makes. */
export function scatter(value: number, pieces: readonly Piece[]): number {
  let word = 0;
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]!;
    word |= ((value >>> piece[2]) & ones(piece[0] - piece[1] + 1)) << piece[1];
  }
  return word;
}

export function rangeOf(pieces: readonly Piece[], signed: boolean): Range {
  const multiple = 2 ** Math.min(...pieces.map(([, , to]) => to));
  const count = 2 ** widthOf(pieces);
  return signed ? { minimum: -count / 2, maximum: count / 2 - multiple, multiple } : { minimum: 0, maximum: count - multiple, multiple };
}

function widthOf(pieces: readonly Piece[]): number {
  let width = 0;
  for (const [high, low, to] of pieces) width = Math.max(width, to + high - low + 1);
  return width;
}

/** `count` ones, at most 31. */
const ones = (count: number) => ~(-1 << count);
