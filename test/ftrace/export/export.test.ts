import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromeTrace } from '../../../ftrace/export/chrome-trace';
import { cpuProfile } from '../../../ftrace/export/cpu-profile';
import { foldedStacks } from '../../../ftrace/export/folded-stacks';
import { traceDat } from '../../../ftrace/export/trace-dat';
import { callOpsModel } from '../../../ftrace/models/call-ops';
import { recordType } from '../../../ftrace/ring-buffer';
import { Tracefs } from '../../../ftrace/tracefs/tracefs';
import { requireTools } from '../../support/tools';
import { assembled, sample, TracedLaunch } from '../launch';

function traced(tracer: 'function' | 'function_graph', kilobytes = 8192): Tracefs {
  const launch = new TracedLaunch(assembled(sample('sort.s'), callOpsModel), { model: callOpsModel, kilobytes });
  const tracefs = new Tracefs(launch.ftrace);
  launch.ftrace.top.setTracer(tracer);
  launch.exit();
  return tracefs;
}

describe('a trace', () => {
  for (const version of [6, 7] as const) {
    it(`as trace.dat of version ${version} is what trace-cmd reports, call by call`, function () {
      requireTools(this, 'trace-cmd');
      const { state } = traced('function');
      state.dynamicEvents.change('f:probe main n=$arg1:u64 who=$comm two=+0($stack):u8[2]', 'dynamic_events');
      for (const [system, name] of [
        ['fprobes', 'probe'],
        ['raw_syscalls', 'sys_enter'],
      ] as const) {
        state.events.find(system, name)!.enable(state.top, true);
      }
      const probe = state.events.find('fprobes', 'probe')!;
      probe.fire(new Map(Object.entries({ __probe_ip: 0x10054n, n: 7n, who: 'me', two: '1\x002' })), 0n, () => []);
      state.systemCalls.observe(64, [1n, 2n, 3n, 4n, 5n, 6n], undefined);
      state.top.write({ type: recordType.print, ip: 0n, payload: { name: 'tracing_mark_write', text: () => 'the end' }, length: 24 });
      const { program, trampoline, trace } = state.ftrace;
      const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
      try {
        const path = join(folder, 'trace.dat');
        writeFileSync(
          path,
          traceDat([{ name: '', buffer: trace }], { program, trampoline, text: state.traceText(state.top), isOld: false }, version),
        );
        const report = execFileSync('trace-cmd', ['report', '-t', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        const lines = report.trimEnd().split('\n').slice(1);
        const records = [...trace.from(0)];
        assert.equal(lines.length, records.length);
        const text = state.traceText(state.top);
        lines.forEach((line, index) => {
          const record = records[index]!;
          const seconds = `${record.timestamp / 1_000_000_000n}.${String(record.timestamp % 1_000_000_000n).padStart(9, '0')}`;
          assert.ok(line.includes(` ${seconds}: `), `${line} at ${seconds}`);
          if (record.type === recordType.function) assert.match(line, new RegExp(`function: +${text.symbols.name(record.ip)}\\b`));
        });
        assert.match(lines.at(-3)!, /probe: +\(10054\) n=7 who="me" two=\{1,2\}$/);
        assert.match(lines.at(-2)!, /sys_enter: +NR 64 \(1, 2, 3, 4, 5, 6\)$/);
        assert.match(lines.at(-1)!, /print: .*tracing_mark_write: the end/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  for (const version of [6, 7] as const) {
    it(`as trace.dat of version ${version} has the buffers of all instances, which trace-cmd tells apart`, function () {
      requireTools(this, 'trace-cmd');
      const { state } = traced('function');
      const { top } = state;
      const instances = ['one', 'two'].map((name) => state.makeInstance(name));
      instances.forEach((instance, index) => {
        for (let count = 0; count <= index; count++) {
          const text = `${instance.name} ${count}`;
          instance.write({ type: recordType.print, ip: 0n, payload: { name: 'tracing_mark_write', text: () => text }, length: 24 });
        }
      });
      const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
      try {
        const path = join(folder, 'trace.dat');
        const { program, trampoline } = state.ftrace;
        const buffers = [top, ...instances].map(({ name, buffer }) => ({ name, buffer }));
        writeFileSync(path, traceDat(buffers, { program, trampoline, text: state.traceText(top), isOld: false }, version));
        const report = execFileSync('trace-cmd', ['report', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        const lines = report.trimEnd().split('\n').slice(1);
        const told = lines.filter((line) => /^\w+: /.test(line)).map((line) => line.replace(/:.*tracing_mark_write: /, ': '));
        assert.deepEqual(told, ['one: one 0', 'two: two 0', 'two: two 1']);
        assert.equal(lines.length - told.length, top.buffer.entries);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it('as Chrome JSON has slices that nest, one for each call', () => {
    const { state } = traced('function_graph');
    const { trace, program } = state.ftrace;
    const { traceEvents } = JSON.parse([...chromeTrace(trace, state.traceText(state.top), program.name)].join('\n'));
    let [depth, time, begun] = [0, 0, 0];
    for (const { ph, ts } of traceEvents.slice(1)) {
      depth += ph === 'B' ? 1 : -1;
      begun += ph === 'B' ? 1 : 0;
      assert.ok(depth >= 0 && ts >= time);
      time = ts;
    }
    assert.equal(depth, 0);
    assert.equal(begun, [...trace.from(0)].filter(({ type }) => type === recordType.graphEntry).length);
  });

  it('as .cpuprofile and as folded stacks accounts for all time between the first call and the last return', () => {
    const { state } = traced('function_graph');
    const { trace, program } = state.ftrace;
    const records = [...trace.from(0)];
    const whole = Number(records.at(-1)!.timestamp - records[0]!.timestamp);
    const profile = JSON.parse(cpuProfile(trace, state.symbols, program));
    const sum = profile.timeDeltas.reduce((one: number, other: number) => one + other, 0);
    assert.ok(Math.abs(sum * 1000 - whole) < 1);
    assert.equal(profile.samples.length, profile.timeDeltas.length);
    const ids = new Set(profile.nodes.map(({ id }: { id: number }) => id));
    assert.ok(profile.samples.every((id: number) => ids.has(id)));
    assert.ok(
      profile.nodes
        .slice(1)
        .every(
          (node: { callFrame: { url: string; lineNumber: number } }) =>
            node.callFrame.url.endsWith('program.s') && node.callFrame.lineNumber > 0,
        ),
    );
    const folded = foldedStacks(trace, state.symbols);
    const total = folded.reduce((all, line) => all + Number(/ (\d+)$/.exec(line)![1]), 0);
    assert.equal(total, whole);
    assert.ok(folded.every((line) => /^[\w.;]+ \d+$/.test(line)));
  });

  it('of which the beginning is lost, or that has no returns, still nests', () => {
    for (const state of [traced('function_graph', 7).state, traced('function').state]) {
      const { trace, program } = state.ftrace;
      const { traceEvents } = JSON.parse([...chromeTrace(trace, state.traceText(state.top), program.name)].join('\n'));
      let depth = 0;
      for (const { ph } of traceEvents.slice(1)) {
        depth += ph === 'B' ? 1 : -1;
        assert.ok(depth >= 0);
      }
      assert.equal(depth, 0);
    }
  });
});
