import type { GuestMemory } from '../../../emulator/machine';
import { isSigned, sizeOf } from '../../../program/types/base-types';
import { strip, type Type } from '../../../program/types/type';
import { FtraceError } from '../../ftrace-error';
import type { Symbols } from '../../output/symbols';
import type { FieldValue } from '../trace-event';
import { longestText } from './fetch-word';

/** What a fetch argument's type makes of a value (kernel/trace/trace_probe.c, `probe_fetch_types`). */
export interface FetchType {
  /** Its C type in `format`. */
  readonly type: string;
  readonly size: number;
  readonly signed: boolean;
  /** How `print fmt` writes it. */
  readonly format: string;
  /** The value of it in a word, or in what memory gave, the low byte first. */
  convert(word: bigint): FieldValue;
  show(value: FieldValue, symbols: Symbols): string;
  /** Its value is some of the bits alone. */
  readonly isBitfield?: boolean;
}

export type StringKind = 'string' | 'ustring' | 'symstr';

/** A type's name as it is written behind the colon, taken apart. */
export interface TypeSpec {
  readonly name: string;
  /** Of `[N]`: elements; undefined for one value. */
  readonly count: number | undefined;
}

/** MAX_ARRAY_LEN. */
const mostElements = 64;
export const faultText = '(fault)';

/** `u32[4]`. Throws FtraceError (EINVAL). */
export function parseTypeSpec(text: string): TypeSpec {
  const [, name = '', rest] = /^([^[]*)(\[.*)?$/.exec(text) ?? [];
  if (rest === undefined) return { name, count: undefined };
  if (!rest.includes(']')) throw new FtraceError('EINVAL', 'Array is not closed');
  if (!rest.endsWith(']')) throw new FtraceError('EINVAL', 'Array has wrong suffix');
  const number = rest.slice(1, -1);
  if (!/^[0-9]+$/.test(number) || Number(number) === 0) throw new FtraceError('EINVAL', 'Invalid array size');
  if (Number(number) > mostElements) throw new FtraceError('EINVAL', 'Array number is too big');
  return { name, count: Number(number) };
}

export function isStringKind(name: string): name is StringKind {
  return name === 'string' || name === 'ustring' || name === 'symstr';
}

/** A string: what stands in the trace between quotes. */
export const stringType: FetchType = {
  type: '__data_loc char[]',
  size: 4,
  signed: false,
  format: '\\"%s\\"',
  convert: () => faultText,
  show: (value) => (value === faultText ? faultText : `"${value}"`),
};

/** The type of that name but for strings. Throws FtraceError (EINVAL) where there is none. */
export function numberType(name: string): FetchType {
  if (name === 'symbol') {
    const show = (value: FieldValue, symbols: Symbols) => symbols.withOffset(value as bigint);
    return { type: 'u64', size: 8, signed: false, format: '%pS', convert: (word) => BigInt.asUintN(64, word), show };
  }
  if (name === 'char') {
    const show = (value: FieldValue) => `'${String.fromCharCode(Number(value))}'`;
    return { type: 'char', size: 1, signed: true, format: "'%c'", convert: (word) => BigInt.asUintN(8, word), show };
  }
  if (/^b[0-9]/.test(name)) return bitfieldType(name);
  const [, sign, digits] = /^([usx])(8|16|32|64)$/.exec(name) ?? [];
  if (sign === undefined) throw new FtraceError('EINVAL', 'Unknown type is specified');
  const bits = Number(digits);
  const signed = sign === 's';
  return {
    type: `${signed ? 's' : 'u'}${bits}`,
    size: bits / 8,
    signed,
    format: sign === 'x' ? '0x%Lx' : signed ? '%Ld' : '%Lu',
    convert: (word) => (signed ? BigInt.asIntN(bits, word) : BigInt.asUintN(bits, word)),
    show: (value) => (sign === 'x' ? `0x${(value as bigint).toString(16)}` : String(value)),
  };
}

/** `b3@2/8`: bits of a container. */
function bitfieldType(name: string): FetchType {
  const [, width, offset, container] = /^b([0-9]+)@([0-9]+)\/(8|16|32|64)$/.exec(name) ?? [];
  const [size, from, whole] = [Number(width), Number(offset), Number(container)];
  if (width === undefined || size === 0 || size + from > whole) throw new FtraceError('EINVAL', 'Invalid bitfield');
  const base = numberType(`u${whole}`);
  return { ...base, isBitfield: true, convert: (word) => BigInt.asUintN(size, BigInt.asUintN(whole, word) >> BigInt(from)) };
}

/** The name of the type that a value of that type of the program has unless told (`fetch_type_from_btf_type`). */
export function typeNameOf(type: Type): string | undefined {
  const bare = strip(type);
  const size = sizeOf(type);
  switch (bare.kind) {
    case 'pointer':
      return 'x64';
    case 'enum':
      return size === 8 ? 's64' : 's32';
    case 'base':
      if (bare.encoding === 'float' || bare.encoding === 'complex' || size === undefined || size > 8) return undefined;
      return `${isSigned(bare) ? 's' : 'u'}${8 * size}`;
    default:
      return undefined;
  }
}

/** The text at an address up to its end; `(fault)` where nothing is mapped. */
export function stringAt(memory: GuestMemory, address: bigint): string {
  const bytes = memory.read(BigInt.asUintN(64, address), longestText);
  return bytes.length === 0 ? faultText : textOf(bytes);
}

/** The text in bytes, up to its end. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}
