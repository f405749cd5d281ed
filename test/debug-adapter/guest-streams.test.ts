import { strict as assert } from 'node:assert';
import { GuestInput } from '../../debug-adapter/guest-input';
import { GuestOutput } from '../../debug-adapter/guest-output';

const bytes = (text: string) => new TextEncoder().encode(text);

describe("the program's output", () => {
  it('keeps the order of streams and joins characters that were written in pieces', () => {
    const sent: [string, string][] = [];
    const output = new GuestOutput((text, category) => sent.push([category, text]));
    const [first, second] = [bytes('ü').subarray(0, 1), bytes('ü').subarray(1)];
    output.write('stdout', bytes('a'));
    output.write('stdout', first);
    output.write('stderr', bytes('e'));
    output.write('stdout', second);
    output.note('n');
    output.flush();
    assert.deepEqual(sent, [
      ['stdout', 'a'],
      ['stderr', 'e'],
      ['stdout', 'ü'],
      ['console', 'n\n'],
    ]);
  });

  it('tells a byte that never became a character when it ends', () => {
    const sent: string[] = [];
    const output = new GuestOutput((text) => sent.push(text));
    output.write('stdout', Uint8Array.of(0xc3));
    output.end();
    output.flush();
    assert.deepEqual(sent, ['\ufffd']);
  });

  it('asks the program to wait when an event is full, and loses nothing', async () => {
    let sent = '';
    const output = new GuestOutput((text) => {
      assert.ok(text.length <= 65_536);
      sent += text;
    });
    output.write('stdout', bytes('x'.repeat(65_535)));
    assert.equal(output.pressure(), undefined);
    output.write('stdout', bytes('y'.repeat(70_000)));
    await output.pressure();
    output.tick();
    assert.equal(output.pressure(), undefined);
    assert.equal(sent, 'x'.repeat(65_535) + 'y'.repeat(70_000));
  });
});

describe("the program's input", () => {
  it('is read by lines, as from a terminal, and ends when it is told', () => {
    const input = new GuestInput();
    const read = (length: number) => {
      const result = input.read(length);
      return typeof result === 'string' ? result : new TextDecoder().decode(result);
    };
    assert.equal(read(10), 'wait');
    input.type('one\ntwo\n');
    assert.deepEqual(
      [read(2), read(10), read(10), read(10)].map((text) => JSON.stringify(text)),
      ['"on"', '"e\\n"', '"two\\n"', '"wait"'],
    );
    input.type('rest');
    input.end();
    assert.deepEqual([read(10), read(10), read(10)], ['rest', 'end', 'end']);
  });
});
