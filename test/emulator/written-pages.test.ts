import assert from 'node:assert/strict';
import { hartAt, pageSize } from '../../emulator/linear-memory';
import type { RiscvMachine } from '../../emulator/riscv-machine';
import { decode } from '../../riscv/decode';
import { instructionTable } from '../../riscv/instruction-table';
import { machineWith, places } from '../support/code-machine';
import { Random } from '../support/random';

const { code, data } = places;
const border = data + BigInt(pageSize);
const tries = 12;
/** The bits in which stores have their immediate. */
const displacementOfStores = 0xfe000f80;

function machineThatNotes(): RiscvMachine {
  const machine = machineWith([], { notesWrites: true, hotAfter: 0 });
  writtenPages(machine);
  return machine;
}

/** The pages that were noted as written since the last time. */
function writtenPages({ linearMemory }: RiscvMachine): bigint[] {
  const { written } = linearMemory;
  const pages = [...written!].flatMap((byte, page) => (byte ? [linearMemory.addressOf(page * pageSize)] : []));
  written!.fill(0);
  return pages;
}

describe('the pages that are written', () => {
  it('are noted whatever instruction stores, also where the bytes are in two pages', () => {
    const machine = machineThatNotes();
    const random = new Random(7);
    const contents = Uint8Array.from({ length: 2 * pageSize }, () => random.below(256));
    const storing = new Set<string>();
    let inTwo = 0;
    for (const { match, mask, mnemonic } of instructionTable) {
      for (let count = 0; count < tries; count += 1) {
        const word = (match | (random.word() & ~mask & (count % 2 === 0 ? ~displacementOfStores : -1))) >>> 0;
        if (decode(word)?.mnemonic !== mnemonic) continue;
        machine.memory.write(data, contents);
        machine.memory.write(
          code,
          Uint8Array.from([0, 8, 16, 24], (shift) => word >>> shift),
        );
        machine.pc = code;
        const near = random.pick([border - 256n, border - BigInt(random.below(8)), border + 256n]);
        for (let index = 1; index < 32; index += 1) {
          machine.writeX(index, near);
          machine.writeF(index, random.doubleword());
        }
        // A reservation, so that what stores only with one does.
        machine.linearMemory.doublewords[hartAt.reservation >> 3] = near + (mnemonic === 'sc.d' ? 1n : 0n);
        writtenPages(machine);
        machine.step();
        const changed = [data, border].filter((page, index) => {
          const before = contents.subarray(index * pageSize, (index + 1) * pageSize);
          return Buffer.compare(before, machine.memory.read(page, pageSize)) !== 0;
        });
        if (changed.length > 0) storing.add(mnemonic);
        if (changed.length === 2) inTwo += 1;
        const noted = writtenPages(machine);
        assert.ok(
          changed.every((page) => noted.includes(page)),
          mnemonic,
        );
      }
    }
    for (const one of ['sb', 'sd', 'c.swsp', 'c.fsd', 'fsh', 'sc.w', 'sc.d', 'amominu.w', 'amoxor.d', 'cbo.zero']) {
      assert.ok(storing.has(one), `${one} of ${[...storing].join(' ')}`);
    }
    assert.ok(inTwo > 5, `${inTwo} in two pages`);
  });

  it('are noted where they are written from outside, mapped or taken away', () => {
    const machine = machineThatNotes();
    const { memory } = machine;
    const changes: readonly (readonly [() => void, readonly bigint[]])[] = [
      [() => memory.write(border - 2n, Uint8Array.of(1, 2, 3)), [data, border]],
      [() => memory.writeAllowed(data, Uint8Array.of(1), 0), [data]],
      [() => memory.storeWord(border, 5), [border]],
      [() => memory.zero(data, 8n), [data]],
      [() => memory.unmap(border, BigInt(pageSize)), [border]],
      [
        () =>
          memory.map({ name: 'more', address: border, size: BigInt(pageSize), permissions: { read: true, write: true, execute: false } }),
        [border],
      ],
      [() => memory.read(data, 8), []],
    ];
    for (const [change, pages] of changes) {
      change();
      assert.deepEqual(writtenPages(machine), pages);
    }
  });
});
