import { bytesOfNumber, numberOfBytes } from '../values/value-bytes';
import { Quad } from './quad';
import { half, nearest } from './round-real';

/** Bytes of `_Float16`, `float`, `double` and `long double`. */
export const floatSizes: ReadonlySet<number> = new Set([2, 4, 8, 16]);

/** The number in so many bytes. */
export function decodeFloat(bytes: Uint8Array): number | Quad {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 2) return halfOf(view.getUint16(0, true));
  if (bytes.length === 4) return view.getFloat32(0, true);
  if (bytes.length === 8) return view.getFloat64(0, true);
  return new Quad(numberOfBytes(bytes));
}

/** The bytes of the number of that size that is nearest. */
export function encodeFloat(number: bigint | number | Quad, size: number): Uint8Array {
  if (size === 16) return bytesOfNumber((number instanceof Quad ? number : Quad.of(number)).bits, 16);
  const nearby = number instanceof Quad ? number.toNumber() : Number(number);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 2) view.setUint16(0, halfBits(nearby), true);
  else if (size === 4) view.setFloat32(0, nearby, true);
  else view.setFloat64(0, nearby, true);
  return bytes;
}

/** A number of IEEE 754 binary16. */
export function halfOf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

/** Rounded to nearest, ties to even. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size === 0) return sign;
  if (size >= 65520) return sign | 0x7c00;
  // Doubles this small are whole multiples of 2^-1074; below 2^-30 nothing is left of them.
  if (size < 2 ** -30) return sign;
  const scale = 2n ** 90n;
  return sign | Number(nearest(BigInt(size * 2 ** 90), scale, half) ?? 0x7c00n);
}
