import assert from 'node:assert/strict';
import { readPair } from '../../ftrace/call-site';
import { matchFunctions } from '../../ftrace/filter-pattern';
import { selectFunctions } from '../../ftrace/select-functions';
import type { Program } from '../../program/program';
import { assembled, TracedLaunch } from './launch';

const count = 50_000;
const tiny = '.globl _start\n_start: li a7, 93\n li a0, 0\n ecall\n';

describe('fifty thousand functions', () => {
  let launch: TracedLaunch;
  before(() => {
    launch = new TracedLaunch(programWithMany());
  });

  it('are all there', () => assert.equal(launch.ftrace.functions.length, count));

  for (const pattern of ['*', 'vfs_*', '*_read_*', '*7*9']) {
    it(`are turned on and off by the filter ${pattern}`, () => {
      const { ftrace, machine, program } = launch;
      const { functions, problems } = selectFunctions([pattern], ftrace, program);
      ftrace.setTraced(functions);
      assert.deepEqual(problems, []);
      assert.equal(functions.length, matchFunctions(pattern, ftrace.functions).length);
      assert.ok(functions.length > 100, pattern);
      for (const { address } of functions) {
        assert.equal(readPair(machine.memory, address)[1] & 0xfffff, 0x282e7);
      }
      ftrace.setTraced([]);
      for (const { address } of functions) assert.equal(readPair(machine.memory, address)[1], 0x13);
    });
  }
});

/** A program to which code of that many empty functions is added. */
function programWithMany(): Program {
  const program = assembled(tiny);
  const address = 0x100000n;
  const size = 16;
  const words = new Uint32Array((count * size) / 4);
  for (let index = 0; index < count; index++) words.set([0x13, 0x13, 0x8067, 0x13], index * 4);
  const callSites = Array.from({ length: count }, (_, index) => ({
    name: `${['vfs', 'page', 'do'][index % 3]}_${['read', 'write'][index % 2]}_${index}`,
    address: address + BigInt(index * size),
  }));
  const code = {
    address,
    loadAddress: address,
    bytes: new Uint8Array(words.buffer),
    size: BigInt(count * size),
    permissions: { read: true, write: false, execute: true },
  };
  return { ...program, segments: [...program.segments, code], callSites };
}
