import { strict as assert } from 'node:assert';
import { type ExpressionScope, evaluateText } from '../../../program/expressions/evaluate';
import { ExpressionError } from '../../../program/expressions/expression-error';
import { wordType } from '../../../program/expressions/numbers';
import { typeName } from '../../../program/types/type-name';
import { formatValue } from '../../../program/values/format/format-value';
import { ofBytes, type ValueMemory } from '../../../program/values/value';
import { bytesOfNumber } from '../../../program/values/value-bytes';
import { randomBelow } from '../../support/random';

const memory: ValueMemory = {
  read: (address, length) =>
    address >> 12n === 1n ? Uint8Array.from({ length }, (_, index) => Number(address & 0xfffn) + index + 1) : new Uint8Array(0),
  write: () => false,
  readRegister: () => undefined,
  writeRegister: () => 'there is no hart',
  describe: () => undefined,
  implicitTarget: () => undefined,
  staticMember: () => undefined,
  method: () => undefined,
  dynamicOffset: () => undefined,
};

function scope(isAssembly: boolean): ExpressionScope {
  return {
    memory,
    isAssembly,
    hasBool: false,
    readOnly: undefined,
    typeNamed: () => undefined,
    hasName: () => false,
    valueNamed: (name) => (name === 'label' ? ofBytes(wordType, bytesOfNumber(0x1000n, 8)) : undefined),
    register: (name) => (name === 'a0' ? ofBytes(wordType, bytesOfNumber(5n, 8)) : undefined),
  };
}

function result(text: string, isAssembly = false): string {
  const value = evaluateText(text, scope(isAssembly));
  return `(${typeName(value.type)}) ${formatValue(value, memory)}`;
}

describe('expressions', () => {
  const results: Readonly<Record<string, string>> = {
    '42': '(int) 42',
    '0x2A': '(int) 42',
    '0b101': '(int) 5',
    '010': '(int) 8',
    '2147483648': '(long) 2147483648',
    '0xffffffff': '(unsigned int) 4294967295',
    '1ul': '(unsigned long) 1',
    "'A'": "(char) 65 'A'",
    "'\\n'": "(char) 10 '\\n'",
    "'\\x41'": "(char) 65 'A'",
    '1.5': '(double) 1.5',
    '1.5f': '(float) 1.5',
    '"ab" "c"': '(char [4]) "abc"',
    '1 + 2 * 3': '(int) 7',
    '(1 + 2) * 3': '(int) 9',
    '1 - 2 - 3': '(int) -4',
    '1 | 2 ^ 3 & 4': '(int) 3',
    '1 << 2 + 3': '(int) 32',
    '-7 / 2': '(int) -3',
    '-7 % 3': '(int) -1',
    '-1 < 1u': '(int) 0',
    '0u - 1': '(unsigned int) 4294967295',
    "'a' + 1": '(int) 98',
    '2147483647 + 1': '(int) -2147483648',
    '1 / 2.0': '(double) 0.5',
    '(char) 321': "(char) 65 'A'",
    '(unsigned char) -1': "(unsigned char) 255 '\\377'",
    '(int) -2.9': '(int) -2',
    '(_Bool) 5': '(_Bool) true',
    '1 ? 2 : 3': '(int) 2',
    '0 && 1 / 0': '(int) 0',
    '1 || 1 / 0': '(int) 1',
    '!0 + !5': '(int) 1',
    'sizeof(int [3])': '(unsigned long) 12',
    'sizeof(char *)': '(unsigned long) 8',
    'sizeof 1': '(unsigned long) 4',
    '*(char *) 0x1000': "(char) 1 '\\001'",
    '*(int *) 0x1000': '(int) 67305985',
    '((unsigned char *) 0x1000)[3]': "(unsigned char) 4 '\\004'",
    '*(unsigned char *)0x1000@3': '(unsigned char [3]) "\\001\\002\\003"',
    '{short} label': '(short) 513',
    '(int *) 16 + 2': '(int *) 0x18',
    '(int *) 24 - (int *) 16': '(long) 2',
    '(int (*)(char, long)) 16': '(int (*)(char, long)) 0x10',
    '1, 2': '(int) 2',
    '$a0 * 2': '(unsigned long) 10',
  };
  for (const [text, expected] of Object.entries(results)) it(`${text} is ${expected}`, () => assert.equal(result(text), expected));

  it('are of whole words in assembly', () => {
    assert.equal(result('-1', true), '(unsigned long) 18446744073709551615');
    assert.equal(result('1 << 40', true), '(unsigned long) 1099511627776');
    assert.equal(result('label + 8', true), '(unsigned long) 4104');
  });

  const problems: Readonly<Record<string, [number, RegExp]>> = {
    '': [0, /Missing a value/],
    '1 +': [3, /Missing a value/],
    '(1': [2, /Missing "\)"/],
    '1 2': [2, /Unexpected text/],
    '1 @': [3, /Missing a value/],
    nothing: [0, /No symbol or register "nothing"/],
    $nothing: [0, /No symbol or register "\$nothing"/],
    '1 / 0': [2, /Division by zero/],
    '*(int *)0 + 1': [10, /Cannot access memory at address 0x0/],
    '& 5': [2, /"&" takes/],
    '5 = 1': [0, /"5" cannot be assigned/],
    '1.5 % 2': [4, /"%" takes integers/],
    '~1.5': [0, /"~" takes an integer/],
    '5->x': [1, /takes a struct or union/],
    '5[1]': [1, /can be indexed/],
    'f(1)': [0, /No symbol or register "f"/],
    '5(1)': [1, /Only functions are called, and this is "int"/],
    'label(1)': [5, /What it takes and returns is not known/],
    'label(1': [7, /Missing "\)"/],
    '(struct nothing) 1': [8, /no type "struct nothing"/],
    '(unsigned float) 1': [15, /is no type/],
    '09': [0, /octal/],
    "'\\x'": [0, /takes hexadecimal digits/],
    '1 + "a\\xg"': [4, /takes hexadecimal digits/],
    [`'\\x${'f'.repeat(400)}'`]: [0, /too large/],
    '1x': [1, /Unexpected text after a number/],
    [`${'('.repeat(9_000)}1`]: [200, /Too deeply nested/],
    [`${'1+'.repeat(4_000)}1`]: [0, /Too many operators/],
    [`${'typeof('.repeat(1_000)}1`]: [0, /Too deeply nested/],
    ['1'.repeat(10_001)]: [0, /at most 10000 characters/],
  };
  for (const [text, [at, message]] of Object.entries(problems)) {
    it(`refuses ${text.slice(0, 20) || 'nothing'}, and says where`, () => {
      assert.throws(
        () => evaluateText(text, scope(false)),
        (error) => {
          assert.ok(error instanceof ExpressionError);
          assert.match(error.problem, message);
          if (text.length < 1000) assert.equal(error.at, at);
          return true;
        },
      );
    });
  }

  it('fail with a message alone, whatever the text', () => {
    const pieces = ['a0', '$', '0x', '12', '(', ')', '{', '}', 'int', '*', '&', '-', '~', '<<', '>', "'", '\\', ' ', 'é', '=', '.', '->'];
    const more = ['sizeof', '@', '?', ':', ',', '[', ']', '"', 'struct', 'label', '1.5', '::', 'unsigned', '++', '&&'];
    const all = [...pieces, ...more];
    const random = randomBelow(7);
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(14) }, () => all[random(all.length)]).join(random(2) ? '' : ' ');
      try {
        formatValue(evaluateText(text, scope(random(2) === 0)), memory);
      } catch (error) {
        assert.ok(error instanceof ExpressionError, `${text}: ${error}`);
      }
    }
  });
});
