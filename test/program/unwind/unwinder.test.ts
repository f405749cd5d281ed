import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBuildHost } from '../../../debug-adapter/node-build-host';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import type { Machine } from '../../../emulator/machine';
import { buildProgram } from '../../../program/build/build-program';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { Unwinder, type UnwindFrame } from '../../../program/unwind/unwinder';
import { encode } from '../../../riscv/encode';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';
import { CallStack } from '../support/call-stack';
import { assembleWithGnu } from '../support/gnu';

const samples = join(__dirname, '../../../samples');
const deepest = 1000;

describe('unwinder', () => {
  describe('finds the true call stack at every instruction of', () => {
    it('fib.s and sort.s', async () => {
      for (const name of ['fib.s', 'sort.s']) compareEverywhere((await buildProgram(join(samples, name), {}, nodeBuildHost)).program);
    });

    it('fib.s and sort.s without call sites, from GNU as', function () {
      requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld');
      for (const name of ['fib.s', 'sort.s']) compareEverywhere(readProgram(assembleWithGnu(join(samples, name)), name));
    });

    it('the prebuilt files.elf', () => {
      compareEverywhere(readProgram(readFileSync(join(samples, 'files.elf')), 'files.elf'), 7);
    });

    for (const [compiler, linker] of [
      ['clang-19', 'ld.lld-19'],
      ['riscv64-linux-gnu-gcc', 'riscv64-linux-gnu-ld'],
    ] as const) {
      for (const flags of [['-O0'], ['-O1', '-fno-omit-frame-pointer'], ['-O2'], ['-Os', '-msave-restore']]) {
        it(`files.c and shapes.c from ${compiler} ${flags.join(' ')}`, async function () {
          requireTools(this, compiler, linker);
          for (const source of [join(samples, 'files.c'), join(__dirname, 'shapes.c')]) {
            const { program } = await buildProgram(source, { compiler, compilerArgs: flags }, nodeBuildHost);
            compareEverywhere(program, 13);
          }
        });
      }
    }
  });

  it('keeps callee-saved registers and sp of outer frames', async () => {
    const { program } = await buildProgram(join(samples, 'fib.s'), {}, nodeBuildHost);
    const machine = start(program);
    const recursion = lineOf('fib.s', 'break: recursive call');
    const address = program.lines.addressesOf(join(samples, 'fib.s'), recursion)!.addresses[0]!;
    machine.setBreakpoint(address);
    machine.run(100_000);
    machine.run(100_000);
    const frames = [...new Unwinder([program], machine.memory).walk(innermost(machine), deepest)];
    assert.deepEqual(
      frames.map(({ pc }) => program.symbols.functionAt(pc - 1n)?.name),
      ['fib', 'fib', 'main', '_start'],
    );
    assert.equal(frames[0]!.x[8], 9n, 'n of the inner call is in s0');
    assert.equal(frames[1]!.x[8], 10n, 'n of the outer call is where the inner one has saved it');
    assert.equal(frames[1]!.x[2], frames[0]!.x[2]! + 32n, 'fib has a frame of 32 bytes');
    assert.equal(frames[1]!.x[10], undefined, 'a0 is not kept by calls');
  });

  it('takes ra as the return address after a jump to nowhere, and says why a walk ends', async () => {
    const { program } = await buildProgram(join(samples, 'fib.s'), {}, nodeBuildHost);
    const machine = start(program);
    const main = program.symbols.named('main')!;
    const unwinder = new Unwinder([program], machine.memory);
    const x = Array.from({ length: 32 }, () => 0n)
      .with(1, main.address + 14n)
      .with(2, machine.readX(2));
    const result = unwinder.caller({ pc: 0x123456n, exact: true, x });
    assert.ok('frame' in result);
    assert.equal(result.frame.pc, main.address + 14n);
    const cut = 'the caller of 0x123456 is not known: its return address 0x10 is not code';
    assert.deepEqual(unwinder.caller({ pc: 0x123456n, exact: true, x: x.with(1, 0x10n) }), { end: cut, cut });
    assert.deepEqual(unwinder.caller({ pc: main.address, exact: true, x: x.with(1, 0n) }), { end: 'the outermost function has no caller' });
  });

  it('ends on a corrupt stack', async () => {
    const { program } = await buildProgram(join(samples, 'fib.s'), {}, nodeBuildHost);
    const machine = start(program);
    const fib = program.symbols.named('fib')!;
    machine.setBreakpoint(fib.address + 8n);
    for (let call = 0; call < 6; call++) machine.run(100_000);
    const stack = machine.readX(2);
    const call = program.symbols.named('main')!.address + 16n;
    const filled = new Uint8Array(512);
    new BigUint64Array(filled.buffer).fill(call);
    machine.memory.write(stack, filled);
    const frames = [...new Unwinder([program], machine.memory).walk(innermost(machine), deepest)];
    assert.ok(frames.length < 60, `${frames.length} frames`);
  });

  it('ends for any code and any registers, in little time', () => {
    const random = randomBelow(3);
    const program = readProgram(readFileSync(join(samples, 'files.elf')), 'files.elf');
    const code = program.segments.find(({ permissions }) => permissions.execute)!;
    const started = performance.now();
    for (let round = 0; round < 25; round++) {
      const machine = start(program);
      const bytes = Uint8Array.from(code.bytes);
      for (let change = random(400); change >= 0; change--) bytes[random(bytes.length)] = random(256);
      machine.memory.write(code.address, bytes);
      const unwinder = new Unwinder([program], machine.memory);
      for (let place = 0; place < 20; place++) {
        const inCode = () => code.address + BigInt(random(bytes.length) & ~1);
        const x = Array.from({ length: 32 }, () => [0n, inCode(), machine.readX(2) - BigInt(random(4096)), (1n << 64n) - 1n][random(4)]!);
        const frames = [...unwinder.walk({ pc: inCode(), exact: random(2) === 0, x }, deepest)];
        assert.ok(frames.length >= 1 && frames.length <= deepest);
      }
    }
    assert.ok(performance.now() - started < 20_000);
  });

  it('goes where a long jump goes, once that has taken its address', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld');
    const program = readProgram(assembleWithGnu(join(__dirname, 'long-jump.s')), 'long-jump');
    const machine = start(program);
    const jump = program.symbols.named('jump')!;
    const stacks: string[] = [];
    for (let ended = false; !ended; ended = machine.step().kind === 'exit') {
      if (program.symbols.functionAt(machine.pc) !== jump) continue;
      const frames = [...new Unwinder([program], machine.memory).walk(innermost(machine), deepest)];
      stacks.push(frames.map(({ pc }) => program.symbols.nearest(pc - 1n)?.symbol.name).join(' '));
    }
    assert.deepEqual(stacks.slice(1), ['jump _start', 'jump _start', 'jump _start', 'jump _start', 'jump _start']);
    assert.match(stacks[0]!, /leave _start$/);
  });

  it('goes from a trampoline that is entered with its return address in t0 to the function at its entry', async () => {
    const { program } = await buildProgram(join(__dirname, 'trampoline.s'), {}, nodeBuildHost);
    const machine = start(program);
    const traced = program.symbols.named('traced')!;
    const trampoline = program.symbols.named('trampoline')!;
    const links = new Map([[trampoline.address, 5]]);
    const offset = Number(trampoline.address - traced.address - 4n);
    machine.memory.storeWord(traced.address + 4n, encode('jal', { rd: 5, immediate: offset }));
    let inside = 0;
    for (let ended = false; !ended; ended = machine.step().kind === 'exit') {
      if (program.symbols.functionAt(machine.pc) !== trampoline) continue;
      inside++;
      const frames = [...new Unwinder([program], machine.memory, { links }).walk(innermost(machine), deepest)];
      assert.deepEqual(
        frames.map(({ pc }) => program.symbols.nearest(pc)?.symbol.name),
        ['trampoline', 'traced', '_start'],
        `at 0x${machine.pc.toString(16)}`,
      );
      assert.deepEqual([frames[1]!.pc, frames[1]!.exact, frames[1]!.x[10]], [traced.address + 8n, true, 77n]);
    }
    assert.ok(inside > 5);
  });
});

/** Runs a program to its end; at each `stride`-th instruction the unwound return addresses must be the true ones. */
function compareEverywhere(program: Program, stride = 1): void {
  const machine = start(program);
  const unwinder = new Unwinder([program], machine.memory);
  const truth = new CallStack();
  let count = 0;
  do {
    if (count++ % stride !== 0) continue;
    const found = [...unwinder.walk(innermost(machine), deepest)].slice(1).map(({ pc }) => pc);
    if (found.join() !== truth.addresses.join()) {
      const place = program.symbols.nearest(machine.pc);
      assert.deepEqual(found.map(hex), truth.addresses.map(hex), `at ${hex(machine.pc)}, ${place?.symbol.name}+${place?.offset}`);
    }
  } while (truth.step(machine));
  assert.ok(count > 300, `${program.name} ran only ${count} instructions`);
}

function start(program: Program): Machine {
  const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => assert.fail(message) };
  return LinuxProcess.start(program, { arguments: [program.name], host }).machine;
}

function innermost(machine: Machine): UnwindFrame {
  return { pc: machine.pc, exact: true, x: Array.from({ length: 32 }, (_, register) => machine.readX(register)) };
}

function lineOf(sample: string, marker: string): number {
  const lines = readFileSync(join(samples, sample), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(marker)) + 1;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
