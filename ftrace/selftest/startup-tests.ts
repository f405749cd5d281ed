import { FtraceError } from '../ftrace-error';
import type { FtraceOps, OpsOptions } from '../ftrace-ops';
import { noFunctions } from '../function-set';
import type { GraphUser } from '../graph/graph-user';
import type { Model } from '../models/model';
import { recordType } from '../ring-buffer';
import { SelftestGuest } from './guest';

/** A self-test of the kernel's start-up (kernel/trace/trace_selftest.c, CONFIG_FTRACE_STARTUP_TEST): throws Error where it fails. */
interface StartupTest {
  /** What stands behind `Testing`. */
  title(model: Model): string;
  run(guest: SelftestGuest): void;
}

/** Rounds of other work that stand for the 100 ms that the kernel waits. */
const someWork = 1000n;
const [func1, func2] = ['trace_selftest_dynamic_test_func', 'trace_selftest_dynamic_test_func2'];

/** Bytes that users of the graph tracer keep of a call, and what. */
const storageSizes = [1, 2, 4, 8] as const;
const stored = { 1: 123n, 2: 12345n, 4: 1234567890n, 8: 1234567890123456789n };

export const startupTests: readonly StartupTest[] = [
  { title: () => 'tracer function', run: testFunction },
  { title: () => 'dynamic ftrace', run: testDynamic },
  { title: () => 'dynamic ftrace ops #1', run: (guest) => testOps(guest, 1) },
  { title: () => 'dynamic ftrace ops #2', run: (guest) => testOps(guest, 2) },
  { title: () => 'ftrace recursion', run: testRecursion },
  { title: () => 'ftrace recursion safe', run: testRecursionSafe },
  { title: (model) => `ftrace regs${hasRegs(model) ? '' : '(no arch support)'}`, run: testRegs },
  { title: () => 'tracer function_graph', run: testGraph },
  ...storageSizes.map((size) => ({
    title: () => `fgraph storage of ${size} byte${size > 1 ? 's' : ''}`,
    run: (guest: SelftestGuest) => testStorage(guest, [size]),
  })),
  { title: () => 'multiple fgraph storage on a function', run: (guest) => testStorage(guest, storageSizes) },
];

function hasRegs(model: Model): boolean {
  return model.entries.length > 1;
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}

function testFunction(guest: SelftestGuest): void {
  const { top } = guest.ftrace;
  top.setTracer('function');
  guest.call('selftest_work', someWork);
  top.setTracer('nop');
  // The switch empties the buffer; what matters came before.
  top.setTracer('function');
  guest.call('selftest_work', someWork);
  const { trace } = guest.ftrace;
  check(trace.entries > 0, '.. no entries found ..');
  check(trace.entries === Number(someWork) + 1, `.. ${trace.entries} entries found ..`);
  for (const record of trace.from(0)) check(record.type === recordType.function, 'invalid buffer entry');
}

function testDynamic(guest: SelftestGuest): void {
  const { top } = guest.ftrace;
  top.hash.filter.change(func1);
  top.setTracer('function');
  guest.call('selftest_work', someWork);
  check(top.buffer.entries === 0, '*** did not filter ***');
  guest.call(func1);
  check(top.buffer.entries === 1, '*** did not filter ***');
}

class Probe {
  count = 0;
  readonly ops: FtraceOps;

  constructor(
    private readonly guest: SelftestGuest,
    names: readonly string[] | undefined,
    options: Partial<OpsOptions> = {},
  ) {
    this.ops = guest.ftrace.registry.create({
      func: 'function_trace_probe_call',
      callback: () => {
        this.count++;
        return 'continue';
      },
      ...options,
    });
    this.filter(names);
  }

  filter(names: readonly string[] | undefined): void {
    const { registry } = this.guest.ftrace;
    registry.setFilter(this.ops, names && registry.setOf(names.map((name) => this.guest.function(name))));
  }

  register(): this {
    this.guest.ftrace.registry.register(this.ops);
    return this;
  }

  unregister(): void {
    this.guest.ftrace.registry.unregister(this.ops);
  }
}

function testOps(guest: SelftestGuest, round: 1 | 2): void {
  const probes = [new Probe(guest, [func1]), new Probe(guest, [func2]), new Probe(guest, [func1, func2])].map((each) => each.register());
  if (round === 2) {
    guest.ftrace.top.hash.filter.change(func1);
    guest.ftrace.top.setTracer('function');
  }
  const expect = (name: string, counts: readonly number[]) => {
    guest.call(name);
    const found = probes.map(({ count }) => count);
    check(String(found) === String(counts), `expected ${counts} but got ${found}`);
  };
  expect(func1, [1, 0, 1]);
  expect(func2, [1, 1, 2]);
  const dynamic = new Probe(guest, undefined).register();
  expect(func1, [2, 1, 3]);
  check(dynamic.count > 0, 'the dynamic ops was not called');
  expect(func2, [2, 2, 4]);
  probes[2]!.filter([func2]);
  expect(func1, [3, 2, 4]);
  expect(func2, [3, 3, 5]);
  for (const probe of [dynamic, ...probes]) probe.unregister();
  for (const probe of probes) probe.count = 0;
  expect(func1, [0, 0, 0]);
  expect(func2, [0, 0, 0]);
}

function testRecursion(guest: SelftestGuest): void {
  const probe = new Probe(guest, [func1], { func: guest.symbol('selftest_recursion_func'), recursion: true }).register();
  guest.count = 0n;
  guest.call(func1);
  probe.unregister();
  check(guest.count === 1n || guest.count === 2n, `*callback called ${guest.count} times (expected 1 or 2)*`);
}

function testRecursionSafe(guest: SelftestGuest): void {
  const probe = new Probe(guest, [func1], { func: guest.symbol('selftest_recursion_safe_func') }).register();
  guest.count = 1n;
  guest.call(func1);
  probe.unregister();
  check(guest.count === 2n, `*callback not called expected 2 times (${guest.count})*`);
}

function testRegs(guest: SelftestGuest): void {
  const { model } = guest;
  let hasAll = false;
  let probe: Probe;
  const callback: OpsOptions['callback'] = ({ layout }) => {
    hasAll = layout.fields.some(({ name, kept }) => name === 's11' && kept);
    return 'continue';
  };
  try {
    probe = new Probe(guest, [func1], { saveRegs: true, callback });
    check(hasRegs(model), '*registered save-regs without arch support*');
  } catch (error) {
    if (!(error instanceof FtraceError) || hasRegs(model)) throw error;
    probe = new Probe(guest, [func1], { callback });
  }
  probe.register();
  guest.call(func1);
  probe.unregister();
  check(hasAll === hasRegs(model), hasAll ? '*unexpected regs*' : '*no regs*');
}

function testGraph(guest: SelftestGuest): void {
  const { ftrace } = guest;
  ftrace.top.setTracer('function_graph');
  guest.call('selftest_work', someWork);
  check(ftrace.trace.entries === 2 * (Number(someWork) + 1), `.. ${ftrace.trace.entries} entries found ..`);
  ftrace.top.setTracer('nop');
  const direct = ftrace.registry.trampoline.addressOf('ftrace_stub_direct_tramp');
  const probe = new Probe(guest, [func1], { func: 'call_direct_funcs', direct, callback: () => 'continue' }).register();
  ftrace.top.hash.filter.change(func1);
  ftrace.top.setTracer('function_graph');
  guest.call(func1);
  check(ftrace.trace.entries === 2, `.. ${ftrace.trace.entries} entries found, with a direct call ..`);
  ftrace.top.setTracer('nop');
  guest.call(func1);
  probe.unregister();
  check(!ftrace.fgraph.dead, 'graph tracing was stopped');
}

/** What a user keeps at a call it finds at the return, also where others keep something of the same call. */
function testStorage(guest: SelftestGuest, sizes: readonly (1 | 2 | 4 | 8)[]): void {
  const { fgraph, registry } = guest.ftrace;
  const found: (bigint | undefined)[] = sizes.map(() => undefined);
  const users = sizes.map((size, index): GraphUser => {
    return {
      filter: registry.setOf([guest.function(func1)]),
      notrace: noFunctions,
      subops: { entry: 'store_entry', return: 'store_return' },
      entry: ({ keep }) => keep(stored[size], size),
      return: ({ kept }) => {
        found[index] = kept;
      },
    };
  });
  for (const user of users) fgraph.register(user);
  guest.call(func1);
  for (const user of users) fgraph.unregister(user);
  for (const [index, size] of sizes.entries()) {
    check(found[index] === stored[size], `Did not get the stored value: ${found[index]} of ${size} bytes`);
  }
}

/** Runs them all under a model; a line for each, as the kernel prints it at its start. */
export function* runStartupTests(model: Model): Generator<{ readonly line: string; readonly passed: boolean }> {
  for (const { title, run } of startupTests) {
    const guest = new SelftestGuest(model);
    try {
      run(guest);
      yield { line: `Testing ${title(model)}: PASSED`, passed: true };
    } catch (error) {
      yield { line: `Testing ${title(model)}: ${error instanceof Error ? error.message : error} FAILED!`, passed: false };
    }
  }
}
