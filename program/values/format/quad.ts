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

/** The number nearest to a double. */
export function quadOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const sign = (bits >> 63n) << 127n;
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  if (exponent === 0x7ffn) return sign | (0x7fffn << fractionBits) | (fraction << 60n);
  if (exponent !== 0n) return sign | ((exponent - 1023n + bias) << fractionBits) | (fraction << 60n);
  if (fraction === 0n) return sign;
  const width = BigInt(fraction.toString(2).length);
  return sign | ((width - 1n - 1074n + bias) << fractionBits) | ((fraction << (fractionBits - width + 1n)) & ((1n << fractionBits) - 1n));
}

/** The double nearest to a number of binary128. */
export function doubleOfQuad(bits: bigint): number {
  const exponent = Number((bits >> fractionBits) & 0x7fffn);
  const fraction = bits & ((1n << fractionBits) - 1n);
  const sign = bits >> 127n === 1n ? -1 : 1;
  if (exponent === 0x7fff) return fraction === 0n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // 60 bits of the fraction are beyond a double; its conversion rounds them.
  const significand = Number((exponent === 0 ? 0n : 1n << fractionBits) | fraction);
  const scale = Math.max(exponent, 1) - Number(bias) - Number(fractionBits);
  return sign * significand * 2 ** Math.max(scale, -1000) * (scale < -1000 ? 2 ** Math.max(scale + 1000, -1000) : 1);
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
