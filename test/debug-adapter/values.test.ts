import { strict as assert } from 'node:assert';
import { lineOf } from '../support/markers';
import { Driver, sample } from './adapter';

const fib = sample('fib.s');

describe('values', () => {
  let driver: Driver;
  before(async () => {
    driver = await Driver.launch({ program: fib }, (fresh) => fresh.breakAt(fib, lineOf(fib, 'prologue done')));
    await driver.stopped();
  });
  after(() => driver.close());

  it('shows registers by ABI name, small numbers in decimal too, addresses with their symbol', async () => {
    const registers = await driver.variables('Registers');
    assert.equal(registers.size, 33);
    assert.equal(registers.get('a0')!.value, '0xa (10)');
    assert.equal(registers.get('a0')!.type, 'x10');
    assert.equal(registers.get('zero')!.value, '0x0 (0)');
    assert.match(registers.get('pc')!.value, /^0x[0-9a-f]+ <fib\+\d+>$/);
    assert.match(registers.get('ra')!.value, /^0x[0-9a-f]+ <main\+\d+>$/);
    assert.match(registers.get('sp')!.value, /^0x[0-9a-f]+$/);
  });

  it('shows registers that a caller has kept, and says which are not saved', async () => {
    const registers = await driver.variables('Registers', 1);
    assert.match(registers.get('pc')!.value, /<main\+\d+>$/);
    assert.equal(registers.get('a0')!.value, '<not saved>');
    assert.equal(registers.get('s0')!.value, '0x0 (0)');
    const reference = await driver.firstScope(1);
    assert.match(await driver.error('setVariable', { variablesReference: reference, name: 'sp', value: '1' }), /only the innermost frame/);
    assert.equal(await driver.set('Registers', 's0', '7', 1), '0x7 (7)');
    assert.equal(await driver.set('Registers', 's0', '0', 1), '0x0 (0)');
  });

  it('honours the hexadecimal format and slices', async () => {
    const variablesReference = await driver.firstScope();
    const { variables } = await driver.request('variables', { variablesReference, start: 11, count: 1, format: { hex: true } });
    assert.deepEqual(
      variables.map(({ name, value }: { name: string; value: string }) => [name, value]),
      [['a0', '0xa']],
    );
  });

  it('shows the counters as read-only CSRs', async () => {
    const csrs = await driver.variables('CSR');
    assert.match(csrs.get('instret')!.value, /^0x[0-9a-f]+ \(\d+\)$/);
    const reference = (await driver.scopes()).find(({ name }) => name === 'CSR')!.variablesReference;
    assert.match(await driver.error('setVariable', { variablesReference: reference, name: 'instret', value: '1' }), /read-only/);
  });

  it('writes registers, and takes back what it has shown beside a value', async () => {
    assert.equal(await driver.set('Registers', 's1', '0x30 (48)'), '0x30 (48)');
    assert.equal(await driver.set('Registers', 's1', 'fib'), await driver.evaluate('fib'));
    assert.equal(await driver.set('Registers', 's1', '-2'), '0xfffffffffffffffe (-2)');
    assert.deepEqual((await driver.next('invalidated')).areas, ['variables']);
    const variablesReference = await driver.firstScope();
    assert.match(await driver.error('setVariable', { variablesReference, name: 'zero', value: '1' }), /always zero/);
    assert.match(await driver.error('setVariable', { variablesReference, name: 'pc', value: '1' }), /even addresses/);
    assert.match(await driver.error('setVariable', { variablesReference, name: 's1', value: '1 +' }), /Missing a value/);
    assert.match(await driver.error('setVariable', { variablesReference: 999, name: 's1', value: '1' }), /no variables 999/);
  });

  it('evaluates in hover, watch and console', async () => {
    for (const context of ['hover', 'watch', 'repl']) {
      assert.equal(await driver.evaluate('a0 * 2 + 1', context), '0x15 (21)');
      assert.match(await driver.evaluate('fib', context), /^0x[0-9a-f]+ <fib>$/);
      assert.match(await driver.evaluate('*(sp + 24)', context), /^0x[0-9a-f]+ <main\+\d+>$/);
      assert.equal(await driver.evaluate('{byte} label', context), '0x66 (102)');
    }
    assert.match(await driver.error('evaluate', { expression: 'nothing' }), /No symbol or register "nothing"/);
    assert.match(await driver.error('evaluate', { expression: '$nothing' }), /No symbol or register "\$nothing"/);
    assert.match(await driver.error('evaluate', { expression: '*0' }), /Cannot access memory at address 0x0/);
    assert.match(await driver.error('evaluate', { expression: '1 / 0' }), /Division by zero/);
    assert.match(
      await driver.error('evaluate', { expression: 'info registers', context: 'repl' }),
      /info: this command of gdb's has its view/,
    );
    assert.match(await driver.error('evaluate', { expression: 'a0', frameId: 77 }), /no stack frame 77/);
    assert.match(await driver.error('evaluate', { expression: 'a0', frameId: 2 }), /a0 is not saved/);
  });

  it('assigns in the console', async () => {
    await driver.evaluate('$a5 = 3 * 5');
    assert.equal(await driver.evaluate('a5'), '0xf (15)');
    await driver.evaluate("{byte} sp = 'x'");
    assert.equal(await driver.evaluate('{byte} sp'), '0x78 (120)');
    await driver.request('setExpression', { expression: '*sp', value: '0x1122334455667788' });
    assert.equal(await driver.evaluate('*sp'), '0x1122334455667788');
    assert.match(await driver.error('evaluate', { expression: 'fib = 1', context: 'repl' }), /"fib" cannot be assigned/);
  });

  it('keeps values by name, and the last ones', async () => {
    await driver.evaluate('$count = 40');
    assert.equal(await driver.evaluate('$count += 2'), '0x2a (42)');
    assert.equal(await driver.evaluate('$count++'), '0x2a (42)');
    assert.equal(await driver.evaluate('$'), '0x2a (42)');
    assert.equal(await driver.evaluate('$count'), '0x2b (43)');
    assert.equal(await driver.evaluate('$ + $$'), '0x55 (85)');
    assert.match(await driver.error('evaluate', { expression: '$nonesuch + 1', context: 'repl' }), /No symbol or register "\$nonesuch"/);
    await driver.evaluate('{word} sp = 77');
    await driver.evaluate('x/2xb sp');
    assert.match(await driver.evaluate('p/d $__'), /^0$/);
    assert.equal(await driver.evaluate('p/d $_ - sp'), '1');
  });

  it('examines memory as gdb does', async () => {
    await driver.evaluate('*sp = 0x1122334455667788');
    assert.match(await driver.evaluate('x/2xw sp'), /^0x[0-9a-f]+:\t0x55667788\t0x11223344$/);
    assert.match(await driver.evaluate('x/xg sp'), /:\t0x1122334455667788$/);
    assert.match(await driver.evaluate('x/4bx sp'), /:\t0x88\t0x77\t0x66\t0x55$/);
    assert.match(await driver.evaluate('x/bd sp'), /:\t-120$/);
    assert.match(await driver.evaluate('x/s label'), /<label>:\t"fib\(10\) = /);
    assert.match(await driver.evaluate('x/3c label'), /<label>:\t102 'f'\t105 'i'\t98 'b'$/);
    assert.match(await driver.evaluate('x/2i pc'), /^=> 0x[0-9a-f]+ <fib\+\d+>:\tmv s0,a0\n {3}0x[0-9a-f]+ <fib\+\d+>:\taddi? /);
    assert.equal(await driver.evaluate('p/t 5'), '101');
    assert.equal(await driver.evaluate('p/d -1'), '-1');
    assert.equal(await driver.evaluate('p a0'), '0xa (10)');
    assert.match(await driver.evaluate('help'), /ends the program's standard input/);
    assert.match(await driver.error('evaluate', { expression: 'x/0x sp', context: 'repl' }), /the count must be/);
    assert.match(await driver.error('evaluate', { expression: 'x/4xq sp', context: 'repl' }), /the format is/);
    assert.match(await driver.error('evaluate', { expression: 'x/99999xb sp', context: 'repl' }), /the count must be/);
    assert.match(await driver.error('evaluate', { expression: 'x', context: 'repl' }), /an expression is missing/);
  });

  it('completes registers, symbols and commands', async () => {
    const labels = async (text: string) =>
      (await driver.request('completions', { text, column: text.length + 1 })).targets.map(({ label }: { label: string }) => label);
    assert.deepEqual(await labels('a0 + print_r'), ['print_result']);
    assert.deepEqual(await labels('$s1'), ['$s1', '$s10', '$s11']);
    assert.deepEqual(await labels('hel'), ['help']);
  });
});

describe('a write', () => {
  it('lets the stack be fetched again only where it has changed it', async () => {
    const driver = await Driver.launch({ program: fib }, (fresh) => fresh.breakAt(fib, lineOf(fib, 'prologue done')));
    await driver.stopped();
    const areasAfter = async (expression: string): Promise<string[]> => {
      await driver.stack();
      await driver.evaluate(expression);
      return (await driver.next('invalidated')).areas;
    };
    const saved = (await driver.evaluate('*(sp + 24)')).split(' ')[0];
    assert.deepEqual(await areasAfter('$s2 = 7'), ['variables']);
    assert.deepEqual(await areasAfter('*sp = 7'), ['variables']);
    assert.deepEqual(await areasAfter('*(sp + 24) = fib + 12'), ['stacks']);
    assert.deepEqual(await areasAfter(`*(sp + 24) = ${saved}`), ['stacks']);
    assert.deepEqual(await areasAfter('$a0 = 7'), ['variables']);
    await driver.close();
  });
});

describe('memory', () => {
  let driver: Driver;
  before(async () => {
    driver = await Driver.launch({ program: fib, stopOnEntry: true });
    await driver.stopped();
  });
  after(() => driver.close());

  it('reads and writes bytes', async () => {
    const memoryReference = await driver.evaluate('sp');
    const data = Buffer.from('guest').toString('base64');
    assert.deepEqual(await driver.request('writeMemory', { memoryReference, offset: -16, data }), { bytesWritten: 5 });
    const { memoryReference: address } = await driver.next('memory');
    const read = await driver.request('readMemory', { memoryReference: address, count: 5 });
    assert.deepEqual(read, { address, data });
    for (const bad of ['%%%', 'AAAAA']) assert.match(await driver.error('writeMemory', { memoryReference, data: bad }), /not base64/);
  });

  it('says how many bytes cannot be read', async () => {
    assert.deepEqual(await driver.request('readMemory', { memoryReference: '0x0', count: 100 }), {
      address: '0x0',
      data: '',
      unreadableBytes: 100,
    });
    assert.match(await driver.error('readMemory', { memoryReference: 'here', count: 1 }), /"here" is not an address/);
    assert.match(await driver.error('readMemory', { memoryReference: '0x0', count: -1 }), /must not be negative/);
    assert.match(await driver.error('writeMemory', { memoryReference: '0x0', data: 'AAAA' }), /Cannot access memory at address 0x0/);
    assert.deepEqual(await driver.request('writeMemory', { memoryReference: '0x0', data: 'AAAA', allowPartial: true }), {
      bytesWritten: 0,
    });
  });

  it('disassembles forwards and backwards, across what cannot be read', async () => {
    const memoryReference = (await driver.evaluate('fib')).split(' ')[0]!;
    const { instructions } = await driver.request('disassemble', { memoryReference, instructionOffset: -2, instructionCount: 6 });
    assert.equal(instructions.length, 6);
    assert.deepEqual(
      instructions.slice(2, 4).map(({ instruction }: { instruction: string }) => instruction.split(' ')[0]),
      ['auipc', 'nop'],
    );
    assert.equal(instructions[2].symbol, 'fib');
    assert.equal(instructions[2].address, memoryReference);
    assert.equal(instructions[3].instructionBytes, '13 00 00 00');
    const body = instructions[4];
    assert.deepEqual([body.location.path, body.line], [fib, lineOf(fib, 'entry')]);

    const nowhere = await driver.request('disassemble', { memoryReference: '0x4', instructionOffset: -8, instructionCount: 16 });
    assert.equal(nowhere.instructions.length, 16);
    assert.ok(nowhere.instructions.every(({ presentationHint }: { presentationHint: string }) => presentationHint === 'invalid'));
    assert.match(await driver.error('disassemble', { memoryReference, instructionCount: 1e9 }), /at most 10000/);
  });

  it('every window of a disassembly agrees with the one that starts at the function', async () => {
    const memoryReference = (await driver.evaluate('print_result')).split(' ')[0]!;
    const all = (await driver.request('disassemble', { memoryReference, instructionCount: 40 })).instructions;
    for (const [index, { address }] of all.entries()) {
      const window = await driver.request('disassemble', {
        memoryReference: address,
        instructionOffset: -index,
        instructionCount: index + 1,
      });
      assert.deepEqual(
        window.instructions.map((each: { address: string }) => each.address),
        all.slice(0, index + 1).map((each: { address: string }) => each.address),
      );
    }
  });
});
