import assert from 'node:assert/strict';
import { PipeText } from '../../extension/tracefs/pipe-text';

describe('the text of a pipe in an editor', () => {
  it('is all that was taken of it', () => {
    let time = 1;
    const pipe = new PipeText(() => time++);
    assert.deepEqual([pipe.text, pipe.time], ['', 0]);
    assert.ok(pipe.append('one\n'));
    assert.ok(!pipe.append(''));
    assert.equal(pipe.time, 1);
    assert.ok(pipe.append('two\n'));
    assert.deepEqual([pipe.text, pipe.time], ['one\ntwo\n', 2]);
  });

  it('is whole lines of its end where it is long', () => {
    const pipe = new PipeText();
    const line = (number: number) => `${String(number).padStart(99, '.')}\n`;
    for (let number = 0; number < 50_000; number += 1000) {
      pipe.append(Array.from({ length: 1000 }, (_, index) => line(number + index)).join(''));
    }
    assert.ok(pipe.text.length <= 1 << 20 && pipe.text.length > (1 << 20) - 200);
    assert.equal(pipe.text.slice(0, 100), line(50_000 - pipe.text.length / 100));
    assert.ok(pipe.text.endsWith(line(49_999)));
  });
});
