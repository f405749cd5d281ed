import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { lineOf } from '../support/markers';
import { Driver, sample, scratchFile } from './adapter';

const fib = sample('fib.s');
const calls = 177;

/** Calls `tick` for ever, and `off` never. */
const endless = `
        .globl  _start
_start: call    tick
        j       _start
        .type   tick, @function
tick:   addi    s1, s1, 1       # break: tick
        ret
        .size   tick, .-tick
        .type   off, @function
off:    ret
        .size   off, .-off
plain:  ret
`;

describe('tracing', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  it('traces what the launch request names, from the first instruction', async () => {
    driver = await Driver.launch({ program: fib, trace: ['fi*', 'print_result'] });
    assert.equal(await driver.exit(), 0);
    const { markers } = await driver.request('traceMarkers');
    assert.deepEqual(
      markers.map((marker: { function: string; hits: number; state: string }) => [marker.function, marker.hits, marker.state]),
      [
        ['fib', calls, 'on'],
        ['print_result', 1, 'on'],
      ],
    );
    const { header, lines, first, next } = await driver.request('readTrace', { from: 0 });
    assert.match(header, /^# tracer: function\n#\n# entries-in-buffer\/entries-written: 178\/178 {3}#P:1/);
    assert.deepEqual([first, next, lines.length], [0, calls + 1, calls + 1]);
    assert.match(lines[0], /^ {11}fib\.s-1 {7}\[000\] \.{5} {5}\d\.\d{6}: fib <-main$/);
    assert.match(lines[1], /: fib <-fib$/);
    assert.match(lines[calls], /: print_result <-main$/);
    assert.deepEqual((await driver.request('readTrace', { from: 176, limit: 1 })).lines, [lines[176]]);
    assert.deepEqual(await driver.request('readTrace', { from: 5000 }), { header, lines: [], first: next, next });
  });

  it('says how the translator of hot code fares', async () => {
    driver = await Driver.launch({ program: fib });
    assert.equal(await driver.exit(), 0);
    const { lines } = await driver.request('translatorStatistics');
    assert.match(lines[0], /^instructions +[1-9]\d* executed$/);
    assert.ok(lines.some((line: string) => line.startsWith('regions ')));
  });

  it('says why a pattern or a marker traces nothing, and runs all the same', async () => {
    const program = scratchFile('reasons.s', endless);
    driver = await Driver.launch({ program, trace: ['tikc'], stopOnEntry: true });
    assert.match(driver.output('important'), /tikc: did you mean tick\?/);
    const { markers } = await driver.request('setTraceMarkers', {
      markers: [{ function: 'tick' }, { function: 'nothing' }, { function: 'plain' }, { function: '_start', stop: true }],
    });
    assert.deepEqual(
      markers.map(({ verified, state }: { verified: boolean; state: string }) => [verified, state]),
      [
        [true, 'on'],
        [false, 'off'],
        [false, 'off'],
        [false, 'off'],
      ],
    );
    assert.match(markers[0].address, /^0x[0-9a-f]+$/);
    assert.match(markers[1].reason, /has no function nothing/);
    assert.match(markers[2].reason, /plain is not declared as a function/);
    assert.match(markers[3].reason, /_start is not declared as a function/);
  });

  it('stops in the tracer, where ftrace_regs is the first scope and the arguments are what the caller gave', async () => {
    driver = await Driver.launch({ program: fib, traceMarkers: [{ function: 'fib', source: fib, stop: true }] });
    const stop = await driver.stopped();
    assert.deepEqual([stop.reason, stop.description], ['breakpoint', 'Paused on trace of fib']);
    const stack = await driver.stack();
    assert.deepEqual(
      stack.map(({ name }) => name),
      ['function_trace_call', 'ftrace_caller', 'fib', 'main', '_start'],
    );
    assert.equal(stack[2]!.line, lineOf(fib, 'entry'));
    for (const frame of [0, 1, 2]) {
      assert.equal((await driver.scopes(frame))[0]!.name, 'ftrace_regs');
      const fields = await driver.variables('ftrace_regs', frame);
      assert.deepEqual([...fields.keys()], ['epc', 'ra', 'sp', 's0', 't1', 'a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
      assert.equal(fields.get('a0')!.value, '0xa (10) [+40]');
      assert.match(fields.get('epc')!.value, /^0x[0-9a-f]+ <fib\+8> \[\+0\]$/);
      assert.match(fields.get('ra')!.value, /^0x[0-9a-f]+ <main\+\d+> \[\+8\]$/);
    }
    assert.equal((await driver.scopes(3))[0]!.name, 'Registers');
    const { memoryReference } = (await driver.variables('ftrace_regs')).get('a0')!;
    assert.equal(
      (await driver.request('readMemory', { memoryReference, count: 8 })).data,
      Buffer.of(10, 0, 0, 0, 0, 0, 0, 0).toString('base64'),
    );
  });

  it('what is written into ftrace_regs is what the function gets', async () => {
    driver = await Driver.launch({ program: fib, traceMarkers: [{ function: 'fib', stop: true }] });
    await driver.stopped();
    assert.equal(await driver.set('ftrace_regs', 'a0', '7'), '0x7 (7) [+40]');
    await driver.request('setTraceMarkers', { markers: [] });
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 0);
    assert.equal(driver.output(), 'fib(10) = 13\n');
  });

  it('epc = ra skips the function, as the kernel does to override one', async () => {
    driver = await Driver.launch({ program: fib, traceMarkers: [{ function: 'fib', stop: true }] });
    await driver.stopped();
    await driver.set('ftrace_regs', 'epc', (await driver.variables('ftrace_regs')).get('ra')!.value);
    await driver.set('ftrace_regs', 'a0', '1 + 0x29');
    await driver.request('continue', { threadId: 1 });
    await driver.exit();
    assert.equal(driver.output(), 'fib(10) = 42\n');
  });

  it('sp is written into the frame too, marked as what the trampoline ignores', async () => {
    driver = await Driver.launch({ program: fib, traceMarkers: [{ function: 'fib', stop: true }] });
    await driver.stopped();
    const variablesReference = await driver.firstScope();
    const stack = (await driver.stack()).map(({ name }) => name);
    const { value } = await driver.request('setVariable', { variablesReference, name: 'sp', value: '0x40 [+16, ignored on return]' });
    assert.equal(value, '0x40 (64) [+16, ignored on return]');
    assert.deepEqual(
      (await driver.stack()).map(({ name }) => name),
      stack,
    );
    assert.match(await driver.error('setVariable', { variablesReference, name: 'a9', value: '0' }), /no variable "a9"/);
    await driver.request('setTraceMarkers', { markers: [] });
    await driver.request('continue', { threadId: 1 });
    await driver.exit();
    assert.equal(driver.output(), 'fib(10) = 55\n');
  });

  it('a function entered through the trampoline keeps a copy of its ftrace_regs, each activation its own', async () => {
    driver = await Driver.launch({ program: fib, trace: ['fib'] }, (fresh) => fresh.breakAt(fib, lineOf(fib, 'base case')));
    await driver.stopped();
    const values: string[] = [];
    const depth = (await driver.stack()).length;
    for (let frame = 0; frame < depth - 2; frame++) {
      values.push((await driver.variables('ftrace_regs (saved copy)', frame)).get('a0')!.value);
    }
    assert.deepEqual(
      values,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `0x${n.toString(16)} (${n}) [+40]`),
    );
    const variablesReference = await driver.firstScope();
    assert.match(await driver.error('setVariable', { variablesReference, name: 'a0', value: '0' }), /the trampoline has returned/);
    await driver.request('setTraceMarkers', { markers: [{ function: 'fib' }] });
    await driver.request('setTraceMarkers', { markers: [] });
    assert.equal((await driver.scopes())[0]!.name, 'ftrace_regs (saved copy)');
    await driver.until('continue');
    assert.equal((await driver.scopes())[0]!.name, 'Registers', 'a call made since is not traced');
    assert.equal((await driver.scopes(1))[0]!.name, 'ftrace_regs (saved copy)', 'its caller was');
  });

  it('turns a function on and off while the program runs, one store at its call site, and counts its hits', async () => {
    const program = scratchFile('endless.s', endless);
    driver = await Driver.launch({ program });
    const set = async (...markers: object[]) => (await driver.request('setTraceMarkers', { markers })).markers;
    const [{ address }] = await set({ function: 'tick' });
    const callSite = async () => (await driver.request('readMemory', { memoryReference: address, offset: 4, count: 4 })).data;
    assert.equal(Buffer.from(await callSite(), 'base64').readUInt32LE() & 0xfffff, 0x282e7, 'jalr t0, lo(t0)');
    const { markers } = await driver.next('traceHits');
    assert.equal(markers[0].function, 'tick');
    assert.ok(markers[0].hits > 0);

    await set();
    assert.equal(Buffer.from(await callSite(), 'base64').readUInt32LE(), 0x13, 'nop');
    const hits = async () => (await set({ function: 'off' })) && (await driver.request('readTrace', { from: 0, limit: 0 })).header;
    const before = await hits();
    await delay(100);
    assert.equal(await hits(), before, 'no hit after it is off');

    await set({ function: 'tick', stop: true });
    assert.equal((await driver.stopped()).description, 'Paused on trace of tick');
  });

  it('sends at most 20 batches of hits a second', async () => {
    const started = performance.now();
    driver = await Driver.launch({ program: scratchFile('endless.s', endless), trace: ['tick'] });
    for (let count = 0; count < 8; count += 1) await driver.next('traceHits');
    await driver.until('pause');
    const seconds = (performance.now() - started) / 1000;
    const batches = driver.events.filter(({ event }) => event === 'traceHits').length;
    assert.ok(batches <= 20 * seconds + 2, `${batches} batches in ${seconds} s`);
  });
});
