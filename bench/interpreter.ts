import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';
import { childTime } from './child-time';
import { fastest, runSlice, type Slice, speedOf } from './slices';
import { ofSpeed, watch } from './watch';

/** A sieve of a million numbers twenty times over, with a checksum: loads, stores, branches, multiplication, calls. */
const source = `
        .globl _start
        .text
_start: li s0, 20
        li s5, 0
round:  la s1, flags
        li s2, 1000000
        mv t0, s1
        add t1, s1, s2
clear:  sd zero, 0(t0)
        addi t0, t0, 8
        bltu t0, t1, clear
        li s3, 2
outer:  add t0, s1, s3
        lbu t1, 0(t0)
        bnez t1, next
        mv a0, s5
        mv a1, s3
        jal mix
        mv s5, a0
        mul t2, s3, s3
        bgeu t2, s2, next
        add t0, s1, t2
        add t1, s1, s2
        li t3, 1
inner:  sb t3, 0(t0)
        add t0, t0, s3
        bltu t0, t1, inner
next:   addi s3, s3, 1
        bltu s3, s2, outer
        addi s0, s0, -1
        bnez s0, round
        la a1, result
        sd s5, 0(a1)
        li a0, 1
        li a2, 8
        li a7, 64
        ecall
        li a0, 0
        li a7, 93
        ecall
mix:    slli t2, a0, 5
        sub a0, t2, a0
        xor a0, a0, a1
        ret
        .bss
        .align 3
flags:  .zero 1000000
result: .zero 8
`;

const rounds = 5;
/** Instructions of a slice, some two milliseconds. */
const sliceOf = 500_000;
/** How often many calls of a hook are measured. */
const slices = 20;
const callsOfSlice = 50_000;

const { image, diagnostics } = assemble([{ path: 'sieve.s', text: source }], { callSites: false });
if (!image) throw new Error(diagnostics.map((one) => one.message).join('\n'));
const program = readProgram(image, 'sieve');
measureSieve();
measureHooks();

function measureSieve(): void {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(folder, 'sieve');
    writeFileSync(path, image!);
    chmodSync(path, 0o755);
    const measure = watch();
    const hasQemu = spawnSync('qemu-riscv64', ['--version']).status === 0;
    const ours = Array.from({ length: rounds }, () => ({ ...interpret(measure), qemu: hasQemu ? runInQemu(path) : undefined }));
    const all = ours.flatMap(({ slices }) => slices);
    const own = ofSpeed(all);
    const instructions = ours[0]!.instructions;
    const counts = `${own.length} of ${all.length} slices undisturbed, ${speedOf(all).toFixed(0)} MIPS in all`;
    console.log(`interpreter   ${instructions} instructions at ${speedOf(own).toFixed(0)} MIPS (${counts})`);
    const theirs = ours.flatMap(({ qemu }) => qemu ?? []);
    if (theirs.length === 0) {
      console.log('qemu-riscv64  is not on PATH: apt-get install qemu-user');
      return;
    }
    if ([...ours, ...theirs].some(({ checksum }) => checksum !== ours[0]!.checksum)) throw new Error('the checksums differ');
    const best = Math.min(...theirs.map(({ cpu }) => cpu));
    const ratio = Number(instructions) / speedOf(own) / 1e6 / best;
    console.log(
      `qemu-riscv64  ${best.toFixed(3)} s of CPU time with its start, at best of ${rounds}; ours takes ${ratio.toFixed(1)} times as long; checksums equal`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function interpret(measure: ReturnType<typeof watch>): { slices: readonly Slice[]; instructions: bigint; checksum: string } {
  let checksum = '';
  const host = {
    write: (_fd: 1 | 2, bytes: Uint8Array) => {
      checksum += Buffer.from(bytes).toString('hex');
    },
    read: () => 'end' as const,
    note: (message: string) => console.error(message),
  };
  const { machine } = LinuxProcess.start(program, { arguments: ['sieve'], host, hotAfter: 0 });
  const slices: Slice[] = [];
  for (;;) {
    const { slice, stop } = runSlice(machine, measure, () => machine.run(sliceOf));
    if (stop.kind === 'exit') return { slices, instructions: machine.instret, checksum };
    if (stop.kind !== 'budget') throw new Error(`the program ended with ${stop.kind}`);
    slices.push(slice);
  }
}

function runInQemu(path: string): { cpu: number; checksum: string } {
  const { cpu, output } = childTime(`qemu-riscv64 ${path} | od -An -v -tx1`);
  return { cpu, checksum: output.replace(/\s/g, '') };
}

/** What a call of a hook costs: a loop of four instructions with a hook in it, and without. */
function measureHooks(): void {
  const loop = assemble([{ path: 'loop.s', text: '.globl _start\n_start: nop\nhooked: nop\n nop\n j _start' }], { callSites: false });
  const program = readProgram(loop.image!, 'loop');
  const host = { write: () => {}, read: () => 'end' as const, note: () => {} };
  const { machine } = LinuxProcess.start(program, { arguments: ['loop'], host });
  const instructions = 4;
  machine.run(instructions * slices * callsOfSlice);
  const plain = fastest(machine, instructions * callsOfSlice, slices);
  machine.setHook(program.symbols.named('hooked')!.address, () => 'continue');
  machine.run(instructions * slices * callsOfSlice);
  const hooked = fastest(machine, instructions * callsOfSlice, slices);
  console.log(
    `hooks         ${(instructions * (hooked - plain)).toFixed(0)} ns of CPU time each, at best of ${slices} times ${callsOfSlice} calls`,
  );
}
