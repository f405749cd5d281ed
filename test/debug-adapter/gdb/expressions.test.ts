import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { type ExpressionResult, expressionsComparison } from './compare-expressions';
import { buildProgram, type CompilerKind, compilers, corpus } from './corpus-programs';
import { knownDifferences } from './known-differences';
import { runGdb } from './run-gdb';

const programs: readonly [source: string, marker: string, kind: CompilerKind, flags: string][] = [
  ['members.cpp', 'members', 'gcc', '-O0'],
  ['members.cpp', 'members', 'gcc', '-Og'],
  ['members.cpp', 'members', 'gcc', '-O2'],
  ['members.cpp', 'members', 'clang', '-O0'],
  ['members.cpp', 'members', 'clang', '-O2'],
  ['members.cpp', 'members', 'clang', '-O0 -fdebug-types-section'],
  ['members.cpp', 'members', 'gcc', '-O0 -fdebug-types-section -gstrict-dwarf'],
  ['numbers.c', 'numbers', 'gcc', '-O0'],
  ['numbers.c', 'numbers', 'gcc', '-O2'],
  ['numbers.c', 'numbers', 'clang', '-O0'],
  ['numbers.c', 'numbers', 'clang', '-O2'],
  ['calls.c', 'calls', 'gcc', '-O0'],
  ['calls.c', 'calls', 'clang', '-O1'],
  ['operators.cpp', 'operators', 'gcc', '-O0'],
  ['operators.cpp', 'operators', 'clang', '-O0'],
];

describe('expressions of C++, wide numbers and vectors are those of gdb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  let comparisons: ReturnType<typeof expressionsComparison>[];
  let answers: Promise<readonly unknown[]>;

  before(function () {
    requireTools(this, ...Object.values(compilers).flatMap(({ tools }) => tools), 'qemu-riscv64', 'gdb-multiarch');
    comparisons = programs.map(([source, marker, kind, words]) => {
      // gdb takes a function of GCC to start behind its call site.
      const flags = [...words.split(' '), ...(kind === 'gcc' ? ['-fpatchable-function-entry=0'] : [])];
      return expressionsComparison(buildProgram(kind, source, flags, folder), source, marker, expressionsOf(source));
    });
    answers = runGdb(comparisons.map(({ task }) => task));
    answers.catch(() => undefined);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [source, , kind, flags]] of programs.entries()) {
    it(`${source} from ${kind} ${flags}`, async () => {
      const results = comparisons[index]!.results((await answers)[index]);
      const known = knownDifferences.filter((each) => each.source === source && (each.builds?.includes(`${kind} ${flags}`) ?? true));
      const expected = new Set(known.flatMap((each) => each.expressions));
      const disagreements = results.filter((each) => !isSame(each));
      assert.deepEqual(
        disagreements
          .filter(({ expression }) => !expected.has(expression))
          .map(({ expression, ours, theirs }) => `${expression}: ours ${ours}, gdb's ${theirs}`),
        [],
      );
      const found = new Set(disagreements.map(({ expression }) => expression));
      assert.deepEqual(
        [...expected].filter((each) => !found.has(each)),
        [],
        'what is known to differ does',
      );
      const agreements = results.filter((each) => typeof each.theirs !== 'string' && isSame(each));
      assert.ok(agreements.length > results.length / 2, `${agreements.length} of ${results.length}`);
    });
  }
});

function expressionsOf(source: string): readonly string[] {
  const file = join(corpus, `${source.replace(/\.\w+$/, '')}-expressions.txt`);
  return readFileSync(file, 'utf8').split('\n').filter(Boolean);
}

function isSame({ expression, ours, theirs }: ExpressionResult): boolean {
  if (typeof ours === 'string' || typeof theirs === 'string') return isLost(ours) && isLost(theirs);
  // sizeof is an int to gdb, which calls that a thing to be mended; LLVM has one name for all complex numbers.
  const hasType = ours[1] === theirs[1] || /sizeof|alignof|_Alignof/.test(expression) || / complex$|^complex$/.test(theirs[1]);
  return (ours[0] === theirs[0] || (isLost(ours) && isLost(theirs))) && hasType;
}

/** A message, or a value that is not there. */
function isLost(result: ExpressionResult['ours']): boolean {
  return typeof result === 'string' || /^(\{.*)?<(optimized out|error)/.test(result[0]);
}
