import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { requireTools } from '../support/tools';
import { Driver, sample, scratchFile } from './adapter';

const fib = sample('fib.s');
const at = (name: string) => lineOf(fib, name);

describe('stepping', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const launchAt = async (name: string, trace: string[] = []) => {
    driver = await Driver.launch({ program: fib, trace }, (fresh) => fresh.breakAt(fib, at(name)));
    assert.equal((await driver.stopped()).reason, 'breakpoint');
    assert.equal((await driver.stack())[0]!.line, at(name));
    await driver.breakAt(fib);
  };

  for (const trace of [[], ['fib']]) {
    const how = trace.length > 0 ? 'a traced call' : 'a call';

    it(`next passes over ${how}, whose recursion returns to the same line many times`, async () => {
      await launchAt('recursive call', trace);
      const depth = (await driver.stack()).length;
      assert.equal((await driver.until('next')).reason, 'step');
      assert.equal((await driver.stack())[0]!.line, at('recursive call') + 1);
      assert.equal((await driver.stack()).length, depth);
      assert.equal(await driver.evaluate('a0'), '0x22 (34)');
    });

    it(`stepIn enters ${how} after its call site`, async () => {
      await launchAt('first call', trace);
      await driver.until('stepIn');
      assert.deepEqual(await driver.places(), [
        `fib:${at('entry')}`,
        `main:${at('first call')}`,
        `_start:${(await driver.stack())[2]!.line}`,
      ]);
      assert.equal(await driver.evaluate('pc - fib'), '0x8 (8)');
    });

    it(`stepOut returns from ${how} to this activation's caller`, async () => {
      await launchAt('first call', trace);
      await driver.until('stepIn');
      for (let line = at('entry'); line < at('recursive call'); line++) await driver.until('next');
      assert.equal((await driver.stack())[0]!.line, at('recursive call'));
      await driver.until('stepIn');
      assert.equal((await driver.stack()).length, 4);
      await driver.until('stepOut');
      assert.equal((await driver.stack()).length, 3);
      assert.equal(await driver.evaluate('a0'), '0x22 (34)');
      await driver.until('stepOut');
      assert.deepEqual(
        (await driver.stack()).map(({ name }) => name),
        ['main', '_start'],
      );
      assert.equal(await driver.evaluate('a0'), '0x37 (55)');
    });
  }

  it('stepIn by instruction goes into the trampoline, and stepIn by line comes back out of it', async () => {
    await launchAt('first call', ['fib']);
    const names = new Set<string>();
    for (let count = 0; count < 8; count++) {
      names.add((await driver.stack())[0]!.name);
      await driver.until('stepIn', 'instruction');
    }
    assert.deepEqual([...names], ['main', 'fib', 'ftrace_caller']);
    const top = (await driver.stack())[0]!;
    const text = (await driver.request('source', { sourceReference: top.source!.sourceReference, source: top.source })).content;
    assert.match(text.split('\n')[top.line - 1], /sd \w+, FREGS_\w+\(sp\)/);
    await driver.until('stepOut');
    assert.equal((await driver.stack())[0]!.line, at('entry'));
  });

  it('next and stepIn by line pass and enter the call of the tracer inside the trampoline', async () => {
    driver = await Driver.launch({ program: fib, trace: ['fib'] }, (fresh) =>
      fresh.request('setFunctionBreakpoints', { breakpoints: [{ name: 'ftrace_caller' }] }),
    );
    for (const [command, name] of [
      ['next', 'ftrace_caller'],
      ['stepIn', 'function_trace_call'],
    ] as const) {
      if (command === 'next') await driver.stopped();
      else await driver.until('continue');
      while ((await driver.evaluate('pc - ftrace_call')) !== '0x0 (0)') await driver.until('next', 'instruction');
      await driver.until('next', 'instruction');
      const { line } = (await driver.stack())[0]!;
      await driver.until(command);
      const top = (await driver.stack())[0]!;
      assert.equal(top.name, name);
      if (command === 'next') assert.ok(top.line > line);
    }
  });

  it('stepIn enters functions of GCC, whose call site has no line', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    const program = scratchFile('one.c', 'static int one(int a) { return a + 1; }\nint main(int n, char **v) {\n  return one(n);\n}\n');
    const launch = { program, compiler: 'riscv64-linux-gnu-gcc', compilerArgs: ['-O0'], trace: ['*'] };
    driver = await Driver.launch(launch, (fresh) => fresh.breakAt(program, 3));
    await driver.stopped();
    await driver.until('stepIn');
    assert.deepEqual((await driver.places()).slice(0, 2), ['one:1', 'main:3']);
  });

  it('next by instruction takes a call as one instruction', async () => {
    await launchAt('first call');
    const before = new Set(await driver.places());
    while (before.has((await driver.places())[0]!)) await driver.until('next', 'instruction');
    assert.equal((await driver.stack())[0]!.line, at('first call') + 1);
    assert.equal(await driver.evaluate('a0'), '0x37 (55)');
  });

  it('a breakpoint inside a call ends next', async () => {
    await launchAt('first call');
    await driver.breakAt(fib, at('base case'));
    const stop = await driver.until('next');
    assert.equal(stop.reason, 'breakpoint');
    assert.equal((await driver.stack())[0]!.line, at('base case'));
  });

  it('next from the last line goes to the caller', async () => {
    await launchAt('base case');
    const depth = (await driver.stack()).length;
    await driver.until('next');
    assert.deepEqual([(await driver.stack())[0]!.line, (await driver.stack()).length], [at('recursive call') + 1, depth - 1]);
  });

  it('a line that loops for ever can be paused in a step, and leaves no breakpoint behind', async () => {
    const program = scratchFile('spin.s', '.globl _start\n_start:\n nop\nspin: j spin # break: spin\n');
    driver = await Driver.launch({ program, stopOnEntry: true });
    await driver.stopped();
    await driver.until('next');
    await driver.request('next', { threadId: 1 });
    assert.equal((await driver.until('pause')).reason, 'pause');
    assert.equal((await driver.stack())[0]!.line, lineOf(program, 'spin'));
  });

  it('a function without lines is left by a step, past those that it calls, or into one with lines', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const bare = (name: string, ...code: string[]) =>
      `__asm__(".type ${name}, @function\\n${name}:\\n ${code.join('\\n ')}\\n ret\\n.size ${name}, .-${name}");`;
    const calls = ['addi sp, sp, -16', 'sd ra, 8(sp)', 'call inner', 'call lined', 'ld ra, 8(sp)', 'addi sp, sp, 16'];
    const code = `int bare(int);
int lined(int n) { return n + 1; } /* break: lined */
${bare('inner', 'addi a0, a0, 1')}
${bare('bare', ...calls)}
int main(void) {
  int n = bare(1);
  return n; /* break: after */
}
`;
    const program = scratchFile('bare.c', code);
    for (const [command, end] of [
      ['next', 'after'],
      ['stepIn', 'lined'],
    ] as const) {
      driver = await Driver.launch({ program, compiler: 'clang-19', compilerArgs: ['-O0'] }, (fresh) =>
        fresh.request('setFunctionBreakpoints', { breakpoints: [{ name: 'bare' }] }),
      );
      await driver.stopped();
      assert.deepEqual((await driver.places())[0], 'bare:0');
      await driver.until(command);
      assert.equal((await driver.stack())[0]!.line, lineOf(program, end));
      await driver.close();
    }
  });

  it('stepOut of the outermost function says that there is no caller', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await driver.stopped();
    assert.match(await driver.error('stepOut', { threadId: 1 }), /outermost frame/);
  });
});
