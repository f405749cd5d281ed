import { csrNumber } from '../riscv/csrs';
import { xNumber } from '../riscv/registers';
import type { Debuggee } from './debuggee';
import * as errors from './errors';
import { type Expression, type MemoryType, parseExpression } from './expression';
import { hex, integer } from './format';
import type { Frame } from './stack-walk';

/** What an expression has come to. */
export interface Value {
  /** Unsigned 64-bit. */
  readonly value: bigint;
  /** Where it was read from, if it was read from memory. */
  readonly memory?: { readonly address: bigint; readonly type: MemoryType };
}

const mask = (value: bigint) => BigInt.asUintN(64, value);

/** Evaluates a text in a frame. Throws a UserError that names the problem and its place. */
export function evaluateText(debuggee: Debuggee, frame: Frame | undefined, text: string): Value {
  return evaluateExpression(debuggee, frame, parseExpression(text));
}

export function evaluateExpression(debuggee: Debuggee, frame: Frame | undefined, expression: Expression): Value {
  const operand = (inner: Expression) => evaluateExpression(debuggee, frame, inner).value;
  switch (expression.kind) {
    case 'number':
      return { value: expression.value };
    case 'register':
      return { value: readRegister(debuggee, frame, expression.name) };
    case 'symbol':
      return { value: addressOf(debuggee, expression.name) };
    case 'memory':
      return load(debuggee, operand(expression.address), expression.type);
    case 'unary':
      return { value: mask(expression.operator === '-' ? -operand(expression.operand) : ~operand(expression.operand)) };
    case 'binary':
      return { value: mask(operate[expression.operator](operand(expression.left), operand(expression.right))) };
  }
}

/** Writes a register of the innermost frame, or memory. */
export function assign(debuggee: Debuggee, frame: Frame | undefined, target: Expression, text: string, value: bigint): void {
  if (target.kind === 'register') writeRegister(debuggee, frame, target.name, value);
  else if (target.kind === 'memory') {
    const address = evaluateExpression(debuggee, frame, target.address).value;
    store(debuggee, address, target.type, value);
  } else throw errors.notAssignable(text.trim());
}

/** As gdb shows it: an address with its symbol, a small number in decimal too. */
export function show(debuggee: Debuggee, { value, memory }: Value, onlyHex = false): string {
  if (onlyHex) return hex(value);
  const signed = memory?.type.signed ? BigInt.asIntN(64, value) : undefined;
  const symbol = debuggee.code.describe(value);
  if (symbol && (memory === undefined || memory.type.size === 8)) return `${hex(value)} ${symbol}`;
  if (!memory && value >= 4096n && debuggee.machine.memory.load(value, 1) !== undefined) return hex(value);
  if (memory && memory.type.size < 8) {
    const shown = hex(BigInt.asUintN(8 * memory.type.size, value));
    return `${shown} (${signed ?? value})`;
  }
  return integer(value);
}

export function readRegister(debuggee: Debuggee, frame: Frame | undefined, name: string): bigint {
  const { machine } = debuggee;
  const number = xNumber(name);
  if (name === 'pc') return frame?.pc ?? machine.pc;
  if (number !== undefined) {
    const value = frame ? frame.x[number] : machine.readX(number);
    if (value === undefined) throw errors.notSaved(name);
    return value;
  }
  const csr = csrNumber(name);
  const value = csr === undefined ? undefined : machine.readCsr(csr);
  if (value === undefined) throw errors.noSymbol(`$${name}`);
  return value;
}

export function writeRegister(debuggee: Debuggee, frame: Frame | undefined, name: string, value: bigint): void {
  const { machine } = debuggee;
  if (frame && frame.index > 0) throw errors.readOnly(name, 'only the innermost frame has its registers in the hart');
  const number = xNumber(name);
  if (number === 0) throw errors.readOnly(name, 'x0 is always zero');
  if (number !== undefined) machine.writeX(number, mask(value));
  else if (name === 'pc') {
    if (value % 2n !== 0n) throw errors.readOnly(name, 'instructions start at even addresses');
    machine.pc = mask(value);
  } else writeCsr(debuggee, name, mask(value));
  debuggee.forgetStack();
}

function writeCsr({ machine }: Debuggee, name: string, value: bigint): void {
  const csr = csrNumber(name);
  if (csr === undefined || machine.readCsr(csr) === undefined) throw errors.noSymbol(`$${name}`);
  if (!machine.writeCsr(csr, value)) throw errors.readOnly(name, 'this CSR is read-only');
}

function addressOf(debuggee: Debuggee, name: string): bigint {
  const symbol = debuggee.code.named(name);
  if (!symbol) throw errors.noSymbol(name);
  return symbol.address;
}

function load({ machine }: Debuggee, address: bigint, type: MemoryType): Value {
  const loaded = machine.memory.load(address, type.size);
  if (loaded === undefined) throw errors.unreadable(address);
  return { value: type.signed ? mask(BigInt.asIntN(8 * type.size, loaded)) : loaded, memory: { address, type } };
}

function store(debuggee: Debuggee, address: bigint, { size }: MemoryType, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, mask(value), true);
  if (debuggee.machine.memory.load(address, size) === undefined) throw errors.unreadable(address);
  debuggee.machine.memory.write(address, bytes.subarray(0, size));
  debuggee.forgetStack();
}

const operate = {
  '|': (left: bigint, right: bigint) => left | right,
  '^': (left: bigint, right: bigint) => left ^ right,
  '&': (left: bigint, right: bigint) => left & right,
  // A shift by 64 or more leaves nothing; the bound keeps the intermediate value small.
  '<<': (left: bigint, right: bigint) => (right > 63n ? 0n : left << right),
  '>>': (left: bigint, right: bigint) => (right > 63n ? 0n : left >> right),
  '+': (left: bigint, right: bigint) => left + right,
  '-': (left: bigint, right: bigint) => left - right,
  '*': (left: bigint, right: bigint) => left * right,
  '/': (left: bigint, right: bigint) => divide(left, right, (a, b) => a / b),
  '%': (left: bigint, right: bigint) => divide(left, right, (a, b) => a % b),
} as const;

function divide(left: bigint, right: bigint, by: (left: bigint, right: bigint) => bigint): bigint {
  if (right === 0n) throw errors.divisionByZero();
  return by(left, right);
}
