import { At } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import type { Program } from '../program';
import { isFloat, isSigned, sizeOf } from '../types/base-types';
import { type RecordType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { enumText } from '../values/format/scalars';
import { inMemory, ofBytes, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';

/** A parameter and where the calling convention puts its argument (RISC-V psABI, "Procedure Calling Convention"). */
export interface CallArgument {
  readonly name: string;
  readonly type: Type;
  /** Numbers of a0-a7 that have it; empty where it is in f registers or on the stack. */
  readonly registers: readonly number[];
  /** The register has the address of it. */
  readonly isReference: boolean;
}

/** Registers for arguments: a0-a7. */
const registerCount = 8;
const wordSize = 8;

/** The arguments of the function whose symbol is at an address, in order; undefined where the program does not describe it. */
export function argumentsOf(program: Program, symbol: bigint): readonly CallArgument[] | undefined {
  const entry = program.debugInfo.functionOf(symbol);
  if (!entry || entry.unit.isAssembly) return undefined;
  const { types } = program.debugInfo;
  const floats = new FloatRegisters(floatAbiOf(program));
  // The address of a result that is too large for registers comes first.
  let next = isReturnedInMemory(types.typeOf(entry)) ? 1 : 0;
  return program.debugInfo.parametersOf(symbol).map((parameter) => {
    const type = types.typeOf(parameter);
    const base = { name: parameter.fullName ?? '', type };
    const { words, isReference, isFloating } = floats.place(parameter, type);
    if (isFloating) {
      next += words;
      return { ...base, registers: [], isReference: false };
    }
    const registers = Array.from({ length: words }, (_, index) => next + index).filter((register) => register < registerCount);
    next += words;
    return { ...base, registers, isReference };
  });
}

/** An argument as a value, from what a0-a7 held; undefined where they do not have all of it. */
export function argumentValue({ type, registers, isReference }: CallArgument, a: readonly bigint[]): Value | undefined {
  const size = sizeOf(type);
  if (registers.length === 0 || size === undefined || registers.some((register) => a[register] === undefined)) return undefined;
  if (isReference) return inMemory(type, a[registers[0]!]!);
  if (size > wordSize * registers.length) return undefined;
  const whole = registers.reduceRight((sum, register) => (sum << 64n) | BigInt.asUintN(64, a[register]!), 0n);
  return ofBytes(type, bytesOfNumber(whole, size));
}

/**
 * The arguments of a call as the kernel's `func-args` has them (kernel/trace/trace_output.c, `print_function_args`, 6.15): integers in
 * decimal, pointers in hexadecimal, records by their words.
 */
export function argumentsText(program: Program, symbol: bigint, a: readonly bigint[]): string | undefined {
  const all = argumentsOf(program, symbol);
  return all?.map((each) => `${each.name === '' ? '' : `${each.name}=`}${argumentText(each, a)}`).join(', ');
}

/** What a function returned, from a0 and a1: `= -1`, with its type. Undefined where that is nothing, or not in these registers. */
export function returnText(program: Program, symbol: bigint, a0: bigint): string | undefined {
  const entry = program.debugInfo.functionOf(symbol);
  const type = entry && program.debugInfo.types.typeOf(entry);
  const bare = type && strip(type);
  if (!bare || (bare.kind !== 'base' && bare.kind !== 'enum' && bare.kind !== 'pointer') || isFloat(bare)) return undefined;
  return `(${typeName(type)}) ${wordText(type, a0)}`;
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
  return bare.kind === 'record' && bare.size > 2 * wordSize;
}

/** Bytes that a floating-point register of the program's ABI has: its e_flags say (RISC-V ELF specification, "File Header"). */
function floatAbiOf({ image }: Program): number {
  return [0, 4, 8, 16][((image[48] ?? 0) >> 1) & 3]!;
}

interface Placed {
  readonly words: number;
  readonly isReference: boolean;
  readonly isFloating: boolean;
}

/** DW_CC_pass_by_reference, of a C++ class that is not trivial. */
const passByReference = 4;

class FloatRegisters {
  private left = 8;

  constructor(private readonly size: number) {}

  place(parameter: Entry, type: Type): Placed {
    const size = sizeOf(type) ?? wordSize;
    if (isByReference(parameter, type, size)) return { words: 1, isReference: true, isFloating: false };
    const fields = this.size > 0 ? flatten(type) : undefined;
    const floats = fields?.filter(({ isFloat: each }) => each).length ?? 0;
    const fits = fields?.every((field) => field.size <= (field.isFloat ? this.size : wordSize));
    if (fields && fits && floats > 0 && fields.length <= 2 && floats <= this.left) {
      this.left -= floats;
      // One of two may be an integer, which an x register has: it is told as lost, for it lacks its other half.
      return { words: fields.length - floats, isReference: false, isFloating: true };
    }
    return { words: Math.max(size > 0 ? 1 : 0, Math.ceil(size / wordSize)), isReference: false, isFloating: false };
  }
}

function isByReference(parameter: Entry, type: Type, size: number): boolean {
  if (size > 2 * wordSize) return true;
  const entry = orNothing(() => parameter.type);
  return entry !== undefined && orNothing(() => entry.number(At.calling_convention)) === passByReference && strip(type).kind === 'record';
}

interface Field {
  readonly size: number;
  readonly isFloat: boolean;
}

/** The scalars that a value consists of, at most three of them; undefined for what is never in f registers, as a union. */
function flatten(type: Type, depth = 0): readonly Field[] | undefined {
  const bare = strip(type);
  if (depth > 10) return undefined;
  switch (bare.kind) {
    case 'base':
      if (bare.encoding === 'complex') return Array.from({ length: 2 }, () => ({ size: bare.size / 2, isFloat: true }));
      return [{ size: bare.size, isFloat: bare.encoding === 'float' }];
    case 'record':
      return flattenRecord(bare, depth);
    case 'array': {
      const element = flatten(bare.element, depth + 1);
      const count = typeof bare.count === 'number' ? bare.count : 3;
      return element && Array.from({ length: Math.min(3, count) }).flatMap(() => element);
    }
    default:
      return [{ size: sizeOf(bare) ?? wordSize, isFloat: false }];
  }
}

function flattenRecord(record: RecordType, depth: number): readonly Field[] | undefined {
  if (record.keyword === 'union') return undefined;
  const fields: Field[] = [];
  for (const { type, staticEntry } of record.members) {
    if (staticEntry) continue;
    const inner = flatten(type, depth + 1);
    if (!inner) return undefined;
    fields.push(...inner);
    if (fields.length > 2) return fields;
  }
  return fields;
}
