import { strict as assert } from 'node:assert';
import { arrayText } from '../../../program/values/format/strings';

describe('texts of bytes', () => {
  // As gdb 13 shows them, whose host has UTF-8.
  const texts: readonly [bytes: readonly number[], text: string][] = [
    [[0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], '"é€😀"'],
    [[0xc2, 0x85, 0xc2, 0xa0], '"\\302\\205\u00a0"'],
    [[0xed, 0xa0, 0x80, 0xc0, 0x80, 0xff, 0x41], '"\\355\\240\\200\\300\\200\\377A"'],
    [[0xe2, 0x82, 0x41], '"\\342\\202A"'],
    [[0xe2, 0x82], '<incomplete sequence \\342\\202>'],
    [[0xc3, 0xc3, 0xa9], '"\\303é"'],
    [[...Array(12).fill([0xc3, 0xa9]).flat(), 0x41], '\'é\' <repeats 12 times>, "A"'],
    [[...Array(12).fill(0xc3), 0x41], '\'\\303\' <repeats 12 times>, "A"'],
    [[...Array(12).fill(0x22)], "'\\\"' <repeats 12 times>"],
    [[0x22, 0x27, 0x5c, 0x1b, 0x01, 0x31], '"\\"\'\\\\\\033\\0011"'],
  ];
  for (const [bytes, text] of texts) it(text, () => assert.equal(arrayText(bytes, { prefix: '', size: 1 }), text));

  it('of halves of UTF-16 have their pairs', () => {
    assert.equal(arrayText([0xd83d, 0xde00, 0x41, 0xd83d], { prefix: 'u', size: 2 }), 'u"😀A\\xd83d"');
  });
});
