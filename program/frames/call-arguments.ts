import { type Location, optimizedOut, type Piece } from '../dwarf/location/location';
import type { Program } from '../program';
import { isFloat, isSigned, sizeOf } from '../types/base-types';
import { strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { enumText } from '../values/format/scalars';
import { inMemory, ofBytes, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { type ArgumentPlace, ArgumentPlaces, wordSize } from './argument-places';

/** A parameter and where the calling convention puts its argument. */
export interface CallArgument extends ArgumentPlace {
  readonly name: string;
  readonly type: Type;
}

/** The arguments of the function whose symbol is at an address, in order; undefined where the program does not describe it. */
export function argumentsOf(program: Program, symbol: bigint): readonly CallArgument[] | undefined {
  const entry = program.debugInfo.functionOf(symbol);
  if (!entry || entry.unit.isAssembly) return undefined;
  const { types } = program.debugInfo;
  // The address of a result that is too large for registers comes first.
  const places = new ArgumentPlaces(isReturnedInMemory(types.typeOf(entry)) ? 1 : 0, floatAbiOf(program));
  return program.debugInfo.parametersOf(symbol).map((parameter) => {
    const type = types.typeOf(parameter);
    return { name: parameter.fullName ?? '', type, ...places.place(type) };
  });
}

/** An argument as a value, from what a0-a7 and fa0-fa7 held; undefined where they do not have all of it. */
export function argumentValue(
  { type, registers, isReference, parts }: CallArgument,
  a: readonly bigint[],
  fa: readonly (bigint | undefined)[] = [],
): Value | undefined {
  const size = sizeOf(type);
  if (size === undefined) return undefined;
  if (parts) {
    const bytes = new Uint8Array(size);
    for (const part of parts) {
      const word = part.file === 'f' ? fa[part.register] : a[part.register];
      if (word === undefined) return undefined;
      bytes.set(bytesOfNumber(word, part.size), part.offset);
    }
    return ofBytes(type, bytes);
  }
  if (registers.length === 0 || registers.some((register) => a[register] === undefined)) return undefined;
  if (isReference) return inMemory(type, a[registers[0]!]!);
  if (size > wordSize * registers.length) return undefined;
  const whole = registers.reduceRight((sum, register) => (sum << 64n) | BigInt.asUintN(64, a[register]!), 0n);
  return ofBytes(type, bytesOfNumber(whole, size));
}

/** Where an argument is in a function of which nothing has run yet; undefined where that is not in registers alone. */
export function argumentLocation(
  { type, registers, isReference, parts }: CallArgument,
  register: (number: number) => bigint | undefined,
): Location | undefined {
  const size = sizeOf(type);
  if (size === undefined) return undefined;
  if (isReference) {
    const address = registers.length === 1 ? register(firstArgument + registers[0]!) : undefined;
    return address === undefined ? undefined : { kind: 'memory', address };
  }
  const words = registers.map((number, index) => {
    return { file: 'x' as const, register: number, offset: index * wordSize, size: Math.min(wordSize, size - index * wordSize) };
  });
  const all = parts ?? words;
  if (all.length === 0 || (!parts && size > wordSize * all.length)) return undefined;
  const pieces: Piece[] = [];
  let end = 0;
  for (const part of all) {
    if (part.offset > end) pieces.push({ place: optimizedOut, bits: 8 * (part.offset - end), from: 0 });
    const number = part.register + (part.file === 'f' ? firstFloatArgument : firstArgument);
    pieces.push({ place: { kind: 'register', register: number }, bits: 8 * part.size, from: 0 });
    end = part.offset + part.size;
  }
  return pieces.length === 1 ? pieces[0]!.place : { kind: 'pieces', pieces };
}

/** DWARF's numbers of a0 and fa0. */
const [firstArgument, firstFloatArgument] = [10, 42];

/**
 * The arguments of a call as the kernel's `func-args` has them (kernel/trace/trace_output.c, `print_function_args`, 6.15): integers in
 * decimal, pointers in hexadecimal, records by their words.
 */
export function argumentsText(program: Program, symbol: bigint, a: readonly bigint[]): string | undefined {
  const all = argumentsOf(program, symbol);
  return all?.map((each) => `${each.name === '' ? '' : `${each.name}=`}${argumentText(each, a)}`).join(', ');
}

/** What a function returned, from a0, with its type: `(int) -1`. Undefined where that is nothing, or not in this register alone. */
export function returnText(program: Program, symbol: bigint, a0: bigint): string | undefined {
  const entry = program.debugInfo.functionOf(symbol);
  const type = entry && program.debugInfo.types.typeOf(entry);
  const bare = type && strip(type);
  if (!bare || (bare.kind !== 'base' && bare.kind !== 'enum' && bare.kind !== 'pointer')) return undefined;
  if (isFloat(bare) || (sizeOf(bare) ?? 0) > wordSize) return undefined;
  return `(${typeName(type)}) ${wordText(type, a0)}`;
}

/** What tracing asks about the functions of a program. Its ip may lie in the call site, behind the function's first instruction. */
export function functionTypes(program: Program) {
  const startOf = (ip: bigint) => program.symbols.functionAt(ip)?.address ?? ip;
  return {
    argumentsOf: (ip: bigint, registers: readonly bigint[]) => argumentsText(program, startOf(ip), registers),
    returnOf: (ip: bigint, a0: bigint) => returnText(program, startOf(ip), a0),
  };
}

function argumentText({ type, registers, isReference }: CallArgument, a: readonly bigint[]): string {
  const bare = strip(type);
  const words = registers.map((register) => a[register] ?? 0n);
  if (words.length === 0) return '...';
  if (bare.kind === 'record' || isReference) {
    const kind = bare.kind === 'record' ? bare.keyword.toUpperCase() : typeName(type);
    return `(${kind})[${words.map((word) => `0x${word.toString(16)}`).join(':')}]`;
  }
  return wordText(type, words[0]!);
}

/** A register's value as one of a type: only as much of it counts as the type has. */
function wordText(type: Type, word: bigint): string {
  const bare = strip(type);
  const size = Math.min(wordSize, sizeOf(type) ?? wordSize);
  if (bare.kind === 'pointer') return `0x${BigInt.asUintN(64, word).toString(16)}`;
  const number = isSigned(type) ? BigInt.asIntN(8 * size, word) : BigInt.asUintN(8 * size, word);
  return bare.kind === 'enum' ? enumText(bare, number) : String(number);
}

function isReturnedInMemory(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'record' && (bare.size > 2 * wordSize || bare.isByAddress);
}

/** Bytes that a floating-point register of the program's ABI has: its e_flags say (RISC-V ELF specification, "File Header"). */
export function floatAbiOf({ image }: Program): number {
  return [0, 4, 8, 16][((image[48] ?? 0) >> 1) & 3]!;
}
