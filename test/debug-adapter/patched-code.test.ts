import { strict as assert } from 'node:assert';
import { setTimeout as delay } from 'node:timers/promises';
import { Driver, sample } from './adapter';

const fib = sample('fib.s');

describe('patched code in the editor', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const reference = async (): Promise<string> =>
    (await driver.request('stackTrace', { threadId: 1 })).stackFrames[0].instructionPointerReference;
  const callSiteAt = async (memoryReference: string): Promise<string> => {
    const { memoryReference: start } = await driver.request('evaluate', { expression: '&fib', context: 'repl' });
    const offset = Number(BigInt(start) - BigInt(memoryReference.replace(/@.*/, '')));
    const { instructions } = await driver.request('disassemble', { memoryReference, offset, instructionCount: 2 });
    return instructions[1].instruction;
  };
  const mark = (...markers: object[]): Promise<unknown> => driver.request('setTraceMarkers', { markers });

  it('has new references after each patch, which mean the same addresses, and is fetched again', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    const first = await reference();
    assert.equal(await callSiteAt(first), 'nop');

    await mark({ function: 'fib' });
    for (let areas: string[] = []; !areas.includes('stacks'); ) areas = (await driver.next('invalidated')).areas;
    const second = await reference();
    assert.notEqual(second, first);
    assert.match(await callSiteAt(second), /^jalr t0/);

    await mark({ function: 'fib' });
    assert.equal(await reference(), second);
    await mark();
    assert.ok(![first, second].includes(await reference()));
    assert.equal(await callSiteAt(await reference()), 'nop');
  });

  it('takes such a reference for a breakpoint', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await mark({ function: 'fib' });
    const { breakpoints } = await driver.request('setInstructionBreakpoints', {
      breakpoints: [{ instructionReference: await reference(), offset: 4 }],
    });
    assert.equal(breakpoints[0].verified, true);
  });

  it('is not fetched again by an editor that has not asked for it', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await mark({ function: 'fib' });
    await delay(50);
    assert.ok(!driver.events.some(({ event }) => event === 'invalidated'));
  });
});

describe('markers and their sources', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  it('does not take a function of the same name for one of another file', async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    const { markers } = await driver.request('setTraceMarkers', {
      markers: [
        { function: 'main', source: sample('sort.s') },
        { function: 'main', source: fib },
        { function: 'main', source: `/built/elsewhere/fib.s` },
      ],
    });
    assert.deepEqual(
      markers.map(({ verified }: { verified: boolean }) => verified),
      [false, true, true],
    );
    assert.match(markers[0].reason, /fib\.s has no function main from .*sort\.s/);
    assert.equal(markers[0].address, undefined);
  });

  it('gives the trace also after the program was ended', async () => {
    driver = await Driver.launch({ program: fib, trace: ['print_result'] });
    await driver.exit();
    await driver.request('terminate');
    assert.equal((await driver.request('readTrace', { from: 0 })).lines.length, 1);
  });

  it('gives the last lines of the trace', async () => {
    driver = await Driver.launch({ program: fib, trace: ['fib'] });
    await driver.exit();
    const all = (await driver.request('readTrace', { from: 0 })).lines;
    assert.deepEqual((await driver.request('readTrace', { from: -3 })).lines, all.slice(-3));
    const { lines, first } = await driver.request('readTrace', { from: -1_000_000, limit: 5 });
    assert.deepEqual([lines, first], [all.slice(0, 5), 0]);
  });
});
