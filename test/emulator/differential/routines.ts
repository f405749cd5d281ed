import { encode } from '../../../riscv/encode';
import type { CodeWriter } from './code-writer';
import { controlAddress, memoryWindow, outputAddress, stateAt, stateSize } from './layout';
import { type Pair, pairs } from './variants';

/** Offsets in the control block. */
export const control = { input: 0, output: 8, left: 16, restart: 24, after: 32, stride: 40, neverReserved: 48 } as const;

const [a0, a1, a2, a7] = [10, 11, 12, 17];
const fcsr = 3;

/** Where the routines are that all variants of a program share. */
export interface Routines {
  /** Loads the state of a case, and the address of its output into the base register. */
  readonly restore: ReadonlyMap<Pair, number>;
  /** Saves the state where the base register says, and moves that on. */
  readonly save: ReadonlyMap<Pair, number>;
  /** Begins a variant with the first case. */
  readonly begin: number;
  /** Goes on to the next case of the variant, or writes what all of them gave and goes on behind the variant. */
  readonly advance: number;
}

export function writeRoutines(code: CodeWriter, cases: number, inputAddress: number): Routines {
  const restore = new Map(pairs.map((pair) => [pair, written(code, () => writeRestore(code, pair))]));
  const save = new Map(pairs.map((pair) => [pair, written(code, () => writeSave(code, pair))]));
  const begin = written(code, () => {
    code.storeConstant(5, inputAddress, control.input);
    code.storeConstant(5, outputAddress, control.output);
    code.storeConstant(5, cases, control.left);
    code.word(encode('ld', { rd: 6, rs1: 5, immediate: control.restart }));
    code.word(encode('jalr', { rs1: 6 }));
  });
  const advance = written(code, () => writeAdvance(code, cases));
  return { restore, save, begin, advance };
}

function written(code: CodeWriter, write: () => void): number {
  const start = code.here;
  write();
  return start;
}

/** Any two registers that are not of the pair. */
function temporaries({ link, base }: Pair): [number, number] {
  return [7, 8, 9, 10].filter((register) => register !== link && register !== base).slice(0, 2) as [number, number];
}

function registersBut({ link, base }: Pair): number[] {
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((register) => register !== link && register !== base);
}

function writeRestore(code: CodeWriter, pair: Pair): void {
  const { link, base } = pair;
  const [address, value] = temporaries(pair);
  loadControl(code, base, control.input);
  code.constant(address, memoryWindow.address);
  copyWindow(code, base, stateAt.memory, address, 0, value);
  for (let f = 0; f < 32; f += 1) code.word(encode('fld', { frd: f, rs1: base, immediate: stateAt.f + f * 8 }));
  code.word(encode('ld', { rd: value, rs1: base, immediate: stateAt.fcsr }));
  code.word(encode('csrrw', { rs1: value, csr: fcsr }));
  for (const x of registersBut(pair)) code.word(encode('ld', { rd: x, rs1: base, immediate: stateAt.x + x * 8 }));
  loadControl(code, base, control.output);
  code.word(encode('jalr', { rs1: link }));
}

function writeSave(code: CodeWriter, pair: Pair): void {
  const { link, base } = pair;
  const [address, value] = temporaries(pair);
  code.word(encode('sd', { rs1: base, rs2: link, immediate: stateAt.x }));
  for (const x of registersBut(pair)) code.word(encode('sd', { rs1: base, rs2: x, immediate: stateAt.x + x * 8 }));
  for (let f = 0; f < 32; f += 1) code.word(encode('fsd', { frs2: f, rs1: base, immediate: stateAt.f + f * 8 }));
  code.word(encode('csrrs', { rd: value, csr: fcsr }));
  code.word(encode('sd', { rs1: base, rs2: value, immediate: stateAt.fcsr }));
  code.constant(address, memoryWindow.address);
  copyWindow(code, address, 0, base, stateAt.memory, value);
  for (const x of [address, value]) code.word(encode('ld', { rd: x, rs1: base, immediate: stateAt.x + x * 8 }));
  code.word(encode('addi', { rd: base, rs1: base, immediate: stateSize }));
  code.word(encode('jalr', { rs1: link }));
}

function writeAdvance(code: CodeWriter, cases: number): void {
  code.constant(5, controlAddress);
  code.word(encode('addi', { rd: 6, rs1: 5, immediate: control.neverReserved }));
  code.word(encode('sc.d', { rs1: 6 }));
  code.word(encode('ld', { rd: a2, rs1: 5, immediate: control.stride }));
  move(code, control.input, () => encode('addi', { rd: 6, rs1: 6, immediate: stateSize }));
  move(code, control.output, () => encode('add', { rd: 6, rs1: 6, rs2: a2 }));
  move(code, control.left, () => encode('addi', { rd: 6, rs1: 6, immediate: -1 }));
  code.word(encode('ld', { rd: 7, rs1: 5, immediate: control.restart }));
  code.word(encode('beq', { rs1: 6, rs2: 0, immediate: 8 }));
  code.word(encode('jalr', { rs1: 7 }));
  code.constant(a0, cases);
  code.word(encode('mul', { rd: a2, rs1: a2, rs2: a0 }));
  code.constant(a0, 1);
  code.constant(a1, outputAddress);
  code.constant(a7, 64);
  code.word(encode('ecall', {}));
  code.constant(5, controlAddress);
  code.word(encode('ld', { rd: 7, rs1: 5, immediate: control.after }));
  code.word(encode('jalr', { rs1: 7 }));
}

/** Changes a field of the control block, at x5, by an instruction on x6. */
function move(code: CodeWriter, field: number, change: () => number): void {
  code.word(encode('ld', { rd: 6, rs1: 5, immediate: field }));
  code.word(change());
  code.word(encode('sd', { rs1: 5, rs2: 6, immediate: field }));
}

/** Loads a field of the control block, with no other register. */
function loadControl(code: CodeWriter, register: number, field: number): void {
  code.word(encode('lui', { rd: register, immediate: controlAddress }));
  code.word(encode('ld', { rd: register, rs1: register, immediate: field }));
}

function copyWindow(code: CodeWriter, from: number, fromOffset: number, to: number, toOffset: number, value: number): void {
  for (let offset = 0; offset < memoryWindow.size; offset += 8) {
    code.word(encode('ld', { rd: value, rs1: from, immediate: fromOffset + offset }));
    code.word(encode('sd', { rs1: to, rs2: value, immediate: toOffset + offset }));
  }
}
