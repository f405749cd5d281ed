import { assignText, type ExpressionScope, evaluateText, isTrue, type TypeOfText, typeOfText } from '../program/expressions/evaluate';
import { ExpressionError } from '../program/expressions/expression-error';
import { registerType, wordType } from '../program/expressions/numbers';
import { isIntegral, isSigned, sizeOf } from '../program/types/base-types';
import { strip } from '../program/types/type';
import { formatValue } from '../program/values/format/format-value';
import { dereferenced } from '../program/values/parts';
import { addressOf, type Value } from '../program/values/value';
import { bytesOfNumber, numberOfBytes, readBytes, writeBytes } from '../program/values/value-bytes';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { type ExpressionOptions, FrameExpressionScope } from './expressions/frame-expression-scope';
import { hex, integer } from './format';
import { FrameMemory } from './frame-memory';
import type { Frame } from './stack-walk';

/** Evaluates a text in a frame. Throws a UserError that names the problem and its place. */
export function evaluateIn(debuggee: Debuggee, frame: Frame | undefined, text: string, options: ExpressionOptions = {}): Value {
  return telling(text, () => evaluateText(text, scopeOf(debuggee, frame, options)));
}

/** Whether a condition holds. Throws a UserError where it cannot be told. */
export function isTrueIn(debuggee: Debuggee, frame: Frame | undefined, text: string): boolean {
  return telling(text, () => isTrue(text, scopeOf(debuggee, frame, { isReadOnly: true })));
}

/** The type of an expression, or the one that a text names. */
export function typeIn(debuggee: Debuggee, frame: Frame | undefined, text: string): TypeOfText {
  return telling(text, () => typeOfText(text, scopeOf(debuggee, frame, { isReadOnly: true })));
}

/** A number or address: that of an array, a function or a struct is where it is. */
export function numberIn(debuggee: Debuggee, frame: Frame | undefined, text: string): bigint {
  const memory = new FrameMemory(debuggee, frame?.index);
  const value = dereferenced(evaluateIn(debuggee, frame, text), memory);
  const { kind } = strip(value.type);
  const address = addressOf(value);
  if ((kind === 'array' || kind === 'function' || kind === 'record') && address !== undefined) return address;
  const result = readBytes(value, memory);
  if ('missing' in result) throw errors.badExpression(text, 1, `Its value is ${result.missing}`);
  const bits = numberOfBytes(result.bytes);
  return BigInt.asUintN(64, isSigned(value.type) ? BigInt.asIntN(value.bits ?? 8 * result.bytes.length, bits) : bits);
}

/** Writes a value from the text of an expression, converted to its type. */
export function assignIn(debuggee: Debuggee, frame: Frame | undefined, target: Value, text: string): void {
  telling(text, () => assignText(target, text, scopeOf(debuggee, frame)));
}

/** Writes a register of a frame, by name. */
export function writeRegister(debuggee: Debuggee, frame: Frame, name: string, number: bigint): void {
  const value = telling(name, () => scopeOf(debuggee, frame).register(name));
  if (!value) throw errors.noSymbol(`$${name}`);
  const size = sizeOf(value.type) ?? 8;
  const problem = writeBytes(value, bytesOfNumber(number, size), new FrameMemory(debuggee, frame.index));
  if (problem !== undefined) throw errors.readOnly(name, problem);
}

/** As gdb shows it; a register, an address of a symbol and what assembly has as a word is: in hexadecimal, with its symbol. */
export function show(debuggee: Debuggee, frame: Frame | undefined, value: Value, letter?: string): string {
  const memory = new FrameMemory(debuggee, frame?.index);
  const unreadable = unreadableAddress(value, memory);
  if (unreadable !== undefined) throw errors.unreadable(unreadable);
  const word = wordOf(value, debuggee, frame, memory);
  if (word === undefined || (letter !== undefined && letter !== 'x')) return formatValue(value, memory, { letter });
  return showWord(debuggee, word, letter === 'x');
}

/** An object that is at no mapped address: what would be shown of it is only that. */
function unreadableAddress(value: Value, memory: FrameMemory): bigint | undefined {
  const address = addressOf(value);
  if (address === undefined || sizeOf(value.type) === 0 || strip(value.type).kind === 'function') return undefined;
  return memory.read(address, 1).length === 0 ? address : undefined;
}

/** A number as a whole register or a part of memory has it. */
export interface Word {
  /** Unsigned 64-bit. */
  readonly value: bigint;
  /** How much memory it was read from, if it was. */
  readonly memory?: { readonly size: number; readonly isSigned: boolean };
}

export function showWord(debuggee: Debuggee, { value, memory }: Word, onlyHex = false): string {
  if (onlyHex) return hex(value);
  const symbol = debuggee.code.describe(value);
  if (symbol && (memory === undefined || memory.size === 8)) return `${hex(value)} ${symbol}`;
  if (!memory && value >= 4096n && debuggee.machine.memory.load(value, 1) !== undefined) return hex(value);
  if (!memory || memory.size >= 8) return integer(value);
  const shown = hex(BigInt.asUintN(8 * memory.size, value));
  return `${shown} (${memory.isSigned ? BigInt.asIntN(64, value) : value})`;
}

function wordOf(value: Value, debuggee: Debuggee, frame: Frame | undefined, memory: FrameMemory): Word | undefined {
  const isWord = value.type === wordType || value.type === registerType;
  const size = sizeOf(value.type);
  if (!isWord && !(isIntegral(value.type) && scopeOf(debuggee, frame).isAssembly)) return undefined;
  const result = readBytes(value, memory);
  if ('missing' in result || size === undefined || size > 8) return undefined;
  const bits = numberOfBytes(result.bytes);
  const extended = isSigned(value.type) ? BigInt.asUintN(64, BigInt.asIntN(8 * size, bits)) : bits;
  return addressOf(value) === undefined ? { value: extended } : { value: extended, memory: { size, isSigned: isSigned(value.type) } };
}

function scopeOf(debuggee: Debuggee, frame: Frame | undefined, options?: ExpressionOptions): ExpressionScope {
  return new FrameExpressionScope(debuggee, frame, options);
}

function telling<Result>(text: string, evaluate: () => Result): Result {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExpressionError) throw errors.badExpression(text, (error.at ?? 0) + 1, error.problem);
    throw error;
  }
}
