import { strict as assert } from 'node:assert';
import { type FunctionRange, type Marker, markersFrom } from '../../extension/markers/marker';
import { bound, moved, shifted, toggled, withoutFile } from '../../extension/markers/marker-changes';
import { randomBelow } from '../support/random';

const uri = 'file:///programs/fib.s';
const fib: Marker = { uri, function: 'fib', line: 10, stop: false };
const range = (name: string, line: number): FunctionRange => ({ name, line, first: line, last: line + 5 });
const lineOf = (markers: readonly Marker[]): number | undefined => markers[0]?.line;

describe('marker changes', () => {
  describe('toggling', () => {
    const target = range('fib', 10);

    it('sets a marker and takes it away', () => {
      const once = toggled([], uri, target, false);
      assert.deepEqual(once, [fib]);
      assert.deepEqual(toggled(once, uri, target, false), []);
    });

    it('makes a traced function stop, and takes "Trace and Stop" away with either command', () => {
      const stopping = toggled([fib], uri, target, true);
      assert.deepEqual(stopping, [{ ...fib, stop: true }]);
      assert.deepEqual(toggled(stopping, uri, target, true), []);
      assert.deepEqual(toggled(stopping, uri, target, false), []);
    });

    it('leaves functions of the same name in other files alone', () => {
      const other = { ...fib, uri: 'file:///programs/sort.s' };
      assert.deepEqual(toggled([other, fib], uri, target, false), [other]);
    });
  });

  describe('edits', () => {
    const edit = (startLine: number, endLine: number, newLines: number, startCharacter = 0): number | undefined =>
      lineOf(shifted([fib], uri, [{ startLine, startCharacter, endLine, newLines }]));

    it('moves with lines inserted and deleted above', () => {
      assert.equal(edit(3, 3, 2), 12);
      assert.equal(edit(3, 5, 0), 8);
      assert.equal(edit(9, 9, 1, 7), 11);
    });

    it('is pushed down by a line end typed before its first character, and stays for one typed after it', () => {
      assert.equal(edit(10, 10, 1, 0), 11);
      assert.equal(edit(10, 10, 1, 4), 10);
    });

    it('stays for edits below', () => {
      assert.equal(edit(11, 14, 0), 10);
    });

    it('goes with its line where the text before it is replaced, and to the start of a range that swallows it', () => {
      assert.equal(edit(8, 10, 0), 8);
      assert.equal(edit(8, 10, 3), 11);
      assert.equal(edit(8, 12, 0), 8);
    });

    it('applies several changes of one edit in their order', () => {
      const down = { startLine: 20, startCharacter: 0, endLine: 20, newLines: 1 };
      const up = { startLine: 2, startCharacter: 0, endLine: 2, newLines: 1 };
      assert.equal(lineOf(shifted([fib], uri, [down, up])), 11);
    });

    it('is the same list where nothing moved', () => {
      const markers = [fib];
      assert.equal(shifted(markers, uri, [{ startLine: 30, startCharacter: 0, endLine: 30, newLines: 1 }]), markers);
      assert.equal(shifted(markers, 'file:///other.s', [{ startLine: 0, startCharacter: 0, endLine: 0, newLines: 1 }]), markers);
    });

    it('agrees with a marked line in a real text, over random edits', () => {
      const random = randomBelow(7);
      for (let round = 0; round < 500; round += 1) {
        const lines = Array.from({ length: 12 }, (_, line) => `${line}`);
        const at = random(12);
        let marker: readonly Marker[] = [{ ...fib, line: at }];
        for (let edits = 0; edits < 4; edits += 1) {
          const here = lines.indexOf(`${at}`);
          const first = random(lines.length);
          const last = Math.min(lines.length, first + random(3));
          if (first <= here && here < last) continue;
          const added = Array.from({ length: random(3) }, () => 'new');
          lines.splice(first, last - first, ...added);
          marker = shifted(marker, uri, [{ startLine: first, startCharacter: 0, endLine: last, newLines: added.length }]);
          assert.equal(lineOf(marker), lines.indexOf(`${at}`));
        }
      }
    });
  });

  describe('binding to functions', () => {
    const names = (...known: string[]): ReadonlySet<string> => new Set(known);

    it('goes to the function of its name, wherever it is', () => {
      assert.deepEqual(bound([fib], uri, [range('main', 2), range('fib', 40)], names('fib', 'main')), [{ ...fib, line: 40 }]);
    });

    it('takes the nearest of several of that name', () => {
      assert.equal(lineOf(bound([fib], uri, [range('fib', 2), range('fib', 14)], names('fib'))), 14);
    });

    it('follows a rename on its line', () => {
      assert.deepEqual(bound([fib], uri, [range('fibonacci', 10)], names('fib')), [{ ...fib, function: 'fibonacci' }]);
    });

    it('does not take over a function that was there before', () => {
      assert.deepEqual(bound([fib], uri, [range('main', 10)], names('fib', 'main')), [fib]);
    });

    it('stays while its function is gone, and finds it again', () => {
      const waiting = bound([fib], uri, [], names('fib'));
      assert.deepEqual(waiting, [fib]);
      assert.equal(lineOf(bound(waiting, uri, [range('fib', 20)], names())), 20);
    });

    it('is one marker where two come to the same function', () => {
      const other = { ...fib, function: 'old', line: 20 };
      assert.equal(bound([fib, other], uri, [range('fib', 10), range('new', 20)], names('fib', 'old')).length, 2);
      assert.equal(bound([fib, { ...fib, line: 11 }], uri, [range('fib', 10)], names('fib')).length, 1);
    });

    it('is the same list where all is as it was', () => {
      const markers = [fib];
      assert.equal(bound(markers, uri, [range('fib', 10)], names('fib')), markers);
    });
  });

  describe('files', () => {
    it('goes with a renamed file and a renamed folder', () => {
      assert.equal(moved([fib], uri, 'file:///programs/fibonacci.s')[0]?.uri, 'file:///programs/fibonacci.s');
      assert.equal(moved([fib], 'file:///programs', 'file:///samples')[0]?.uri, 'file:///samples/fib.s');
      const markers = [fib];
      assert.equal(moved(markers, 'file:///program', 'file:///x'), markers);
    });

    it('ends with its file or folder', () => {
      assert.deepEqual(withoutFile([fib], uri), []);
      assert.deepEqual(withoutFile([fib], 'file:///programs'), []);
      assert.deepEqual(withoutFile([fib], 'file:///prog'), [fib]);
    });
  });

  it('reads a stored list and leaves out what is not a marker', () => {
    assert.deepEqual(markersFrom([fib, null, 3, { uri: 1 }, { ...fib, line: 0.5 }, { ...fib, stop: 'yes' }]), [fib]);
    for (const stored of [undefined, null, 'x', {}, 5]) assert.deepEqual(markersFrom(stored), []);
  });
});
