import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { stopsComparison } from './compare-stops';
import { buildProgram, type CompilerKind, compilers } from './corpus-programs';
import { runGdb } from './run-gdb';

const expressions = [
  ...['counter', 'table', 'table[1]', 'table[2][3]', '&table[1]', '*table', 'greeting', '*greeting', 'letters', 'filled', 'zeros', 'wide'],
  ...['ratio', 'ratio * 2', 'half', 'half + 1', 'huge', 'yes', 'GREEN', '(enum color)5', '(enum color)3', '(enum flags)7', '(enum flags)8'],
  ...[
    'sizeof(node_t)',
    'sizeof(struct point)',
    'sizeof table',
    '1 + 2 * 3',
    '(1 + 2) * 3',
    '7 / 2',
    '-7 / 2',
    '-7 % 3',
    '7.0 / 2',
    '1u - 2',
  ],
  ...['-1u', '~0', '~0u', '1 << 5', '-16 >> 2', '5 & 3', '5 | 3', '5 ^ 3', '!5', '!0', '1 && 0', '1 || 0', '3 > 2', '3 == 2', '-1 < 1u'],
  ...[
    "'a'",
    "'a' + 1",
    '(char)65',
    '(unsigned char)300',
    '(short)70000',
    '(long)1 << 40',
    '2147483647 + 1L',
    '4294967295',
    '0x7fffffff + 1u',
  ],
  ...['1.5f * 2', '(int)2.9', '(int)-2.9', '(float)1 / 3', '1.0 / 3', '1e10', 'counter ? 1 : 2', 'table[0][0] + table[1][1]', 'table[0]@2'],
  ...[
    'visit::calls',
    'add',
    '*add',
    '&counter',
    '*&counter',
    '&counter + 1',
    '(char)counter',
    '(long *)&counter',
    'letters[0]',
    '&letters[1]',
  ],
  ...[
    'list',
    'list->at',
    'list->at.x',
    'list->name',
    '*list',
    '*list->next',
    'list->next->name',
    '&list->at',
    'list->low + 1',
    'list->mid',
  ],
  ...[
    'depth',
    'depth * 10',
    'op',
    '*op',
    'u',
    'u.f',
    'u.bytes[1]',
    'c',
    'c == GREEN',
    'c + 1',
    'f',
    'f & READ',
    'total',
    'each',
    'each->at.y',
  ],
  ...[
    'each == list',
    'each != 0',
    '!each',
    'list + 1',
    '(list + 1) - list',
    'sizeof(*list)',
    'argc',
    'argv',
    'n',
    'sum',
    'nonesuch',
    '*1.5',
    'table.x',
  ],
];
const classExpressions = [
  ...[
    'geo::Shape::made',
    'geo::hidden',
    'geo::use',
    'geo::Mode::On',
    'geo::One',
    'geo::Plain::One',
    'sizeof(geo::Rect)',
    'rect',
    'rect.w',
    'rect.id',
  ],
  ...['n', 'a', 'a + 1', 'r.w', 'r.id', 'p', 'p.first', 'm', 'pl', 'flag', '!flag', 'flag + 1', 'wc', 'u', 'fn', 'dia.own'],
  ...['this->w', 'w', 'w * h', 'id', 'made', '*this', 'first', 'first + second', 'c.x', 'base->id', 'sizeof(geo::Pair<int>)', '(int)m'],
];

const floatExpressions = [
  ...['origin', 'single_precision', 'infinite', '-infinite', 'infinite - infinite', 'zero', 'table', 'table[1]', '*table@2', 'limits'],
  ...[
    'limits.low',
    'up',
    'up.z',
    'x',
    'x * 2',
    'x + 1',
    '-x',
    'x > 1',
    'x == x',
    '(int)x',
    '(float)x',
    '(long)(x * 1000)',
    'a',
    'b',
    'c',
    'd',
    'e',
  ],
  ...[
    'f',
    'g',
    'h',
    'i',
    'j',
    'a + b',
    'd.part',
    'e.low / 3',
    'sum',
    'sum * 1.5f',
    'width',
    'at',
    'rough',
    'rough == (float)at',
    'step + 0.5',
  ],
  ...[
    'base',
    'exponent',
    'base * exponent',
    'rest',
    'result',
    'result.low',
    'a.x',
    'a.x + b.y',
    'all',
    'all.values[1]',
    'more[1]',
    '*more',
    'seen',
  ],
  ...[
    'seen.number',
    'seen.halves',
    'sorted',
    'mixed',
    'sink',
    '1.0f / 3',
    '1.0 / 3',
    '1e308 * 10',
    '16777216.0f + 1',
    'sizeof(struct large)',
  ],
  ...[
    '0.1f',
    '0.1f + 0.2f',
    '0.1 + 0.2',

    '(float)0.1',
    'third',
    'third * 3',
    '1.0L / 3',
    '0.1L + 0.2L',
    '(double)third',
    '(int)(third * 10)',
    'third == 1.0L / 3',
    'third < 0.5',
    'third + d.part',
    'largest * largest',
    '-third',
    '1.5e3L',
    '(long double)0.1f',
    'sizeof(third + 1)',
    'turn',
    'back',
    '(unsigned char)2.9',
    'square',
    '*f',
    '5 % 3 * 1.5',
    '!zero',
    'zero ? 1 : 2.5',
  ],
];

const corpus: readonly [source: string, compiler: CompilerKind, flags: readonly string[], stops: number][] = [
  ['variables.c', 'gcc', ['-O0'], 60],
  ['variables.c', 'gcc', ['-Og', '-fdebug-types-section'], 60],
  ['variables.c', 'gcc', ['-O2'], 60],
  ['variables.c', 'gcc', ['-O1', '-gdwarf-4', '-fdebug-types-section'], 30],
  ['variables.c', 'clang', ['-O0'], 60],
  ['variables.c', 'clang', ['-Og'], 60],
  ['variables.c', 'clang', ['-O1'], 40],
  ['variables.c', 'clang', ['-O2'], 60],
  ['variables.c', 'clang', ['-O1', '-gdwarf-4'], 30],
  ...(['gcc', 'clang'] as const).flatMap((kind) => {
    return ['-O0', '-Og', '-O2'].map((level) => ['floats.c', kind, [level], 60] as [string, CompilerKind, string[], number]);
  }),
  ['inlined.c', 'gcc', ['-O2'], 40],
  ['inlined.c', 'clang', ['-O2'], 40],
  ['classes.cpp', 'gcc', ['-O0'], 40],
  ['classes.cpp', 'gcc', ['-O2'], 40],
  ['classes.cpp', 'clang', ['-O0'], 40],
  ['classes.cpp', 'clang', ['-O2'], 40],
  ...(['gcc', 'clang'] as const).flatMap((kind) => {
    return ['-Og', '-O2', '-O3'].map((level) => ['optimised.cpp', kind, [level], 60] as [string, CompilerKind, string[], number]);
  }),
  ['tail-calls.c', 'gcc', ['-O2'], 60],
  ['tail-calls.c', 'clang', ['-O2'], 30],
  ['tail-calls.c', 'clang', ['-O1', '-gdwarf-4'], 40],
  ['clones.c', 'gcc', ['-O3'], 40],
  // gdb 13 cannot read the location lists that GCC splits in DWARF 5.
  ['variables.c', 'gcc', ['-O0', '-gsplit-dwarf'], 30],
  ['variables.c', 'gcc', ['-O2', '-gsplit-dwarf', '-gdwarf-4'], 30],
  ['optimised.cpp', 'gcc', ['-O2', '-gsplit-dwarf', '-gdwarf-4'], 30],
];

describe('stacks, variables and expressions are those of gdb', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  let comparisons: ReturnType<typeof stopsComparison>[];
  let answers: Promise<readonly unknown[]>;
  let stops = 0;

  before(function () {
    requireTools(this, ...Object.values(compilers).flatMap(({ tools }) => tools), 'qemu-riscv64', 'gdb-multiarch');
    comparisons = corpus.map(([source, kind, flags, count]) =>
      stopsComparison(buildProgram(kind, source, flags, folder), source, count, expressionsOf(source)),
    );
    answers = runGdb(comparisons.map(({ task }) => task));
    answers.catch(() => undefined);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [source, kind, flags, count]] of corpus.entries()) {
    it(`${source} from ${kind} ${flags.join(' ')}`, async () => {
      const result = comparisons[index]!.compare((await answers)[index]);
      assert.deepEqual(result.disagreements, []);
      assert.ok(result.stops > count / 2 && result.values > (result.stops * expressionsOf(source).length) / 2);
      stops += result.stops;
    });
  }

  it('at more than 1200 stops', () => assert.ok(stops > 1200, `${stops}`));
});

const optimisedExpressions = ['sink', 'sink + 1', 'a', 'b', 'n', 's', 'this', '*this', 't', 'i', 'app::Shape::count', '&sink', 'node->key'];
const expressionsOfOthers: Readonly<Record<string, readonly string[]>> = {
  'optimised.cpp': optimisedExpressions,
  'tail-calls.c': ['sink', 'a', 'a * 2', 'b', 'q', 'r', 'leaf', '*second'],
  'clones.c': ['sink', 'numbers', 'scaled', '&scaled', 'narrow', 'a', 'k', 's', 'p', 'three'],
};

function expressionsOf(source: string): readonly string[] {
  const others = expressionsOfOthers[source];
  if (others) return others;
  return source.endsWith('.cpp') ? classExpressions : source === 'floats.c' ? floatExpressions : expressions;
}
