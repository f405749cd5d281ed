import { strict as assert } from 'node:assert';
import type { ReadTraceResponseBody } from '../../debug-adapter/trace-protocol';
import { TraceLog } from '../../extension/trace-view/trace-log';

/** A trace of numbered lines of which the first `overrun` are overwritten. */
class FakeTrace {
  total = 0;
  overrun = 0;
  requests = 0;

  readonly read = async (from: number, limit: number): Promise<ReadTraceResponseBody> => {
    this.requests += 1;
    const first = Math.min(Math.max(from, this.overrun), this.total);
    const next = Math.min(first + limit, this.total);
    const lines = Array.from({ length: next - first }, (_, index) => `line ${first + index}`);
    return { header: `# tracer: function\n# ${this.total} entries`, lines, first, next };
  };
}

describe('the trace log', () => {
  const linesOf = (log: TraceLog): string[] =>
    log
      .text()
      .split('\n')
      .filter((line) => line.startsWith('line'));

  it('has the header and all lines, read in batches', async () => {
    const trace = new FakeTrace();
    const log = new TraceLog(5000);
    trace.total = 2500;
    assert.equal(await log.update(trace.read), true);
    assert.equal(log.text().split('\n').length, 2503);
    assert.match(log.text(), /^# tracer: function\n# 2500 entries\nline 0\n/);
    assert.equal(await log.update(trace.read), false);
    trace.total = 2501;
    assert.equal(await log.update(trace.read), true);
    assert.equal(linesOf(log).at(-1), 'line 2500');
  });

  it('keeps the last lines and says how many went before, without reading them all', async () => {
    const trace = new FakeTrace();
    const log = new TraceLog(100);
    trace.total = 1_000_000;
    await log.update(trace.read);
    assert.ok(trace.requests < 5);
    assert.equal(linesOf(log).length, 100);
    assert.match(log.text(), /# 999,900 earlier lines are not shown\nline 999900\n/);
    trace.total += 30;
    await log.update(trace.read);
    assert.deepEqual([linesOf(log)[0], linesOf(log).at(-1)], ['line 999930', 'line 1000029']);
    assert.match(log.text(), /# 999,930 earlier/);
  });

  it('shows no gap where the ring buffer overwrote lines that were not read', async () => {
    const trace = new FakeTrace();
    const log = new TraceLog(100);
    trace.total = 10;
    await log.update(trace.read);
    trace.total = 60;
    trace.overrun = 40;
    await log.update(trace.read);
    assert.deepEqual([linesOf(log)[0], linesOf(log).length], ['line 40', 20]);
    assert.match(log.text(), /# 40 earlier/);
  });

  it('begins anew with a restarted program', async () => {
    const trace = new FakeTrace();
    const log = new TraceLog(100);
    trace.total = 50;
    await log.update(trace.read);
    trace.total = 3;
    assert.equal(await log.update(trace.read), true);
    assert.deepEqual(linesOf(log), ['line 0', 'line 1', 'line 2']);
  });

  it('keeps what it has when the session does not answer any more', async () => {
    const trace = new FakeTrace();
    const log = new TraceLog(100);
    trace.total = 2;
    await log.update(trace.read);
    assert.equal(await log.update(async () => undefined), false);
    assert.equal(linesOf(log).length, 2);
  });
});
