const bias = 16_383n;
const fractionBits = 112n;
/** gdb prints as many digits as tell any two of them apart. */
const digits = 36;

/** A number of IEEE 754 binary128, which is `long double` on RISC-V, in C's `%.36Lg`. */
export function quadText(bits: bigint): string {
  const sign = bits >> 127n === 1n ? '-' : '';
  const exponent = (bits >> fractionBits) & 0x7fffn;
  const fraction = bits & ((1n << fractionBits) - 1n);
  if (exponent === 0x7fffn) return fraction === 0n ? `${sign}inf` : `${sign}nan(0x${fraction.toString(16)})`;
  if (exponent === 0n && fraction === 0n) return `${sign}0`;
  const significand = exponent === 0n ? fraction : fraction | (1n << fractionBits);
  const scale = (exponent === 0n ? 1n : exponent) - bias - fractionBits;
  return sign + generalOf(significand, scale);
}

/** significand * 2^scale, exactly rounded to the digits. */
function generalOf(significand: bigint, scale: bigint): string {
  const numerator = scale > 0n ? significand << scale : significand;
  const denominator = scale < 0n ? 1n << -scale : 1n;
  let exponent = exponentOf(numerator, denominator);
  let rounded = scaled(numerator, denominator, exponent);
  if (rounded >= 10n ** BigInt(digits)) {
    exponent += 1;
    rounded = scaled(numerator, denominator, exponent);
  }
  const text = rounded.toString().padStart(digits, '0');
  if (exponent < -4 || exponent >= digits) {
    const mantissa = trimmed(`${text[0]}.${text.slice(1)}`);
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return trimmed(`0.${'0'.repeat(-exponent - 1)}${text}`);
  return trimmed(`${text.slice(0, exponent + 1)}.${text.slice(exponent + 1)}`);
}

/** The power of ten of the first digit. */
function exponentOf(numerator: bigint, denominator: bigint): number {
  let exponent = numerator.toString().length - denominator.toString().length;
  const isBelow = (power: number) =>
    power >= 0 ? numerator < denominator * 10n ** BigInt(power) : numerator * 10n ** BigInt(-power) < denominator;
  while (isBelow(exponent)) exponent--;
  while (!isBelow(exponent + 1)) exponent++;
  return exponent;
}

/** The number as an integer of that many digits, rounded half to even. */
function scaled(numerator: bigint, denominator: bigint, exponent: number): bigint {
  const power = digits - 1 - exponent;
  const top = power >= 0 ? numerator * 10n ** BigInt(power) : numerator;
  const bottom = power >= 0 ? denominator : denominator * 10n ** BigInt(-power);
  const whole = top / bottom;
  const rest = 2n * (top % bottom);
  return rest > bottom || (rest === bottom && whole % 2n === 1n) ? whole + 1n : whole;
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
