import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';
import { Random } from '../../support/random';

/**
 * `npm run soak -- 2`: for so many minutes each, a program that makes code for ever, one that maps and unmaps what it works with, and one
 * under a debugger that sets and clears breakpoints and hooks without end. Prints memory (garbage collected) and regions as time passes;
 * ends with status 1 where the memory of the process has grown in the last half of the time, other than by a tenth.
 */
const minutes = Number(process.argv[2] ?? '1');
const rows = 12;
const most = 1.1;

/** Makes one of 4096 functions anew, each of its own length, and calls it some times. */
const makesCode = `
_start: map_at 0x600000, 0x100000, 7
        li s0, 0x600000
        li s1, 88172645
again:  xorshift s1
        slli s2, s1, 52
        srli s2, s2, 44
        add s2, s2, s0
        srli t0, s1, 20
        andi t0, t0, 31
        addi t0, t0, 1
        lw t1, add_one
        slli t2, s1, 20
        xor t1, t1, t2
        mv t3, s2
1:      sw t1, 0(t3)
        addi t3, t3, 4
        addi t0, t0, -1
        bnez t0, 1b
        lw t1, count_down
        sw t1, 0(t3)
        lw t1, round
        sw t1, 4(t3)
        lw t1, return
        sw t1, 8(t3)
        fence.i
        li s4, 30
2:      li t5, 10
        jalr s2
        addi s4, s4, -1
        bnez s4, 2b
        j again
        .data
        .align 2
add_one: .word 0x00150513
count_down: .word 0xffff0f13
round:  .word 0xfe0f1ce3
return: .word 0x00008067
`;

/** Maps pages at one of 64 places, works with them, takes away others' permissions, and unmaps. */
const maps = `
_start: li s1, 88172645
again:  xorshift s1
        andi s2, s1, 63
        slli s2, s2, 14
        li t0, 0x600000
        add s2, s2, t0
        mv a0, s2
        li a1, 0x3000
        li a2, 3
        li a3, 0x32
        li a4, -1
        li a5, 0
        call_system 222
        li t0, 400
        mv t1, s2
1:      ld t2, 0(t1)
        add t2, t2, t0
        sd t2, 8(t1)
        addi t1, t1, 24
        addi t0, t0, -1
        bnez t0, 1b
        mv a0, s2
        li a1, 0x1000
        li a2, 1
        call_system 226
        li t0, 400
2:      ld t2, 0(s2)
        add s3, s3, t2
        addi t0, t0, -1
        bnez t0, 2b
        srli t0, s1, 9
        andi t0, t0, 1
        beqz t0, again
        mv a0, s2
        li a1, 0x3000
        call_system 215
        j again
`;

const none = (): void => {};
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const soaks: Readonly<Record<string, { readonly text: string; disturb(machine: RiscvMachine, random: Random, entry: bigint): void }>> = {
  'makes code': { text: makesCode, disturb: none },
  'maps and unmaps': { text: maps, disturb: none },
  'breakpoints and hooks': {
    text: makesCode,
    disturb: (machine, random, entry) => {
      const address = entry + BigInt(2 * random.below(60));
      if (random.below(2)) machine.setBreakpoint(address);
      else machine.clearBreakpoint(address);
      const other = entry + BigInt(2 * random.below(60));
      if (random.below(2)) machine.setHook(other, () => (random.below(50) === 0 ? 'stop' : 'continue'));
      else machine.clearHook(other);
    },
  },
};

const prelude = readFileSync(join(__dirname, 'programs/prelude.s'), 'utf8');
for (const [name, { text, disturb }] of Object.entries(soaks)) {
  const { image, diagnostics } = assemble([{ path: `${name}.s`, text: prelude + text }], { callSites: false });
  if (!image) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const program = readProgram(image, name);
  const host = { write: none, read: () => 'end' as const, note: (message: string) => console.log(message) };
  const { machine } = LinuxProcess.start(program, { arguments: [name], host, memory: 16 });
  const random = new Random(1);
  const sizes: number[] = [];
  const start = performance.now();
  console.log(`${name}\n  seconds  RSS MiB  regions  resting  KiB of them      made   dropped  instructions`);
  for (let row = 1; row <= rows; row += 1) {
    const end = start + (row * minutes * 60_000) / rows;
    while (performance.now() < end) {
      const { kind } = machine.run(disturb === none ? 5_000_000 : 20_000, performance.now() + 20);
      if (kind === 'exception' || kind === 'exit') throw new Error(`${name} ended with ${kind}`);
      disturb(machine, random, program.entry);
    }
    // What is garbage is V8's to take when it likes.
    collect();
    const size = process.memoryUsage.rss();
    sizes.push(size);
    const { regions, resting, bytes, translated, dropped } = machine.statistics;
    const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const cells = [
      ((performance.now() - start) / 1000).toFixed(0),
      (size / 2 ** 20).toFixed(0),
      regions,
      resting,
      bytes >> 10,
      translated,
      drops,
    ];
    console.log(`${cells.map((cell, index) => `${cell}`.padStart([9, 9, 9, 9, 13, 10, 10][index]!)).join('')}  ${machine.instret}`);
  }
  const [first, last] = [Math.max(...sizes.slice(0, rows / 2)), Math.max(...sizes.slice(rows / 2))];
  const grows = last > first * most;
  if (grows) process.exitCode = 1;
  console.log(
    `  ${grows ? 'has grown' : 'levels off'}: at most ${(first / 2 ** 20).toFixed(0)} MiB in the first half, ${(last / 2 ** 20).toFixed(0)} MiB in the second\n`,
  );
}
