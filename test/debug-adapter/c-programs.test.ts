import { strict as assert } from 'node:assert';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

const source = `struct point { int x, y; };
static int sum(struct point *p, int n) {
  int total = 0;
  for (int i = 0; i < n; i++)
    total += p->x + i;
  return total;
}
int main(void) {
  struct point here = { 3, 4 };
  return sum(&here, 5);
}
`;

describe('C programs', () => {
  let driver: Driver;
  afterEach(() => driver?.close());

  const launch = async (context: Mocha.Context, breakpoint: object) => {
    requireTools(context, 'clang-19', 'ld.lld-19');
    const program = scratchFile('points.c', source);
    driver = await Driver.launch({ program, compiler: 'clang-19', compilerArgs: ['-O0'], trace: ['sum'] }, (fresh) =>
      fresh.request('setBreakpoints', { source: { path: program }, breakpoints: [breakpoint] }),
    );
  };

  it('show variables that can be opened and set', async function () {
    await launch(this, { line: 5, condition: 'i == 2 && total > 0' });
    assert.equal((await driver.stopped()).reason, 'breakpoint');
    const locals = await driver.variables('Locals');
    assert.deepEqual(
      [...locals.values()].map(({ name, value, type }) => `${type} ${name} = ${name === 'p' ? '' : value}`),
      ['struct point * p = ', 'int n = 5', 'int total = 7', 'int i = 2'],
    );
    const { variables } = await driver.request('variables', { variablesReference: locals.get('p')!.variablesReference });
    assert.deepEqual(
      variables.map(({ name, value, evaluateName }: Record<string, string>) => [name, value, evaluateName]),
      [
        ['x', '3', 'p->x'],
        ['y', '4', 'p->y'],
      ],
    );
    assert.equal(await driver.set('Locals', 'total', 'p->y * 10'), '40');
    assert.equal(await driver.evaluate('p->x = 100'), '100');
    assert.equal(await driver.evaluate('total + p->x'), '140');
    assert.equal((await driver.variables('Locals', 1)).get('here')!.value, '{x = 100, y = 4}');
    assert.match(await driver.error('evaluate', { expression: 'p->z' }), /no member named "z" in struct point, in "p->z" at column 2/);
    assert.match(await driver.evaluate('ptype p'), /struct point \{\n {4}int x;\n {4}int y;\n\} \*/);
    const { targets } = await driver.request('completions', { text: 'p->', column: 4 });
    assert.deepEqual(
      targets.map(({ label }: { label: string }) => label),
      ['x', 'y'],
    );
    const saved = await driver.variables('ftrace_regs (saved copy)');
    assert.equal(saved.get('a1')!.value, 'n = 5 [+48]');
    assert.match(saved.get('a0')!.value, /^p = 0x[0-9a-f]+ \[\+40\]$/);
  });

  it('count hits and print at breakpoints', async function () {
    await launch(this, { line: 5, hitCondition: '>= 4', logMessage: 'i is {i}, {p->x,x} \\{so\\}' });
    await driver.exit();
    const printed = driver
      .output('console')
      .split('\n')
      .filter((line) => line.startsWith('i is'));
    assert.deepEqual(printed, ['i is 3, 0x3 {so}', 'i is 4, 0x3 {so}']);
  });

  it('stop where a condition cannot be evaluated, and say why', async function () {
    await launch(this, { line: 5, condition: 'nothing > 1' });
    await driver.stopped();
    assert.match(driver.output('console'), /cannot be evaluated: No symbol or register "nothing"/);
  });

  it('show the arguments of a traced function in f registers, and its return with its type in the graph', async function () {
    requireTools(this, 'clang-19', 'ld.lld-19');
    const program = scratchFile('floats.c', floatSource);
    const stop = [{ function: 'scale', stop: true }];
    // Kernels that have the option for arguments.
    const model = { 'ftrace.model': 'call-ops' };
    driver = await Driver.launch({ program, compiler: 'clang-19', compilerArgs: ['-O0'], traceMarkers: stop, ...model });
    await driver.stopped();
    const live = await driver.variables('ftrace_regs');
    const shown = ['fa0', 'fa1', 'fa2', 'a1'].map((name) => live.get(name)!.value.replace(/ \[.*/, ''));
    assert.deepEqual(shown, ['x = 1.5', 'y = 2.25', 'pair = {part = 0.5, count = 7}', 'n = 3']);
    assert.equal(live.get('fa0')!.type, 'double x');
    // The names of the traced function mean its variables, registers those of the tracer that is at work.
    assert.equal(await driver.evaluate('n * 2'), '6');
    assert.equal(await driver.evaluate('p/x pair.count'), '0x7');
    assert.match(await driver.evaluate('$pc', 'watch'), /function_trace_call/);
    const locals = [...(await driver.variables('Locals', 2)).values()].map(({ name, value }) => `${name} ${value}`);
    assert.deepEqual(locals, ['x 1.5', 'y 2.25', 'pair {part = 0.5, count = 7}', 'n 3']);
    await driver.evaluate('n = 4');
    assert.equal((await driver.variables('ftrace_regs')).get('a1')!.value.replace(/ \[.*/, ''), 'n = 4');
    await driver.request('setExpression', { expression: 'n', value: '3', frameId: (await driver.stack())[0]!.id });
    assert.match(await driver.error('evaluate', { expression: 'from', context: 'repl' }), /No symbol or register "from"/);
    const lines = ['echo function_graph > current_tracer', 'echo 1 > options/funcgraph-args', 'echo 1 > options/funcgraph-retval'];
    for (const line of lines) await driver.evaluate(line);
    await driver.request('setTraceMarkers', { markers: [{ function: 'scale' }, { function: 'count' }] });
    await driver.request('continue', { threadId: 1 });
    await driver.exit();
    const trace = await driver.evaluate('cat trace');
    assert.match(trace, /count\(from=4, sign=-1\); \/\* ret=-4 \(int\) -4 \*\//);
    assert.match(trace, /scale\(x=\.\.\., y=\.\.\., pair=\.\.\., n=3\)/);
  });
});

const floatSource = `struct pair { float part; int count; };
static int count(int from, signed char sign) { return from * sign; }
static double scale(double x, float y, struct pair pair, int n) {
  return x * y + pair.part * pair.count + n;
}
int main(void) {
  struct pair pair = { 0.5f, 7 };
  double sum = scale(1.5, 2.25f, pair, 3);
  sum += scale(1.5, 2.25f, pair, 3);
  return count(4, -1) + 4 + (sum > 100);
}
`;
