import { randomBelow } from '../test/support/random';

/** What random expressions of a program are made of. */
export interface Vocabulary {
  /** Variables and parts of them. */
  readonly names: readonly string[];
  /** Those of them that may be written for a moment. */
  readonly written: readonly string[];
  readonly types: readonly string[];
}

const literals = [
  ...[
    '0',
    '1',
    '2',
    '7',
    '-1',
    '255',
    '256',
    '4294967295',
    '2147483647',
    '0x80000000',
    '1u',
    '3l',
    '5ul',
    '7ll',
    '9ull',
    '010',
    '0x7fffffffffffffff',
  ],
  ...['1.5', '0.25f', '1e3', '2.', '.5', '1e-3', '3.0l', '123456789.75'],
  ...["'a'", "'\\n'", "'\\0'", "'\\x41'", "'\\377'", "'\\''", "'\\\\'", "L'w'", "u'x'", '"abc"', '"a\\tb"', 'L"wide"'],
];
const binary = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '>', '<=', '>=', '&&', '||'];
const arithmetic = [
  'int',
  'char',
  'unsigned',
  'long',
  'short',
  'unsigned char',
  'unsigned short',
  'unsigned long',
  'signed char',
  'long long',
];
const others = [
  'float',
  'double',
  'long *',
  'char *',
  'void *',
  'unsigned char *',
  'short *',
  'int **',
  'float *',
  'long double',
  'int (*)(int)',
];
/** Without parentheses around its `*`. */
const pointed = (type: string) => (type.includes('(*)') ? type.replace('(*)', '(**)') : `${type} *`);
const registers = ['$pc', '$sp', '$ra', '$a0', '$a1', '$fa0', '$s0', '$zero', '$gp', '$fp'];
const shifts = [0, 1, 3, 7, 15, 31, 32, 33, 63, 64];
const letters = ['x', 'd', 'u', 'o', 't', 'c', 'a', 'f', 'z', 's'];

/**
 * Expressions of C and gdb, as `runGdb` takes them: `/x` before one asks for a format. Some come in groups of four: what is written is
 * kept before and given back after.
 */
export function randomExpressions(seed: number, { names, written, types }: Vocabulary, count: number): readonly string[] {
  const random = randomBelow(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;

  const type = () => pick([arithmetic, others, types][random(3)]!);

  function expression(depth: number): string {
    if (depth === 0 || random(5) === 0) return random(4) === 0 ? pick(random(8) ? literals : registers) : pick(names);
    const inner = () => expression(depth - 1);
    switch (random(18)) {
      case 0:
      case 1:
        return `(${type()})${operand(inner())}`;
      case 2:
        return `*${operand(inner())}`;
      case 3:
        return `&${operand(inner())}`;
      case 4:
        return `${operand(inner())}[${random(3)}]`;
      case 5:
        return `${pick(['-', '!', '~', '+'])}${operand(inner())}`;
      case 6:
        return `${operand(inner())} ? ${operand(inner())} : ${operand(inner())}`;
      case 7:
        return `${operand(inner())}@${1 + random(3)}`;
      case 8:
        return `${operand(inner())}, ${operand(inner())}`;
      case 9:
        return `${operand(inner())} ${pick(['<<', '>>'])} ${pick(shifts)}`;
      case 10:
        return `*(${pointed(type())})&${operand(pick(names))}`;
      case 11:
        return `${operand(inner())} ${pick(['+', '-'])} ${random(4)}`;
      default:
        return `${operand(inner())} ${pick(binary)} ${operand(inner())}`;
    }
  }

  /** gdb's sizes are ints, so nothing is reckoned with them. */
  function whole(): string {
    const text = expression(1 + random(3));
    switch (random(12)) {
      case 0:
        return `sizeof(${text})`;
      case 1:
        return `sizeof(${type()})`;
      case 2:
      case 3:
        return `/${pick(letters)} ${text}`;
      default:
        return text;
    }
  }

  function group(): readonly string[] {
    const name = pick(written);
    const change = [
      () => `${name} = ${operand(expression(1))}`,
      () => `${name} ${pick(['+', '-', '*', '|', '&', '^', '<<', '>>', '/', '%'])}= ${operand(expression(1))}`,
      () => pick([`++${name}`, `${name}++`, `--${name}`, `${name}--`]),
    ];
    return [`$kept = ${name}`, pick(change)(), name, `${name} = $kept`];
  }

  const all: string[] = [];
  while (all.length < count) all.push(...(written.length > 0 && random(8) === 0 ? group() : [whole()]));
  return all;
}

function operand(text: string): string {
  return /^[\w:.[\]>$-]+$/.test(text) && !text.startsWith('-') ? text : `(${text})`;
}
