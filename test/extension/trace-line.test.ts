import { strict as assert } from 'node:assert';
import { namesInTraceLine } from '../../extension/trace-view/trace-line';

describe('names in a trace line', () => {
  const line = '             fib.s-1       [000] .....     0.000012: fib <-main';

  it('are the function and its parent, with their places', () => {
    const names = namesInTraceLine(line);
    assert.deepEqual(
      names.map(({ name }) => name),
      ['fib', 'main'],
    );
    for (const { name, start, end } of names) assert.equal(line.slice(start, end), name);
  });

  it('are not bare addresses', () => {
    assert.deepEqual(
      namesInTraceLine('  a-1 [000] ..... 0.1: fib <-0x10040').map(({ name }) => name),
      ['fib'],
    );
  });

  it('are none in the header and in other lines', () => {
    for (const other of ['', '# tracer: function', '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION', 'anything']) {
      assert.deepEqual(namesInTraceLine(other), []);
    }
  });
});
