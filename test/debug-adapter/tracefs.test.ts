import { strict as assert } from 'node:assert';
import { Driver, sample } from './adapter';

const fib = sample('fib.s');

describe('tracefs in a session', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const type = async (line: string): Promise<string> => (await driver.request('evaluate', { expression: line, context: 'repl' })).result;

  it('is typed in the console, and shows in the trace', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    assert.equal(await type('cat current_tracer'), 'nop\n');
    assert.equal(await type("echo 'fib print_result' > set_ftrace_filter; echo function_graph > current_tracer"), '');
    assert.equal(await type('echo nosuch > current_tracer'), 'sh: write error: Invalid argument\n');
    assert.match(await type('cat enabled_functions'), /^fib \(1\) {11}\nprint_result \(1\) {11}\n$/);
    const { markers } = await driver.request('traceMarkers');
    assert.deepEqual(
      markers.map(({ function: name, state }: { function: string; state: string }) => [name, state]),
      [
        ['fib', 'on'],
        ['print_result', 'on'],
      ],
    );
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 0);
    const { header, lines } = await driver.request('readTrace', { from: 0 });
    assert.match(header, /^# tracer: function_graph\n/);
    assert.equal(lines[0], ' 0)               |  fib() {');
    assert.match(lines.at(-1), /^ 0\) . +\d+\.\d{3} us +\| {2}print_result\(\);$/);
  });

  it('completes paths, functions and tracers', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    const complete = async (text: string): Promise<string[]> =>
      (await driver.request('completions', { text, column: text.length + 1 })).targets.map(({ label }: { label: string }) => label);
    assert.deepEqual(await complete('cat set_graph_'), ['set_graph_function', 'set_graph_notrace']);
    assert.deepEqual(await complete('ls per_cpu/cpu0/st'), ['per_cpu/cpu0/stats']);
    assert.deepEqual(await complete('echo !fi'), ['!fib']);
    assert.deepEqual(await complete('echo function_'), ['function_graph']);
    assert.deepEqual(await complete('echo fib > set_ftrace_f'), ['set_ftrace_filter']);
  });

  it('is a tree of files for the editor', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    const tracefs = (operation: string, path: string, more: object = {}) => driver.request('tracefs', { operation, path, ...more });
    assert.deepEqual((await tracefs('stat', 'trace')).stat, { isDirectory: false, isReadable: true, isWritable: true });
    assert.deepEqual(await tracefs('stat', 'nosuch'), {});
    await tracefs('mkdir', 'instances/foo');
    assert.deepEqual((await tracefs('list', 'instances')).entries, [{ name: 'foo', isDirectory: true }]);
    await tracefs('write', 'instances/foo/current_tracer', { content: 'function\n' });
    assert.deepEqual(await tracefs('read', 'instances/foo/current_tracer'), { content: 'function\n' });
    await tracefs('rmdir', 'instances/foo');
    await assert.rejects(tracefs('read', 'instances/foo/trace'), /instances\/foo\/trace: ENOENT: No such file or directory/);
    await assert.rejects(tracefs('write', 'set_ftrace_filter', { content: 'nosuch' }), /EINVAL: Invalid argument/);
  });

  for (const [model, type] of [
    ['regs', 'pt_regs'],
    ['args', 'ftrace_regs'],
    ['call-ops', 'ftrace_regs'],
  ] as const) {
    it(`stops in the tracer of model ${model}, and marks each field of its frame`, async () => {
      driver = await Driver.launch({ program: fib, traceMarkers: [{ function: 'fib', stop: true }], 'ftrace.model': model });
      await driver.stopped();
      const fields = await driver.variables(type);
      assert.match(fields.get('a0')!.value, /^0xa \(10\) \[\+\d+\]$/);
      if (model === 'regs') {
        assert.match(fields.get('s11')!.value, /\[\+216\]$/);
        assert.match(fields.get('t0')!.value, /\[\+40, ignored on return\]$/);
        assert.match(fields.get('badaddr')!.value, /\[\+264, not saved\]$/);
      } else assert.match(fields.get('sp')!.value, /\[\+16, ignored on return\]$/);
      if (model === 'call-ops') assert.match(fields.get('direct_tramp')!.value, /\[\+40, not saved\]$/);
      assert.deepEqual(
        (await driver.stack()).slice(0, 4).map(({ name }: { name: string }) => name),
        ['function_trace_call', model === 'regs' ? 'ftrace_regs_caller' : 'ftrace_caller', 'fib', 'main'],
      );
      await driver.set(type, 'a0', '1');
      await driver.request('setTraceMarkers', { markers: [] });
      await driver.request('continue', { threadId: 1 });
      assert.equal(await driver.exit(), 0);
      assert.equal(driver.output('stdout'), 'fib(10) = 1\n');
    });
  }

  it('refuses a model that is none', async () => {
    await assert.rejects(
      Driver.launch({ program: fib, 'ftrace.model': 'regz' }),
      /there is no ftrace model regz: regs, args, call-ops are/,
    );
    await assert.rejects(
      Driver.launch({ program: fib, 'ftrace.model': 'regs', 'ftrace.patching': 'single' }),
      /has no patching single, only pair/,
    );
  });

  it('compares the models on the program', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    const { text } = await driver.request('compareModels', { functions: ['fib'] });
    assert.match(text, /^A traced call of fib in .*fib\.s:\n\nmodel .*\nregs +288 /);
    assert.match(text, /\ncall-ops +112 /);
  });
});
