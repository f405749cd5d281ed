import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { requireTools } from '../support/tools';
import { Driver, scratchFile } from './adapter';

const source = `struct bits { unsigned low : 3; int mid : 5; unsigned long big : 40; };
static int many[5000];
static __thread int calls = 7;
__thread double share = 0.25;
static double scaled(double by, float rough, int rows, int cols) {
  int grid[rows][cols];
  struct bits bits = { 5, -3, 1UL << 35 };
  for (int row = 0; row < rows; row++)
    for (int col = 0; col < cols; col++) grid[row][col] = 10 * row + col;
  calls++;
  return by * rough + grid[1][2] + bits.mid; /* break: all set */
}
int main(void) {
  for (int index = 0; index < 5000; index++) many[index] = index * index;
  return (int)scaled(1.5, 2.5f, 2, 3) + many[3];
}
`;

const compilers = {
  gcc: { tools: ['riscv64-linux-gnu-gcc'], command: ['riscv64-linux-gnu-gcc'] },
  clang: {
    tools: ['clang-19', 'ld.lld-19', 'riscv64-linux-gnu-gcc'],
    command: ['clang-19', '--target=riscv64-linux-gnu', '-fuse-ld=lld-19'],
  },
} as const;

for (const kind of ['gcc', 'clang'] as const) {
  describe(`values of a static program of ${kind}`, () => {
    let driver: Driver;

    beforeEach(async function () {
      requireTools(this, ...compilers[kind].tools);
      const path = scratchFile(`values-${kind}.c`, source);
      const program = path.replace(/\.c$/, '.elf');
      const [command, ...options] = compilers[kind].command;
      execFileSync(command, [...options, '-g', '-O0', '-static', '-march=rv64gc', '-mabi=lp64d', path, '-o', program]);
      const line = source.split('\n').findIndex((text) => text.includes('break: all set')) + 1;
      driver = await Driver.launch({ program }, (fresh) => fresh.breakAt(path, line));
      await driver.stopped();
    });
    afterEach(() => driver?.close());

    const open = async (reference: number, paging: object = {}): Promise<DebugProtocol.Variable[]> => {
      return (await driver.request('variables', { variablesReference: reference, ...paging })).variables;
    };

    it('pages a large array, opens arrays of arrays and of variable length', async () => {
      const { result, variablesReference, indexedVariables } = await driver.request('evaluate', { expression: 'many' });
      assert.match(result, /^\{0, 1, 4, 9, .*\.\.\.\}$/);
      assert.equal(indexedVariables, 5000);
      const page = await open(variablesReference, { filter: 'indexed', start: 4000, count: 100 });
      assert.equal(page.length, 100);
      assert.deepEqual([page[0]!.name, page[0]!.value, page[99]!.name], ['[4000]', '16000000', '[4099]']);
      assert.equal(page[0]!.evaluateName, 'many[4000]');
      assert.equal((await open(variablesReference, { start: 4990, count: 100 })).length, 10);
      assert.deepEqual(await open(variablesReference, { start: 6000, count: 100 }), []);
      const grid = (await driver.variables('Locals')).get('grid')!;
      assert.equal(grid.value, '{{0, 1, 2}, {10, 11, 12}}');
      assert.equal(grid.indexedVariables, 2);
      const rows = await open(grid.variablesReference);
      const cells = await open(rows[1]!.variablesReference);
      assert.deepEqual(
        cells.map(({ value, evaluateName }) => `${evaluateName}=${value}`),
        ['grid[1][0]=10', 'grid[1][1]=11', 'grid[1][2]=12'],
      );
      assert.equal(await driver.evaluate('many[3]@4'), '{9, 16, 25, 36}');
      assert.equal(await driver.evaluate('many[16],x'), '0x100');
      assert.equal(await driver.evaluate('sizeof grid'), '24');
    });

    it('completes variables of every kind, members, registers and commands, each with its place', async () => {
      const complete = async (text: string) => {
        const { targets } = await driver.request('completions', { text, column: text.length + 1, frameId: 1 });
        return targets.map(({ label, start, length }: DebugProtocol.CompletionItem) => `${label}@${start}+${length}`);
      };
      assert.deepEqual(await complete('bits.'), ['low@5+0', 'mid@5+0', 'big@5+0']);
      assert.deepEqual(await complete('1 + bits.m'), ['mid@9+1']);
      assert.deepEqual(await complete('(&bits)->b'), ['big@9+1']);
      assert.ok((await complete('2 * gri')).includes('grid@4+3'));
      for (const name of ['rows', 'rough']) assert.ok((await complete('ro')).includes(`${name}@0+2`), name);
      assert.ok((await complete('man')).includes('many@0+3'));
      assert.ok((await complete('grid[ca')).includes('calls@5+2'));
      assert.ok((await complete('scal')).includes('scaled@0+4'));
      assert.deepEqual(
        await complete('$fa'),
        Array.from({ length: 8 }, (_, index) => `$fa${index}@0+3`),
      );
      assert.deepEqual((await complete('pty')).slice(0, 1), ['ptype@0+3']);
      assert.ok((await complete('ptype bi')).includes('bits@6+2'));
      assert.deepEqual(await complete('nothing_like_this'), []);
      assert.deepEqual(await complete('grid.'), []);
      assert.deepEqual(await complete('(long)bits.m'), ['mid@11+1']);
      assert.deepEqual(await complete('siz'), ['sizeof@0+3']);
    });

    it('knows thread-local variables, and sets them', async () => {
      assert.equal(await driver.evaluate('calls'), '8');
      assert.equal(await driver.evaluate('share * 2'), '0.5');
      assert.equal(await driver.evaluate('calls = 20'), '20');
      assert.equal(await driver.evaluate('calls + 1'), '21');
    });

    it('sets floats, registers of them and bit-fields', async () => {
      assert.equal(await driver.set('Locals', 'by', '-0.1'), '-0.10000000000000001');
      assert.equal(await driver.set('Locals', 'rough', '0.1'), '0.100000001');
      assert.equal(await driver.evaluate('rough == 0.1f'), '1');
      assert.equal(await driver.evaluate('by * 10'), '-1');
      assert.equal(await driver.evaluate('bits.mid = 7'), '7');
      assert.equal(await driver.evaluate('bits.low = 9'), '1');
      assert.equal(await driver.evaluate('bits'), '{low = 1, mid = 7, big = 34359738368}');
      assert.equal(await driver.evaluate('$fa0 = 2.75'), '2.75');
      assert.equal(await driver.evaluate('$fa0 * 2'), '5.5');
      assert.match(await driver.error('evaluate', { expression: 'many[' }), /column 6|at the end/);
      assert.match(await driver.error('evaluate', { expression: '1 + nothing' }), /"nothing".*column 5/);
    });
  });
}
