import { strict as assert } from 'node:assert';
import { functionAtLine } from '../../extension/markers/function-at-line';
import type { FunctionRange } from '../../extension/markers/marker';

const range = (name: string, first: number, last: number): FunctionRange => ({ name, line: first, first, last });
const functions = [range('main', 10, 20), range('fib', 25, 40), range('inner', 30, 34)];

describe('the function at a line', () => {
  const inside = (line: number): string | undefined => functionAtLine(functions, line).inside?.name;

  it('is the one that holds it, from its first to its last line', () => {
    assert.deepEqual([10, 20, 25, 40].map(inside), ['main', 'main', 'fib', 'fib']);
  });

  it('is the innermost', () => {
    assert.equal(inside(31), 'inner');
  });

  it('is none between functions; then the nearest is named', () => {
    const nearest = (line: number): string | undefined => {
      const found = functionAtLine(functions, line);
      return found.inside ? undefined : found.nearest?.name;
    };
    assert.deepEqual([0, 22, 23, 99].map(nearest), ['main', 'main', 'fib', 'fib']);
  });

  it('is none in a document without functions', () => {
    assert.deepEqual(functionAtLine([], 3), { inside: undefined, nearest: undefined });
  });
});
