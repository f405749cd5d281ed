import { strict as assert } from 'node:assert';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

const source = `int calls;
static int add(int a, int b) { calls++; return a + b; }
static int fault(int *p) { return *p; } /* line 3 */
static void forever(void) { for (;;) calls++; }
static int inner(int n) { return add(n, 1); }
static void leave(void) {
  register long a0 __asm__("a0") = 7, a7 __asm__("a7") = 93;
  __asm__ volatile("ecall" :: "r"(a0), "r"(a7));
}
int main(void) {
  int n = add(1, 2);
  int *nowhere = 0;
  return n == 3 ? inner(n) : fault(nowhere); /* line 13 */
}
void (*unused[])(void) = {forever, leave};
`;

describe('functions called from expressions', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const launch = async (context: Mocha.Context, lines: readonly number[], trace: readonly string[] = []) => {
    requireTools(context, 'clang-19', 'ld.lld-19');
    const program = scratchFile('calls.c', source);
    const traceMarkers = trace.map((name) => ({ function: name, stop: true }));
    driver = await Driver.launch({ program, compiler: 'clang-19', compilerArgs: ['-O0'], traceMarkers }, (fresh) =>
      fresh.breakAt(program, ...lines),
    );
    await driver.stopped();
  };
  const registers = async () => [...(await driver.variables('Registers')).values()].map(({ name, value }) => `${name} ${value}`);

  it('run, with all registers and the place in the program as before', async function () {
    await launch(this, [13]);
    const [before, places] = [await registers(), await driver.places()];
    assert.equal(await driver.evaluate('add(20, inner(20)) + 1'), '42');
    assert.equal(await driver.evaluate('calls'), '3');
    assert.deepEqual(await registers(), before);
    assert.deepEqual(await driver.places(), places);
    assert.equal(await driver.evaluate('whatis add(1, 2)'), 'int');
    assert.equal(await driver.evaluate('calls'), '3');
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 4);
  });

  it('run where a person says so, and not by themselves', async function () {
    await launch(this, [13]);
    for (const context of ['hover', 'watch'])
      assert.match(await driver.error('evaluate', { expression: 'add(1, 2)', context }), /called in the Debug Console only/);
    assert.match(
      await driver.error('evaluate', { expression: 'add(1)', context: 'repl' }),
      /It takes 2 arguments, in "add\(1\)" at column 4/,
    );
    assert.match(await driver.error('evaluate', { expression: 'n(1)', context: 'repl' }), /Only functions are called, and this is "int"/);
    assert.equal(await driver.evaluate('calls'), '1');
    await driver.evaluate('$pc = forever');
    await driver.request('continue', { threadId: 1 });
    assert.match(
      await driver.error('evaluate', { expression: 'add(1, 1)', context: 'repl' }),
      /while the program is running; pause it first/,
    );
  });

  it('that do not return are left, and say where', async function () {
    await launch(this, [3, 13]);
    const before = await registers();
    assert.match(await driver.error('evaluate', { expression: 'fault(nowhere)', context: 'repl' }), /a breakpoint in it, at <fault\+\d+>/);
    await driver.breakAt(scratchFile('calls.c', source), 13);
    assert.match(await driver.error('evaluate', { expression: 'fault(nowhere)', context: 'repl' }), /It has faulted at <fault\+\d+>/);
    assert.match(
      await driver.error('evaluate', { expression: 'forever()', context: 'repl' }),
      /has not returned after 5 seconds, at <forever/,
    );
    assert.deepEqual(await registers(), before);
    assert.equal(await driver.evaluate('add(1, 1)'), '2');
    assert.match(await driver.error('evaluate', { expression: 'leave()', context: 'repl' }), /It has ended the program/);
    assert.equal(await driver.exit(), 7);
  });

  it('are traced, and do not stop at a marker; none is called while the tracer is at work', async function () {
    await launch(this, [13], ['inner']);
    assert.equal(await driver.evaluate('inner(5)'), '6');
    assert.match(await driver.evaluate('cat trace'), /inner <-/);
    await driver.until('continue');
    assert.match(await driver.error('evaluate', { expression: 'add(1, 1)', context: 'repl' }), /while the tracer is at work/);
  });
});
