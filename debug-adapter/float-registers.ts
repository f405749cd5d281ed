import type { DebugProtocol } from '@vscode/debugprotocol';
import { decodeNumber, toDouble } from '../program/expressions/numbers';
import { halfBits } from '../program/reals/float-bytes';
import { doubleType, floatType } from '../program/types/base-types';
import { floatText } from '../program/values/format/scalars';
import { dereferenced } from '../program/values/parts';
import { bytesOfNumber, readBytes } from '../program/values/value-bytes';
import { csrNumber } from '../riscv/csrs';
import { fNames, fNumber } from '../riscv/registers';
import { roundingModeName, roundingModeNumber } from '../riscv/rounding';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { hex } from './format';
import { csrRegister, FrameMemory, floatRegister } from './frame-memory';
import type { Frame } from './stack-walk';
import { evaluateIn, numberIn } from './values';

/** What a register holds, told by the ones above it (Volume I, chapter "D", section "NaN Boxing of Narrower Values"). */
interface Holding {
  readonly name: 'half' | 'single' | 'double';
  readonly type: typeof floatType;
  readonly size: 2 | 4 | 8;
}

const half: Holding = { name: 'half', type: { ...floatType, name: '_Float16', size: 2 }, size: 2 };
const single: Holding = { name: 'single', type: floatType, size: 4 };
const double: Holding = { name: 'double', type: doubleType, size: 8 };

const flagNames: readonly string[] = ['NX', 'UF', 'OF', 'DZ', 'NV'];

/** f0-f31 as the numbers that they hold, and fcsr taken apart. */
export function floatRegisters({ machine }: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[] {
  const registers = fNames.map((name, number): DebugProtocol.Variable => {
    const bits = frame.f ? frame.f[number] : machine.readF(number);
    const base = { name, type: `f${number}`, evaluateName: `$${name}`, variablesReference: 0 };
    if (bits === undefined) return { ...base, value: '<not saved>', presentationHint: { attributes: ['readOnly'] } };
    return { ...base, value: onlyHex ? hex(bits) : shown(bits) };
  });
  const status = ['fflags', 'frm', 'fcsr'].flatMap((name): DebugProtocol.Variable[] => {
    const value = machine.readCsr(csrNumber(name)!);
    if (value === undefined) return [];
    const text = onlyHex ? hex(value) : `${statusText(name, Number(value))} [${hex(value)}]`;
    return [{ name, value: text, type: statusTypes[name]!, evaluateName: `$${name}`, variablesReference: 0 }];
  });
  return [...registers, ...status];
}

/**
 * Writes one of them. A number keeps the format that the register holds unless one is named after it, as in `1.5 (single)`;
 * hexadecimal digits are the bits of the register. Flags and modes may be written by their names.
 */
export function writeFloatRegister(debuggee: Debuggee, frame: Frame, name: string, text: string): void {
  const number = fNumber(name);
  const [register, bits] =
    number === undefined
      ? [csrRegister + csrNumber(name)!, statusBits(debuggee, frame, name, text)]
      : [floatRegister + number, bitsOf(debuggee, frame, number, text)];
  const problem = new FrameMemory(debuggee, frame.index).writeRegister(register, bits);
  if (problem !== undefined) throw errors.readOnly(name, problem);
}

function shown(bits: bigint): string {
  const { name, type, size } = holdingOf(bits);
  const text = floatText(type, bytesOfNumber(bits, size));
  return `${text}${name === 'double' ? '' : ` (${name})`} [${hex(bits)}]`;
}

function holdingOf(bits: bigint): Holding {
  if (bits >> 16n === 0xffff_ffff_ffffn) return half;
  return bits >> 32n === 0xffff_ffffn ? single : double;
}

function bitsOf(debuggee: Debuggee, frame: Frame, number: number, text: string): bigint {
  const bare = withoutBits(text);
  if (/^0x[0-9a-f]{1,16}$/i.test(bare)) return BigInt(bare);
  const [, value = '', format] = /^(.*?)(?:\s+\((half|single|double)\))?$/s.exec(bare) ?? [];
  const held = holdingOf(frame.f?.[number] ?? debuggee.machine.readF(number));
  const { size } = [half, single, double].find((one) => one.name === format) ?? held;
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, (1n << 64n) - 1n, true);
  const written = floatIn(debuggee, frame, value);
  if (size === 8) view.setFloat64(0, written, true);
  else if (size === 4) view.setFloat32(0, written, true);
  else view.setUint16(0, halfBits(written), true);
  return view.getBigUint64(0, true);
}

function floatIn(debuggee: Debuggee, frame: Frame, text: string): number {
  const [, minus, special] = /^(-?)(inf|nan)(?:\(0x[0-9a-f]+\))?$/i.exec(text.trim()) ?? [];
  if (special) return special.toLowerCase() === 'nan' ? Number.NaN : minus ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const memory = new FrameMemory(debuggee, frame.index);
  const value = dereferenced(evaluateIn(debuggee, frame, text), memory);
  const result = readBytes(value, memory);
  if ('missing' in result) throw errors.badExpression(text, 1, `Its value is ${result.missing}`);
  return toDouble(decodeNumber(value.type, result.bytes, value.bits));
}

const statusTypes: Readonly<Record<string, string>> = {
  fflags: 'CSR 0x1. Exceptions that have occurred: NV invalid, DZ division by zero, OF overflow, UF underflow, NX inexact.',
  frm: 'CSR 0x2. Rounding mode: rne nearest, ties to even; rtz towards zero; rdn down; rup up; rmm nearest, ties away from zero.',
  fcsr: 'CSR 0x3. The rounding mode and the exceptions together.',
};

function statusText(name: string, value: number): string {
  if (name === 'frm') return roundingModeName(value) ?? 'reserved';
  if (name === 'fflags') return flagsText(value);
  return `${statusText('frm', value >> 5)} ${flagsText(value & 31)}`;
}

function flagsText(flags: number): string {
  const names = flagNames.filter((_, bit) => (flags >> bit) & 1).reverse();
  return names.length > 0 ? names.join(' ') : 'none';
}

/** By names as they are shown, or a number. */
function statusBits(debuggee: Debuggee, frame: Frame, name: string, text: string): bigint {
  const bare = withoutBits(text);
  const words = bare.split(/\s+/);
  let bits = 0;
  for (const word of words) {
    const mode = roundingModeNumber(word.toLowerCase());
    const flag = flagNames.indexOf(word.toUpperCase());
    if (mode !== undefined && mode < 5 && name !== 'fflags') bits |= mode << (name === 'fcsr' ? 5 : 0);
    else if (flag >= 0 && name !== 'frm') bits |= 1 << flag;
    else if (word.toLowerCase() !== 'none') return numberIn(debuggee, frame, bare);
  }
  return BigInt(bits);
}

/** Without the bits that were shown beside a value. */
function withoutBits(text: string): string {
  return text.trim().replace(/\s+\[0x[0-9a-f]+\]$/i, '');
}
