import { charType, intType, longType, pointerTo, shortType } from '../program/types/base-types';
import { inMemory, ofBytes } from '../program/values/value';
import { bytesOfNumber } from '../program/values/value-bytes';
import type { Debuggee } from './debuggee';
import { placeAt } from './disassembly';
import * as errors from './errors';
import type { Frame } from './stack-walk';
import { numberIn } from './values';

/** Units of one command at most. */
const most = 1024;
const sizes: Readonly<Record<string, 1 | 2 | 4 | 8>> = { b: 1, h: 2, w: 4, g: 8 };

/** gdb's `x/8xw address`: `format` is the count, format letter and size letter, each of which may be left out. */
export function examine(debuggee: Debuggee, frame: Frame | undefined, format: string, operand: string): string {
  const address = numberIn(debuggee, frame, operand);
  const { count, letter, size } = parseFormat(format);
  if (letter === 'i') return instructions(debuggee, address, count);
  if (letter === 's') return strings(debuggee, address, count);
  const unit = letter === 'a' ? 8 : letter === 'c' ? 1 : size;
  const perLine = letter === 'c' ? 8 : 16 / unit;
  const values = Array.from({ length: count }, (_, index) => {
    const place = BigInt.asUintN(64, address + BigInt(index * unit));
    const value = debuggee.machine.memory.load(place, unit);
    if (value === undefined) throw errors.unreadable(place);
    return { place, text: inFormat(debuggee, letter, value, unit) };
  });
  keepLast(debuggee, values.at(-1)!.place, unit);
  return inLines(debuggee, values, perLine);
}

/** As gdb does: `$_` is where the last unit is, and `$__` what is there. */
function keepLast(debuggee: Debuggee, place: bigint, size: 1 | 2 | 4 | 8): void {
  const type = { 1: charType, 2: shortType, 4: intType, 8: longType }[size];
  debuggee.convenience.set('_', ofBytes(pointerTo(type), bytesOfNumber(place, 8)));
  debuggee.convenience.set('__', inMemory(type, place));
}

function parseFormat(format: string): { count: number; letter: string; size: 1 | 2 | 4 | 8 } {
  const parsed = /^(\d*)([xdutcasi]?)([bhwg]?)$|^(\d*)([bhwg])([xdutcasi])$/.exec(format);
  if (!parsed) throw errors.badCommand(`x/${format}`, 'the format is a count, one of x d u t c a s i, and one of b h w g');
  const count = Number(parsed[1] || parsed[4] || 1);
  if (count < 1 || count > most) throw errors.badCommand(`x/${format}`, `the count must be 1 to ${most}`);
  return { count, letter: parsed[2] || parsed[6] || 'x', size: sizes[parsed[3] || parsed[5] || 'w']! };
}

function inFormat(debuggee: Debuggee, letter: string, value: bigint, size: 1 | 2 | 4 | 8): string {
  const signed = BigInt.asIntN(8 * size, value);
  switch (letter) {
    case 'd':
      return String(signed);
    case 'u':
      return String(value);
    case 't':
      return value.toString(2);
    case 'c':
      return `${signed} ${character(Number(value & 0xffn))}`;
    case 'a':
      return debuggee.code.address(value);
    default:
      return `0x${value.toString(16).padStart(2 * size, '0')}`;
  }
}

function inLines(debuggee: Debuggee, values: readonly { place: bigint; text: string }[], perLine: number): string {
  const lines: string[] = [];
  for (let start = 0; start < values.length; start += perLine) {
    const line = values.slice(start, start + perLine);
    lines.push(`${debuggee.code.address(line[0]!.place)}:\t${line.map(({ text }) => text).join('\t')}`);
  }
  return lines.join('\n');
}

function instructions(debuggee: Debuggee, address: bigint, count: number): string {
  const lines: string[] = [];
  for (let place = address; lines.length < count; ) {
    const { text, length, valid } = placeAt(debuggee, place);
    if (!valid) throw errors.unreadable(place);
    lines.push(`${place === debuggee.machine.pc ? '=> ' : '   '}${debuggee.code.address(place)}:\t${text}`);
    place = BigInt.asUintN(64, place + BigInt(length));
  }
  return lines.join('\n');
}

function strings(debuggee: Debuggee, address: bigint, count: number): string {
  const lines: string[] = [];
  for (let place = address; lines.length < count; ) {
    const bytes = debuggee.machine.memory.read(place, 200);
    if (bytes.length === 0) throw errors.unreadable(place);
    const end = bytes.indexOf(0);
    const piece = end < 0 ? bytes : bytes.subarray(0, end);
    lines.push(`${debuggee.code.address(place)}:\t"${[...piece].map(inString).join('')}"${end < 0 ? '...' : ''}`);
    place += BigInt(piece.length + (end < 0 ? 0 : 1));
  }
  return lines.join('\n');
}

const named: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' };

function inString(byte: number): string {
  return named[byte] ?? (byte === 34 ? '\\"' : printable(byte));
}

function character(byte: number): string {
  return `'${named[byte] ?? (byte === 39 ? "\\'" : printable(byte))}'`;
}

/** As gdb prints bytes that are no ASCII characters: in three octal digits. */
function printable(byte: number): string {
  return byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
}
