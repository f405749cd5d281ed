import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFtraceRegs } from '../../ftrace/ftrace-regs';
import { argsModel } from '../../ftrace/models/args';
import { callOpsModel } from '../../ftrace/models/call-ops';
import type { ModelName } from '../../ftrace/models/model';
import { regsModel } from '../../ftrace/models/regs';
import tracersText from '../../ftrace/trampolines/tracers.S';
import { decode } from '../../riscv/decode';
import { disassemble } from '../../riscv/disassemble';
import { requireTools } from '../support/tools';
import { assembled, sample, TracedLaunch } from './launch';

const argumentRegisters = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'];
const each = (instruction: 'sd' | 'ld', names: readonly string[], offset: number) =>
  names.map((name, index) => `${instruction} ${name},${offset + 8 * index}(sp)`);
const calls = ['auipc ra,0x0', /^jalr ra,\d+\(ra\)$/];
const toArguments = ['addi a0,t0,-8', /^auipc a1,0x[0-9a-f]+$/, /^addi a1,a1,-?\d+$/, 'ld a2,0(a1)', 'addi a1,ra,0', 'addi a3,sp,0'];

/** struct pt_regs, in the order in which ftrace_regs_caller saves it after epc, ra and a0 to a7. */
const otherRegisters = [
  ...each('sd', ['sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'], 16),
  ...each('sd', ['s2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', 't3', 't4', 't5', 't6'], 144),
];

const returnOf = (size: number, slots: readonly [name: string, offset: number][]) => [
  `addi sp,sp,-${size}`,
  ...slots.map(([name, offset]) => `sd ${name},${offset}(sp)`),
  `addi s0,sp,${size}`,
  'addi a0,sp,0',
  ...calls,
  'addi a2,a0,0',
  ...slots.map(([name, offset]) => `ld ${name},${offset}(sp)`),
  `addi sp,sp,${size}`,
  'jalr ra,0(a2)',
];

const oldReturn = returnOf(32, [
  ['ra', 24],
  ['s0', 16],
  ['a0', 8],
  ['a1', 0],
]);

/** arch/riscv/kernel/mcount-dyn.S with HAVE_FUNCTION_GRAPH_FP_TEST, pseudo-instructions written out, by kernel. */
const documented: Record<ModelName, Record<string, readonly (string | RegExp)[]>> = {
  // 6.8
  regs: {
    ftrace_caller: [
      'addi sp,sp,-288',
      'sd t0,0(sp)',
      'sd ra,8(sp)',
      ...each('sd', argumentRegisters, 80),
      'sd s0,64(sp)',
      ...toArguments,
      ...calls,
      'ld t0,0(sp)',
      'ld ra,8(sp)',
      ...each('ld', argumentRegisters, 80),
      'ld s0,64(sp)',
      'addi sp,sp,288',
      'jalr zero,0(t0)',
    ],
    ftrace_regs_caller: [
      'addi t1,zero,0',
      'addi sp,sp,-288',
      'sd t0,0(sp)',
      'sd ra,8(sp)',
      ...each('sd', argumentRegisters, 80),
      ...otherRegisters,
      ...toArguments,
      ...calls,
      'ld t0,0(sp)',
      'ld ra,8(sp)',
      ...each('ld', argumentRegisters, 80),
      ...otherRegisters.filter((text) => !text.startsWith('sd t0,')).map((text) => text.replace('sd', 'ld')),
      'addi sp,sp,288',
      /^bne t1,zero,\S+/,
      'jalr zero,0(t0)',
      'jalr zero,0(t1)',
    ],
    return_to_handler: oldReturn,
  },
  // 6.10 to 6.15; return_to_handler as up to 6.13
  args: {
    ftrace_caller: [
      'addi t1,zero,0',
      'addi t4,sp,0',
      'addi sp,sp,-112',
      'sd t0,0(sp)',
      'sd ra,8(sp)',
      'sd t4,16(sp)',
      'sd s0,24(sp)',
      'sd t1,32(sp)',
      ...each('sd', argumentRegisters, 40),
      ...toArguments,
      ...calls,
      'ld t0,0(sp)',
      'ld ra,8(sp)',
      'ld s0,24(sp)',
      'ld t1,32(sp)',
      ...each('ld', argumentRegisters, 40),
      'addi sp,sp,112',
      /^bne t1,zero,\S+/,
      'jalr zero,0(t0)',
      'jalr zero,0(t1)',
    ],
    return_to_handler: oldReturn,
  },
  // 6.16
  'call-ops': {
    ftrace_caller: [
      'ld t1,-16(t0)',
      'ld t1,384(t1)',
      /^bne t1,zero,\S+/,
      'addi sp,sp,-112',
      'sd t0,0(sp)',
      'sd ra,8(sp)',
      'sd s0,24(sp)',
      'sd t1,32(sp)',
      ...each('sd', argumentRegisters, 48),
      'addi a0,sp,0',
      'addi a0,a0,112',
      'sd a0,16(sp)',
      'addi a0,t0,-4',
      'addi a1,ra,0',
      'ld a2,-16(t0)',
      'ld ra,0(a2)',
      'addi a3,sp,0',
      'jalr ra,0(ra)',
      'ld t0,0(sp)',
      'ld ra,8(sp)',
      'ld s0,24(sp)',
      'ld t1,32(sp)',
      ...each('ld', argumentRegisters, 48),
      'addi sp,sp,112',
      /^bne t1,zero,\S+/,
      'jalr zero,0(t0)',
      'jalr zero,0(t1)',
    ],
    return_to_handler: returnOf(112, [
      ['ra', 8],
      ['s0', 24],
      ['a0', 48],
      ['a1', 56],
    ]),
  },
};

describe('the trampolines', () => {
  for (const model of [regsModel, argsModel, callOpsModel]) {
    it(`of model ${model.name} have the instructions that the kernel has, in their order`, () => {
      const { machine, ftrace } = new TracedLaunch(assembled(sample('fib.s'), model), { model });
      for (const [name, instructions] of Object.entries(documented[model.name])) {
        const symbol = ftrace.trampoline.symbols.named(name)!;
        let pc = symbol.address;
        for (const expected of instructions) {
          const instruction = decode(Number(machine.memory.load(pc, 4)));
          assert.ok(instruction, `0x${pc.toString(16)} holds no instruction`);
          assert.equal(instruction.length, 4);
          const text = disassemble(instruction, pc, { aliases: false }).replace('\t', ' ');
          if (typeof expected === 'string') assert.equal(text, expected);
          else assert.match(text, expected);
          pc += 4n;
        }
        assert.equal(pc, symbol.address + symbol.size, name);
      }
    });
  }

  it('is shown from its source', () => {
    const { ftrace } = new TracedLaunch(assembled(sample('fib.s')));
    const { symbols, lines, embeddedSources } = ftrace.trampoline;
    const row = lines.at(symbols.named('ftrace_caller')!.address)!.row;
    const text = embeddedSources.get(row.path)!.split('\n');
    assert.match(text[row.line - 1]!, /^\s*mv t1, zero/);
    const call = lines.at(symbols.named('ftrace_call')!.address)!.row;
    assert.match(text[call.line - 1]!, /^\s*call ftrace_stub/);
  });

  for (const model of [regsModel, argsModel, callOpsModel]) {
    it(`of model ${model.name} assemble to the bytes of GNU as`, function () {
      requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'riscv64-linux-gnu-objcopy');
      const { machine, ftrace } = new TracedLaunch(assembled(sample('fib.s'), model), { model });
      const { symbols } = ftrace.trampoline;
      const text = symbols.named('ftrace_caller')!.address;
      const data = symbols.named('function_trace_op')!.address;
      const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
      try {
        const file = (name: string) => join(folder, name);
        for (const [name, input] of [['trampoline.o', model.trampoline.text] as const, ['tracers.o', tracersText] as const]) {
          execFileSync('riscv64-linux-gnu-as', ['-march=rv64imac', '-mabi=lp64', '-o', file(name), '-'], { input });
        }
        const at = (section: string, address: bigint) => `-T${section}=0x${address.toString(16)}`;
        const objects = [file('trampoline.o'), file('tracers.o')];
        execFileSync('riscv64-linux-gnu-ld', ['--no-relax', at('text', text), at('data', data), '-e', '0', '-o', file('elf'), ...objects]);
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
  }

  it('has its frame on the stack from the instruction that makes room to the one that gives it back', () => {
    const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
    const { machine, ftrace } = launch;
    const f = launch.symbol('fib');
    machine.setBreakpoint(f);
    assert.equal(machine.run(1000).kind, 'breakpoint');
    const [sp, ra] = [machine.readX(2), machine.readX(1)];
    const at: (bigint | undefined)[] = [];
    while (machine.pc !== f + 8n) {
      at.push(ftrace.frameAt(machine.pc, machine.readX(2))?.address);
      machine.step();
    }
    const live = documented.args.ftrace_caller!.length - 6;
    const expected = [...Array(5).fill(undefined), ...Array(live + 1).fill(sp - 112n), ...Array(2).fill(undefined)];
    assert.deepEqual(at, expected);
    const regs = readFtraceRegs(machine.memory, argsModel.entries[0].frame, sp - 112n)!;
    assert.deepEqual([regs.epc, regs.ra, regs.sp, regs.t1, regs.a0], [f + 8n, ra, sp, 0n, 10n]);
  });
});
