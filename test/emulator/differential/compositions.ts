import { encode } from '../../../riscv/encode';
import type { Instruction } from '../../../riscv/instruction';
import type { BaseMnemonic } from '../../../riscv/instruction-table';
import { sizeOf } from './code-writer';

/** The same effect by instructions that QEMU 7.2 has and gets right, with a register that may be overwritten. */
type Composition = (instruction: Instruction, spare: number) => readonly number[];

/** Cache operations are of blocks of this many bytes. */
const blockSize = 64;

/**
 * Instructions that QEMU 7.2 does not know: Zicond and the cache operations, whose permission checks are tested elsewhere. Beside
 * them ctzw: of a word that is not zero QEMU 7.2 gives the count in 64 bits of the whole register, which differs where the lower
 * word is zero; Volume I, section "Zbb", has it stop at 32.
 */
const compositions: Partial<Record<BaseMnemonic, Composition>> = {
  'czero.eqz': ({ rd, rs1, rs2 }, spare) => [
    encode('sltu', { rd: spare, rs1: 0, rs2 }),
    encode('sub', { rd: spare, rs1: 0, rs2: spare }),
    encode('and', { rd, rs1, rs2: spare }),
  ],
  'czero.nez': ({ rd, rs1, rs2 }, spare) => [
    encode('sltu', { rd: spare, rs1: 0, rs2 }),
    encode('addi', { rd: spare, rs1: spare, immediate: -1 }),
    encode('and', { rd, rs1, rs2: spare }),
  ],
  ctzw: ({ rd, rs1 }, spare) => [
    encode('addi', { rd: spare, rs1: 0, immediate: 1 }),
    encode('slli', { rd: spare, rs1: spare, immediate: 32 }),
    encode('or', { rd: spare, rs1: spare, rs2: rs1 }),
    encode('ctz', { rd, rs1: spare }),
  ],
  'cbo.inval': () => [],
  'cbo.clean': () => [],
  'cbo.flush': () => [],
  'cbo.zero': ({ rs1 }, spare) => [
    encode('andi', { rd: spare, rs1, immediate: -blockSize }),
    ...Array.from({ length: blockSize / 8 }, (_, index) => encode('sd', { rs1: spare, rs2: 0, immediate: index * 8 })),
  ],
};

/**
 * What stands for an instruction, both of the same length, for the hart under test and for the reference. A compressed instruction
 * of Zcb is beside the instruction that it expands to.
 */
export function beside(
  instruction: Instruction,
  spare: number,
): { readonly words: readonly number[]; readonly reference?: readonly number[] } {
  const { word, mnemonic, meaning } = instruction;
  const composition = compositions[meaning];
  const isZcb = mnemonic !== meaning && unknownCompressed.has(mnemonic);
  if (!composition && !isZcb) return { words: [word] };
  const reference = composition ? composition(instruction, spare) : [encode(meaning, instruction)];
  const size = Math.max(sizeOf([word]), sizeOf(reference));
  return { words: padded([word], size), reference: padded(reference, size) };
}

const unknownCompressed: ReadonlySet<string> = new Set(
  ['lbu', 'lhu', 'lh', 'sb', 'sh', 'zext.b', 'sext.b', 'zext.h', 'sext.h', 'zext.w', 'not', 'mul'].map((name) => `c.${name}`),
);

function padded(words: readonly number[], size: number): readonly number[] {
  const nops = (size - sizeOf(words)) / 2;
  return [...words, ...Array.from({ length: nops }, () => encode('c.nop', {}))];
}
