/**
 * `npm run fuzz:expression-texts -- [INPUTS [SEED]]`: texts that are mostly no expressions, by the hundred thousand, in programs of C and C++; it
 * fails at the first that throws anything but a message, or hangs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completions } from '../debug-adapter/completions';
import type { Debuggee } from '../debug-adapter/debuggee';
import { UserError } from '../debug-adapter/errors';
import { splitFormat } from '../debug-adapter/expressions/format-suffix';
import type { LaunchedProgram } from '../debug-adapter/launch';
import { typeCommand } from '../debug-adapter/type-commands';
import { evaluateIn, isTrueIn, show } from '../debug-adapter/values';
import { readProgram } from '../program/read-program';
import { stopAt } from '../test/debug-adapter/gdb/compare-expressions';
import { buildProgram, corpus } from '../test/debug-adapter/gdb/corpus-programs';
import { debuggeeOf, visitStops } from '../test/debug-adapter/gdb/our-debuggee';
import { randomBelow } from '../test/support/random';

const [inputs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
/** More than this for a text is work that explodes. */
const mostMilliseconds = 20_000;

const random = randomBelow(seed);
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;
const pieces = [
  ...[
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '<<=',
    '->',
    '->*',
    '.*',
    '.',
    '::',
    '&&',
    '@',
    '?',
    ':',
    ',',
    '=',
    '++',
    '--',
    '!',
    '~',
    '*',
    '&',
    '%',
  ],
  ...[
    'sizeof',
    'struct',
    'unsigned',
    'int',
    'char',
    'const',
    'typeof(',
    'alignof(',
    'static_cast<',
    'dynamic_cast<',
    'operator',
    'Buffer<int, 3>',
  ],
  ...[
    "'",
    '"',
    '\\',
    '$',
    '$a0',
    '$fa0',
    '$_',
    '$1',
    '0x',
    '1e',
    '1.5f',
    '0b2',
    '09',
    '18446744073709551616',
    'é',
    '\u0000',
    '\n',
    ' ',
    'L"',
    "u8'",
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-fuzz-'));
const programs = (['members.cpp', 'numbers.c'] as const).map((source) => {
  const marker = source.replace(/\..*/, '');
  const program = readProgram(readFileSync(buildProgram('clang', source, ['-O0'], folder)), 'program.elf');
  const debuggee = debuggeeOf(program);
  for (const _ of visitStops(debuggee, [stopAt(program, source, marker)])) break;
  return {
    debuggee,
    expressions: readFileSync(join(corpus, `${marker}-expressions.txt`), 'utf8')
      .split('\n')
      .filter(Boolean),
  };
});
rmSync(folder, { recursive: true, force: true });

let slowest = 0;
let slowestText = '';
let messages = 0;
for (let input = 0; input < inputs; input++) {
  const { debuggee, expressions } = pick(programs);
  const text = textFrom(expressions);
  const start = process.cpuUsage().user;
  for (const use of uses(debuggee, text)) {
    try {
      use();
    } catch (error) {
      if (!(error instanceof UserError)) {
        console.error(JSON.stringify(text));
        throw error;
      }
      if (/, in "/.test(error.message)) messages++;
    }
  }
  const elapsed = (process.cpuUsage().user - start) / 1000;
  if (elapsed > slowest) [slowest, slowestText] = [elapsed, text];
  if (elapsed > mostMilliseconds) throw new Error(`${JSON.stringify(text)} took ${elapsed.toFixed(0)} ms`);
}
console.log(`${inputs} texts, ${messages} messages with a place, the slowest in ${slowest.toFixed(0)} ms of CPU (seed ${seed}):`);
console.log(JSON.stringify(slowestText.slice(0, 300)));

/** Pieces alone, expressions with pieces in them, two of them run together, or one that is nested deep. */
function textFrom(expressions: readonly string[]): string {
  const kind = random(16);
  if (kind === 0) return pick(pieces).repeat(1 + random(3000));
  if (kind === 1)
    return (
      pick(['(', '-', '*', '!', 'sizeof ', '(int)', '1 ? ', '1, ', '1 + ', 'x[', '&&']).repeat(random(random(8) === 0 ? 60_000 : 2000)) +
      pick(expressions)
    );
  if (kind < 6) return Array.from({ length: random(16) }, () => pick([...pieces, ...expressions])).join(pick(['', ' ']));
  let text = pick(expressions);
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(text.length + 1);
    const end = at + random(4);
    text = text.slice(0, at) + (random(3) === 0 ? '' : pick(random(3) === 0 ? expressions : pieces)) + text.slice(end);
  }
  return text;
}

function uses(debuggee: Debuggee, text: string): (() => unknown)[] {
  const frame = debuggee.frame(0);
  const { source, letter } = splitFormat(text, undefined);
  const evaluated = () => show(debuggee, frame, evaluateIn(debuggee, frame, source, { isReadOnly: true }), letter);
  const others = [
    () => typeCommand(debuggee, frame, pick(['ptype', 'whatis']), text),
    () => isTrueIn(debuggee, frame, text),
    () => completions({ debuggee } as LaunchedProgram, { text, column: text.length + 1, frameId: 1 }),
  ];
  return [evaluated, pick(others)];
}
