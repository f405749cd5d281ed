/** Bits `high` to `low` of the instruction word hold the bits of the immediate from `to` upwards. */
export type Piece = readonly [high: number, low: number, to: number];

/** The values that an immediate can have: the multiples of `multiple` from `minimum` to `maximum`. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly multiple: number;
}

/** The immediate that a word holds. */
export function gather(word: number, pieces: readonly Piece[], signed: boolean): number {
  let value = 0;
  for (const [high, low, to] of pieces) value |= ((word >>> low) & ones(high - low + 1)) << to;
  const unused = 32 - widthOf(pieces);
  return signed ? (value << unused) >> unused : value >>> 0;
}

/** The bits of the word that hold an immediate: the inverse of `gather`. */
export function scatter(value: number, pieces: readonly Piece[]): number {
  return pieces.reduce((word, [high, low, to]) => word | (((value >>> to) & ones(high - low + 1)) << low), 0);
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

const ones = (count: number) => 2 ** count - 1;
