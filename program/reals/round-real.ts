/** A binary format of IEEE 754: bits of the whole, of the exponent, and of the fraction that is stored. */
export interface RealFormat {
  readonly bytes: 2 | 4 | 8 | 10 | 16;
  readonly exponentBits: number;
  readonly fractionBits: number;
}

export const half: RealFormat = { bytes: 2, exponentBits: 5, fractionBits: 10 };
export const single: RealFormat = { bytes: 4, exponentBits: 8, fractionBits: 23 };
export const double: RealFormat = { bytes: 8, exponentBits: 11, fractionBits: 52 };
/** binary128, which is `long double` on RISC-V. */
export const quad: RealFormat = { bytes: 16, exponentBits: 15, fractionBits: 112 };
/** The 80 bits of the x87, but for the bit before the fraction, which it stores. */
export const extended: RealFormat = { bytes: 10, exponentBits: 15, fractionBits: 63 };

/** More digits than this say nothing new: no number between two neighbours of a double needs more to be told from their middle. */
const mostDigits = 800;

const decimal = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * The bits of the number of a format that is nearest to a decimal text, exactly, the even one of two that are as near (IEEE 754,
 * section 4.3.1). Texts: `1`, `-1.5`, `.5e-3`. Undefined where it is no number; `overflow` where it is beyond the largest.
 */
export function roundReal(text: string, format: RealFormat): bigint | 'overflow' | undefined {
  const match = decimal.exec(text);
  if (!match || (match[2] === '' && match[3] === '')) return undefined;
  const [, sign, whole, fraction, power] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.slice(0, mostDigits);
  // A digit after the kept ones can only tip a tie, which any nonzero one does.
  const sticky = /[1-9]/.test(digits.slice(mostDigits)) ? '1' : '0';
  const exponent = Number(power ?? 0) - fraction!.length + (digits.length - kept.length) - 1;
  const negative = sign === '-' ? 1n << BigInt(8 * format.bytes - 1) : 0n;
  if (kept === '') return negative;
  const magnitude = exponent + kept.length + 1;
  const farthest = format.exponentBits > 11 ? 5000 : 400;
  if (magnitude > farthest) return 'overflow';
  if (magnitude < -farthest) return negative;
  const number = BigInt(kept + sticky);
  const [numerator, denominator] = exponent >= 0 ? [number * 10n ** BigInt(exponent), 1n] : [number, 10n ** BigInt(-exponent)];
  const rounded = nearest(numerator, denominator, format);
  return rounded === undefined ? 'overflow' : negative | rounded;
}

/** Infinity, or the quiet NaN with all fraction bits set that GNU as writes. */
export function specialReal(kind: 'inf' | 'nan', isNegative: boolean, { bytes, exponentBits, fractionBits }: RealFormat): bigint {
  const exponent = ((1n << BigInt(exponentBits)) - 1n) << BigInt(fractionBits);
  const fraction = kind === 'nan' ? (1n << BigInt(fractionBits)) - 1n : 0n;
  return (isNegative ? 1n << BigInt(8 * bytes - 1) : 0n) | exponent | fraction;
}

/** Exponent and fraction of the number nearest to a quotient above 0, the even one of two; undefined beyond the largest. */
export function nearest(numerator: bigint, denominator: bigint, { exponentBits, fractionBits }: RealFormat): bigint | undefined {
  const bias = 2 ** (exponentBits - 1) - 1;
  let exponent = bitLength(numerator) - bitLength(denominator);
  if (scaled(numerator, denominator, -exponent)[0] < scaled(numerator, denominator, -exponent)[1]) exponent--;
  const unit = Math.max(exponent, 1 - bias) - fractionBits;
  const [top, bottom] = scaled(numerator, denominator, -unit);
  let significand = top / bottom;
  const rest = 2n * (top % bottom);
  if (rest > bottom || (rest === bottom && significand % 2n === 1n)) significand++;
  // A significand that was rounded up to the next power of two makes the exponent one higher by itself.
  const biased = BigInt(unit + fractionBits + bias - 1);
  const bits = significand + (biased << BigInt(fractionBits));
  return bits >> BigInt(fractionBits) >= (1n << BigInt(exponentBits)) - 1n ? undefined : bits;
}

/** Numerator and denominator of the quotient times a power of 2. */
function scaled(numerator: bigint, denominator: bigint, power: number): [bigint, bigint] {
  return power >= 0 ? [numerator << BigInt(power), denominator] : [numerator, denominator << BigInt(-power)];
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
