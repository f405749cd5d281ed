import assert from 'node:assert/strict';
import { LinearMemory } from '../../../emulator/linear-memory';
import type { RegionModule } from '../../../emulator/translator/region-module';
import { type DropReason, type Kept, RegionStore } from '../../../emulator/translator/region-store';

/** Functions for the table, whatever they do. */
const { first, second } = new WebAssembly.Instance(
  new WebAssembly.Module(
    new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x03, 0x02, 0x00, 0x00],
      ...[0x07, 0x12, 0x02, 0x05, ...Buffer.from('first'), 0x00, 0x00, 0x06, ...Buffer.from('second'), 0x00, 0x01],
      ...[0x0a, 0x07, 0x02, 0x02, 0x00, 0x0b, 0x02, 0x00, 0x0b],
    ]),
  ),
).exports;

describe('regions that are kept', () => {
  let changed: number[];
  let rested: number[];
  let dropped: [number, DropReason][];
  let store: RegionStore;

  beforeEach(() => {
    changed = [];
    rested = [];
    dropped = [];
    store = new RegionStore(new LinearMemory({ base: 0n, size: 0x800000, codePages: 16 }), {
      changed: (offset) => changed.push(offset),
      rested: (offset) => rested.push(offset),
      dropped: (offset, why) => dropped.push([offset, why]),
    });
  });

  const keep = (offset: number, entries: readonly number[] = [], isSwitch = entries.length > 0): Kept => {
    const module = {
      bytes: 100,
      goesByRegister: entries.length > 0,
      isAwake: false,
      functionOf: () => first,
      entriesOf: () => second,
      rest: () => {},
      drop: () => true,
    } as unknown as RegionModule;
    const last = Math.max(offset, ...entries);
    const learnt = { failures: 0, hasLearnt: false, moving: 0, patience: 1, entered: [] };
    const sources = [{ start: offset, end: last + 4 }];
    const kept = {
      offset,
      entries,
      isSwitch,
      sources,
      source: [new Uint8Array(last + 4 - offset)],
      index: 0,
      module,
      runs: [],
      targets: new Map(),
      ...learnt,
    };
    store.keep(module, [kept]);
    return kept;
  };
  const functionAt = (offset: number) => (store.table as unknown as { get(slot: number): unknown }).get(store.slots.get(offset)!);
  const begins = () => [...store.slots.keys()].sort((one, other) => one - other);

  it('are entered where they begin and where their jumps go, with one function for those', () => {
    keep(0x100, [0x140, 0x180]);
    assert.deepEqual(begins(), [0x100, 0x140, 0x180]);
    assert.deepEqual(changed, [0x100, 0x140, 0x180]);
    assert.equal(store.slots.get(0x180), store.slots.get(0x140));
    assert.equal(functionAt(0x140), second);
    assert.equal(functionAt(0x100), first);
    assert.equal(store.awake, 1);
  });

  it('are not entered where others begin', () => {
    const other = keep(0x140);
    const one = keep(0x100, [0x140, 0x180]);
    assert.equal(functionAt(0x140), first);
    store.drop([one], 'new target');
    assert.deepEqual(begins(), [0x140]);
    store.drop([other], 'new target');
    assert.deepEqual(begins(), []);
    assert.equal(store.has(0x180), false);
    assert.deepEqual(dropped, [
      [0x100, 'new target'],
      [0x140, 'new target'],
    ]);
  });

  it('come to rest as a whole, and awake wherever their code is come to', () => {
    keep(0x100, [0x140, 0x180]);
    for (let offset = 0x1000; store.awake < 1000; offset += 4) keep(offset);
    store.makeRoom();
    assert.deepEqual(begins(), []);
    assert.equal(store.awake, 0);
    assert.ok([0x100, 0x140, 0x180].every((offset) => rested.includes(offset) && store.has(offset)));
    assert.equal(store.wake(0x180), true);
    assert.deepEqual(begins(), [0x100, 0x140, 0x180]);
    assert.equal(store.awake, 1);
  });

  it('stay where they are entered when one that was entered there before is awake again, or dropped', () => {
    const first = keep(0x100, [0x140, 0x180]);
    for (let offset = 0x1000; store.awake < 1000; offset += 4) keep(offset);
    store.makeRoom();
    const second = keep(0x200, [0x140, 0x1c0]);
    const holdsBoth = () => store.targetsHeld([0x140, 0x1c0]) === 2;
    assert.ok(store.wake(0x180) && store.has(0x140) && holdsBoth());
    assert.notEqual(store.slots.get(0x140), store.slots.get(0x180));
    store.drop([first], 'cold');
    assert.ok(store.has(0x140) && holdsBoth());
    store.drop([second], 'cold');
    assert.equal(store.has(0x140), false);
    assert.deepEqual(begins(), []);
  });

  it('hold those targets of a jump that one with a switch can be entered at', () => {
    keep(0x100, [0x140, 0x180, 0x1c0, 0x200]);
    keep(0x300, [0x340]);
    keep(0x400, [0x440, 0x444, 0x448], false);
    assert.equal(store.targetsHeld([0x140, 0x180, 0x340, 0x500]), 2);
    assert.equal(store.targetsHeld([0x340, 0x440, 0x444, 0x448]), 1);
    assert.equal(store.targetsHeld([0x100, 0x444]), 0);
  });

  it('with a switch take the place of its parts, and of switches with less code', () => {
    const part = keep(0x104);
    const smaller = keep(0x108, [0x120]);
    const longer = keep(0x110, [0x800]);
    assert.deepEqual(store.partsOf({ sources: [{ start: 0x100, end: 0x200 }] }), [part, smaller]);
    assert.equal(longer.isSwitch, true);
  });
});
