import assert from 'node:assert/strict';
import { Pair } from './pair';

const one = 0x100000n;
const two = 0x102000n;
const page = 0x1000n;
const count = 700;

/** Each pointer of the list goes to a loop, or is followed in one, until there is none left. */
const programs = {
  // The base is the same in all of the region.
  loop: (access: string) => `
        .globl _start
_start: la s0, list
again:  ld a0, 0(s0)
        beqz a0, end
        call many
        addi s0, s0, 8
        j again
end:    ebreak
many:   li t2, 6
1:      ${access}
        addi t2, t2, -1
        bnez t2, 1b
        ret
`,
  // It is loaded in the region.
  walk: (access: string) => `
        .globl _start
_start: la s0, list
again:  ld a0, 0(s0)
        beqz a0, end
        ${access}
        addi s0, s0, 8
        j again
end:    ebreak
`,
};

const list = `
        .data
        .align 3
list:   .zero ${8 * (count + 3)}
`;

/** Where the accesses before the last have gone, so that their check is by constants or a cell, or looks at the pages themselves. */
const befores = {
  'always to the same pages': (_index: number) => one + 64n,
  'to and fro between pages': (index: number) => (index % 2 === 0 ? one : two) + 64n,
  'to more than one run, in turns that become shorter': (index: number) =>
    Math.floor(index / (1 + (count - index) / 8)) % 2 === 0 ? one : two,
};

describe('accesses at the end of pages that may be accessed', () => {
  for (const [shape, text] of Object.entries(programs)) {
    for (const [where, before] of Object.entries(befores)) {
      it(`fault where one byte is beyond it, in a ${shape} whose pointers went ${where}`, () => {
        for (const [access, size] of [
          ['ld t1, 0(a0)', 8n],
          ['sw t1, 0(a0)', 4n],
          ['lh t1, 0(a0)', 2n],
          ['sd t1, 0(a0)', 8n],
        ] as const) {
          for (const end of [one + page, two + page]) {
            const pair = new Pair(text(access) + list, { hotAfter: 3 });
            const pointers = Array.from({ length: count }, (_, index) => before(index));
            // The last bytes that may be accessed, and one more.
            pointers.push(end - size, end - size + 1n);
            for (const { memory } of pair.machines) {
              for (const address of [one, two]) {
                memory.map({ name: 'data', address, size: page, permissions: { read: true, write: true, execute: false } });
              }
              memory.write(pair.address('list'), new Uint8Array(BigUint64Array.from(pointers).buffer));
            }
            const stop = pair.run(1_000_000);
            assert.ok(stop.kind === 'exception' && /access-fault$/.test(stop.exception.cause), `${access} up to ${end}`);
            assert.equal(stop.exception.value, end, 'the second page alone is at fault');
            assert.equal(pair.ours.readX(10), end - size + 1n);
            assert.ok(pair.ours.statistics.translated > 0);
          }
        }
      });
    }
  }
});
