import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { requireTools } from '../support/tools';
import { Driver, sample, scratchFile } from './adapter';

describe('launching', () => {
  let driver: Driver;
  beforeEach(async () => {
    driver = await Driver.connect();
  });
  afterEach(() => driver?.close());

  it('answers errors of the source with the first place, and prints all of them', async () => {
    const program = scratchFile('wrong.s', '.globl _start\n_start: adi a0, a0, 1\n        ld a0, 8(nothing)\n');
    assert.match(await driver.error('launch', { program }), /^wrong\.s:2:9: .*\(and 1 more error, see the Debug Console\)$/);
    const places = driver.events.filter(({ event }) => event === 'output').map(({ body }) => [body.source.path, body.line, body.category]);
    assert.deepEqual(places, [
      [program, 2, 'stderr'],
      [program, 3, 'stderr'],
    ]);
    assert.match(driver.output('stderr'), /^wrong\.s:2:9: error: .*\nwrong\.s:3:\d+: error: .*\n$/);
  });

  it('can be tried again after an error', async () => {
    assert.match(await driver.error('launch', { program: '/nowhere/x.s' }), /\/nowhere\/x\.s: there is no such file/);
    await driver.request('launch', { program: sample('fib.s') });
    assert.match(await driver.error('launch', { program: sample('fib.s') }), /launched its program already/);
  });

  it('names what is wrong with a file that is no program, or the arguments', async () => {
    assert.match(await driver.error('launch', { program: scratchFile('text.elf', 'not a program') }), /text\.elf/);
    assert.match(await driver.error('launch', { program: sample('.') }), /folder/);
    assert.match(await driver.error('launch'), /launch: "program" must be a string/);
    assert.match(await driver.error('launch', { program: 5 }), /"program" must be a string/);
    assert.match(await driver.error('launch', { program: 'x', args: [1] }), /"args" must be a list of strings/);
    assert.match(await driver.error('launch', { program: 'x', traceMarkers: [{}] }), /"function" must be a string/);
    assert.match(await driver.error('attach', {}), /runs inside this adapter/);
  });

  it('takes a relative program from cwd', async () => {
    await driver.request('launch', { program: 'fib.s', cwd: sample('.') });
    await driver.request('configurationDone');
    assert.equal(await driver.exit(), 0);
  });

  it('without call sites nothing can be traced, and the marker says so', async () => {
    await driver.request('launch', { program: sample('fib.s'), callSites: false });
    const { markers } = await driver.request('setTraceMarkers', { markers: [{ function: 'fib' }] });
    assert.equal(markers[0].verified, false);
    assert.match(markers[0].reason, /call site/);
  });

  it('debugs a C program from its source: lines, breakpoints, call stack, tracing', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const program = scratchFile(
      'sum.c',
      `static int square(int x) { return x * x; }
int __attribute__((noinline)) add(int total, int x) {
  total += square(x); /* break: add */
  return total;
}
int main(void) {
  int total = 0;
  for (int i = 1; i <= 3; i++)
    total = add(total, i); /* break: call */
  return total; /* break: end */
}
`,
    );
    await driver.request('launch', { program, compiler: 'clang-19', trace: ['add'] });
    await driver.breakAt(program, lineOf(program, 'add'));
    await driver.request('configurationDone');
    await driver.stopped();
    assert.deepEqual((await driver.places()).slice(0, 2), [`add:${lineOf(program, 'add')}`, `main:${lineOf(program, 'call')}`]);
    assert.equal((await driver.variables('ftrace_regs (saved copy)')).get('a1')!.value, 'x = 1 [+48]');
    await driver.breakAt(program);
    await driver.until('stepOut');
    assert.match((await driver.places())[0]!, /^main:/);
    await driver.breakAt(program, lineOf(program, 'end'));
    await driver.until('continue');
    assert.deepEqual(
      (await driver.request('traceMarkers')).markers.map(({ hits }: { hits: number }) => hits),
      [3],
    );
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 14);
  });
});
