import { alignmentOf, isFloat, isSigned, sizeOf } from '../types/base-types';
import { strip, type Type } from '../types/type';
import { bytesOfNumber, numberOfBytes } from '../values/value-bytes';
import { type ArgumentPlace, ArgumentPlaces, wordSize } from './argument-places';

/** An argument as the function takes it. */
export interface CallOperand {
  readonly type: Type;
  readonly bytes: Uint8Array;
  /** It stands for a parameter that the function names: another convention holds for what `...` takes. */
  readonly isNamed: boolean;
  /** What the function takes is a pointer to the bytes, which are nowhere yet: a text, or what a reference is to. */
  readonly isPointee: boolean;
}

/** What a call finds in registers, by their numbers, and on the stack. */
export interface CallLayout {
  /** Multiple of 16. */
  readonly sp: bigint;
  readonly x: ReadonlyMap<number, bigint>;
  readonly f: ReadonlyMap<number, bigint>;
  readonly memory: readonly (readonly [address: bigint, bytes: Uint8Array])[];
  /** Where the function leaves its result; undefined where it has none. */
  readonly result: (ArgumentPlace & { readonly address: bigint | undefined }) | undefined;
}

/** x10 is a0, f10 fa0. */
const firstArgument = 10;
const stackAlignment = 16n;

/**
 * Lays out the arguments of a call below `sp` (RISC-V psABI, "Procedure Calling Convention"). `floatSize` are the bytes that the
 * program's ABI passes in an f register, 0 for lp64.
 */
export function layOutCall(operands: readonly CallOperand[], result: Type, sp: bigint, floatSize: number): CallLayout {
  const frame = new Frame(sp);
  const returned = strip(result).kind === 'void' ? undefined : new ArgumentPlaces(0, floatSize).place(result);
  const resultAddress = returned?.isReference ? frame.reserve(sizeOf(result) ?? wordSize) : undefined;
  const [x, f] = [new Map<number, bigint>(), new Map<number, bigint>()];
  if (resultAddress !== undefined) x.set(firstArgument, resultAddress);
  const places = new ArgumentPlaces(resultAddress === undefined ? 0 : 1, floatSize);
  const stack: Uint8Array[] = [];
  for (const operand of operands) {
    const { type, bytes } = operand.isPointee ? frame.pointer(operand) : operand;
    const place = operand.isNamed ? places.place(type) : places.placeUnnamed(type);
    const words = place.isReference ? wordsOf(unsignedWord, bytesOfNumber(frame.keep(bytes), wordSize)) : wordsOf(type, bytes);
    for (const part of place.parts ?? []) {
      const own = bytes.subarray(part.offset, part.offset + part.size);
      if (part.file === 'x') x.set(firstArgument + part.register, wordsOf(type, own)[0]!);
      else f.set(firstArgument + part.register, boxed(own));
    }
    place.registers.forEach((register, index) => {
      x.set(firstArgument + register, words[index]!);
    });
    const rest = place.parts ? [] : words.slice(place.registers.length);
    if (rest.length > 1 && alignmentOf(type) > wordSize && stack.length % 2 === 1) stack.push(new Uint8Array(wordSize));
    stack.push(...rest.map((word) => bytesOfNumber(word, wordSize)));
  }
  const top = frame.reserve(wordSize * stack.length);
  const memory = [...frame.memory, ...stack.map((bytes, index) => [top + BigInt(wordSize * index), bytes] as const)];
  return { sp: top, x, f, memory, result: returned && { ...returned, address: resultAddress } };
}

/** The bytes of a result, from the registers that the function leaves it in. */
export function resultBytes(place: ArgumentPlace, size: number, x: (number: number) => bigint, f: (number: number) => bigint): Uint8Array {
  const bytes = new Uint8Array(size);
  for (const { file, register, offset, size: own } of place.parts ?? []) {
    const value = file === 'f' ? f(firstArgument + register) : x(firstArgument + register);
    bytes.set(bytesOfNumber(value, own), offset);
  }
  for (const [index, register] of place.registers.entries()) {
    const offset = index * wordSize;
    bytes.set(bytesOfNumber(x(firstArgument + register), Math.min(wordSize, size - offset)), offset);
  }
  return bytes;
}

/** What of a call lies in memory, from its caller's frame downwards. */
class Frame {
  readonly memory: (readonly [bigint, Uint8Array])[] = [];

  constructor(private end: bigint) {
    this.end &= -stackAlignment;
  }

  reserve(size: number): bigint {
    this.end = (this.end - BigInt(size)) & -stackAlignment;
    return this.end;
  }

  keep(bytes: Uint8Array): bigint {
    const address = this.reserve(bytes.length);
    this.memory.push([address, bytes]);
    return address;
  }

  pointer({ bytes }: CallOperand): { type: Type; bytes: Uint8Array } {
    return { type: unsignedWord, bytes: bytesOfNumber(this.keep(bytes), wordSize) };
  }
}

const unsignedWord: Type = { kind: 'base', name: 'unsigned long', size: wordSize, encoding: 'unsigned' };

/** Numbers smaller than a word are widened by their sign to 32 bits, and from there as signed ones. */
function wordsOf(type: Type, bytes: Uint8Array): bigint[] {
  const words: bigint[] = [];
  for (let at = 0; at < bytes.length; at += wordSize) words.push(numberOfBytes(bytes.subarray(at, at + wordSize)));
  const { kind } = strip(type);
  if (kind === 'record' || kind === 'array' || isFloat(type) || bytes.length >= wordSize || words.length === 0) return words;
  const narrow = isSigned(type) ? BigInt.asIntN(8 * bytes.length, words[0]!) : words[0]!;
  return [BigInt.asUintN(64, BigInt.asIntN(32, narrow))];
}

/** A float in an f register has ones above it (ISA manual, "NaN Boxing"). */
function boxed(bytes: Uint8Array): bigint {
  const bits = numberOfBytes(bytes);
  return BigInt.asUintN(64, (-1n << BigInt(8 * bytes.length)) | bits);
}
