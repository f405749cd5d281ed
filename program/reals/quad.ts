import { double, nearest, quad, type RealFormat, roundReal } from './round-real';

const { fractionBits } = quad;
const fractionMask = (1n << BigInt(fractionBits)) - 1n;
const signBit = 1n << 127n;
const infinity = 0x7fffn << BigInt(fractionBits);
const quietNan = infinity | (1n << 111n);

/** A number of IEEE 754 binary128. What is computed with it is rounded once, to the nearest, the even one of two. */
export class Quad {
  constructor(readonly bits: bigint) {}

  /** The nearest number; doubles are exact. */
  static of(value: number | bigint): Quad {
    if (typeof value === 'bigint') return rounded(value, 1n);
    if (Number.isNaN(value)) return new Quad(quietNan);
    const sign = value < 0 || Object.is(value, -0) ? signBit : 0n;
    if (!Number.isFinite(value)) return new Quad(sign | infinity);
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Math.abs(value));
    const [significand, scale] = partsOf(view.getBigUint64(0), double);
    return new Quad(sign | scaledTo(significand, scale).bits);
  }

  /** The number nearest to a decimal text. */
  static parse(text: string): Quad {
    const bits = roundReal(text, quad);
    return new Quad(typeof bits === 'bigint' ? bits : infinity);
  }

  get isNegative(): boolean {
    return this.bits >> 127n === 1n;
  }

  get isNan(): boolean {
    return (this.bits & ~signBit) > infinity;
  }

  get isFinite(): boolean {
    return (this.bits & infinity) !== infinity;
  }

  get isZero(): boolean {
    return (this.bits & ~signBit) === 0n;
  }

  get negated(): Quad {
    return new Quad(this.bits ^ signBit);
  }

  /** The nearest double. */
  toNumber(): number {
    if (this.isNan) return Number.NaN;
    const sign = this.isNegative ? -1 : 1;
    if (!this.isFinite) return sign * Number.POSITIVE_INFINITY;
    if (this.isZero) return sign * 0;
    const [numerator, denominator] = magnitudeOf(this);
    const bits = nearest(numerator, denominator, double);
    if (bits === undefined) return sign * Number.POSITIVE_INFINITY;
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    return sign * view.getFloat64(0);
  }

  /** Cut towards zero; 0 for what is no finite number. */
  toInteger(): bigint {
    if (!this.isFinite) return 0n;
    const [numerator, denominator] = ratioOf(this);
    return numerator / denominator;
  }

  plus(other: Quad): Quad {
    if (!this.isFinite || !other.isFinite) {
      if (this.isNan || (this.isFinite && !other.isFinite)) return this.isNan ? this : other;
      return other.isNan || (!other.isFinite && this.isNegative !== other.isNegative) ? new Quad(quietNan) : this;
    }
    const [[a, b], [c, d]] = [ratioOf(this), ratioOf(other)];
    const isNegativeZero = this.isZero && other.isZero && this.isNegative && other.isNegative;
    return isNegativeZero ? this : rounded(a * d + c * b, b * d);
  }

  minus(other: Quad): Quad {
    return this.plus(other.isNan ? other : other.negated);
  }

  times(other: Quad): Quad {
    return signed(this, other, () => {
      if (!this.isFinite || !other.isFinite) return new Quad(this.isZero || other.isZero ? quietNan : infinity);
      const [[a, b], [c, d]] = [magnitudeOf(this), magnitudeOf(other)];
      return rounded(a * c, b * d);
    });
  }

  dividedBy(other: Quad): Quad {
    return signed(this, other, () => {
      if (!this.isFinite) return new Quad(other.isFinite ? infinity : quietNan);
      if (!other.isFinite) return new Quad(0n);
      if (other.isZero) return new Quad(this.isZero ? quietNan : infinity);
      const [[a, b], [c, d]] = [magnitudeOf(this), magnitudeOf(other)];
      return rounded(a * d, b * c);
    });
  }

  /** Negative, zero or positive; undefined where one is no number. */
  compareTo(other: Quad): number | undefined {
    if (this.isNan || other.isNan) return undefined;
    const [a, b] = [orderOf(this), orderOf(other)];
    return a < b ? -1 : a > b ? 1 : 0;
  }
}

/** A result whose sign is that of a product; a NaN comes through as it is. */
function signed(a: Quad, b: Quad, magnitude: () => Quad): Quad {
  if (a.isNan || b.isNan) return a.isNan ? a : b;
  const { bits } = magnitude();
  return new Quad(a.isNegative === b.isNegative ? bits : bits | signBit);
}

function orderOf({ bits, isNegative }: Quad): bigint {
  return isNegative ? -(bits & ~signBit) : bits;
}

/** Significand and scale of a number of no sign: significand * 2^scale. */
function partsOf(bits: bigint, { exponentBits, fractionBits: stored }: RealFormat): [bigint, number] {
  const exponent = Number(bits >> BigInt(stored));
  const fraction = bits & ((1n << BigInt(stored)) - 1n);
  const bias = 2 ** (exponentBits - 1) - 1;
  return [exponent === 0 ? fraction : fraction | (1n << BigInt(stored)), Math.max(exponent, 1) - bias - stored];
}

function magnitudeOf({ bits }: Quad): [bigint, bigint] {
  const [significand, scale] = partsOf(bits & ~signBit & (infinity | fractionMask), quad);
  return scale >= 0 ? [significand << BigInt(scale), 1n] : [significand, 1n << BigInt(-scale)];
}

function ratioOf(value: Quad): [bigint, bigint] {
  const [numerator, denominator] = magnitudeOf(value);
  return [value.isNegative ? -numerator : numerator, denominator];
}

function scaledTo(significand: bigint, scale: number): Quad {
  return scale >= 0 ? rounded(significand << BigInt(scale), 1n) : rounded(significand, 1n << BigInt(-scale));
}

function rounded(numerator: bigint, denominator: bigint): Quad {
  if (numerator === 0n) return new Quad(0n);
  const sign = numerator < 0n ? signBit : 0n;
  return new Quad(sign | (nearest(numerator < 0n ? -numerator : numerator, denominator, quad) ?? infinity));
}
