import assert from 'node:assert/strict';
import { readPair } from '../../ftrace/call-site';
import { FtraceError } from '../../ftrace/ftrace-error';
import { TraceText } from '../../ftrace/output/trace-text';
import { selectFunctions } from '../../ftrace/select-functions';
import { assembled, Launch, liveRegisters, sample, sampleProgram, stateOf, TracedLaunch } from './launch';

const samples = ['fib.s', 'sort.s'];

describe('ftrace', () => {
  it('traces every call once, from the callee to the caller', () => {
    const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
    assert.equal(launch.exit(), 0);
    assert.equal(launch.output, 'fib(10) = 55\n');
    assert.equal(launch.hits('fib'), 177);
    const records = [...launch.ftrace.trace.from(0)];
    assert.equal(records.length, 177);
    const text = new TraceText({ program: launch.program });
    const line = /^ {9}program-1 {7}\[000\] \.{5} {5}0\.0000\d\d: fib <-(main|fib)$/;
    records.forEach((record, index) => {
      const match = line.exec(text.line(record));
      assert.equal(match?.[1], index === 0 ? 'main' : 'fib', text.line(record));
      assert.equal(record.ip, launch.symbol('fib'));
      assert.equal(record.regs.epc, record.ip + 8n);
      assert.equal(record.regs.ra, record.parentIp);
      assert.equal(record.regs.t1, 0n);
      assert.ok(record.number === 0 || record.timestamp > records[record.number - 1]!.timestamp);
    });
    assert.deepEqual(
      records.slice(0, 4).map((record) => record.regs.a0),
      [10n, 9n, 8n, 7n],
    );
  });

  it('turns a function on and off by one word', () => {
    const { machine, ftrace, ...launch } = new TracedLaunch(assembled(sample('fib.s')));
    const f = launch.program.symbols.named('fib')!.address;
    const [auipc, off] = readPair(machine.memory, f);
    assert.equal(auipc & 0xfff, 0x297);
    assert.equal(off, 0x13);
    assert.equal(ftrace.isOn(f), false);
    ftrace.enable(f);
    ftrace.enable(f);
    const [unchanged, on] = readPair(machine.memory, f);
    assert.equal(unchanged, auipc);
    assert.equal(on & 0xfffff, 0x282e7);
    assert.equal(ftrace.isOn(f), true);
    ftrace.disable(f);
    ftrace.disable(f);
    assert.deepEqual(readPair(machine.memory, f), [auipc, off]);
    assert.equal(ftrace.isOn(f), false);
  });

  it('costs two instructions a call while it is off', () => {
    for (const name of samples) {
      const plain = new Launch(assembled(sample(name), { callSites: false }));
      const off = new TracedLaunch(assembled(sample(name)));
      const all = new TracedLaunch(assembled(sample(name)));
      all.enable(...all.ftrace.functions.map((each) => each.name));
      for (const launch of [plain, off, all]) launch.exit();
      const calls = all.ftrace.functions.reduce((sum, each) => sum + each.hits, 0);
      assert.ok(calls > 10);
      assert.equal(off.output, plain.output);
      assert.equal(all.output, plain.output);
      assert.equal(off.machine.instret - plain.machine.instret, BigInt(2 * calls), name);
      assert.equal(off.ftrace.trace.written, 0);
    }
  });

  it('changes nothing that is live, at any entry of a function and at the end', () => {
    for (const name of [...samples, 'files.elf']) {
      const run = (traced: boolean) => {
        const launch = new TracedLaunch(sampleProgram(name));
        const entries: bigint[][] = [];
        for (const { address } of launch.ftrace.functions) {
          if (traced) launch.ftrace.enable(address);
          launch.machine.setHook(address + 8n, () => {
            entries.push(liveRegisters(launch.machine));
            return 'continue';
          });
        }
        launch.exit();
        for (const { address } of launch.ftrace.functions) launch.ftrace.disable(address);
        return { entries, output: launch.output, ...stateOf(launch) };
      };
      assert.deepEqual(run(true), run(false), name);
    }
  });

  it('stops in the tracer where it is told to, and goes on without a second hit', () => {
    const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
    const { machine, ftrace } = launch;
    ftrace.onHit = ({ number }) => (number === 3 ? 'stop' : 'continue');
    assert.equal(machine.run(1_000_000).kind, 'hook');
    assert.equal(machine.pc, ftrace.trampoline.symbols.named('function_trace_call')!.address);
    assert.equal(launch.hits('fib'), 4);
    assert.equal(launch.exit(), 0);
    assert.equal(launch.hits('fib'), 177);
  });

  it('records nothing after a function is off, though a call of it is in the trampoline', () => {
    const f = assembled(sample('fib.s')).symbols.named('fib')!.address;
    for (let steps = 0; steps <= 26; steps++) {
      const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
      const { machine, ftrace } = launch;
      machine.setBreakpoint(f);
      assert.equal(machine.run(1000).kind, 'breakpoint');
      machine.clearBreakpoint(f);
      for (let step = 0; step < steps; step++) machine.step();
      ftrace.disable(f);
      assert.equal(launch.exit(), 0);
      assert.equal(launch.output, 'fib(10) = 55\n');
      assert.equal(launch.hits('fib'), 0, `after ${steps} instructions`);
    }
  });

  it('is not deceived by a program that jumps into the tracer with a frame that is none', () => {
    const launch = new TracedLaunch(assembled(sample('fib.s'))).enable('fib');
    const { machine, ftrace } = launch;
    machine.setBreakpoint(launch.symbol('main'));
    machine.run(1000);
    machine.writeX(1, machine.pc);
    machine.writeX(10, launch.symbol('fib'));
    machine.writeX(13, 0xffff_ffff_ffff_fff0n);
    machine.pc = ftrace.trampoline.symbols.named('function_trace_call')!.address;
    assert.equal(machine.run(10).kind, 'breakpoint');
    assert.equal(ftrace.trace.written, 0);
  });

  it('keeps the newest calls when there is no room for all', () => {
    const launch = new TracedLaunch(assembled(text1000()), { kilobytes: 7 }).enable('f');
    launch.exit();
    const { trace } = launch.ftrace;
    assert.deepEqual([trace.entries, trace.written, trace.overrun, launch.hits('f')], [238, 1000, 762, 1000]);
    assert.equal(new TraceText({ program: launch.program }).header(trace)[2], '# entries-in-buffer/entries-written: 238/1000   #P:1');
  });

  it('refuses what it cannot trace, with the reason', () => {
    const { ftrace, machine, ...launch } = new TracedLaunch(assembled(sample('fib.s')));
    const f = launch.program.symbols.named('fib')!.address;
    assert.throws(() => ftrace.enable(f + 4n), /0x[0-9a-f]+ cannot be traced: no function with a call site starts there/);
    machine.memory.storeWord(f + 4n, 0x00008067);
    assert.throws(
      () => ftrace.enable(f),
      (error) => error instanceof FtraceError && /expected \(.* 00000013\) but got \(.* 00008067\)/.test(error.message),
    );
    assert.equal(ftrace.isOn(f), false);
    machine.memory.storeWord(f + 4n, 0x00000013);
    ftrace.enable(f);
    assert.equal(ftrace.isOn(f), true);
  });
});

/** Calls f a thousand times. */
function text1000(): string {
  return '.globl _start\n_start: li s0, 1000\n1: call f\n addi s0, s0, -1\n bnez s0, 1b\n li a7, 93\n ecall\n .type f, @function\nf: ret\n';
}

describe('selecting functions', () => {
  let launch: TracedLaunch;
  before(() => {
    launch = new TracedLaunch(assembled(sample('fib.s')));
  });
  const select = (...patterns: string[]) => {
    const { functions, problems } = selectFunctions(patterns, launch.ftrace, launch.program);
    return [functions.map((each) => each.name), problems];
  };

  it('adds what each pattern matches, and takes away what it matches after !', () => {
    assert.deepEqual(select(), [[], []]);
    assert.deepEqual(select('fib'), [['fib'], []]);
    assert.deepEqual(select('write_out', 'ma*', 'fib'), [['main', 'fib', 'write_out'], []]);
    assert.deepEqual(select('*', '!*i*'), [[], []]);
    assert.deepEqual(select('*', '!*_*'), [['main', 'fib'], []]);
    assert.deepEqual(select('2'), [['fib'], []]);
  });

  it('says which functions a pattern leaves out because of their call sites', () => {
    const { program } = launch;
    const sites = program.callSites.filter(({ name }) => name !== 'fib');
    const refusedCallSites = [{ name: 'fib', address: 0x10002n, reason: 'it is not aligned' }];
    const odd = new TracedLaunch({ ...program, callSites: sites, refusedCallSites });
    const omissions = (...patterns: string[]) => selectFunctions(patterns, odd.ftrace, odd.program).omissions;
    assert.deepEqual(omissions('*', '*i*'), ['fib cannot be traced: it is not aligned']);
    assert.deepEqual(omissions('main', '1', '!*'), []);
  });

  it('says why a pattern selects nothing', () => {
    assert.deepEqual(select('fibb', 'fib'), [['fib'], ['program has no function fibb: did you mean fib?']]);
    assert.deepEqual(select('zzz*'), [[], ['program has no function zzz*: it has 4 that can be traced']]);
    assert.deepEqual(select('_start'), [
      [],
      ['_start cannot be traced: _start is not declared as a function: add `.type _start, @function`'],
    ]);
  });
});
