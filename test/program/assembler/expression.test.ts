import { strict as assert } from 'node:assert';
import { tokenize } from '../../../program/assembler/lexer';
import { nearestName } from '../../../program/assembler/nearest-name';
import { splitLines } from '../../../program/assembler/source-lines';
import { parseLine } from '../../../program/assembler/statement';
import { readString } from '../../../program/assembler/string-escapes';
import { assembled } from './gnu';
import { readElfFile } from './read-elf';

describe('words of assembly', () => {
  const table: [line: string, ...tokens: string[]][] = [
    ['add a0, a1 # sum', 'name add', 'name a0', 'punctuator ,', 'name a1'],
    ['nop // nothing', 'name nop'],
    [
      '  .word 0x1F, 0b11, 017, 9',
      'name .word',
      'number 31',
      'punctuator ,',
      'number 3',
      'punctuator ,',
      'number 15',
      'punctuator ,',
      'number 9',
    ],
    ["'a' '\\n 'b '\\''", 'number 97', 'number 10', 'number 98', 'number 39'],
    ['1b 22f 0b 1:', 'local 1b', 'local 22f', 'local 0b', 'number 1', 'punctuator :'],
    [
      'a<<=b != <> && ||',
      'name a',
      'punctuator <<',
      'punctuator =',
      'name b',
      'punctuator !=',
      'punctuator <>',
      'punctuator &&',
      'punctuator ||',
    ],
    ['"a # b" "c\\"d"', 'string a # b', 'string c"d'],
    ['1.5 2e3', 'real 1.5', 'real 2e3'],
    ['.L$x.y_1', 'name .L$x.y_1'],
    ['0x', "problem '0x' is not a number"],
    ['"abc', 'problem this string is not closed'],
    ["'", "problem expected a character after '"],
  ];
  for (const [line, ...expected] of table) {
    it(JSON.stringify(line), () => {
      const shown = tokenize(line).map(
        ({ kind, text, value, bytes }) => `${kind} ${value ?? (bytes ? new TextDecoder().decode(bytes) : text)}`,
      );
      assert.deepEqual(shown, expected);
    });
  }

  it('know their columns', () => {
    assert.deepEqual(
      tokenize('  li a0 , "é" 1').map(({ column, length }) => [column, length]),
      [
        [3, 2],
        [6, 2],
        [9, 1],
        [11, 3],
        [15, 1],
      ],
    );
  });

  it('stay in their columns where comments are taken out', () => {
    assert.deepEqual(splitLines('a /* x */ b\nc /* y\n z */ d "/*" e\n# /* no\nf').lines, [
      'a         b',
      'c     ',
      '      d "/*" e',
      '# /* no',
      'f',
    ]);
    assert.deepEqual(splitLines('a\n b /* c').openComment, { line: 2, column: 4 });
  });

  it('make statements: labels, a name, operands, assignments', () => {
    const shown = parseLine('a: 1: add a0, a1; x = 2 ;; b:').map(({ labels, name, isAssignment, operands }) => [
      labels.map(({ text }) => text),
      name?.text,
      isAssignment,
      operands.length,
    ]);
    assert.deepEqual(shown, [
      [['a', '1'], 'add', false, 3],
      [[], 'x', true, 2],
      [['b'], undefined, false, 0],
    ]);
  });

  it('have the escapes of strings', () => {
    assert.deepEqual([...readString('\\n\\t\\\\\\"\\101\\x41é\\q')], [10, 9, 92, 34, 65, 65, 0xc3, 0xa9, 0x71]);
  });

  it('have nearest names', () => {
    const known = ['addi', 'add', 'sub', 'subw'];
    assert.deepEqual(
      ['adi', 'sbu', 'adid', 'xyz', 'x'].map((name) => nearestName(name, known)),
      ['addi', 'sub', 'addi', undefined, undefined],
    );
  });
});

describe('expressions of assembly', () => {
  const quadOf = (text: string) => {
    const { bytes } = readElfFile(assembled([`.data\n${text}`])).sections.find(({ name }) => name === '.data')!;
    return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  };
  const table: [text: string, value: bigint][] = [
    ['1 + 2 * 3', 7n],
    ['(1 + 2) * 3', 9n],
    ['1 + 2 << 3', 17n],
    ['1 | 2 + 4', 7n],
    ['8 - 1 & 3', 7n],
    ['10 - 2 - 3', 5n],
    ['-7 / 2', -3n],
    ['-7 % 3', -1n],
    ['1 < 2', -1n],
    ['2 < 1', 0n],
    ['1 && 2', 1n],
    ['!0 + ~0', 0n],
    ['-1 >> 60', 15n],
    ['1 << 64', 0n],
    ['0xffffffffffffffff', -1n],
    ['0x7fffffffffffffff + 1', -(1n << 63n)],
    ["'A' + '\\n'", 75n],
    ['later * 2', 84n],
  ];
  for (const [text, value] of table) it(`${text} is ${value}`, () => assert.equal(quadOf(`.dword ${text}\n.equ later, 42`), value));
});
