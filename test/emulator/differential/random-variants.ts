import { decode } from '../../../riscv/decode';
import { encode } from '../../../riscv/encode';
import type { Instruction } from '../../../riscv/instruction';
import { lengthOf } from '../../../riscv/instruction-row';
import { type InstructionRow, instructionTable, type Mnemonic, rowOf } from '../../../riscv/instruction-table';
import { type Operand, operandKinds } from '../../../riscv/operands';
import type { Random } from '../../support/random';
import { sizeOf } from './code-writer';
import { beside } from './compositions';
import { memoryWindow, reachOfJumps } from './layout';
import { type Pair, pairs, type Step, type Variant } from './variants';

type Row = InstructionRow<Mnemonic>;
type Kind = 'plain' | 'csr' | 'memory' | 'atomic' | 'jump';

/** What leaves a user program: it is compared in machine and user mode, beside qemu-system-riscv64 (`test/emulator/bare-metal`). */
export const privilegedRows: readonly Mnemonic[] = ['ecall', 'ebreak', 'c.ebreak', 'mret', 'wfi'];

/** QEMU 7.2 does not know Zfa: it is compared with exact arithmetic (`test/emulator/float`). */
const isComparedExactly = ({ extension }: Row): boolean => extension === 'Zfa';

export const comparedRows: readonly Row[] = instructionTable.filter(
  (row) => !privilegedRows.includes(row.mnemonic) && !isComparedExactly(row),
);

const sequenceRows: Readonly<Record<'plain' | 'memory' | 'atomic', readonly Row[]>> = {
  plain: comparedRows.filter((row) => kindOf(row) === 'plain'),
  memory: comparedRows.filter((row) => kindOf(row) === 'memory'),
  atomic: comparedRows.filter((row) => kindOf(row) === 'atomic' && !row.mnemonic.startsWith('sc.')),
};
const branches = comparedRows.filter((row) => kindOf(row) === 'jump' && !baseOf(row).startsWith('jalr'));

/** One random instruction of a row, with what it needs. */
export function makeVariant(row: Row, random: Random, jumpBase: number): Variant {
  const instruction = randomInstruction(row, random);
  const pair = random.pick(pairs.filter(({ link, base }) => !touches(instruction, link) && !touches(instruction, base)));
  const kind = kindOf(row);
  if (kind === 'jump') return jumpVariant(row, instruction, pair, random, jumpBase);
  const { words, reference } = beside(instruction, pair.link);
  const before = row.mnemonic.startsWith('sc.') ? beforeStoreConditional(instruction, random) : [];
  const step = reference ? { words: [...before, ...words], reference: [...before, ...reference] } : { words: [...before, ...words] };
  const presets = kind === 'memory' || kind === 'atomic' ? [addressFor(row, instruction, random)] : [];
  return { row, steps: [step], pair, presets };
}

/** A reservation that holds, none, or one that another `sc` has ended. */
function beforeStoreConditional({ meaning, rs1, rs2 }: Instruction, random: Random): number[] {
  const width = meaning.endsWith('.d') ? 'd' : 'w';
  const reserve = encode(`lr.${width}`, { rs1 });
  const end = encode(`sc.${width}`, { rs1, rs2 });
  return random.pick([[reserve], [reserve], [], [reserve, end]]);
}

function addressFor(row: Row, { rs1, immediate }: Instruction, random: Random): { register: number; value: number } {
  const offset = random.below(memoryWindow.size - 8);
  const isAligned = kindOf(row) === 'atomic' && !row.mnemonic.startsWith('cbo.');
  const aligned = isAligned ? offset & (row.mnemonic.endsWith('.d') ? -8 : -4) : offset;
  return { register: rs1, value: memoryWindow.address + aligned - (kindOf(row) === 'atomic' ? 0 : immediate) };
}

function jumpVariant(row: Row, instruction: Instruction, pair: Pair, random: Random, base: number): Variant {
  const { meaning, word, rs1, immediate } = instruction;
  const steps = [{ words: [word] }];
  if (meaning !== 'jalr') return { row, steps, pair, presets: [], jump: immediate };
  const jump = (random.below(reachOfJumps - 64) + 32) & -2;
  const preset = { register: rs1, value: base + jump - immediate + random.below(2) };
  return { row, steps, pair, presets: [preset], jump };
}

/**
 * Instructions one after the other: computing, loads and stores around one address, atomics, pairs of lr and sc, and branches and
 * jumps over the next instruction.
 */
export function makeSequence(random: Random): Variant {
  const pair = random.pick(pairs);
  const pointer = random.pick([8, 9, 10, 11, 12, 13].filter((register) => register !== pair.link && register !== pair.base));
  const kept = [pair.link, pair.base, pointer, 2];
  const center = memoryWindow.address + memoryWindow.size / 2;
  const presets = [pointer, 2].map((register) => ({ register, value: center }));
  const steps: Step[] = [];
  const count = 4 + random.below(12);
  while (steps.length < count) steps.push(...randomSteps(random, pair, pointer, kept));
  return { row: undefined, steps: linkBranches(steps, random, kept), pair, presets };
}

/** A sequence in which an instruction of its own is changed to another and back, each time before it is executed, with a fence.i. */
export function makeChangingSequence(random: Random): Variant {
  const pair = random.pick(pairs);
  const [pointer, word, change] = [16, 17, 7];
  const kept = [pair.link, pair.base, 12, 2, pointer, word, change];
  const free = freeOf(pair, kept);
  const isPlain = (one: Instruction): boolean =>
    one.length === 4 && !beside(one, pair.link).reference && free(one) && !kept.some((register) => touches(one, register));
  const plain = (): Instruction => randomWhere(sequenceRows.plain, random, isPlain);
  const [first, second] = [plain(), plain()];
  const slot = 20;
  const changing = [
    encode('auipc', { rd: pointer }),
    encode('lw', { rd: word, rs1: pointer, immediate: slot }),
    encode('xor', { rd: word, rs1: word, rs2: change }),
    encode('sw', { rs2: word, rs1: pointer, immediate: slot }),
    encode('fence.i', {}),
    first.word,
  ];
  const around = (): Step[] =>
    Array.from({ length: random.below(4) }, () => beside(randomWhere(sequenceRows.plain, random, free), pair.link));
  const presets = [{ register: change, value: first.word ^ second.word }];
  return { row: undefined, steps: [...around(), { words: changing }, ...around()], pair, presets, changesCode: true };
}

function freeOf(pair: Pair, kept: readonly number[]): (instruction: Instruction) => boolean {
  return (instruction) => !kept.includes(instruction.rd) && !touches(instruction, pair.link) && !touches(instruction, pair.base);
}

function randomSteps(random: Random, pair: Pair, pointer: number, kept: readonly number[]): Step[] {
  const choice = random.below(16);
  const free = freeOf(pair, kept);
  if (choice < 8) return [stepOf(randomWhere(sequenceRows.plain, random, free), pair)];
  if (choice < 13) return [stepOf(aimed(sequenceRows.memory, random, pointer, free), pair)];
  if (choice < 15) return [stepOf(atPointer(random.pick(sequenceRows.atomic), random, pointer, free), pair)];
  const width = random.pick(['w', 'd'] as const);
  const between = Array.from({ length: random.below(3) }, () => stepOf(randomWhere(sequenceRows.plain, random, free), pair));
  const ends = [`lr.${width}`, `sc.${width}`].map((mnemonic) =>
    stepOf(atPointer(rowOf(mnemonic as Mnemonic), random, pointer, free), pair),
  );
  return [ends[0]!, ...between, ends[1]!];
}

function stepOf(instruction: Instruction, pair: Pair): Step {
  return beside(instruction, pair.link);
}

/** A load or store whose address is in the window when its base register is in the middle of it. */
function aimed(rows: readonly Row[], random: Random, pointer: number, free: (instruction: Instruction) => boolean): Instruction {
  const reach = memoryWindow.size / 2;
  return randomWhere(rows, random, (instruction) => {
    const { rs1, immediate } = instruction;
    return (rs1 === pointer || rs1 === 2) && immediate >= -reach && immediate <= reach - 8 && free(instruction);
  });
}

function atPointer(row: Row, random: Random, pointer: number, free: (instruction: Instruction) => boolean): Instruction {
  for (;;) {
    const instruction = randomInstruction(row, random);
    if (free(instruction)) return decode(encode(row.mnemonic, { ...instruction, rs1: pointer }))!;
  }
}

/** Puts, here and there, a branch or jump that may pass over the next step. */
function linkBranches(steps: readonly Step[], random: Random, kept: readonly number[]): Step[] {
  const call = 4;
  return steps.flatMap((step) => {
    if (random.below(6) !== 0 || reservationIn(step)?.startsWith('lr.')) return [step];
    for (;;) {
      const row = random.pick(branches);
      const length = lengthOf(row);
      const instruction = randomInstruction(row, random);
      if (kept.includes(instruction.rd)) continue;
      // It goes to where the state is saved after the step.
      const distance = length + call + sizeOf(step.words);
      return [{ words: [encode(row.mnemonic, { ...instruction, immediate: distance })] }, step];
    }
  });
}

/** The `lr` or `sc` that a step is. */
function reservationIn({ words }: Step): string | undefined {
  return words.map((word) => decode(word)!.mnemonic).find((mnemonic) => /^(lr|sc)\./.test(mnemonic));
}

/**
 * Whether every `sc` has an `lr` of its size right before it. What becomes of others is left open (Volume I, chapter "A", section
 * "Load-Reserved/Store-Conditional Instructions"): QEMU lets an `sc` of another size succeed, our hart does not.
 */
export function isPaired(steps: readonly Step[]): boolean {
  const reservations = steps.flatMap((step) => reservationIn(step) ?? []);
  return reservations.every((one, index) => !one.startsWith('sc.') || reservations[index - 1] === one.replace('sc', 'lr'));
}

function randomWhere(rows: readonly Row[], random: Random, fits: (instruction: Instruction) => boolean): Instruction {
  for (;;) {
    const instruction = randomInstruction(random.pick(rows), random);
    if (fits(instruction)) return instruction;
  }
}

/** A random instruction of a row whose operands the test can do with; bits that are all 0 or all 1 are frequent. */
export function randomInstruction(row: Row, random: Random): Instruction {
  const all = lengthOf(row) === 4 ? 0xffff_ffff : 0xffff;
  for (;;) {
    const bits = random.pick([random.word(), random.word(), random.word() & random.word(), random.word() | random.word()]);
    const instruction = decode(((row.match | (bits & ~row.mask)) & all) >>> 0);
    if (instruction?.mnemonic !== row.mnemonic) continue;
    const usable = kindOf(row) === 'csr' ? withFloatCsr(instruction, random) : instruction;
    if (isUsable(row, usable)) return usable;
  }
}

/** Of the CSRs only those of F can be compared: fflags, frm and fcsr. */
function withFloatCsr(instruction: Instruction, random: Random): Instruction {
  return decode(encode(instruction.mnemonic, { ...instruction, csr: 1 + random.below(3) }))!;
}

function isUsable(row: Row, { meaning, rs1, immediate, roundingMode }: Instruction): boolean {
  if (roundingMode === 5 || roundingMode === 6) return false;
  const kind = kindOf(row);
  if (kind === 'memory' || kind === 'atomic') return rs1 !== 0;
  if (kind !== 'jump') return true;
  if (meaning === 'jalr') return rs1 !== 0;
  return Math.abs(immediate) >= 32 && Math.abs(immediate) < reachOfJumps;
}

function touches({ rd, rs1, rs2 }: Instruction, register: number): boolean {
  return rd === register || rs1 === register || rs2 === register;
}

function baseOf(row: Row): string {
  return row.expandsTo ?? row.mnemonic;
}

function kindOf(row: Row): Kind {
  const meaning = baseOf(row);
  const syntaxes = row.operands.map((kind) => (operandKinds[kind] as Operand).syntax);
  if (meaning === 'jalr' || syntaxes.includes('target')) return 'jump';
  if (syntaxes.includes('csr')) return 'csr';
  if (syntaxes.includes('address')) return 'atomic';
  return syntaxes.includes('memory') && !meaning.startsWith('prefetch.') ? 'memory' : 'plain';
}
