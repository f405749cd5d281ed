import assert from 'node:assert/strict';
import { writeDispatchTree } from '../../../emulator/interpreter/dispatch-tree';
import { frequentHandlers, handlers } from '../../../emulator/interpreter/handlers';
import { i32 } from '../../../emulator/wasm/expression';
import { get, type Label } from '../../../emulator/wasm/function-body';
import { encodeModule } from '../../../emulator/wasm/module';

const first = 6;

/** A function that goes by the tree, and gives the index of the leaf where that leads. */
function dispatchOf(frequencies: readonly number[]): (number: number) => number {
  const number = { type: 'i32', index: 0 } as const;
  const bytes = encodeModule(1, [
    {
      name: 'dispatch',
      parameters: ['i32'],
      results: ['i32'],
      write: (body) => {
        const labels: Label[] = [];
        const nest = (depth: number): void => {
          if (depth === frequencies.length) {
            const leaves = frequencies.map((frequency, index) => ({ label: labels[index]!, frequency }));
            writeDispatchTree(body, get(number), first, leaves);
            return;
          }
          body.block((label) => {
            labels[depth] = label;
            nest(depth + 1);
          });
          body.return(i32.constant(depth));
        };
        nest(0);
        body.return(i32.constant(-1));
      },
    },
  ]);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
  return exports.dispatch as (number: number) => number;
}

describe('the dispatch tree', () => {
  it('leads each number to its leaf, however frequent that is', () => {
    for (const frequencies of [[1], [1, 1], [5, 1, 1], [1, 1, 9], [0, 0, 0, 0], [8, 4, 2, 1], frequentHandlers.map((one) => one[3])]) {
      const dispatch = dispatchOf(frequencies);
      const found = frequencies.map((_, index) => dispatch(first + index));
      assert.deepEqual(found, [...frequencies.keys()], `${frequencies}`);
    }
  });

  it('has the handlers that there are, by the numbers that they have', () => {
    const inOrder = frequentHandlers.map(([meaning, length, reach]) => ({ meaning, length, reach }));
    assert.deepEqual(handlers.slice(0, inOrder.length), inOrder);
  });
});
