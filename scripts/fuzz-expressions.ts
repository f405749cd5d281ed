import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExpressionResult, expressionsComparison } from '../test/debug-adapter/gdb/compare-expressions';
import { buildProgram, type CompilerKind } from '../test/debug-adapter/gdb/corpus-programs';
import { runGdb } from '../test/debug-adapter/gdb/run-gdb';
import { randomBelow } from '../test/support/random';

/** Random expressions beside gdb: `npm run fuzz:expressions -- ROUNDS SEED`. Prints what differs, but for what is known of gdb. */
const [rounds = 5, seed = 1] = process.argv.slice(2).map(Number);
const perRound = 400;

const programs: readonly [source: string, marker: string, kind: CompilerKind, names: string][] = [
  [
    'members.cpp',
    'members',
    'gcc',
    'counter hidden ref pointer moved place state layer some letter tiny byte small port word big huge yes no single real wide sixteen ' +
      'thirty text raw rawPointer plain table window both outer buffer row constant y corner sum named sized right left ref.corner.x ' +
      'window.width window.state outer.bytes outer.low table[1] buffer.items pointer->corner place.y shapes::depth shapes::Point::made',
  ],
  [
    'numbers.c',
    'numbers',
    'clang',
    'ints others floats chars odd.low odd.wide odd.first odd.tail flexible.head pointed zero packed.i packed.s outer.real choice grid ' +
      'cube series level mask smallEnum yes operations operation quad fixed restrictless first second length variable matrix kept argc ' +
      'buffer ubuffer sbuffer wideText wideArray array16 wide sixteen thirty MID READ LARGER doubles longs first.next grid[1] cube[0][1]',
  ],
];
const literals = [
  '0',
  '1',
  '2',
  '7',
  '-1',
  '255',
  '4294967295',
  '2147483647',
  '0x80000000',
  '1u',
  '3l',
  '5ul',
  '1.5',
  '0.25f',
  "'a'",
  '010',
  '1e3',
];
const binary = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '>', '<=', '>=', '&&', '||'];
const types = [
  'int',
  'char',
  'unsigned',
  'long',
  'short',
  'unsigned char',
  'float',
  'double',
  'long *',
  'char *',
  'unsigned long',
  'signed char',
];

/** What gdb has otherwise, as `expressions.test.ts` says. */
const known = /sizeof|\(_?[bB]ool\)|~|-floats|-0|odd\.|\bquad\b|\$|%|alignof/;

const random = randomBelow(seed!);
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!;

function expression(names: readonly string[], depth: number): string {
  if (depth === 0 || random(5) === 0) return random(4) === 0 ? pick(literals) : pick(names);
  const inner = () => expression(names, depth - 1);
  switch (random(12)) {
    case 0:
      return `(${pick(types)})${operand(inner())}`;
    case 1:
      return `*${operand(inner())}`;
    case 2:
      return `&${operand(inner())}`;
    case 3:
      return `${operand(inner())}[${random(3)}]`;
    case 4:
      return `${pick(['-', '!', '~', '+'])}${operand(inner())}`;
    case 5:
      return `${operand(inner())} ? ${operand(inner())} : ${operand(inner())}`;
    case 6:
      return `sizeof(${inner()})`;
    case 7:
      return `${operand(inner())}@${1 + random(3)}`;
    default:
      return `${operand(inner())} ${pick(binary)} ${operand(inner())}`;
  }
}

function operand(text: string): string {
  return /^[\w:.[\]>-]+$/.test(text) && !text.startsWith('-') ? text : `(${text})`;
}

async function compare(path: string, source: string, marker: string, expressions: readonly string[]): Promise<readonly ExpressionResult[]> {
  const comparison = expressionsComparison(path, source, marker, expressions);
  try {
    const [answer] = await runGdb([comparison.task]);
    return comparison.results(answer);
  } catch (error) {
    if (!String(error).includes('internal-error')) throw error;
    // gdb is at its end with one of them.
    if (expressions.length === 1) return [];
    const middle = expressions.length >> 1;
    const first = await compare(path, source, marker, expressions.slice(0, middle));
    return [...first, ...(await compare(path, source, marker, expressions.slice(middle)))];
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-fuzz-'));
  let compared = 0;
  let different = 0;
  try {
    for (const [source, marker, kind, names] of programs) {
      const path = buildProgram(kind, source, kind === 'gcc' ? ['-O0', '-fpatchable-function-entry=0'] : ['-O0'], folder);
      for (let round = 0; round < rounds!; round++) {
        const expressions = Array.from({ length: perRound }, () => expression(names.split(' '), 1 + random(3)));
        for (const result of await compare(path, source, marker, expressions)) {
          compared++;
          if (isSame(result) || known.test(result.expression)) continue;
          different++;
          console.log(`${source}: ${result.expression}\n  ours ${result.ours}\n  gdb  ${result.theirs}`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${compared} expressions, ${different} differ (seed ${seed})`);
}

function isSame({ ours, theirs }: ExpressionResult): boolean {
  if (typeof ours === 'string' || typeof theirs === 'string') return typeof ours === typeof theirs;
  return ours[0] === theirs[0] && ours[1] === theirs[1];
}

void main();
