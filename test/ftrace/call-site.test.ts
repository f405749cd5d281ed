import assert from 'node:assert/strict';
import { inReach, isPristine, makeCall, nop, verifyPair } from '../../ftrace/call-site';
import { FtraceError } from '../../ftrace/ftrace-error';
import { FlatMemory } from './flat-memory';

describe('a call site', () => {
  it('is encoded as the kernel does', () => {
    const vectors: [offset: bigint, auipc: number, jalr: number][] = [
      [0x1234n, 0x00001297, 0x234282e7],
      [0x1800n, 0x00002297, 0x800282e7],
      [-4n, 0x00000297, 0xffc282e7],
    ];
    for (const [offset, auipc, jalr] of vectors) {
      assert.deepEqual(makeCall(0x10000n, 0x10000n + offset, 't0'), [auipc, jalr]);
      assert.deepEqual(makeCall(0x10000n, 0x10000n + offset, 'ra'), [auipc - 0x200, jalr - 0x20200]);
    }
  });

  it('reaches every offset that it says it reaches', () => {
    const caller = 0x1_0000_0000n;
    const offsets = [-0x80000800n, -0x80000000n, -0x7ff801n, -0x801n, -0x800n, -1n, 0n, 0x7ffn, 0x800n, 0x801n, 0x12345678n, 0x7ffff7ffn];
    for (const offset of offsets) {
      assert.ok(inReach(caller, caller + offset));
      const [auipc, jalr] = makeCall(caller, caller + offset, 't0');
      const target = caller + BigInt(auipc & ~0xfff) + BigInt(jalr >> 20);
      assert.equal(target, caller + offset);
    }
    assert.ok(!inReach(caller, caller - 0x80000801n));
    assert.ok(!inReach(caller, caller + 0x7ffff800n));
  });

  it('is pristine with nops of either size only', () => {
    assert.ok(isPristine([nop, nop]));
    assert.ok(isPristine([0x00010001, 0x00010001]));
    assert.ok(!isPristine([nop, 0x00000297]));
    assert.ok(!isPristine([0x00010000, nop]));
  });

  it('is verified in the words of the kernel', () => {
    const memory = new FlatMemory(0x1000n, 0x100);
    memory.storeWord(0x1010n, 0x297);
    memory.storeWord(0x1014n, nop);
    verifyPair(memory, 0x1010n, [0x297, nop]);
    assert.throws(
      () => verifyPair(memory, 0x1010n, [0x1297, 0x234282e7]),
      (error) =>
        error instanceof FtraceError &&
        error.errno === 'EINVAL' &&
        error.message === '0x1010: expected (00001297 234282e7) but got (00000297 00000013)',
    );
    assert.throws(
      () => verifyPair(memory, 0x2000n, [nop, nop]),
      (error) => error instanceof FtraceError && error.errno === 'EFAULT',
    );
  });
});
