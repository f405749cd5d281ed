import assert from 'node:assert/strict';
import { makeCall, nop, readPair } from '../../ftrace/call-site';
import { FtraceError } from '../../ftrace/ftrace-error';
import { argsModel } from '../../ftrace/models/args';
import type { SiteTarget } from '../../ftrace/models/model';
import { FlatMemory } from './flat-memory';

const ftraceCaller = 0x8000n;
const target: SiteTarget = { trampoline: ftraceCaller, ops: 0n };

describe('model args', () => {
  it('makes a call site of nops ready and switches it by one word', () => {
    for (const word of [nop, 0x00010001]) {
      const memory = memoryWith(0x10010n, [word, word]);
      const [auipc, jalr] = makeCall(0x10010n, ftraceCaller, 't0');
      assert.equal(argsModel.prepare(memory, 0x10010n, target), undefined);
      assert.deepEqual(readPair(memory, 0x10010n), [auipc, nop]);
      memory.stores.length = 0;
      argsModel.makeCall(memory, 0x10010n, target);
      assert.deepEqual(memory.stores, [[0x10014n, jalr]]);
      argsModel.makeNop(memory, 0x10010n, target, target);
      assert.deepEqual(memory.stores, [
        [0x10014n, jalr],
        [0x10014n, nop],
      ]);
    }
  });

  it('takes a call site that is ready already', () => {
    const memory = memoryWith(0x10010n, [nop, nop]);
    argsModel.prepare(memory, 0x10010n, target);
    assert.equal(argsModel.prepare(memory, 0x10010n, target), undefined);
  });

  it('patches a call site of compressed code that is not 4-byte aligned, without a store of a word', () => {
    const address = 0x10012n;
    const memory = new RecordingMemory(0x10000n, 0x100);
    memory.write(address, Uint8Array.of(0x01, 0, 0x01, 0, 0x01, 0, 0x01, 0));
    assert.equal(argsModel.prepare(memory, address, target), undefined);
    const call = makeCall(address, ftraceCaller, 't0');
    assert.deepEqual(readPair(memory, address), [call[0], nop]);
    argsModel.makeCall(memory, address, target);
    assert.deepEqual(readPair(memory, address), call);
    argsModel.makeNop(memory, address, target, target);
    assert.deepEqual(readPair(memory, address), [call[0], nop]);
    assert.deepEqual(memory.stores, []);
  });

  it('refuses what it cannot patch and leaves it alone', () => {
    const refused: [address: bigint, words: [number, number], callee: bigint, reason: RegExp][] = [
      [0x10010n, [nop, 0x00000297], ftraceCaller, /not nops: got \(00000013 00000297\); compile with -fpatchable-function-entry=4/],
      [0x10010n, [nop, nop], 0x1_0000_0000n, /more than 2 GiB/],
    ];
    for (const [address, words, callee, reason] of refused) {
      const memory = memoryWith(address, words);
      assert.match(argsModel.prepare(memory, address, { trampoline: callee, ops: 0n }) ?? '', reason);
      assert.deepEqual(memory.stores, []);
    }
  });

  it('fails in the words of the kernel when the code was changed behind its back', () => {
    const memory = memoryWith(0x10010n, [nop, nop]);
    argsModel.prepare(memory, 0x10010n, target);
    memory.storeWord(0x10014n, 0x00008067);
    const expected = makeCall(0x10010n, ftraceCaller, 't0').map((word) => word.toString(16).padStart(8, '0'));
    const fails = (action: () => void, message: string) =>
      assert.throws(action, (error) => error instanceof FtraceError && error.errno === 'EINVAL' && error.message === message);
    fails(
      () => argsModel.makeCall(memory, 0x10010n, target),
      `0x10010: expected (${expected[0]} 00000013) but got (${expected[0]} 00008067)`,
    );
    fails(
      () => argsModel.makeNop(memory, 0x10010n, target, target),
      `0x10010: expected (${expected.join(' ')}) but got (${expected[0]} 00008067)`,
    );
  });
});

class RecordingMemory extends FlatMemory {
  readonly stores: [address: bigint, word: number][] = [];

  override storeWord(address: bigint, word: number): boolean {
    this.stores.push([address, word]);
    return super.storeWord(address, word);
  }
}

function memoryWith(address: bigint, words: [number, number]): RecordingMemory {
  const memory = new RecordingMemory(0x10000n, 0x100);
  memory.storeWord(address, words[0]);
  memory.storeWord(address + 4n, words[1]);
  memory.stores.length = 0;
  return memory;
}
