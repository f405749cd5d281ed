import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lineOf } from '../support/markers';
import { requireTools } from '../support/tools';
import { Driver, sample, scratchFile } from './adapter';

const fib = sample('fib.s');

describe('a session', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  it('runs a program to its end: output, exited with its code, terminated', async () => {
    driver = await Driver.launch({ program: fib });
    assert.equal(await driver.exit(), 0);
    assert.equal(driver.output(), 'fib(10) = 55\n');
    assert.deepEqual((await driver.request('threads')).threads, []);
    assert.match(await driver.error('stackTrace', { threadId: 1 }), /the program has ended/);
  });

  it('gives the program its arguments and reports its exit code', async () => {
    const program = scratchFile('argc.s', '.globl _start\n_start: ld a0, 0(sp)\nli a7, 93\necall\n');
    driver = await Driver.launch({ program, args: ['a', 'b c'] });
    assert.equal(await driver.exit(), 3);
  });

  it('stops on entry, and at breakpoints that it has moved to lines with code', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true }, async (fresh) => {
      const placed = await fresh.breakAt(fib, 1, lineOf(fib, 'recursive call'), 10_000);
      assert.deepEqual(
        placed.map(({ verified }) => verified),
        [true, true, false],
      );
      assert.ok(placed[0]!.line! > 1);
      assert.equal(placed[1]!.line, lineOf(fib, 'recursive call'));
      assert.match(placed[2]!.message!, /no code at this line or after it/);
      const other = await fresh.request('setBreakpoints', { source: { path: '/nowhere/other.s' }, breakpoints: [{ line: 1 }] });
      assert.match(other.breakpoints[0].message, /no code from this file/);
    });
    assert.equal((await driver.stopped()).reason, 'entry');
    assert.equal((await driver.stack())[0]!.name, '_start');
    await driver.breakAt(fib, lineOf(fib, 'recursive call'));
    const stop = await driver.until('continue');
    assert.equal(stop.reason, 'breakpoint');
    assert.equal(stop.hitBreakpointIds!.length, 1);
    assert.equal((await driver.stack())[0]!.line, lineOf(fib, 'recursive call'));
  });

  it('stops at functions and at instructions, and says which breakpoint it was', async () => {
    driver = await Driver.launch({ program: fib }, async (fresh) => {
      const { breakpoints } = await fresh.request('setFunctionBreakpoints', { breakpoints: [{ name: 'fib' }, { name: 'nothing' }] });
      assert.deepEqual(
        breakpoints.map(({ verified }: { verified: boolean }) => verified),
        [true, false],
      );
      assert.equal(breakpoints[0].line, lineOf(fib, 'entry'));
      assert.match(breakpoints[1].message, /no function nothing/);
    });
    assert.equal((await driver.stopped()).reason, 'function breakpoint');
    const instructionReference = (await driver.stack())[0]!.instructionPointerReference!;
    await driver.request('setFunctionBreakpoints', { breakpoints: [] });
    const asked = [{ instructionReference, offset: 2 }, { instructionReference: '0x3' }, { instructionReference: 'here' }];
    const { breakpoints } = await driver.request('setInstructionBreakpoints', { breakpoints: asked });
    assert.deepEqual(
      breakpoints.map(({ verified }: { verified: boolean }) => verified),
      [true, false, false],
    );
    assert.equal((await driver.until('continue')).reason, 'instruction breakpoint');
  });

  it('lists the lines that can have a breakpoint, the sources and the thread', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await driver.stopped();
    const line = lineOf(fib, 'first call');
    const { breakpoints } = await driver.request('breakpointLocations', { source: { path: fib }, line: line - 1, endLine: line + 1 });
    assert.deepEqual(breakpoints, [{ line: line - 1 }, { line }, { line: line + 1 }]);
    assert.ok((await driver.request('loadedSources')).sources.some(({ path }: { path: string }) => path === fib));
    assert.deepEqual((await driver.request('threads')).threads, [{ id: 1, name: 'fib.s' }]);
  });

  it('pages a deep stack', async () => {
    driver = await Driver.launch({ program: fib }, (fresh) => fresh.breakAt(fib, lineOf(fib, 'base case')));
    await driver.stopped();
    const all = await driver.stack();
    const page = await driver.request('stackTrace', { threadId: 1, startFrame: 2, levels: 3 });
    assert.deepEqual(page.stackFrames, all.slice(2, 5));
    assert.ok(page.totalFrames > 5);
    const last = await driver.request('stackTrace', { threadId: 1, startFrame: all.length - 1, levels: 20 });
    assert.deepEqual([last.stackFrames.length, last.totalFrames], [1, all.length]);
  });

  const exceptions: Readonly<Record<string, readonly [signal: string, text: string, message: RegExp]>> = {
    'a null read': ['SIGSEGV', 'ld a0, 0(zero) # break: bad', /0x0/],
    'a write to code': ['SIGSEGV', 'la a1, _start\nsd a0, 0(a1) # break: bad', /write|store/],
    'a jump into nothing': ['SIGSEGV', 'li a0, 0x40\njr a0 # break: bad', /0x40/],
    'an illegal instruction': ['SIGILL', 'unimp # break: bad', /illegal|not an instruction/i],
    abort: ['SIGABRT', 'li a0, 1000\nli a1, 6\nli a7, 129\necall\nnop # break: bad', /SIGABRT: the program has sent it to itself/],
  };
  for (const [what, [signal, code, message]] of Object.entries(exceptions)) {
    it(`stops at ${what} and says what it was`, async () => {
      const program = scratchFile('exception.s', `.globl _start\n_start: nop\n${code}\n`);
      driver = await Driver.launch({ program });
      const stop = await driver.stopped();
      assert.deepEqual([stop.reason, stop.description], ['exception', `Paused on ${signal}`]);
      assert.match(stop.text!, message);
      const info = await driver.request('exceptionInfo', { threadId: 1 });
      assert.deepEqual([info.exceptionId, info.description, info.breakMode], [signal, stop.text, 'always']);
      assert.match(info.details.stackTrace, /^pc 0x/);
      if (what !== 'a jump into nothing') assert.equal((await driver.stack())[0]!.line, lineOf(program, 'bad'));
      await driver.request('continue', { threadId: 1 });
      assert.equal(await driver.exit(), 128 + { SIGILL: 4, SIGABRT: 6, SIGSEGV: 11 }[signal]!, 'running on ends the program');
    });
  }

  it('stops at an ebreak, and runs on after it', async () => {
    const program = scratchFile('ebreak.s', '.globl _start\n_start: ebreak\nc.ebreak\nli a0, 7\nli a7, 93\necall\n');
    driver = await Driver.launch({ program });
    assert.deepEqual(
      [(await driver.stopped()).description, (await driver.until('continue')).description],
      Array(2).fill('Paused on SIGTRAP'),
    );
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 7);
  });

  it('lets a fault that was mended go on', async () => {
    const program = scratchFile('mended.s', '.globl _start\n_start: ld a0, 0(a1)\nli a7, 93\necall\n.data\nvalue: .dword 5\n');
    driver = await Driver.launch({ program });
    await driver.stopped();
    await driver.evaluate('$a1 = &value');
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 5);
  });

  it('gives a typed line to a program that waits for input, without spinning, and evaluates at other times', async () => {
    const program = scratchFile(
      'echo.s',
      `.globl _start
_start: li a0, 0
        la a1, buffer
        li a2, 64
        li a7, 63
        ecall
        blez a0, end
        mv a2, a0
        li a0, 1
        li a7, 64
        ecall
        j _start
end:    li a7, 93
        ecall
        .bss
buffer: .zero 64
`,
    );
    driver = await Driver.launch({ program });
    await delay(200);
    const before = await driver.request('readTrace', { from: 0 });
    assert.deepEqual(before.lines, []);
    await driver.evaluate('hello, guest');
    await driver.next('output');
    assert.equal(driver.output(), 'hello, guest\n');
    await driver.until('pause');
    assert.equal(await driver.evaluate('a7'), '0x3f (63)');
    assert.match(await driver.evaluate('eof'), /has ended/);
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 0);
  });

  it('holds back a program that prints without end, and can pause it', async () => {
    const program = scratchFile(
      'flood.s',
      `.globl _start
_start: li a0, 1
        la a1, text
        li a2, 16
        li a7, 64
        ecall
        j _start
        .data
text:   .ascii "0123456789abcde\\n"
`,
    );
    driver = await Driver.launch({ program });
    while (driver.output().length <= 65_536) await driver.next('output');
    await driver.until('pause');
    const outputs = driver.events.filter(({ event }) => event === 'output');
    const printed = driver.output();
    assert.ok(printed.length / outputs.length > 1000, `${outputs.length} events for ${printed.length} characters`);
    assert.ok(printed.length < 4_000_000, `${printed.length} characters`);
    assert.match(printed, /^(0123456789abcde\n)+$/, 'nothing is lost');
  });

  it('pauses a program that loops for ever', async () => {
    driver = await Driver.launch({ program: scratchFile('loop.s', '.globl _start\n_start: j _start\n') });
    await delay(50);
    assert.match(await driver.error('stackTrace', { threadId: 1 }), /the program is running; pause it first/);
    assert.equal((await driver.until('pause')).reason, 'pause');
    assert.equal((await driver.stack())[0]!.name, '_start');
  });

  it('restarts with the source as it is now, breakpoints and markers in force', async () => {
    const text = (value: number) =>
      `.globl _start\n_start: li a0, ${value}\n        call done\n.type done, @function\ndone: li a7, 93 # break: done\n        ecall\n`;
    const program = scratchFile('restart.s', text(1));
    driver = await Driver.launch({ program, traceMarkers: [{ function: 'done' }] }, (fresh) =>
      fresh.breakAt(program, lineOf(program, 'done')),
    );
    await driver.stopped();
    writeFileSync(program, text(2));
    await driver.request('restart');
    const { breakpoint } = await driver.next('breakpoint');
    assert.deepEqual([breakpoint.id, breakpoint.verified], [1, true]);
    await driver.stopped();
    assert.deepEqual(
      (await driver.request('traceMarkers')).markers.map(({ hits }: { hits: number }) => hits),
      [1],
    );
    await driver.breakAt(program);
    await driver.request('continue', { threadId: 1 });
    assert.equal(await driver.exit(), 2);
  });

  it('restarts as often as it is asked to, one after the other, and leaves only the last program', async () => {
    const program = scratchFile('again.s', '.globl _start\n_start: j _start\n');
    driver = await Driver.launch({ program, stopOnEntry: true });
    await driver.stopped();
    await Promise.all([1, 2, 3].map(() => driver.request('restart')));
    for (let count = 0; count < 3; count++) assert.equal((await driver.stopped()).reason, 'entry');
    assert.match(await driver.error('restart', { arguments: { program: '/nowhere.s' } }), /no such file/);
    await driver.request('continue', { threadId: 1 });
    await driver.request('restart');
    assert.equal((await driver.stopped()).reason, 'entry');
  });

  it('begins once, however often it is configured', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await driver.stopped();
    await driver.request('configurationDone');
    assert.equal((await driver.stack())[0]!.name, '_start');
  });

  it('launches nothing when it is ended before the program is there', async function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    driver = await Driver.connect();
    const launched = driver.error('launch', { program: sample('files.c'), compiler: 'riscv64-linux-gnu-gcc' });
    await driver.request('terminate');
    assert.match(await launched, /ended while the program was being built/);
    assert.match(await driver.error('configurationDone'), /no program is launched/);
  });

  it('does not stop a program that is run without debugging', async () => {
    const launch = { program: fib, noDebug: true, stopOnEntry: true, traceMarkers: [{ function: 'fib', stop: true }] };
    driver = await Driver.launch(launch, async (fresh) => {
      const [placed] = await fresh.breakAt(fib, lineOf(fib, 'entry'));
      assert.match(placed!.message!, /without debugging/);
    });
    assert.equal(await driver.exit(), 0);
    assert.equal((await driver.request('readTrace', { from: 0, limit: 1000 })).lines.length, 177);
  });

  it('terminates a running program', async () => {
    driver = await Driver.launch({ program: scratchFile('loop.s', '.globl _start\n_start: j _start\n') });
    await driver.request('terminate');
    await driver.next('terminated');
    assert.match(await driver.error('pause', { threadId: 1 }), /no program is launched/);
  });
});
