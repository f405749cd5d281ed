import assert from 'node:assert/strict';
import type { Stop } from '../../../emulator/machine';
import { RiscvMachine } from '../../../emulator/riscv-machine';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { modulesMade } from './modules-made';

const budget: Stop = { kind: 'budget' };
const base = 0x10000n;
const size = 0x400000;
const stackTop = 0x3f0000n;

/** Lines for each index. */
const each = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join('\n');
const pick = (index: number, of: number) => (index * 7919) % of;
const aLine = (index: number) =>
  [
    `addi s${2 + pick(index, 3)}, s${2 + pick(index, 3)}, ${index % 100}`,
    `xor s5, s5, s${2 + pick(index, 3)}`,
    `slli t2, s2, ${index % 50}`,
    'add s6, s6, t2',
    `sd s6, ${8 * (index % 30)}(sp)`,
    `ld t3, ${8 * pick(index, 30)}(sp)`,
  ][index % 6]!;
const lines = (count: number) => each(count, aLine);
const enter = 'addi sp, sp, -272\nsd ra, 264(sp)';
const leave = 'ld ra, 264(sp)\naddi sp, sp, 272\nret';

/** Bounds that an explosion, or code that never becomes hot, does not hold, and another good policy does: some three times of what was. */
interface Case {
  readonly text: string;
  /** Instructions that are run at first, and then once more. */
  readonly run?: number;
  /** Regions made, at least and at most. */
  readonly made: readonly [number, number];
  /** Bytes of WebAssembly for each instruction of the program, executed or not. */
  readonly bytes: readonly [number, number];
  /** Regions dropped at most. */
  readonly dropped: number;
}

const cases: Readonly<Record<string, Case>> = {
  'a loop over 1,500 ifs': {
    text: `
loop:   addi s1, s1, 1
        li t1, 0x9e3779b1
        mul t1, t1, s1
        ${each(1500, (index) => `srli t0, t1, ${index % 40}\nandi t0, t0, 1\nbeqz t0, 1f\naddi s2, s2, ${index % 7}\nxor s3, s3, s2\n1:`)}
        la t0, loop
        jr t0`,
    run: 150_000_000,
    made: [8, 90],
    bytes: [8, 70],
    dropped: 10,
  },
  'a function of 5,000 instructions without a loop': {
    text: `
loop:   call long
        j loop
long:   ${enter}
        ${lines(5000)}
        ${leave}`,
    run: 150_000_000,
    made: [5, 60],
    bytes: [5, 40],
    dropped: 10,
  },
  'a function with three loops': {
    text: `
loop:   call three
        j loop
three:  ${enter}
        li a0, 30
1:      ${lines(7)}
        addi a0, a0, -1
        bnez a0, 1b
        li a0, 50
1:      ${lines(5)}
        addi a0, a0, -1
        bnez a0, 1b
        li a0, 20
1:      ${lines(12)}
        addi a0, a0, -1
        bnez a0, 1b
        ${leave}`,
    made: [1, 16],
    bytes: [20, 420],
    dropped: 4,
  },
  'loops in loops, four deep': {
    text: `
loop:   li a0, 5
1:      ${lines(5)}
        li a1, 5
2:      ${lines(5)}
        li a2, 5
3:      ${lines(5)}
        li a3, 5
4:      ${lines(5)}
        addi a3, a3, -1
        bnez a3, 4b
        addi a2, a2, -1
        bnez a2, 3b
        addi a1, a1, -1
        bnez a1, 2b
        addi a0, a0, -1
        bnez a0, 1b
        j loop`,
    made: [1, 12],
    bytes: [10, 180],
    dropped: 4,
  },
  'calls of functions that are hardly ever made': {
    text: `
loop:   addi s1, s1, 1
        ${lines(10)}
        ${each(60, (index) => `srli t0, s1, 8\nandi t0, t0, 255\nli t1, ${4 * index}\nbne t0, t1, 1f\nandi t0, s1, 255\nbnez t0, 1f\ncall cold${index}\n1:`)}
        j loop
${each(60, (index) => `cold${index}: ${enter}\n${lines(100)}\n${leave}`)}`,
    made: [1, 20],
    bytes: [0.3, 12],
    dropped: 4,
  },
  'a state machine of 200 states': {
    text: `
loop:   andi t0, s7, 255
        li t1, 200
        bltu t0, t1, 1f
        addi t0, t0, -100
1:      slli t0, t0, 3
        la t1, states
        add t0, t0, t1
        ld a4, 0(t0)
        li t1, 1103515245
        mul s7, s7, t1
        li t1, 12345
        add s7, s7, t1
        srli s7, s7, 3
        jr a4
${each(200, (index) => `state${index}: ${lines(4 + (index % 9))}\naddi s7, s7, ${index}\nj loop`)}
        .data
        .balign 8
states: ${each(200, (index) => `.dword state${index}`)}`,
    run: 30_000_000,
    made: [1, 4],
    bytes: [8, 24],
    dropped: 0,
  },
  'a loop of 2600 instructions without jumps, in pieces one behind the other': {
    text: `
loop:   ${lines(2600)}
        j loop`,
    made: [6, 7],
    bytes: [3, 12],
    dropped: 0,
  },
  'threaded code of 60 instructions, each of which goes on by itself': {
    text: `
        la s8, codes
        j go
${each(60, (index) => `op${index}: ${lines(3 + (index % 4))}\nld a4, 0(s8)\naddi s8, s8, 8\njr a4`)}
go:     ld a4, 0(s8)
        addi s8, s8, 8
        jr a4
again:  la s8, codes
        j go
        .data
        .balign 8
codes:  ${each(500, (index) => `.dword op${(index * index * 31 + index) % 60}`)}
        .dword again`,
    run: 30_000_000,
    made: [1, 4],
    bytes: [5, 40],
    dropped: 2,
  },
  'eight functions with one long end': {
    text: `
loop:   la s8, table
        li s9, 8
1:      ld t2, 0(s8)
        addi s8, s8, 8
        jalr t2
        addi s9, s9, -1
        bnez s9, 1b
        j loop
end:    ${lines(380)}
        ret
${each(8, (index) => `f${index}: ${lines(3 + (index % 6))}\nj end`)}
        .data
        .balign 8
table:  ${each(8, (index) => `.dword f${index}`)}`,
    run: 150_000_000,
    made: [2, 20],
    bytes: [5, 50],
    dropped: 10,
  },
  '600 small functions, called in turn by pointers': {
    text: `
loop:   la s8, table
        li s9, 600
1:      ld t0, 0(s8)
        jalr t0
        addi s8, s8, 8
        addi s9, s9, -1
        bnez s9, 1b
        j loop
${each(600, (index) => `f${index}: ${lines(3 + (index % 6))}\nret`)}
        .data
        .balign 8
table:  ${each(600, (index) => `.dword f${index}`)}`,
    run: 60_000_000,
    made: [300, 1500],
    bytes: [20, 150],
    dropped: 100,
  },
  '200 functions that call each other': {
    text: `
loop:   li a0, 0
        call f0
        addi s1, s1, 1
        j loop
${each(200, (index) => `f${index}: ${enter}\n${lines(8)}\n${[2 * index + 1, 2 * index + 2].map((to) => (to < 200 ? `call f${to}` : 'addi s4, s4, 1')).join('\n')}\n${leave}`)}`,
    run: 40_000_000,
    made: [50, 900],
    bytes: [15, 150],
    dropped: 50,
  },
  'a function that calls itself twice': {
    text: `
loop:   li a0, 15
        call fib
        j loop
fib:    addi sp, sp, -32
        sd ra, 24(sp)
        sd s0, 16(sp)
        sd s1, 8(sp)
        mv s0, a0
        li t0, 2
        bltu a0, t0, 1f
        addi a0, s0, -1
        call fib
        mv s1, a0
        addi a0, s0, -2
        call fib
        add a0, a0, s1
1:      ld s1, 8(sp)
        ld s0, 16(sp)
        ld ra, 24(sp)
        addi sp, sp, 32
        ret`,
    made: [1, 10],
    bytes: [20, 600],
    dropped: 4,
  },
  '20,000 instructions that are executed once, and a short loop': {
    text: `
        ${lines(20_000)}
loop:   addi s1, s1, 1
        ${lines(4)}
        j loop`,
    made: [1, 5],
    bytes: [0.005, 0.2],
    dropped: 2,
  },
};

/** The machine with a program, which makes code hot as it does for users; and the program's instructions. */
function machineOf(text: string): { machine: RiscvMachine; instructions: number } {
  const source = `        .option norvc\n        .globl _start\n_start:\n${text}\n`;
  const { image, diagnostics } = assemble([{ path: 'test.s', text: source }], { textAddress: base, callSites: false });
  assert.ok(image, diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const { segments, entry } = readProgram(image, 'test');
  const machine = new RiscvMachine({ base, size, codePages: 128 });
  let instructions = 0;
  for (const { address, bytes, permissions } of segments) {
    const start = address - (address % 0x1000n);
    const end = (address + BigInt(bytes.length) + 0xfffn) & ~0xfffn;
    machine.memory.map({ name: 'program', address: start, size: end - start, permissions });
    machine.memory.write(address, bytes);
    if (permissions.execute) instructions += bytes.length / 4;
  }
  machine.memory.map({
    ...{ name: 'stack', address: stackTop - 0x10000n, size: 0x10000n },
    permissions: { read: true, write: true, execute: false },
  });
  machine.writeX(2, stackTop - 0x1000n);
  machine.pc = entry;
  return { machine, instructions };
}

/** Bytes of the modules of regions that are made meanwhile. */
function bytesMade(action: () => void): number {
  return modulesMade(action).reduce((sum, { length }) => sum + length, 0);
}

describe('what becomes hot', () => {
  for (const [name, { text, run = 10_000_000, made, bytes, dropped }] of Object.entries(cases)) {
    it(`is, of ${name}, neither too much nor too little`, () => {
      const { machine, instructions } = machineOf(text);
      const written = bytesMade(() => assert.deepEqual(machine.run(run), budget));
      const { translated, comeTos } = machine.statistics;
      within(translated, made, 'regions');
      within(written / instructions, bytes, 'bytes for each instruction');

      const writtenLater = bytesMade(() => assert.deepEqual(machine.run(run), budget));
      const later = machine.statistics;
      assert.ok(writtenLater <= 0.6 * written + 2000, `${writtenLater} bytes more when it has run twice as long, ${written} before`);
      assert.ok(later.comeTos - comeTos <= run / 300, `${later.comeTos - comeTos} times in the interpreter when all is hot`);
      within(
        Object.values(later.dropped).reduce((sum, count) => sum + count, 0),
        [0, dropped],
        'dropped',
      );
    });
  }
});

function within(value: number, [least, most]: readonly [number, number], what: string): void {
  assert.ok(value >= least && value <= most, `${value} ${what}, which is not ${least} to ${most}`);
}
