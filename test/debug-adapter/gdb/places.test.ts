import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { placesComparison } from './compare-places';
import { stepsComparison } from './compare-steps';
import { buildProgram, type CompilerKind, compilers } from './corpus-programs';
import { runGdb } from './run-gdb';

const functions: Readonly<Record<string, readonly string[]>> = {
  'variables.c': ['add', 'visit', 'vla', 'mix', 'scrub', 'main'],
  'inlined.c': ['work', 'both', 'square', 'main'],
  'tail-calls.c': ['leaf', 'first', 'inlined', 'even'],
  'clones.c': ['scaled', 'scaled.constprop.0', 'narrow', 'partly', 'partly.part.0.constprop.0', 'pointed'],
  'optimised.cpp': ['push', 'Ring::push', 'each', 'app::leaf', 'leaf<int>', 'area', 'Circle::area', 'Shape', 'total'],
  'classes.cpp': ['twice', 'use', 'byval', 'area', 'biggest<int>', 'geo::Rect::area', 'main'],
};

const programs: readonly [source: string, kind: CompilerKind, level: string][] = [
  ['variables.c', 'gcc', '-O0'],
  ['variables.c', 'gcc', '-O2'],
  ['variables.c', 'clang', '-Og'],
  ['inlined.c', 'gcc', '-Og'],
  ['inlined.c', 'gcc', '-O2'],
  ['inlined.c', 'clang', '-O2'],
  ['classes.cpp', 'gcc', '-Og'],
  ['classes.cpp', 'clang', '-O0'],
  ['classes.cpp', 'clang', '-O2'],
  ['optimised.cpp', 'gcc', '-O2'],
  ['optimised.cpp', 'clang', '-O3'],
  ['tail-calls.c', 'gcc', '-O2'],
  ['clones.c', 'gcc', '-O3'],
];

describe('breakpoints are where those of gdb are, and steps lead where its commands do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  let places: ReturnType<typeof placesComparison>[];
  let steps: ReturnType<typeof stepsComparison>[];
  let answers: Promise<readonly unknown[]>;

  before(function () {
    requireTools(this, ...Object.values(compilers).flatMap(({ tools }) => tools), 'qemu-riscv64', 'gdb-multiarch');
    const built = programs.map(([source, kind, level]) => buildProgram(kind, source, flagsOf(kind, level), folder));
    places = programs.map(([source], index) => placesComparison(built[index]!, source, functions[source]!));
    steps = programs.map(([source], index) => stepsComparison(built[index]!, source, 3 + index, 5));
    answers = runGdb([...places.map(({ task }) => task), ...steps.flatMap(({ tasks }) => tasks)]);
    answers.catch(() => undefined);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [source, kind, level]] of programs.entries()) {
    it(`breakpoints in ${source} from ${kind} ${level}`, async () => {
      const result = places[index]!.compare((await answers)[index]);
      assert.deepEqual(result.disagreements, []);
      assert.ok(result.places > 10);
    });

    it(`steps in ${source} from ${kind} ${level}`, async () => {
      const first = places.length + steps.slice(0, index).reduce((sum, { tasks }) => sum + tasks.length, 0);
      const result = await steps[index]!.compare((await answers).slice(first, first + steps[index]!.tasks.length));
      assert.deepEqual(result.disagreements, []);
      assert.ok(result.steps > 10, `${result.steps}`);
    });
  }
});

/** gdb does not know that the call sites that GCC leaves out of its functions belong to them. */
function flagsOf(kind: CompilerKind, level: string): readonly string[] {
  return kind === 'gcc' ? [level, '-fpatchable-function-entry=0'] : [level];
}
