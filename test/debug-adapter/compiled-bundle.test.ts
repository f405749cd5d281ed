import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledBundle, sealed } from '../../debug-adapter/compiled-bundle';

describe('A compiled bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compiled-bundle-'));
  const path = join(folder, 'bundle.js');
  after(() => rmSync(folder, { recursive: true }));

  const textOf = (answer: string) =>
    `exports.answer = () => ${answer}; exports.folder = __dirname; exports.sep = require('node:path').sep;`;
  const write = (answer: string) => {
    const text = textOf(answer);
    writeFileSync(path, sealed(text, createHash('sha256').update(text).digest('hex')));
  };
  const answerOf = (bundle: CompiledBundle) => (bundle.run() as { answer(): number }).answer();

  it('gives what the bundle exports, whose require and folder are its own', () => {
    write('42');
    const { folder: itsFolder, sep } = new CompiledBundle(path).run() as Record<string, string>;
    assert.deepEqual([itsFolder, sep], [folder, '/']);
  });

  it('starts from the code of an earlier one', () => {
    write('42');
    const first = new CompiledBundle(path);
    answerOf(first);
    const second = new CompiledBundle(path, first.compiled());
    assert.ok(second.startsFromCode);
    assert.equal(answerOf(second), 42);
  });

  it('makes its code anew where the text has changed, its length not', () => {
    write('42');
    const first = new CompiledBundle(path);
    answerOf(first);
    write('43');
    const second = new CompiledBundle(path, first.compiled());
    assert.ok(!second.startsFromCode);
    assert.equal(answerOf(second), 43);
  });

  it('makes its code anew where it is not sealed', () => {
    writeFileSync(path, textOf('45'));
    const first = new CompiledBundle(path);
    assert.equal(answerOf(first), 45);
    const second = new CompiledBundle(path, first.compiled());
    assert.ok(!second.startsFromCode);
    assert.equal(answerOf(second), 45);
  });

  it('has the letters of its text, whatever they are', () => {
    write("'größer ✓'");
    assert.equal(answerOf(new CompiledBundle(path)), 'größer ✓');
  });

  for (const [what, compiled] of [
    ['empty', Buffer.alloc(0)],
    ['cut off', Buffer.alloc(20)],
    ['of zeros', Buffer.alloc(1000)],
  ] as const)
    it(`makes its code anew where what was kept is ${what}`, () => {
      write('42');
      assert.equal(answerOf(new CompiledBundle(path, compiled)), 42);
    });

  it('makes its code anew where V8 does not take what was kept', () => {
    write('44');
    const compiled = new CompiledBundle(path).compiled();
    compiled.fill(0xff, new CompiledBundle(path).seal.length);
    // Under the same name V8 would still have the first one's code.
    const other = join(folder, 'other.js');
    copyFileSync(path, other);
    const bundle = new CompiledBundle(other, compiled);
    assert.ok(!bundle.startsFromCode);
    assert.equal(answerOf(bundle), 44);
  });
});
