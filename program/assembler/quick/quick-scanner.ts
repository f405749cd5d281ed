import { fNumber, xNumber } from '../../../riscv/registers';

/** How a written operand looks; `modified` is such as `%lo(name)`, with or without a register after it. */
export const shapes = {
  register: 0,
  floatRegister: 1,
  number: 2,
  memory: 3,
  name: 4,
  local: 5,
  modified: 6,
  modifiedMemory: 7,
  /** A number of more digits, whose text `starts` and `ends` give. */
  longNumber: 8,
} as const;

/** Characters of the longest number of 64 bits. */
const mostDigits = 20;

/** Operands of one statement that are read; where there are more it is not read quickly. */
const most = 32;

const [tab, newline, carriageReturn, space, hash, percent, open, close, comma, minus, dot, zero, nine, backwards, forwards, x] = [
  0x09, 0x0a, 0x0d, 0x20, 0x23, 0x25, 0x28, 0x29, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x62, 0x66, 0x78,
];

/** Letters, digits, `_`, `.` and `$`. Other characters of names are for the general way. */
const wordParts = Uint8Array.from({ length: 256 }, (_, code) => (code < 128 && /[\w.$]/.test(String.fromCharCode(code)) ? 1 : 0));

/** What stands for a character that is not of ASCII. */
const unusual = 0xff;

const utf8 = new TextEncoder();

/** The characters of a text as bytes, with a line end behind them; what is not of ASCII is no part of any word. */
export function codesOf(text: string): Uint8Array {
  const codes = new Uint8Array(text.length + 1);
  codes[text.length] = newline;
  const { read, written } = utf8.encodeInto(text, codes);
  if (read === text.length && written === text.length) {
    codes[text.length] = newline;
    return codes;
  }
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    codes[index] = code < 128 ? code : unusual;
  }
  codes[text.length] = newline;
  return codes;
}

/** Reads usual operands without making tokens of them: the fields of each are in arrays, as numbers. */
export class QuickScanner {
  text = '';
  codes: Uint8Array = new Uint8Array(0);
  /** How many operands `operands` found. */
  count = 0;
  readonly shapes = new Uint8Array(most);
  /** The register's number, alone or as a base. */
  readonly registers = new Uint8Array(most);
  /** The number or offset. */
  readonly values = new Float64Array(most);
  /** Where a name or a number is. */
  readonly starts = new Int32Array(most);
  readonly ends = new Int32Array(most);
  /** Where the name of a modifier is. */
  readonly modifierStarts = new Int32Array(most);
  readonly modifierEnds = new Int32Array(most);

  load(text: string, codes: Uint8Array): void {
    this.text = text;
    this.codes = codes;
  }

  /** The position of the first character that is no blank. */
  blanks(from: number): number {
    const { codes } = this;
    let at = from;
    for (let code = codes[at]!; code === space || code === tab || code === carriageReturn; code = codes[++at]!);
    return at;
  }

  /** The position after the word that begins there. */
  word(from: number): number {
    const { codes } = this;
    let at = from;
    while (wordParts[codes[at]!] === 1) at++;
    return at;
  }

  /** Whether the statement ends there, at the end of the line or with a comment. */
  isEnd(at: number): boolean {
    const code = this.codes[at]!;
    return code === newline || code === hash;
  }

  /** The position after the end of the line. */
  nextLine(from: number): number {
    const { codes } = this;
    if (codes[from] === newline) return from + 1;
    const end = this.text.indexOf('\n', from);
    return end < 0 ? codes.length : end + 1;
  }

  /** Reads the operands from a position to the end of the statement; false where there is anything but the usual. */
  operands(from: number): boolean {
    this.count = 0;
    let at = this.blanks(from);
    if (this.isEnd(at)) return true;
    if (at === from) return false;
    for (;;) {
      if (this.count === most) return false;
      at = this.operand(at, this.count++);
      if (at < 0) return false;
      at = this.blanks(at);
      if (this.codes[at] !== comma) return this.isEnd(at);
      at = this.blanks(at + 1);
    }
  }

  /** The text of the name that an operand is. */
  name(index: number): string {
    return this.text.slice(this.starts[index]!, this.ends[index]!);
  }

  /** Reads one operand; the position after it, -1 where it is none of the usual. */
  private operand(start: number, index: number): number {
    const first = this.codes[start]!;
    if (first === minus || (first >= zero && first <= nine)) {
      const end = this.number(start, index);
      return end < 0 || this.codes[end] !== open ? end : this.base(end, index, shapes.memory);
    }
    if (first === open) {
      this.values[index] = 0;
      return this.base(start, index, shapes.memory);
    }
    if (first === percent) return this.modified(start, index);
    const end = this.word(start);
    if (end === start || (first === dot && end === start + 1)) return -1;
    const register = this.registerAt(start, end);
    if (register >= 0) {
      this.shapes[index] = register < 32 ? shapes.register : shapes.floatRegister;
      this.registers[index] = register & 31;
      return end;
    }
    this.shapes[index] = shapes.name;
    this.starts[index] = start;
    this.ends[index] = end;
    return end;
  }

  /** A decimal number of at most 9 digits or a hexadecimal one of at most 8. */
  private number(start: number, index: number): number {
    const { codes } = this;
    const isNegative = codes[start] === minus;
    const first = isNegative ? start + 1 : start;
    let at = first;
    let value = 0;
    if (codes[at] === zero && codes[at + 1] === x) {
      at += 2;
      for (let digit = hexadecimalDigit(codes[at]!); digit >= 0; digit = hexadecimalDigit(codes[++at]!)) value = value * 16 + digit;
      if (at === first + 2) return -1;
      if (at > first + 10) return this.longNumber(start, at, index);
    } else {
      for (let code = codes[at]!; code >= zero && code <= nine; code = codes[++at]!) value = value * 10 + code - zero;
      if (at === first || (codes[first] === zero && at > first + 1)) return -1;
      if (at > first + 9) return this.longNumber(start, at, index);
    }
    const after = codes[at]!;
    if (wordParts[after] === 1) {
      if ((after !== forwards && after !== backwards) || isNegative || wordParts[codes[at + 1]!] === 1) return -1;
      this.shapes[index] = shapes.local;
      this.values[index] = value;
      this.starts[index] = start;
      this.ends[index] = at + 1;
      return at + 1;
    }
    this.shapes[index] = shapes.number;
    this.values[index] = isNegative ? -value : value;
    this.starts[index] = start;
    this.ends[index] = at;
    return at;
  }

  private longNumber(start: number, end: number, index: number): number {
    if (end > start + mostDigits || wordParts[this.codes[end]!] === 1) return -1;
    this.shapes[index] = shapes.longNumber;
    this.starts[index] = start;
    this.ends[index] = end;
    return end;
  }

  /** `(register)`. */
  private base(at: number, index: number, shape: number): number {
    const end = this.word(at + 1);
    const register = this.registerAt(at + 1, end);
    if (register < 0 || register >= 32 || this.codes[end] !== close) return -1;
    this.shapes[index] = shape;
    this.registers[index] = register;
    return end + 1;
  }

  /** `%lo(name)` or `%lo(name)(register)`. */
  private modified(start: number, index: number): number {
    const { codes } = this;
    const end = this.word(start + 1);
    if (codes[end] !== open) return -1;
    const after = this.word(end + 1);
    const first = codes[end + 1]!;
    if (after === end + 1 || codes[after] !== close || (first >= zero && first <= nine) || (first === dot && after === end + 2)) return -1;
    this.modifierStarts[index] = start + 1;
    this.modifierEnds[index] = end;
    this.starts[index] = end + 1;
    this.ends[index] = after;
    this.shapes[index] = shapes.modified;
    return codes[after + 1] === open ? this.base(after + 1, index, shapes.modifiedMemory) : after + 1;
  }

  /** The number of the register that a word is, those of floating point from 32 on; -1 where it is none. */
  private registerAt(start: number, end: number): number {
    const length = end - start;
    if (length > 4 || length < 2) return -1;
    const { codes } = this;
    let key = (codes[start]! << 8) | codes[start + 1]!;
    for (let at = start + 2; at < end; at++) key = (key << 8) | codes[at]!;
    let slot = slotOf(key);
    for (let known = registerKeys[slot]!; known !== 0; known = registerKeys[slot]!) {
      if (known === key) return registerNumbers[slot]!;
      slot = (slot + 1) & slotMask;
    }
    return -1;
  }
}

/** A hash table of the registers: the characters of their names as one number, and their numbers. */
const slotMask = 511;
const registerKeys = new Int32Array(slotMask + 1);
const registerNumbers = new Uint8Array(slotMask + 1);

function slotOf(key: number): number {
  return (Math.imul(key, 0x9e3779b1) >>> 20) & slotMask;
}

for (const letters of ['x', 'f', 'a', 's', 't', 'fa', 'fs', 'ft', 'zero', 'ra', 'sp', 'gp', 'tp', 'fp']) {
  for (const name of [letters, ...Array.from({ length: 32 }, (_, number) => `${letters}${number}`)]) {
    const float = fNumber(name);
    const number = xNumber(name) ?? (float === undefined ? undefined : 32 + float);
    if (number === undefined) continue;
    let key = 0;
    for (let at = 0; at < name.length; at++) key = (key << 8) | name.charCodeAt(at);
    let slot = slotOf(key);
    while (registerKeys[slot] !== 0) slot = (slot + 1) & slotMask;
    registerKeys[slot] = key;
    registerNumbers[slot] = number;
  }
}

function hexadecimalDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
