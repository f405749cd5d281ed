import { decode } from '../../../riscv/decode';
import { encode } from '../../../riscv/encode';
import type { Instruction } from '../../../riscv/instruction';
import { type InstructionRow, instructionTable, type Mnemonic } from '../../../riscv/instruction-table';
import type { Random } from '../../support/random';
import { memoryWindow, reachOfJumps } from './layout';

/** Instructions that are executed from many register contents. */
export interface Variant {
  /** The row under test, or undefined for a mixture. */
  readonly mnemonic: Mnemonic | undefined;
  readonly words: readonly number[];
  /** A register that they do not touch. */
  readonly spare: number;
  /** A value that one register gets beforehand: an address. */
  readonly preset?: { readonly register: number; readonly value: number };
  /** Where the last one jumps to, relative to itself. */
  readonly jump?: number;
}

/**
 * Rows whose effect is not the same from run to run or not visible in registers and memory. The counters are compared to the
 * count of instructions elsewhere; the ecall is how these programs write. User programs have no privileged instructions. QEMU 7.2
 * counts with ctzw beyond the lower word, where Volume I, section "Zbb", has it stop at 32.
 */
export const notCompared: readonly Mnemonic[] = [
  'csrrw',
  'csrrs',
  'csrrc',
  'csrrwi',
  'csrrsi',
  'csrrci',
  'ecall',
  'ebreak',
  'c.ebreak',
  'ctzw',
];

/** QEMU 7.2 does not know Zicond and Zcb; cache operations have tests of their own. */
const otherExtensions: ReadonlySet<string> = new Set(['Sm', 'Zicond', 'Zcb', 'Zicbom', 'Zicboz']);

export const comparedRows = instructionTable.filter((row) => !otherExtensions.has(row.extension) && !notCompared.includes(row.mnemonic));

const plainRows = comparedRows.filter((row) => kindOf(row) === 'plain');

export function makeVariant(row: InstructionRow<Mnemonic>, random: Random, jumpBase: number): Variant {
  const instruction = randomInstruction(row, random);
  const kind = kindOf(row);
  if (kind === 'memory') return memoryVariant(instruction, random);
  if (kind === 'jump') return jumpVariant(instruction, random, jumpBase);
  return { mnemonic: row.mnemonic, words: [instruction.word], spare: spareFor([instruction], random) };
}

/** Several instructions one after the other that only compute. */
export function makeMixture(random: Random): Variant {
  const instructions = Array.from({ length: 12 }, () => randomInstruction(random.pick(plainRows), random));
  const used = new Set(instructions.flatMap(({ rd, rs1, rs2 }) => [rd, rs1, rs2]));
  if (used.size > 28) return makeMixture(random);
  return { mnemonic: undefined, words: instructions.map((one) => one.word), spare: spareFor(instructions, random) };
}

function memoryVariant(instruction: Instruction, random: Random): Variant {
  const { mnemonic, meaning, rs1, immediate } = instruction;
  const isAtomic = meaning.startsWith('amo') || meaning.startsWith('lr') || meaning.startsWith('sc');
  const offset = random.below(memoryWindow.size - 8);
  const aligned = offset & (meaning.endsWith('.d') ? -8 : -4);
  const value = memoryWindow.address + (isAtomic ? aligned : offset - immediate);
  const before = meaning.startsWith('sc') ? beforeStoreConditional(instruction, random) : [];
  const words = [...before, instruction.word];
  return { mnemonic, words, spare: spareFor([instruction], random), preset: { register: rs1, value } };
}

/** A reservation that holds, none, or one that another `sc` has ended. */
function beforeStoreConditional({ meaning, rs1, rs2 }: Instruction, random: Random): number[] {
  const width = meaning.endsWith('.d') ? 'd' : 'w';
  const reserve = encode(`lr.${width}`, { rs1 });
  const end = encode(`sc.${width}`, { rs1, rs2 });
  return random.pick([[reserve], [reserve], [], [reserve, end]]);
}

function jumpVariant(instruction: Instruction, random: Random, base: number): Variant {
  const { mnemonic, meaning, word, rs1, immediate } = instruction;
  const spare = spareFor([instruction], random);
  if (meaning !== 'jalr') return { mnemonic, words: [word], spare, jump: immediate };
  const jump = (random.below(reachOfJumps - 64) + 32) & -2;
  const oddBit = random.below(2);
  return { mnemonic, words: [word], spare, jump, preset: { register: rs1, value: base + jump - immediate + oddBit } };
}

/** A random instruction of a row whose operands the test can do with; bits that are all 0 or all 1 are frequent. */
function randomInstruction(row: InstructionRow<Mnemonic>, random: Random): Instruction {
  for (;;) {
    const bits = random.pick([random.word(), random.word(), random.word() & random.word(), random.word() | random.word()]);
    const length = (row.match & 3) === 3 ? 0xffff_ffff : 0xffff;
    const instruction = decode(((row.match | (bits & ~row.mask)) & length) >>> 0);
    if (instruction?.mnemonic === row.mnemonic && isUsable(instruction)) return instruction;
  }
}

function isUsable({ meaning, rs1, immediate }: Instruction): boolean {
  const kind = kindOfMeaning(meaning);
  if (kind === 'memory') return rs1 !== 0;
  if (kind !== 'jump') return true;
  if (meaning === 'jalr') return rs1 !== 0;
  return Math.abs(immediate) >= 32 && Math.abs(immediate) < reachOfJumps;
}

function kindOf(row: InstructionRow): 'plain' | 'memory' | 'jump' {
  return kindOfMeaning(row.expandsTo ?? row.mnemonic);
}

function kindOfMeaning(meaning: string): 'plain' | 'memory' | 'jump' {
  if (/^(l[bhwd]u?|s[bhwd]|lr\..|sc\..|amo.*)$/.test(meaning)) return 'memory';
  return /^(jalr?|b(eq|ne|ltu?|geu?))$/.test(meaning) ? 'jump' : 'plain';
}

function spareFor(instructions: readonly Instruction[], random: Random): number {
  const used = new Set(instructions.flatMap(({ rd, rs1, rs2 }) => [rd, rs1, rs2]));
  const free = Array.from({ length: 31 }, (_, index) => index + 1).filter((register) => !used.has(register));
  return random.pick(free);
}
