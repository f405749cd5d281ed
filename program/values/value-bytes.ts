import type { Location, MissingReason, Piece, Place } from '../dwarf/location/location';
import { sizeOf } from '../types/base-types';
import { strip } from '../types/type';
import type { Value, ValueMemory } from './value';

export type Bytes = { readonly bytes: Uint8Array } | { readonly missing: MissingReason };

/** Bytes that are read for one value at most: larger arrays are read by element. */
export const largestValue = 1 << 20;

/** The bytes of a value, the low one first, a bit-field's in as few as hold it; or why they cannot be known. */
export function readBytes(value: Value, memory: ValueMemory): Bytes {
  const bits = bitsOf(value);
  if (bits === undefined) return { missing: 'its size is not known' };
  if (bits > 8 * largestValue) return { missing: 'it is too large to be read at once' };
  if (isSwapped(value)) return readSwapped(value, bits, memory);
  return readBits(value.location, value.from, bits, memory);
}

/** Writes a value's bytes. Returns why it cannot be written, undefined once it is. */
export function writeBytes(value: Value, bytes: Uint8Array, memory: ValueMemory): string | undefined {
  const bits = bitsOf(value);
  if (bits === undefined) return 'its size is not known';
  if (isSwapped(value)) return writeSwapped(value, bits, bytes, memory);
  return writeBits(value, bits, bytes, memory);
}

function writeBits({ location, from }: Value, bits: number, bytes: Uint8Array, memory: ValueMemory): string | undefined {
  if (location.kind !== 'pieces') return writePlace(location, from, bits, bytes, memory);
  let done = 0;
  for (const { piece, from: start, size } of slices(location.pieces, from, bits)) {
    const problem = writePlace(piece.place, piece.from + start, size, extractBits(bytes, done, size), memory);
    if (problem !== undefined) return problem;
    done += size;
  }
  return done < bits ? 'a part of it is optimized out' : undefined;
}

function bitsOf(value: Value): number | undefined {
  if (value.bits !== undefined) return value.bits;
  const size = sizeOf(value.type);
  return size === undefined ? undefined : 8 * size;
}

/** In memory with the high byte first. */
function isSwapped({ type, location }: Value): boolean {
  const bare = strip(type);
  return bare.kind === 'base' && bare.isBigEndian === true && location.kind === 'memory';
}

/** The whole bytes that have a value's bits, and how many bits are behind it, which counts from the high end. */
function swappedBytes({ from }: Value, bits: number) {
  const start = Math.floor(from / 8);
  const size = Math.ceil((from + bits) / 8) - start;
  return { start: 8 * start, size, behind: BigInt(8 * (start + size) - from - bits) };
}

function readSwapped(value: Value, bits: number, memory: ValueMemory): Bytes {
  const { start, size, behind } = swappedBytes(value, bits);
  const whole = readBits(value.location, start, 8 * size, memory);
  if ('missing' in whole) return whole;
  const number = numberOfBytes(whole.bytes.toReversed()) >> behind;
  return { bytes: bytesOfNumber(BigInt.asUintN(bits, number), Math.ceil(bits / 8)) };
}

function writeSwapped(value: Value, bits: number, bytes: Uint8Array, memory: ValueMemory): string | undefined {
  const { start, size, behind } = swappedBytes(value, bits);
  const whole = readBits(value.location, start, 8 * size, memory);
  if ('missing' in whole) return whole.missing;
  const mask = ((1n << BigInt(bits)) - 1n) << behind;
  const number = (numberOfBytes(whole.bytes.toReversed()) & ~mask) | ((numberOfBytes(bytes) << behind) & mask);
  return writeBits({ ...value, from: start }, 8 * size, bytesOfNumber(number, size).toReversed(), memory);
}

function readBits(location: Location, from: number, bits: number, memory: ValueMemory): Bytes {
  if (location.kind !== 'pieces') return readPlace(location, from, bits, memory);
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  let done = 0;
  for (const { piece, from: start, size } of slices(location.pieces, from, bits)) {
    const part = readPlace(piece.place, piece.from + start, size, memory);
    if ('missing' in part) return part;
    insertBits(bytes, done, size, part.bytes);
    done += size;
  }
  return done < bits ? { missing: 'optimized out' } : { bytes };
}

/** The parts of pieces that have the bits from `from` on. */
function* slices(pieces: readonly Piece[], from: number, bits: number): Generator<{ piece: Piece; from: number; size: number }> {
  let start = 0;
  for (const piece of pieces) {
    const first = Math.max(from, start);
    const last = Math.min(from + bits, start + piece.bits);
    if (first < last) yield { piece, from: first - start, size: last - first };
    start += piece.bits;
  }
}

function readPlace(place: Place, from: number, bits: number, memory: ValueMemory): Bytes {
  const size = Math.ceil(((from % 8) + bits) / 8);
  const offset = Math.floor(from / 8);
  switch (place.kind) {
    case 'memory': {
      const address = BigInt.asUintN(64, place.address + BigInt(offset));
      const bytes = memory.read(address, size);
      if (bytes.length < size) return { missing: `Cannot access memory at address 0x${(address + BigInt(bytes.length)).toString(16)}` };
      return { bytes: extractBits(bytes, from % 8, bits) };
    }
    case 'register': {
      const value = memory.readRegister(place.register);
      if (value === undefined) return { missing: 'not saved' };
      return { bytes: extractBits(bytesOfNumber(value, 8), from, bits) };
    }
    case 'value':
      return { bytes: extractBits(place.bytes, from, bits) };
    case 'pointer':
      return { missing: 'synthetic pointer' };
    case 'missing':
      return { missing: place.reason };
  }
}

function writePlace(place: Place, from: number, bits: number, bytes: Uint8Array, memory: ValueMemory): string | undefined {
  switch (place.kind) {
    case 'memory': {
      const address = BigInt.asUintN(64, place.address + BigInt(Math.floor(from / 8)));
      const size = Math.ceil(((from % 8) + bits) / 8);
      const whole = Uint8Array.from(memory.read(address, size));
      const unmapped = `memory at address 0x${address.toString(16)} cannot be accessed`;
      if (whole.length < size) return unmapped;
      insertBits(whole, from % 8, bits, bytes);
      return memory.write(address, whole) ? undefined : unmapped;
    }
    case 'register': {
      const before = memory.readRegister(place.register);
      if (before === undefined) return 'the register was not saved';
      if (from === 0) return memory.writeRegister(place.register, registerValue(before, bits, bytes, place.register));
      const whole = bytesOfNumber(before, 8);
      insertBits(whole, from, bits, bytes);
      return memory.writeRegister(place.register, numberOfBytes(whole));
    }
    case 'missing':
      return `it is ${place.reason}`;
    default:
      return 'the compiler has made a constant of it';
  }
}

/** x registers keep 32-bit values sign-extended (psABI), f registers keep floats NaN-boxed (ISA manual, "NaN Boxing"). */
function registerValue(before: bigint, bits: number, bytes: Uint8Array, register: number): bigint {
  const value = numberOfBytes(bytes);
  if (bits === 32) return register < 32 ? BigInt.asUintN(64, BigInt.asIntN(32, value)) : 0xffff_ffff_0000_0000n | BigInt.asUintN(32, value);
  const mask = (1n << BigInt(Math.min(64, bits))) - 1n;
  return (before & ~mask & 0xffff_ffff_ffff_ffffn) | (value & mask);
}

/** Bits of bytes as bytes: from bit `from` on, the low one first; what lies beyond is zero. */
function extractBits(bytes: Uint8Array, from: number, bits: number): Uint8Array {
  const start = Math.floor(from / 8);
  const shift = from % 8;
  const result = new Uint8Array(Math.ceil(bits / 8));
  for (let index = 0; index < result.length; index++) {
    const low = bytes[start + index] ?? 0;
    const high = bytes[start + index + 1] ?? 0;
    result[index] = ((low | (high << 8)) >> shift) & 0xff;
  }
  const rest = bits % 8;
  if (rest !== 0) result[result.length - 1]! &= (1 << rest) - 1;
  return result;
}

function insertBits(into: Uint8Array, at: number, bits: number, bytes: Uint8Array): void {
  if (at % 8 === 0 && bits % 8 === 0) {
    into.set(bytes.subarray(0, bits / 8), at / 8);
    return;
  }
  for (let bit = 0; bit < bits; bit++) {
    const isSet = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
    const mask = 1 << ((at + bit) & 7);
    if (isSet) into[(at + bit) >> 3]! |= mask;
    else into[(at + bit) >> 3]! &= ~mask;
  }
}

/** An unsigned number from its bytes, the low one first. */
export function numberOfBytes(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The low bytes of a number in two's complement. */
export function bytesOfNumber(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = BigInt.asUintN(8 * size, value);
  for (let index = 0; index < size; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}
