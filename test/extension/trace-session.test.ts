import { strict as assert } from 'node:assert';
import type { TraceMarker, TraceMarkerStatus } from '../../debug-adapter/trace-protocol';
import { TraceSession } from '../../extension/debug/trace-session';

const fib: TraceMarker = { function: 'fib', source: '/programs/fib.s' };
const launched = { type: 'response', command: 'launch', success: true };
const hits = (count: number): object => ({ type: 'event', event: 'traceHits', body: { markers: [{ ...fib, hits: count }] } });

/** A session whose adapter turns every marker on. */
function open(id: string, markers: TraceMarker[] = [fib]) {
  const requests: string[] = [];
  const seen = { changes: 0, traced: 0 };
  const statuses = (): TraceMarkerStatus[] => markers.map((marker) => ({ ...marker, verified: true, state: 'on', hits: 0 }));
  const port = {
    id,
    name: id,
    configuration: { program: '/programs/fib.s' },
    customRequest: async (command: string) => {
      requests.push(command);
      return command === 'setTraceMarkers' ? { markers: statuses() } : { header: '', lines: [], first: 0, next: 0 };
    },
  };
  const session = new TraceSession(
    port,
    () => markers,
    () => {
      seen.changes += 1;
    },
    () => {
      seen.traced += 1;
    },
  );
  return { session, requests, seen, watch: (message: object) => session.watch(message as Parameters<TraceSession['watch']>[0]) };
}

describe('a trace session', () => {
  it('knows nothing and asks for nothing before the launch is answered', async () => {
    const { session, requests } = open('one');
    await session.sendMarkers();
    assert.equal(await session.readTrace(0, 10), undefined);
    assert.equal(session.statusOf(fib), undefined);
    assert.deepEqual(requests, []);
  });

  it('has the statuses once it is launched, and counts the hits', async () => {
    const { session, watch, seen } = open('one');
    await watch(launched);
    assert.equal(session.statusOf(fib)?.state, 'on');
    await watch(hits(7));
    assert.equal(session.statusOf(fib)?.hits, 7);
    assert.ok(seen.changes >= 2 && seen.traced >= 2);
  });

  it('is over, and never ran, when its program cannot be started', async () => {
    const { session, watch, requests } = open('one');
    await watch({ ...launched, success: false });
    await session.sendMarkers();
    assert.deepEqual([session.ended, session.hasRun, requests], [true, false, []]);
  });

  it('does not take a function of another source for its own', async () => {
    const { session, watch } = open('one');
    await watch(launched);
    assert.equal(session.statusOf({ ...fib, source: '/programs/sort.s' }), undefined);
  });

  it('keeps its hits apart from those of another session', async () => {
    const one = open('one');
    const two = open('two');
    await one.watch(launched);
    await two.watch(launched);
    await one.watch(hits(3));
    assert.equal(one.session.statusOf(fib)?.hits, 3);
    assert.equal(two.session.statusOf(fib)?.hits, 0);
  });

  it('reads the trace while the end is announced, and not after it', async () => {
    const { session, watch, requests } = open('one');
    await watch(launched);
    await watch({ type: 'event', event: 'terminated' });
    assert.equal(session.ending, true);
    assert.ok(await session.readTrace(0, 10));
    session.end();
    assert.equal(await session.readTrace(0, 10), undefined);
    await session.sendMarkers();
    assert.deepEqual(requests, ['setTraceMarkers', 'readTrace']);
  });

  it('a launch that fails starts nothing', async () => {
    const { watch, requests } = open('one');
    await watch({ ...launched, success: false });
    assert.deepEqual(requests, []);
  });
});
