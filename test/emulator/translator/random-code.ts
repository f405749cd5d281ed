import { effectsOf } from '../../../emulator/translator/effects';
import { decode } from '../../../riscv/decode';
import { encode, OperandError, type Operands } from '../../../riscv/encode';
import type { Instruction } from '../../../riscv/instruction';
import { instructionTable, type Mnemonic } from '../../../riscv/instruction-table';
import { places } from '../../support/code-machine';
import type { Random } from '../../support/random';

/** Registers that random code computes with, and those that hold addresses: it changes these seldom. */
export const scratch = [1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 28];
export const bases = [2, 8, 9, 18, 19];
/** Loops of a function count down a register of its own. */
const counters = [20, 21, 22, 23, 24, 25];
/** What code that writes code computes with. */
const [where, what] = [29, 30];
/**
 * Where the addresses of functions and of instructions are, for jumps to where a register says, and how many; behind them are those of the
 * cases of switches, at most as many as there is room for.
 */
export const tableAt = places.readOnly + 0x800n;
export const tableLength = 64;
const mostCases = 192;
/** Bytes of code past which there are no more switches. */
const mostBytes = 0x2800;
/** What jumps to cases compute with. */
const [chosen, target] = [31, 6];

interface Item {
  readonly mnemonic: Mnemonic;
  readonly operands: Operands;
  readonly length: 2 | 4;
  /** What it goes to: an item, and bytes behind its beginning. */
  readonly to?: { item: number; behind: 0 | 2 };
}

export interface RandomCode {
  readonly bytes: Uint8Array;
  /** Offsets of all instructions, and of the functions'. */
  readonly instructions: readonly number[];
  readonly functions: readonly number[];
  /** Offsets of instructions that may become any other one of 4 bytes. */
  readonly slots: readonly number[];
  /** Offsets of the cases of switches, in the order of the table. */
  readonly cases: readonly number[];
}

type Kind = 'compute' | 'float' | 'memory' | 'branch' | 'jump';
const rowsOf: Record<Kind, Mnemonic[]> = { compute: [], float: [], memory: [], branch: [], jump: [] };
for (const { mnemonic, expandsTo, extension } of instructionTable) {
  const { leaves, goes, access, isRelative, usesCsr, reads, writes } = effectsOf(
    (expandsTo ?? mnemonic) as Parameters<typeof effectsOf>[0],
  );
  if (leaves || usesCsr || extension === 'Sm' || extension.startsWith('Zicbo')) continue;
  const isFloat = writes === 'frd' || [...reads].some((one) => one.startsWith('f'));
  const kind = goes === 'jumps' && !isRelative ? undefined : goes !== 'on' ? 'branch' : access ? 'memory' : isFloat ? 'float' : 'compute';
  if (kind) rowsOf[kind === 'branch' && /(^|\.)j(al)?$/.test(mnemonic) ? 'jump' : kind].push(mnemonic);
}

/**
 * Functions of loops, branches and calls, over all instructions that regions can have: compressed ones, floating point in all rounding
 * modes, atomics, calls by either link register, jumps by tables and into the middle of instructions, switches of few cases and of many,
 * in loops and as threaded code; where code is writable, also code that writes code.
 */
export class CodeGenerator {
  readonly #random: Random;
  readonly #writesCode: boolean;
  readonly #items: Item[] = [];
  readonly #functions: number[] = [];
  readonly #slots: number[] = [];
  readonly #cases: number[] = [];
  readonly #calls: { readonly at: number; readonly callee: number }[] = [];
  readonly #writers: { readonly at: number; readonly slot: number }[] = [];

  constructor(random: Random, { writesCode }: { readonly writesCode: boolean }) {
    this.#random = random;
    this.#writesCode = writesCode;
  }

  make(): RandomCode {
    const random = this.#random;
    const count = 2 + random.below(counters.length - 1);
    for (let number = 0; number < count; number += 1) this.#addFunction(number, count);
    for (const { at, callee } of this.#calls) this.#items[at]!.to!.item = this.#functions[callee]!;
    return this.#laidOut();
  }

  #add(mnemonic: Mnemonic, operands: Operands = {}, to?: Item['to']): void {
    const length = (instructionTable.find((row) => row.mnemonic === mnemonic)!.match & 3) === 3 ? 4 : 2;
    this.#items.push({ mnemonic, operands, length, ...(to && { to }) });
  }

  #addFunction(number: number, count: number): void {
    const random = this.#random;
    this.#functions.push(this.#items.length);
    const isLeaf = number > 0 && random.below(3) === 0;
    const link = random.below(6) === 0 ? 5 : 1;
    if (!isLeaf) {
      this.#add('c.addi', { rd: 2, rs1: 2, immediate: -16 });
      this.#add(random.below(2) ? 'c.sdsp' : 'sd', { rs1: 2, rs2: link, immediate: 8 });
    }
    const counter = counters[number]!;
    if (random.below(2) === 0) this.#addSwitch(counter, isLeaf ? 0 : count);
    const loops = 1 + random.below(2);
    for (let loop = 0; loop < loops; loop += 1) {
      this.#add('addi', { rd: counter, rs1: 0, immediate: 1 + random.below(12) });
      const start = this.#items.length;
      const length = 4 + random.below(16);
      for (let done = 0; done < length; done += 1) this.#addStep(start, start + length, isLeaf ? 0 : count);
      while (this.#items.length < start + length) this.#add('c.nop');
      this.#add('addi', { rd: counter, rs1: counter, immediate: -1 });
      const isNear = random.below(2) === 0;
      this.#add(isNear ? 'bne' : 'blt', isNear ? { rs1: counter, rs2: 0 } : { rs1: 0, rs2: counter }, { item: start, behind: 0 });
    }
    if (!isLeaf) {
      this.#add(random.below(2) ? 'c.ldsp' : 'ld', { rd: link, rs1: 2, immediate: 8 });
      this.#add('addi', { rd: 2, rs1: 2, immediate: 16 });
    }
    if (number === 0 || random.below(8) === 0) this.#add('jal', { rd: 0 }, { item: this.#functions[0]!, behind: 0 });
    else this.#add(random.below(2) ? 'c.jr' : 'jalr', { rd: 0, rs1: link });
  }

  /**
   * A loop around a jump to one of some cases, which go back to it, on to the next case, or jump to one themselves; they branch into each
   * other.
   */
  #addSwitch(counter: number, callees: number): void {
    const random = this.#random;
    const bits = random.pick([2, 4, 4, 5, 5, 6]);
    const [first, length] = [this.#cases.length, 1 + random.below(random.below(3) ? 8 : 24)];
    const longest = 4 * (length + 10) * (1 << bits);
    if (first + (1 << bits) > mostCases || 4 * this.#items.length + longest > mostBytes) return;
    const isThreaded = random.below(2) === 0;
    this.#add('addi', { rd: counter, rs1: 0, immediate: 20 + random.below(200) });
    const head = this.#items.length;
    const ends = [this.#addDispatch(counter, first, bits)];
    const start = this.#items.length;
    for (let number = 0; number < 1 << bits; number += 1) {
      this.#cases.push(this.#items.length);
      const here = random.below(4) === 0 ? start : this.#items.length;
      const end = this.#items.length + length;
      for (let done = random.below(length); done < length; done += 1) this.#addStep(here, end, callees);
      const way = random.below(8);
      if (way > 1 && isThreaded) ends.push(this.#addDispatch(counter, first, bits));
      else if (way > 0) this.#add('jal', { rd: 0 }, { item: head, behind: 0 });
    }
    for (const end of ends) this.#items[end]!.to!.item = this.#items.length;
  }

  /** Jumps to one of the cases from `first` on, unless the counter has run down. Gives the item that then goes to the end. */
  #addDispatch(counter: number, first: number, bits: number): number {
    const random = this.#random;
    this.#add('addi', { rd: counter, rs1: counter, immediate: -1 });
    const end = this.#items.length;
    this.#add('bge', { rs1: 0, rs2: counter }, { item: 0, behind: 0 });
    this.#add(random.pick(['xor', 'add', 'sub'] as const), { rd: chosen, rs1: random.pick(scratch), rs2: counter });
    this.#add('andi', { rd: chosen, rs1: chosen, immediate: (1 << bits) - 1 });
    this.#add('c.slli', { rd: chosen, rs1: chosen, immediate: 3 });
    const at = tableAt + BigInt(8 * (tableLength + first));
    const low = Number(BigInt.asIntN(12, at));
    this.#add('lui', { rd: target, immediate: Number(at) - low });
    this.#add('c.add', { rd: target, rs1: target, rs2: chosen });
    this.#add('ld', { rd: target, rs1: target, immediate: low });
    this.#add(random.below(2) ? 'c.jr' : 'jalr', { rd: 0, rs1: target });
    return end;
  }

  #addStep(first: number, end: number, callees: number): void {
    const random = this.#random;
    const kind = random.below(40);
    if (kind < 12) this.#addAny('compute');
    else if (kind < 16) this.#addAny('float');
    else if (kind < 27) this.#addAny('memory');
    else if (kind < 33) this.#addBranch(first, end);
    else if (kind < 35 && callees > 0) this.#addCall(callees);
    else if (kind === 35) this.#addSpecial();
    else if (kind === 36 && this.#writesCode) this.#addWriter();
    else if (kind === 37) {
      this.#slots.push(this.#items.length);
      this.#add('addi', { rd: random.pick(scratch), rs1: random.pick(scratch), immediate: random.below(100) });
    } else if (kind === 38)
      this.#add('addi', { rd: random.pick(bases.slice(1)), rs1: random.pick(bases.slice(1)), immediate: 8 * (random.below(9) - 4) });
    else this.#addAny('compute');
  }

  /** A random instruction of a kind that leaves addresses and counters alone, mostly. */
  #addAny(kind: 'compute' | 'float' | 'memory'): void {
    for (;;) {
      const instruction = this.#anyOf(kind);
      if (!instruction) continue;
      this.#add(instruction.mnemonic, instruction);
      return;
    }
  }

  #anyOf(kind: 'compute' | 'float' | 'memory'): Instruction | undefined {
    const random = this.#random;
    const mnemonic = random.pick(rowsOf[kind]);
    const { match, mask } = instructionTable.find((row) => row.mnemonic === mnemonic)!;
    const found = decode((match | (random.word() & ~mask & ((match & 3) === 3 ? -1 : 0xffff))) >>> 0);
    if (found?.mnemonic !== mnemonic) return undefined;
    if (found.length === 2) return this.#isHarmless(found, kind) ? found : undefined;
    const isMemory = kind === 'memory';
    const x = (field: number) => (random.below(8) === 0 ? field : random.pick(scratch));
    const operands = {
      ...found,
      rd: random.below(150) === 0 ? random.pick(bases) : random.pick([0, ...scratch, ...scratch]),
      rs1: isMemory ? random.pick(bases) : x(found.rs1),
      rs2: x(found.rs2),
      immediate: isMemory && effectsOf(found.meaning).access!.displaced ? random.below(64) - 24 : found.immediate,
      roundingMode: random.below(4) === 0 ? 7 : found.roundingMode < 5 || random.below(20) === 0 ? found.roundingMode : 0,
    };
    const made = encodedOr(mnemonic, operands);
    return made === undefined ? undefined : decode(made);
  }

  #isHarmless({ rd, rs1, meaning }: Instruction, kind: string): boolean {
    if (rd !== 0 && !scratch.includes(rd)) return false;
    return kind !== 'memory' || (bases.includes(rs1) && effectsOf(meaning).access !== undefined);
  }

  #addBranch(first: number, end: number): void {
    const random = this.#random;
    const here = this.#items.length;
    // Backward ones are rarer, so that code gets on.
    const item = random.below(4) === 0 ? first + random.below(here - first + 1) : here + 1 + random.below(Math.max(1, end - here));
    const to = { item, behind: random.below(40) === 0 ? 2 : 0 } as const;
    const mnemonic = random.pick([...rowsOf.branch, ...(random.below(3) === 0 ? ['jal', 'c.j'] : [])]) as Mnemonic;
    const isNarrow = mnemonic.startsWith('c.');
    this.#add(
      mnemonic,
      { rd: 0, rs1: isNarrow ? 10 + random.below(6) : random.pick(scratch), rs2: isNarrow ? 0 : random.pick([0, ...scratch]) },
      to,
    );
  }

  #addCall(callees: number): void {
    const random = this.#random;
    const link = random.below(5) === 0 ? 5 : 1;
    switch (random.below(8)) {
      case 0:
      case 1: {
        // By the table of functions and instructions.
        const immediate = Number(tableAt & 0xfffn) - 0x1000 + 8 * random.below(random.below(3) === 0 ? tableLength : callees);
        this.#add('lui', { rd: 6, immediate: Number((tableAt & ~0xfffn) + 0x1000n) });
        this.#add('ld', { rd: 6, rs1: 6, immediate });
        this.#add('jalr', { rd: random.pick([link, link, 0]), rs1: 6, immediate: 0 });
        return;
      }
      case 2:
        // Swaps the link registers: a coroutine's call (Volume I, table of return-address prediction hints).
        if (random.below(4) === 0) {
          this.#add('jalr', { rd: 5, rs1: 1 });
          return;
        }
        break;
      case 3:
        // A return address that is changed.
        if (random.below(3) === 0) this.#add('addi', { rd: 1, rs1: 1, immediate: random.pick([2, 4, -4]) });
        return;
      default:
    }
    this.#calls.push({ at: this.#items.length, callee: random.below(callees) });
    this.#add('jal', { rd: link }, { item: 0, behind: 0 });
  }

  #addSpecial(): void {
    const random = this.#random;
    const rd = random.pick(scratch);
    const [mnemonic, operands] = random.pick<readonly [Mnemonic, Operands]>([
      ['csrrs', { rd, csr: 0xc02 }],
      ['csrrs', { rd, csr: 3 }],
      ['csrrwi', { rd: 0, csr: 2, immediate: random.below(5) }],
      ['csrrwi', { rd: 0, csr: 2, immediate: random.below(5) }],
      ['csrrwi', { rd, csr: 2, immediate: random.below(8) }],
      ['csrrwi', { rd, csr: 1, immediate: random.below(32) }],
      ['csrrci', { rd, csr: 3, immediate: random.below(32) }],
      ['csrrs', { rd, csr: 1, rs1: random.pick(scratch) }],
      ['fence.i', {}],
      ['ecall', {}],
      ['c.ebreak', {}],
      ['cbo.zero', { rs1: random.pick(bases) }],
      ['jalr', { rd: 1, rs1: random.pick(scratch), immediate: 0 }],
    ]);
    this.#add(mnemonic, operands);
  }

  /** Writes another instruction over a slot, which is seen from the fence on. */
  #addWriter(): void {
    if (this.#slots.length === 0) return;
    const random = this.#random;
    const word = random.pick(['add', 'sub', 'xor', 'mul', 'addw', 'sltu'] as const);
    const value = encode(word, { rd: random.pick(scratch), rs1: random.pick(scratch), rs2: random.pick(scratch) }) | 0;
    const low = (value << 20) >> 20;
    this.#add('lui', { rd: what, immediate: (value - low) | 0 });
    this.#add('addiw', { rd: what, rs1: what, immediate: low });
    this.#add('auipc', { rd: where, immediate: 0 });
    this.#writers.push({ at: this.#items.length, slot: random.pick(this.#slots) });
    this.#add('sw', { rs1: where, rs2: what });
    this.#add('fence.i');
  }

  #laidOut(): RandomCode {
    const offsets: number[] = [];
    let end = 0;
    for (const { length } of this.#items) {
      offsets.push(end);
      end += length;
    }
    const bytes = new Uint8Array(end);
    this.#items.forEach(({ mnemonic, operands, to, length }, item) => {
      const here = offsets[item]!;
      let immediate = operands.immediate ?? 0;
      if (to) immediate = offsets[Math.min(to.item, offsets.length - 1)]! + to.behind - here;
      const writer = this.#writers.find(({ at }) => at === item);
      if (writer) immediate = offsets[writer.slot]! - (here - 4);
      const word = encodedOr(mnemonic, { ...operands, immediate }) ?? (length === 4 ? 0x13 : 1);
      for (let byte = 0; byte < length; byte += 1) bytes[here + byte] = word >>> (8 * byte);
    });
    const at = (list: readonly number[]) => list.map((item) => offsets[item]!);
    return { bytes, instructions: offsets, functions: at(this.#functions), slots: at(this.#slots), cases: at(this.#cases) };
  }
}

/** The word, or undefined where an operand does not fit, as a target that is too far. */
function encodedOr(mnemonic: Mnemonic, operands: Operands): number | undefined {
  try {
    return encode(mnemonic, operands);
  } catch (error) {
    if (error instanceof OperandError) return undefined;
    throw error;
  }
}
