import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { writesComparison } from './compare-writes';
import { buildProgram, type CompilerKind, compilers } from './corpus-programs';
import { type Assignment, runGdb } from './run-gdb';

const numbers = ['5', '-1', '300', '2.75', "'a'", '70000000000'];

/** Numbers are assigned to the first, pointers to the others. */
const targets: Readonly<Record<string, readonly [numbers: string, pointers: string]>> = {
  'variables.c': [
    'counter table[1][2] ratio half huge yes letters[1] wide list->at.x list->low list->mid list->big depth u.i u.f u.bytes[2] c f total here n sum i values[1] d p.x r argc head.low tail.mid origin.y visit::calls',
    'list list->name op each argv greeting',
  ],
  'floats.c': [
    'origin single_precision x result a b c d.part d.count e.low e.high f.only g h sum step width at rough base exponent rest result.low all.values[1] sink seen.halves[1] mixed.part sorted.low from to steps',
    'f more',
  ],
  'numbers.c': [
    'odd.first odd.second odd.low odd.high odd.wide odd.tail packed.i packed.s packed.l outer.real outer.low choice.real choice.bytes[3] grid[1][0].x level mask smallEnum yes quad wide sixteen thirty ints[1] floats[2] bytes[3] flexible.head.count buffer[2] sbuffer[1] zero.after kept length variable[1] matrix[1][0] sixteenHere local[2] first.value',
    'operation first.next pointed wideText',
  ],
  'members.cpp': [
    'ref.corner.x ref.width ref.height ref.isOpen ref.state ref.layer moved.right moved.both leaf.root leaf.twig outer.low outer.whole buffer.items[1] flags.value points.inner.x state layer some place.y tiny byte small port word big huge yes single real wide sixteen thirty row[1] hidden secret.code shapes::Point::made letter inner letters.items[1]',
    'pointer function text raw named',
  ],
  'classes.cpp': ['n a r.w rect.h m pl flag wc u dia.own dia.d1 this->w w id geo::Shape::made geo::hidden c.x v s p.first x', 'fn mp base'],
};

const programs: readonly [source: string, kind: CompilerKind, level: string][] = [
  ['variables.c', 'gcc', '-O2'],
  ['variables.c', 'clang', '-O0'],
  ['variables.c', 'clang', '-O2'],
  ['floats.c', 'gcc', '-O2'],
  ['floats.c', 'clang', '-O2'],
  ['numbers.c', 'gcc', '-O0'],
  ['members.cpp', 'clang', '-O0'],
  ['classes.cpp', 'gcc', '-O0'],
  ['classes.cpp', 'clang', '-O2'],
];

describe('what is assigned shows as in gdb, in memory, registers and pieces', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  let comparisons: ReturnType<typeof writesComparison>[];
  let answers: Promise<readonly unknown[]>;

  before(function () {
    requireTools(this, ...Object.values(compilers).flatMap(({ tools }) => tools), 'qemu-riscv64', 'gdb-multiarch');
    comparisons = programs.map(([source, kind, level]) => {
      // gdb knows no function in the call sites that GCC leaves out of them.
      const flags = kind === 'gcc' ? [level, '-fpatchable-function-entry=0'] : [level];
      return writesComparison(buildProgram(kind, source, flags, folder), source, 6, assignmentsOf(source));
    });
    answers = runGdb(comparisons.map(({ task }) => task));
    answers.catch(() => undefined);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [source, kind, level]] of programs.entries()) {
    it(`${source} from ${kind} ${level}`, async () => {
      const { writes, disagreements } = comparisons[index]!.compare((await answers)[index]);
      assert.deepEqual(disagreements, []);
      assert.ok(writes > 50, `${writes}`);
    });
  }
});

function assignmentsOf(source: string): Assignment[] {
  const [scalars, pointers] = targets[source]!;
  return [
    ...scalars.split(' ').flatMap((target) => numbers.map((number) => [target, number] as const)),
    ...pointers.split(' ').flatMap((target) => [`0`, '4096'].map((number) => [target, number] as const)),
  ];
}
