import { halfOf } from '../../reals/float-bytes';
import { quadText } from '../../reals/quad-text';
import type { BaseType, EnumType } from '../../types/type';
import { numberOfBytes } from '../value-bytes';

/** The texts of numbers, as gdb prints them. */

export function integerOf(bytes: Uint8Array, isSigned: boolean): bigint {
  const value = numberOfBytes(bytes);
  return isSigned ? BigInt.asIntN(8 * bytes.length, value) : value;
}

/** `97 'a'`; of a wide character `97 L'a'`. */
export function characterText(code: bigint, size: number, prefix = ''): string {
  return `${code} ${prefix}'${escaped(Number(size === 1 ? BigInt.asUintN(8, code) : BigInt.asUintN(32, code)), "'", size)}'`;
}

const named: Readonly<Record<number, string>> = {
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\033',
  92: '\\\\',
};

/** A character of a literal; one that is not printable is in three octal digits where they suffice, else in hexadecimal. */
export function escaped(code: number, quote: string, size = 1): string {
  const name = named[code];
  if (name) return name;
  if (code === quote.charCodeAt(0)) return `\\${quote}`;
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (size > 1 && code >= 160 && code < 0x110000 && !unprintable.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
  return code > 0o777 ? `\\x${code.toString(16)}` : `\\${code.toString(8).padStart(3, '0')}`;
}

/** Control characters, halves of others, and what Unicode has not assigned. */
const unprintable = /[\p{Cc}\p{Cs}\p{Cn}]/u;

export function floatText(type: BaseType, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (bytes.length) {
    case 2:
      return finiteOr(halfOf(view.getUint16(0, true)), 5, numberOfBytes(bytes), 10);
    case 4:
      return finiteOr(view.getFloat32(0, true), 9, numberOfBytes(bytes), 23);
    case 8:
      return finiteOr(view.getFloat64(0, true), 17, numberOfBytes(bytes), 52);
    case 16:
      return quadText(numberOfBytes(bytes));
    default:
      return `<${type.name} of ${bytes.length} bytes>`;
  }
}

function finiteOr(value: number, digits: number, bits: bigint, fraction: number): string {
  if (Number.isFinite(value)) return general(value, digits);
  const isNegative = bits >> BigInt(fraction === 10 ? 15 : fraction === 23 ? 31 : 63) === 1n;
  if (!Number.isNaN(value)) return isNegative ? '-inf' : 'inf';
  return `${isNegative ? '-' : ''}nan(0x${(bits & ((1n << BigInt(fraction)) - 1n)).toString(16)})`;
}

/** C's `%.{digits}g`. */
export function general(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponentText] = value.toExponential(digits - 1).split('e') as [string, string];
  const exponent = Number(exponentText);
  return exponent < -4 || exponent >= digits
    ? `${trimmed(mantissa)}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
    : trimmed(value.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent))));
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The enumerator's name; several where each is a bit of its own: `(READ | WRITE)`. */
export function enumText(type: EnumType, value: bigint): string {
  const exact = type.enumerators.find((each) => each.value === value);
  if (exact) return exact.name;
  if (!isFlags(type)) return String(value);
  let rest = value;
  const names: string[] = [];
  for (const { name, value: flag } of type.enumerators) {
    if ((rest & flag) === 0n) continue;
    names.push(name);
    rest &= ~flag;
  }
  if (rest !== 0n) names.push(`unknown: 0x${BigInt.asUintN(8 * type.size, rest).toString(16)}`);
  return names.length === 0 ? '0' : `(${names.join(' | ')})`;
}

/** As gdb tells flags from numbers: each enumerator is a bit, or zero. */
function isFlags({ enumerators }: EnumType): boolean {
  return enumerators.every(({ value }) => value >= 0n && (value & (value - 1n)) === 0n);
}
