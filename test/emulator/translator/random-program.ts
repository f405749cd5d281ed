import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { instructionTable } from '../../../riscv/instruction-table';
import { type Line, places } from '../../support/code-machine';
import type { Random } from '../../support/random';

/** Registers that random code computes with; those of `bases` it leaves alone, mostly. */
const scratch = [5, 6, 7, 10, 11, 12, 13, 14, 15];
const bases = [2, 8, 9, 18, 19];
const functionCount = 5;

const computing = [
  'add',
  'sub',
  'addi',
  'xor',
  'and',
  'or',
  'sll',
  'sra',
  'slt',
  'sltu',
  'addw',
  'subw',
  'sraw',
  'mul',
  'mulhu',
  'div',
  'remu',
  'lui',
  'auipc',
  'addiw',
  'slli',
  'srai',
  'sltiu',
] as const;
const loading = ['lb', 'lbu', 'lh', 'lhu', 'lw', 'lwu', 'ld'] as const;
const storing = ['sb', 'sh', 'sw', 'sd'] as const;
const atomic = ['amoadd.w', 'amoadd.d', 'lr.w', 'sc.w', 'lr.d', 'sc.d', 'amoswap.d'] as const;
const branching = ['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu'] as const;

/** Functions of loops, branches and calls of each other, over registers and memory that random code can reach. */
export function randomProgram(random: Random): Line[] {
  const lines: Line[] = [];
  const starts = Array.from({ length: functionCount }, () => 0);
  const calls: { line: number; callee: number }[] = [];
  for (let index = 0; index < functionCount; index += 1) {
    starts[index] = lines.length;
    lines.push(['addi', { rd: 2, rs1: 2, immediate: -16 }], ['sd', { rs1: 2, rs2: 1, immediate: 8 }]);
    const first = lines.length;
    const length = 8 + random.below(24);
    for (let count = 0; count < length; count += 1) {
      const kind = random.below(20);
      const here = lines.length;
      if (kind < 3) {
        // Backward branches are rarer, so that code gets on.
        const to = random.below(3) === 0 ? first + random.below(here - first + 1) : here + 1 + random.below(first + length - here);
        lines.push([
          random.pick(branching),
          { rs1: random.pick(scratch), rs2: random.pick([0, ...scratch]), immediate: 4 * (to - here) || 4 },
        ]);
      } else if (kind === 3) {
        calls.push({ line: here, callee: random.below(functionCount) });
        lines.push(['jal', { rd: 1, immediate: 0 }]);
      } else if (kind === 4 && random.below(6) === 0) {
        lines.push(
          random.pick<Line>([
            ['ecall'],
            ['ebreak'],
            ['csrrs', { rd: random.pick(scratch), csr: 0xc02 }],
            ['fence.i'],
            ['jalr', { rd: 1, rs1: random.pick(scratch), immediate: 0 }],
            ['jalr', { rd: 0, rs1: 1, immediate: 0 }],
          ]),
        );
      } else lines.push(randomStep(random));
    }
    while (lines.length < first + length) lines.push(['addi', {}]);
    lines.push(['ld', { rd: 1, rs1: 2, immediate: 8 }], ['addi', { rd: 2, rs1: 2, immediate: 16 }]);
    lines.push(random.below(8) === 0 ? ['jal', { rd: 0, immediate: 4 * (starts[0]! - lines.length - 1) }] : ['jalr', { rd: 0, rs1: 1 }]);
  }
  for (const { line, callee } of calls) lines[line] = ['jal', { rd: 1, immediate: 4 * (starts[callee]! - line) }];
  return lines;
}

function randomStep(random: Random): Line {
  const rd = random.below(200) === 0 ? random.pick(bases) : random.pick(scratch);
  const [rs1, rs2] = [random.pick(scratch), random.pick(scratch)];
  const immediate = random.below(4000) - 2000;
  switch (random.below(8)) {
    case 0:
    case 1:
      return [random.pick(loading), { rd, rs1: random.pick(bases), immediate: random.below(64) - 16 }];
    case 2:
    case 3:
      return [random.pick(storing), { rs1: random.pick(bases), rs2, immediate: random.below(64) - 16 }];
    case 4:
      if (random.below(4) === 0) return [random.pick(atomic), { rd, rs1: random.pick(bases), rs2 }];
      return ['addi', { rd: random.pick(bases.slice(1)), rs1: random.pick(bases.slice(1)), immediate: 8 * (random.below(5) - 2) }];
    default: {
      const mnemonic = random.pick(computing);
      const { operands } = instructionTable.find((row) => row.mnemonic === mnemonic)!;
      const shift = operands.some((one) => one.startsWith('shamt'));
      const upper = operands.includes('upper');
      return [
        mnemonic,
        { rd, rs1, rs2, immediate: shift ? random.below(32) : upper ? immediate * 4096 : operands.includes('immediate') ? immediate : 0 },
      ];
    }
  }
}

/** Registers for random code: addresses of data near the borders of pages, and numbers. */
export function setRandomRegisters(machine: RiscvMachine, seed: Random): void {
  for (const register of scratch) machine.writeX(register, seed.pick([seed.doubleword(), BigInt(seed.below(16)), BigInt(seed.below(16))]));
  const { data, readOnly, code } = places;
  const near = [data + 0x140n, data + 0x800n, data + 0xff8n, data + 0x1400n];
  const rare = [readOnly - 0x30n, readOnly + 8n, code + 0x100n];
  for (const register of bases) machine.writeX(register, seed.pick(seed.below(12) === 0 ? rare : near));
  machine.writeX(2, data + 0xf00n);
  machine.writeX(1, code);
}
