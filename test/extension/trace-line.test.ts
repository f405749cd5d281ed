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

  it('are without the arguments of a call, and may be of C++', () => {
    const lines: Readonly<Record<string, readonly [string, string]>> = {
      '  a-1 [000] ..... 0.1: add(a=1, b=0x2 /* x */) <-main': ['add', 'main'],
      '  a-1 [000] ..... 0.1: main() <-_start': ['main', '_start'],
      '  a-1 [000] ..... 0.1: geo::Rect::area(this=0x10, by=2) <-(anonymous namespace)::hidden': [
        'geo::Rect::area',
        '(anonymous namespace)::hidden',
      ],
      '  a-1 [000] ..... 0.1: Less::operator() <-sort<unsigned int>': ['Less::operator()', 'sort<unsigned int>'],
    };
    for (const [text, expected] of Object.entries(lines)) {
      const names = namesInTraceLine(text);
      assert.deepEqual(
        names.map(({ name }) => name),
        expected,
      );
      for (const { name, start, end } of names) assert.equal(text.slice(start, end), name);
    }
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
