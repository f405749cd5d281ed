import { decodeFloat, floatSizes } from '../../reals/float-bytes';
import { Quad } from '../../reals/quad';
import { isFloat, isSigned, sizeOf } from '../../types/base-types';
import type { Type } from '../../types/type';
import { bytesOfNumber, numberOfBytes } from '../value-bytes';
import { characterText, floatText } from './scalars';

/** A scalar as a format has it. */
export interface ScalarBytes {
  readonly type: Type;
  readonly bytes: Uint8Array;
  /** Of a bit-field, which counts as its whole type. */
  readonly bits: number | undefined;
}

/** A scalar in one of gdb's formats (printcmd.c, `print_scalar_formatted`); undefined for a letter that is none of them. */
export function letterText(letter: string, scalar: ScalarBytes, describe: (address: bigint) => string | undefined): string | undefined {
  const size = scalar.bits === undefined ? scalar.bytes.length : (sizeOf(scalar.type) ?? scalar.bytes.length);
  const value = wholeOf(scalar);
  const unsigned = BigInt.asUintN(8 * size, value);
  switch (letter) {
    case 'x':
      return `0x${unsigned.toString(16)}`;
    case 'z':
      return `0x${unsigned.toString(16).padStart(2 * size, '0')}`;
    case 'd':
      return String(BigInt.asIntN(8 * size, value));
    case 'u':
      return String(unsigned);
    case 'o':
      return unsigned === 0n ? '0' : `0${unsigned.toString(8)}`;
    case 't':
    case 'b':
      return unsigned.toString(2);
    case 'c':
      return characterOf(scalar, value);
    case 'a':
      return addressText(scalar, value, describe);
    case 'f':
      return realText(scalar, value, size);
    default:
      return undefined;
  }
}

/** Its bits as a number, with the sign of its type. */
function wholeOf({ type, bytes, bits }: ScalarBytes): bigint {
  const value = numberOfBytes(bytes);
  return isSigned(type) ? BigInt.asIntN(bits ?? 8 * bytes.length, value) : value;
}

/** Its low byte. */
function characterOf({ type, bytes }: ScalarBytes, value: bigint): string {
  const number = isFloat(type) ? integerOf(bytes) : value;
  return characterText(isSigned(type) || isFloat(type) ? BigInt.asIntN(8, number) : BigInt.asUintN(8, number), 1);
}

function addressText({ type, bytes }: ScalarBytes, value: bigint, describe: (address: bigint) => string | undefined): string {
  const number = isFloat(type) ? integerOf(bytes) : value;
  const address = BigInt.asUintN(Math.max(64, isFloat(type) ? 0 : 8 * bytes.length), number);
  const symbol = describe(address);
  return `0x${address.toString(16)}${symbol ? ` ${symbol}` : ''}`;
}

/** The bits as those of a floating-point number, where there is one of that size. */
function realText({ type }: ScalarBytes, value: bigint, size: number): string {
  if (!isFloat(type) && size < 4) return String(value);
  return floatText({ kind: 'base', name: '', size, encoding: 'float' }, bytesOfNumber(value, size));
}

const [least, largest] = [-(1n << 63n), (1n << 63n) - 1n];

/** A floating-point number cut to a long; the nearest of those beyond it. */
function integerOf(bytes: Uint8Array): bigint {
  if (!floatSizes.has(bytes.length)) return numberOfBytes(bytes);
  const real = decodeFloat(bytes);
  const number = real instanceof Quad ? real.toNumber() : real;
  if (number < -(2 ** 63)) return least;
  return number < 2 ** 63 ? (real instanceof Quad ? real.toInteger() : BigInt(Math.trunc(number))) : largest;
}
