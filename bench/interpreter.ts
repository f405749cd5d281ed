import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { assemble } from '../program/assembler/assemble';
import { readProgram } from '../program/read-program';

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

const rounds = 3;

interface Measured {
  readonly seconds: number;
  readonly checksum: string;
}

const { image, diagnostics } = assemble([{ path: 'sieve.s', text: source }], { callSites: false });
if (!image) throw new Error(diagnostics.map((one) => one.message).join('\n'));
const program = readProgram(image, 'sieve');
let instructions = 0n;

const ours: Measured[] = [];
const theirs: Measured[] = [];
for (let round = 0; round < rounds; round += 1) {
  ours.push(interpret());
  const qemu = runInQemu();
  if (qemu) theirs.push(qemu);
}
const seconds = median(ours);
console.log(
  `interpreter   ${instructions} instructions, ${seconds.toFixed(3)} s, ${(Number(instructions) / seconds / 1e6).toFixed(0)} MIPS`,
);
if (theirs.length === 0) {
  console.log('qemu-riscv64  is not on PATH: apt-get install qemu-user');
} else {
  const same = [...ours, ...theirs].every((one) => one.checksum === ours[0]!.checksum);
  if (!same) throw new Error('the checksums differ');
  console.log(
    `qemu-riscv64  ${median(theirs).toFixed(3)} s with its start; ours takes ${(seconds / median(theirs)).toFixed(1)} times as long; checksums equal`,
  );
}
measureHooks();

function interpret(): Measured {
  let checksum = '';
  const host = {
    write: (_fd: 1 | 2, bytes: Uint8Array) => {
      checksum += Buffer.from(bytes).toString('hex');
    },
    read: () => 'end' as const,
    note: (message: string) => console.error(message),
  };
  const { machine } = LinuxProcess.start(program, { arguments: ['sieve'], host, hotAfter: 0 });
  const start = performance.now();
  let stop = machine.run(2 ** 31 - 1);
  while (stop.kind === 'budget') stop = machine.run(2 ** 31 - 1);
  if (stop.kind !== 'exit') throw new Error(`the program ended with ${stop.kind}`);
  instructions = machine.instret;
  return { seconds: (performance.now() - start) / 1000, checksum };
}

function runInQemu(): Measured | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    const path = join(folder, 'sieve');
    writeFileSync(path, image!);
    chmodSync(path, 0o755);
    const start = performance.now();
    const { stdout, error } = spawnSync('qemu-riscv64', [path]);
    return error ? undefined : { seconds: (performance.now() - start) / 1000, checksum: stdout.toString('hex') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a call of a hook costs: a loop of four instructions with a hook in it, and without. */
function measureHooks(): void {
  const loop = assemble([{ path: 'loop.s', text: '.globl _start\n_start: nop\nhooked: nop\n nop\n j _start' }], { callSites: false });
  const program = readProgram(loop.image!, 'loop');
  const host = { write: () => {}, read: () => 'end' as const, note: () => {} };
  const { machine } = LinuxProcess.start(program, { arguments: ['loop'], host });
  const calls = 1_000_000;
  machine.run(4 * calls);
  const plain = timed(() => machine.run(4 * calls));
  machine.setHook(program.symbols.named('hooked')!.address, () => 'continue');
  machine.run(4 * calls);
  const hooked = timed(() => machine.run(4 * calls));
  console.log(`hooks         ${calls} calls, ${(((hooked - plain) * 1e9) / calls).toFixed(0)} ns each`);
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

function median(list: readonly Measured[]): number {
  const sorted = list.map((one) => one.seconds).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)]!;
}
