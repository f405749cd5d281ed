/** Bits `high` to `low` of the instruction word hold the bits of the immediate from `to` upwards. */
export type Piece = readonly [high: number, low: number, to: number];

/** The values that an immediate can have: the multiples of `multiple` from `minimum` to `maximum`. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly multiple: number;
}

/** How an immediate of those pieces is taken from a word, for `gather`; the bits that no piece has are those of `fixed`. */
export function gathering(pieces: readonly Piece[], signed: boolean, fixed = 0): readonly number[] {
  const unused = signed ? 32 - widthOf(pieces) : 0;
  return [fixed, unused, ...pieces.flatMap(([high, low, to]) => [low, ones(high - low + 1), to])];
}

/** The immediate in a word, by what `gathering` says: what is in all, the bits that its sign takes, and three numbers for each piece. */
export function gather(word: number, from: readonly number[]): number {
  let value = from[0]!;
  for (let at = 2; at < from.length; at += 3) value |= ((word >>> from[at]!) & from[at + 1]!) << from[at + 2]!;
  return (value << from[1]!) >> from[1]!;
}

/** The bits of the word that hold an immediate: the inverse of `gather`. */
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
