import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFtraceRegs } from '../../ftrace/ftrace-regs';
import { argsModel } from '../../ftrace/models/args';
import { decode } from '../../riscv/decode';
import { disassemble } from '../../riscv/disassemble';
import { requireTools } from '../support/tools';
import { assembled, sample, TracedLaunch } from './launch';

const argumentRegisters = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'];

/** arch/riscv/kernel/mcount-dyn.S of 6.10 to 6.15 with HAVE_FUNCTION_GRAPH_FP_TEST, pseudo-instructions written out. */
const documented = [
  'addi t1,zero,0',
  'addi t4,sp,0',
  'addi sp,sp,-112',
  'sd t0,0(sp)',
  'sd ra,8(sp)',
  'sd t4,16(sp)',
  'sd s0,24(sp)',
  'sd t1,32(sp)',
  ...argumentRegisters.map((name, index) => `sd ${name},${40 + 8 * index}(sp)`),
  'addi a0,t0,-8',
  /^auipc a1,0x[0-9a-f]+$/,
  /^addi a1,a1,-?\d+$/,
  'ld a2,0(a1)',
  'addi a1,ra,0',
  'addi a3,sp,0',
  'auipc ra,0x0',
  /^jalr ra,\d+\(ra\)$/,
  'ld t0,0(sp)',
  'ld ra,8(sp)',
  'ld s0,24(sp)',
  'ld t1,32(sp)',
  ...argumentRegisters.map((name, index) => `ld ${name},${40 + 8 * index}(sp)`),
  'addi sp,sp,112',
  /^bne t1,zero,\S+/,
  'jalr zero,0(t0)',
  'jalr zero,0(t1)',
];

describe('the trampoline of model args', () => {
  it('has the instructions that the kernel has, in their order', () => {
    const { machine, ftrace } = new TracedLaunch(assembled(sample('fib.s')));
    let pc = ftrace.trampoline.symbols.named('ftrace_caller')!.address;
    for (const expected of documented) {
      const instruction = decode(Number(machine.memory.load(pc, 4)));
      assert.ok(instruction, `0x${pc.toString(16)} holds no instruction`);
      assert.equal(instruction.length, 4);
      const text = disassemble(instruction, pc, { aliases: false }).replace('\t', ' ');
      if (typeof expected === 'string') assert.equal(text, expected);
      else assert.match(text, expected);
      pc += 4n;
    }
    assert.equal(ftrace.trampoline.symbols.named('ftrace_stub')!.address, pc);
  });

  it('is shown from its source', () => {
    const { ftrace } = new TracedLaunch(assembled(sample('fib.s')));
    const { symbols, lines, embeddedSources } = ftrace.trampoline;
    const row = lines.at(symbols.named('ftrace_caller')!.address)!.row;
    const text = embeddedSources.get(row.path)!.split('\n');
    assert.match(text[row.line - 1]!, /^\s*mv t1, zero/);
    const call = lines.at(symbols.named('ftrace_call')!.address)!.row;
    assert.match(text[call.line - 1]!, /^\s*call ftrace_stub/);
  });

  it('assembles to the bytes of GNU as', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'riscv64-linux-gnu-objcopy');
    const { machine, ftrace } = new TracedLaunch(assembled(sample('fib.s')));
    const { symbols } = ftrace.trampoline;
    const text = symbols.named('ftrace_caller')!.address;
    const data = symbols.named('function_trace_op')!.address;
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
    try {
      const file = (name: string) => join(folder, name);
      execFileSync('riscv64-linux-gnu-as', ['-march=rv64imac', '-mabi=lp64', '-o', file('o'), '-'], { input: argsModel.trampoline.text });
      const at = (section: string, address: bigint) => `-T${section}=0x${address.toString(16)}`;
      execFileSync('riscv64-linux-gnu-ld', ['--no-relax', at('text', text), at('data', data), '-e', '0', '-o', file('elf'), file('o')]);
      for (const [section, address] of [['.text', text] as const, ['.data', data] as const]) {
        execFileSync('riscv64-linux-gnu-objcopy', ['-O', 'binary', '-j', section, file('elf'), file('bin')]);
        const expected = readFileSync(file('bin'));
        assert.ok(expected.length > 20);
        assert.deepEqual(Buffer.from(machine.memory.read(address, expected.length)), expected, section);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has its frame on the stack from the instruction that makes room to the one that gives it back', () => {
    const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
    const { machine, ftrace } = launch;
    const f = launch.symbol('fib');
    machine.setBreakpoint(f);
    assert.equal(machine.run(1000).kind, 'breakpoint');
    const [sp, ra] = [machine.readX(2), machine.readX(1)];
    const at: (bigint | undefined)[] = [];
    while (machine.pc !== f + 8n) {
      at.push(ftrace.frameAt(machine.pc, machine.readX(2)));
      machine.step();
    }
    const live = documented.length - 6;
    const expected = [...Array(5).fill(undefined), ...Array(live + 1).fill(sp - 112n), ...Array(2).fill(undefined)];
    assert.deepEqual(at, expected);
    const regs = readFtraceRegs(machine.memory, sp - 112n)!;
    assert.deepEqual([regs.epc, regs.ra, regs.sp, regs.t1, regs.a0], [f + 8n, ra, sp, 0n, 10n]);
  });
});
