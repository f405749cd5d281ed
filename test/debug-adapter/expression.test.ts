import { strict as assert } from 'node:assert';
import { type Expression, parseExpression } from '../../debug-adapter/expression';

/** The tree in prefix notation. */
function tree(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'register':
      return `$${expression.name}`;
    case 'symbol':
      return expression.name;
    case 'memory':
      return `(${expression.type.signed ? 'i' : 'u'}${8 * expression.type.size} ${tree(expression.address)})`;
    case 'unary':
      return `(${expression.operator} ${tree(expression.operand)})`;
    case 'binary':
      return `(${expression.operator} ${tree(expression.left)} ${tree(expression.right)})`;
  }
}

describe('expressions of the debug console', () => {
  const trees: Readonly<Record<string, string>> = {
    '42': '42',
    '0x2A': '42',
    '0b101': '5',
    "'A'": '65',
    "'\\n'": '10',
    a0: '$a0',
    $a0: '$a0',
    $cycle: '$cycle',
    x31: '$x31',
    fp: '$fp',
    pc: '$pc',
    main: 'main',
    '.Lbase': '.Lbase',
    '&a0': 'a0',
    '1 + 2 * 3': '(+ 1 (* 2 3))',
    '(1 + 2) * 3': '(* (+ 1 2) 3)',
    '1 - 2 - 3': '(- (- 1 2) 3)',
    '1 | 2 ^ 3 & 4': '(| 1 (^ 2 (& 3 4)))',
    '1 << 2 + 3': '(<< 1 (+ 2 3))',
    '256 >> 4 >> 1': '(>> (>> 256 4) 1)',
    '-1': '(- 1)',
    '~a0 + -1': '(+ (~ $a0) (- 1))',
    '+5': '5',
    '*sp': '(u64 $sp)',
    '**sp': '(u64 (u64 $sp))',
    '*sp + 8': '(+ (u64 $sp) 8)',
    '*(sp + 8)': '(u64 (+ $sp 8))',
    '2 * *sp': '(* 2 (u64 $sp))',
    '{int} counter': '(i32 counter)',
    '{unsigned  int}counter': '(u32 counter)',
    '{byte}(a1+1)': '(u8 (+ $a1 1))',
    '7 / 2 % 2': '(% (/ 7 2) 2)',
    '0xffffffffffffffffff': String(2n ** 64n - 1n),
  };
  for (const [text, expected] of Object.entries(trees)) {
    it(`reads ${text}`, () => assert.equal(tree(parseExpression(text)), expected));
  }

  const problems: Readonly<Record<string, RegExp>> = {
    '': /Missing a value, in "" at column 1/,
    '1 +': /Missing a value, in "1 \+" at column 4/,
    '(1': /Missing "\)"/,
    '1 2': /Unexpected text, in "1 2" at column 2/,
    '{float} sp': /"\{type\}" takes one of char/,
    '{int': /"\{type\}" takes one of/,
    '& $a0': /"&" takes a symbol/,
    '*': /Missing a value/,
    '0xg': /Unexpected text/,
    'a0 = 1': /Unexpected text/,
    [`${'('.repeat(10_000)}1`]: /Too deeply nested/,
    ['-'.repeat(10_000)]: /Too deeply nested/,
  };
  for (const [text, message] of Object.entries(problems)) {
    it(`refuses ${text.slice(0, 20) || 'nothing'}`, () => assert.throws(() => parseExpression(text), message));
  }

  it('never fails with anything but a message, whatever the text', () => {
    const pieces = ['a0', '$', '0x', '12', '(', ')', '{', '}', 'int', '*', '&', '-', '~', '<<', '>', "'", '\\', ' ', 'é', '=', '.'];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join('');
      try {
        tree(parseExpression(text));
      } catch (error) {
        assert.equal((error as { id?: number }).id, 1300, `${text}: ${error}`);
      }
    }
  });
});
