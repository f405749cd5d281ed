import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { requireTools } from '../support/tools';
import { Driver, sample, scratchFile } from './adapter';

describe('programs of other makes', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const reasons = async (...markers: object[]): Promise<string[]> =>
    (await driver.request('setTraceMarkers', { markers })).markers.map(({ reason }: { reason?: string }) => reason);

  it("static functions of one name are told apart by source, also GCC's, whose call sites have no line", async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc', 'riscv64-linux-gnu-objcopy');
    const one = scratchFile(
      'one.c',
      'static __attribute__((noinline)) int twin(int x) { return x; }\nint one(int x) { return twin(x); }\n',
    );
    const two = scratchFile(
      'two.c',
      'static __attribute__((noinline)) int twin(int x) { return x; }\nvoid _start(void) { twin(1); for (;;) {} }\n',
    );
    const flags = ['-march=rv64imac', '-mabi=lp64', '-g', '-static', '-nostdlib', '-fpatchable-function-entry=4', '-falign-functions=8'];
    const [program, stripped] = [`${dirname(one)}/twins`, `${dirname(one)}/stripped`];
    execFileSync('riscv64-linux-gnu-gcc', [...flags, one, two, '-o', program]);
    execFileSync('riscv64-linux-gnu-objcopy', ['--strip-all', program, stripped]);

    driver = await Driver.launch({ program, stopOnEntry: true });
    const { markers } = await driver.request('setTraceMarkers', { markers: [one, two].map((source) => ({ function: 'twin', source })) });
    const addresses = markers.map(({ address, verified }: { address?: string; verified: boolean }) => verified && address);
    assert.equal(new Set(addresses).size, 2);
    assert.ok(!addresses.includes(false));
    assert.match((await reasons({ function: 'twin' }))[0]!, /has 2 functions twin: the marker must name the source/);
    await driver.close();

    driver = await Driver.launch({ program: stripped, stopOnEntry: true });
    assert.deepEqual(await reasons({ function: 'twin' }), ['stripped has no symbols: it was stripped of them']);
    const frames = await driver.stack();
    assert.deepEqual([frames[0]!.line, frames[0]!.source], [0, undefined]);
  });

  it('assembly has no advice on compilers', async () => {
    driver = await Driver.launch({ program: sample('fib.s'), callSites: false, stopOnEntry: true });
    assert.deepEqual(await reasons({ function: 'fib' }, { function: 'fab' }), [
      'fib.s was assembled without call sites',
      'fib.s has no function fab',
    ]);
  });

  it('more arguments than the stack holds are refused at once, as is no program', async () => {
    driver = await Driver.connect();
    const args = Array.from({ length: 200_000 }, () => 'argument');
    assert.match(await driver.error('launch', { program: sample('fib.s'), args }), /more than a quarter of the stack/);
    assert.match(await driver.error('launch', { program: '' }), /"program" is empty/);
  });

  it('a frame without a line is at line 0 to an editor that counts from 0 too', async () => {
    const program = scratchFile('wild.s', '.globl _start\n_start: li t0, 0x1000\njr t0\n');
    driver = await Driver.connect();
    await driver.client.initializeRequest({ adapterID: 'x', linesStartAt1: false, columnsStartAt1: false, pathFormat: 'path' });
    await driver.request('launch', { program });
    await driver.request('configurationDone');
    assert.equal((await driver.stopped()).reason, 'exception');
    assert.deepEqual([(await driver.stack())[0]!.line, (await driver.stack())[0]!.column], [0, 0]);
  });

  it('nothing is assigned while the program runs', async () => {
    driver = await Driver.launch({ program: scratchFile('round.s', '.globl _start\n_start: j _start\n') });
    for (const expression of ['a0 = 1', 'pc = 0']) {
      assert.match(await driver.error('evaluate', { expression, context: 'repl' }), /the program is running; pause it first/);
    }
    await driver.until('pause');
    assert.equal(await driver.evaluate('a0 = 1'), '0x1 (1)');
    assert.equal(await driver.evaluate('a0 == 1'), '0x1 (1)');
    assert.match(await driver.error('evaluate', { expression: 'a0 = 1', context: 'watch' }), /type it into the Debug Console/);
  });

  it('cuts a stack whose return address is overwritten, and says so in the Call Stack', async () => {
    const program = scratchFile('smashed.s', smashed);
    const line = smashed.split('\n').findIndex((text) => text.includes('break: smashed')) + 1;
    driver = await Driver.launch({ program }, (fresh) => fresh.breakAt(program, line));
    await driver.stopped();
    assert.deepEqual(
      (await driver.stack()).map(({ name }) => name),
      ['smash', 'main', '_start'],
    );
    await driver.evaluate('{dword}($sp + 8) = 0xdead');
    const { stackFrames, totalFrames } = await driver.request('stackTrace', { threadId: 1, startFrame: 0, levels: 20 });
    const [first, note, ...rest] = stackFrames;
    assert.equal(first.name, 'smash');
    assert.match(note.name, /^<the caller of 0x[0-9a-f]+ is not known: its return address 0xdead is not code>$/);
    assert.deepEqual([note.presentationHint, note.line, rest, totalFrames], ['label', 0, [], 2]);
    assert.match(await driver.error('scopes', { frameId: note.id }), /frame/);
  });
});

const smashed = `
        .globl _start, main
        .type main, @function
_start: call main
        li a7, 93
        ecall
main:   addi sp, sp, -16
        sd ra, 8(sp)
        call smash
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size main, .-main
        .type smash, @function
smash:  addi sp, sp, -16
        sd ra, 8(sp)
        li ra, 0
        nop # break: smashed
        ld ra, 8(sp)
        addi sp, sp, 16
        ret
        .size smash, .-smash
`;
