import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { type ExpressionResult, expressionsComparison } from './compare-expressions';
import { buildProgram, type CompilerKind, compilers, corpus } from './corpus-programs';
import { runGdb } from './run-gdb';

const programs: readonly [source: string, marker: string, kind: CompilerKind, flags: string][] = [
  ['members.cpp', 'members', 'gcc', '-O0'],
  ['members.cpp', 'members', 'gcc', '-Og'],
  ['members.cpp', 'members', 'gcc', '-O2'],
  ['members.cpp', 'members', 'clang', '-O0'],
  ['members.cpp', 'members', 'clang', '-O2'],
  ['members.cpp', 'members', 'clang', '-O0 -fdebug-types-section'],
  ['numbers.c', 'numbers', 'gcc', '-O0'],
  ['numbers.c', 'numbers', 'gcc', '-O2'],
  ['numbers.c', 'numbers', 'clang', '-O0'],
  ['numbers.c', 'numbers', 'clang', '-O2'],
];

/** Where gdb 13 is wrong, or knows less than we do: the expressions, and what is so. */
const known: readonly [pattern: RegExp, reason: string][] = [
  [/^&shapes::Window::area$/, 'it takes the place in the virtual table for an offset'],
  [/^[yn]\w* ==? 0$|^sum [!=]= 0$/, 'it compares no pointer to a member with zero'],
  [/^dynamic_cast</, "it gives the virtual table's address, or finds no class"],
  [/^overloaded\(int\)$|^&?members$|^members::/, 'it takes another function of the name, or a lambda in it'],
  [/^&window\.width$|^&odd\.low$/, 'it gives bit-fields an address'],
  [/^shapes::Window::(area|kind|kind::asked)$|^(named|sized)->/, 'it refuses virtual functions without an object'],
  [/rightward$|leftward$/, "LLVM's declarations of it are elsewhere"],
  [/^const_cast<int &>|^&?\((int|char|long) &\)|^\(int \(&\)\[3\]\)/, 'it refuses C-style casts to references'],
  [/^\(int shapes::Point::\*\)|^sizeof\(int shapes|alignof\(shapes::Tag\)|^\(Flags<|^\(int unsigned\)|^u8'/, 'it does not parse them'],
  [/^&Outer::/, 'it does not look into anonymous members'],
  [/^leaf\.Branch::root$/, 'it adds the offset of a virtual base twice'],
  [/^(true \+ true|yes > no|no \+ no|odd\.first \+ odd\.second)$/, 'it has no such operators for bool'],
  [/^\$sp & 15$|^\$ra & 1$|^-\$sp$|^\*\$sp$|^\$$|^\$_/, 'a register with an address is a number too'],
  [/odd\.high/, 'it does not promote bit-fields to int'],
  [/^-floats$|^-0\.0$|^-\(0\.0\)$|^-half$/, 'it subtracts from zero'],
  [/\bcomplex\b|\bwhole\b|^\(float _Complex\)|_Complex|^\(int\)product$|^(product|narrow) [!=<]=? /, 'it knows little of complex numbers'],
  [/\b(large|unsignedLarge|negative|__int128|bits\d+)\b/, 'it has no arithmetic of more than 64 bits, and names no _BitInt'],
  [/^\*?operations\[1\]$/, 'it reads functions'],
  [/^2\[series\]$/, 'it indexes no integers'],
  [/^&?\b(variable|matrix)\b|^sizeof\(variable\)$/, 'it shows one element of an array whose length is lost'],
  [/^(text|!text|&\*text|&row|rawPointer)\b/, 'it takes a pointer that was optimised out for null'],
  [/^\*?(moved|row)\b/, 'it refuses parts of what was optimised out'],
  [/^sizeof\((typeof|decltype)/, 'it parses these in casts alone'],
  [/^twice::calls$/, 'it has forgotten functions that are inlined everywhere'],
  [/^place\.\*/, 'it takes members only from objects in memory'],
  [/^main$/, 'it adds parameters to a name that has none'],
];

describe('expressions of C++, wide numbers and vectors are those of gdb', function () {
  this.timeout(180_000);
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
      const disagreements = results.filter((each) => !isSame(each) && !known.some(([pattern]) => pattern.test(each.expression)));
      assert.deepEqual(
        disagreements.map(({ expression, ours, theirs }) => `${expression}: ours ${ours}, gdb's ${theirs}`),
        [],
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
