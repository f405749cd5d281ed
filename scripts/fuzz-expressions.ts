import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExpressionResult, expressionsComparison } from '../test/debug-adapter/gdb/compare-expressions';
import { buildProgram, type CompilerKind } from '../test/debug-adapter/gdb/corpus-programs';
import { runGdb } from '../test/debug-adapter/gdb/run-gdb';
import { peculiarityOfGdb } from './peculiarities-of-gdb';
import { randomExpressions, type Vocabulary } from './random-expressions';

/**
 * Random expressions beside gdb: `npm run fuzz:expressions -- ROUNDS SEED`. Prints what differs, and counts what gdb is known to have
 * otherwise, by reason.
 */
const [rounds = 5, seed = 1] = process.argv.slice(2).map(Number);
const perRound = 400;

const programs: readonly (Vocabulary & { source: string; marker: string; kind: CompilerKind })[] = [
  {
    source: 'members.cpp',
    marker: 'members',
    kind: 'gcc',
    names: words(
      'counter hidden ref pointer moved place state layer some letter tiny byte small port word big huge yes no single real wide sixteen ' +
        'thirty text raw rawPointer plain table window both outer buffer row constant y corner sum named sized right left ref.corner.x ' +
        'window.width window.state outer.bytes outer.low table[1] buffer.items pointer->corner place.y shapes::depth shapes::Point::made ' +
        'window.height window.isOpen shapes::Window::Shown shapes::deep::Some function twice leaf root plain[1].text window.handle',
    ),
    written: words('counter letter tiny byte small port word big huge single real state place.x window.width window.height yes text raw'),
    types: [
      'shapes::Point *',
      'shapes::Window *',
      'shapes::Named *',
      'Buffer<int, 3> *',
      'shapes::Place',
      'wchar_t',
      'char16_t',
      'bool',
      'shapes::Window::State',
    ],
  },
  {
    source: 'numbers.c',
    marker: 'numbers',
    kind: 'clang',
    names: words(
      'ints others floats chars odd.low odd.wide odd.first odd.tail flexible.head pointed zero packed.i packed.s outer.real choice grid ' +
        'cube series level mask smallEnum yes operations operation quad fixed restrictless first second length variable matrix kept argc ' +
        'buffer ubuffer sbuffer wideText wideArray array16 wide sixteen thirty MID READ LARGER doubles longs first.next grid[1] cube[0][1] ' +
        'odd.high first.next->value grid[1][0].name add zero.none choice.bytes outer.named',
    ),
    written: words(
      'length argc level mask yes odd.low odd.wide odd.high packed.i packed.s packed.l choice.real choice.whole outer.real wide quad ints[1] first.value',
    ),
    types: ['struct list *', 'struct cell *', 'union choice *', 'enum level', 'enum mask', '_Bool', 'v4si', 'wchar_t', 'struct packed *'],
  },
];

const changed = /^(?:\+\+|--)?([\w.:[\]]+)(?: [^=]?[^= ]?= |\+\+|--|$)/;

function words(text: string): readonly string[] {
  return text.split(' ');
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
  const known = new Map<string, number>();
  let compared = 0;
  let different = 0;
  try {
    for (const [index, program] of programs.entries()) {
      const { source, marker, kind } = program;
      const path = buildProgram(kind, source, ['-O0', '-fpatchable-function-entry=0'], folder);
      for (let round = 0; round < rounds!; round++) {
        let lost: string | undefined;
        const expressions = randomExpressions(1 + 7919 * (seed! + 1000 * round + index), program, perRound);
        for (const result of await compare(path, source, marker, expressions)) {
          compared++;
          const { expression } = result;
          const isRead = expression === lost;
          if (!isRead) lost = undefined;
          if (isRead || isSame(result)) continue;
          const peculiarity = peculiarityOfGdb(result);
          // What has then been written is another value too.
          if (peculiarity) lost = changed.exec(expression)?.[1];
          if (peculiarity) known.set(peculiarity, (known.get(peculiarity) ?? 0) + 1);
          else {
            different++;
            console.log(`${source}: ${result.expression}\n  ours ${result.ours}\n  gdb  ${result.theirs}`);
          }
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [reason, count] of known) console.log(`${count} known: ${reason}`);
  console.log(`${compared} expressions, ${different} differ (seed ${seed})`);
}

function isSame({ expression, ours, theirs }: ExpressionResult): boolean {
  if (typeof ours === 'string' || typeof theirs === 'string') return isMessage(ours) && isMessage(theirs);
  return ours[0] === theirs[0] && (ours[1] === theirs[1] || expression.startsWith('sizeof'));
}

/** Why there is no value; what is shown of an object at an unmapped address is only that. */
function isMessage(result: ExpressionResult['ours']): boolean {
  return typeof result === 'string' || result[0].startsWith('<error: Cannot access memory');
}

void main();
