import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../debug-adapter/errors';
import { typeCommand } from '../../../debug-adapter/type-commands';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { requireTools } from '../../support/tools';
import { stopAt } from './compare-expressions';
import { buildProgram, type CompilerKind, compilers, corpus } from './corpus-programs';
import { debuggeeOf, visitStops } from './our-debuggee';
import { runGdb } from './run-gdb';

const programs: readonly [source: string, marker: string, kind: CompilerKind, flags: readonly string[]][] = [
  ['types.cpp', 'types', 'gcc', ['-O0', '-fpatchable-function-entry=0']],
  ['types.cpp', 'types', 'clang', ['-O0']],
  ['types.cpp', 'types', 'clang', ['-O0', '-gdwarf-4']],
  ['types.c', 'types', 'gcc', ['-O0', '-fpatchable-function-entry=0']],
  ['types.c', 'types', 'clang', ['-O2']],
  ['members.cpp', 'members', 'gcc', ['-O0', '-fpatchable-function-entry=0']],
  ['numbers.c', 'numbers', 'clang', ['-O0']],
];

/** What is not the name of a variable, a function or a type at the top. */
const more: Readonly<Record<string, readonly string[]>> = {
  'types.cpp': [
    ...[
      'zoo::Holder',
      'zoo::Virtual',
      'zoo::Base',
      'zoo::Mixed::Inner',
      'zoo::Mixed::Callback',
      'zoo::Mixed::byte',
      'zoo::Union::E',
      'zoo::Mixed::as<long>',
    ],
    ...[
      'local',
      'lambda',
      'local.b',
      'ref',
      'pointer',
      '*pointer',
      '&mixed',
      'mixed.inner',
      'deep.inner',
      'deep.q',
      'zoo::Plain',
      'struct zoo::Plain',
      'Local',
    ],
    ...[
      'unsigned long',
      'int*(*)[3]',
      'int (*)(zoo::Plain)',
      'zoo::Operators::count',
      'onlyMethods.f',
      'n + 1L',
      'zoo::Buffer<int, 2>',
      'derived.last',
      'this',
    ],
  ],
  'types.c': [
    ...[
      'size',
      'length',
      'point',
      'unnamed',
      'handler',
      'text',
      'struct point',
      'struct list',
      'union choice',
      'enum level',
      'enum big',
      'struct odd',
      'struct opaque',
    ],
    ...[
      'local',
      'vla',
      'real',
      'bytes',
      'argv',
      'argc',
      'list.inner',
      'list.which',
      '&list',
      '*list.next',
      'list.next->next',
      'sizeof(int)',
      'h(',
      'struct nothing',
    ],
    ...[
      'int',
      'unsigned char *',
      'point *',
      'struct point [3]',
      'point (*)(size)',
      'main',
      '&main',
      '*main',
      'odd.six',
      'odd.six[1]',
      'matrix[0]',
      '1.5f',
      "'a'",
      '"abc"',
    ],
  ],
  'members.cpp': [
    'ref',
    'pointer',
    'moved',
    'y',
    'sum',
    'kind',
    'row',
    'callee',
    'lambda',
    'leaf',
    'place',
    'shapes::Place',
    'shapes::Window::Layer',
    'raw',
  ],
  'numbers.c': ['variable', 'matrix', 'local', 'product', 'kept', 'v4si', 'struct odd', 'struct packed', 'struct outer', 'union choice'],
};

/** Where gdb 13 is wrong, by the operand of both commands. */
const known: Readonly<Record<string, readonly (readonly [operand: string, reason: string])[]>> = {
  'types.c': [
    ['sizeof(int)', 'an int, which it calls a thing to be mended'],
    ['*main', 'it takes no function for what *function is'],
  ],
  'numbers.c': [
    ['unsignedLarge', 'it writes unsigned out where that is no word of the type'],
    ['bits5', 'it writes unsigned out where that is no word of the type'],
    ['bits9', 'it writes unsigned out where that is no word of the type'],
    ['whole', 'it knows no complex integers'],
  ],
};

describe('ptype and whatis print what those of gdb do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-corpus-'));
  let read: { readonly program: Program; readonly stop: number; readonly commands: readonly string[] }[];
  let answers: Promise<readonly unknown[]>;

  before(function () {
    requireTools(this, ...Object.values(compilers).flatMap(({ tools }) => tools), 'qemu-riscv64', 'gdb-multiarch');
    const paths = programs.map(([source, , kind, flags]) => buildProgram(kind, source, flags, folder));
    read = programs.map(([source, marker], index) => {
      const program = readProgram(readFileSync(paths[index]!), 'program.elf');
      return { program, stop: stopAt(program, source, marker), commands: commandsFor(program, source) };
    });
    answers = runGdb(read.map(({ stop, commands }, index) => ({ kind: 'types', program: paths[index]!, stop, commands })));
    answers.catch(() => undefined);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, [source, , kind, flags]] of programs.entries()) {
    it(`${source} from ${kind} ${flags.join(' ')}`, async () => {
      const theirs = (await answers)[index] as readonly (string | null)[];
      const { program, stop, commands } = read[index]!;
      const debuggee = debuggeeOf(program);
      for (const _ of visitStops(debuggee, [stop])) break;
      const different = commands.filter((command, at) => {
        const [, name, operand] = /^(\w+) (.*)$/.exec(command)!;
        const ours = ourText(() => typeCommand(debuggee, debuggee.frame(0), name as 'ptype', operand!));
        const answer = theirs[at]?.replace(/^type = /, '').trimEnd();
        const isKnown = known[source]?.some(([each]) => each === operand);
        if (!isKnown) assert.equal(ours, answer, command);
        return ours !== answer;
      });
      assert.equal(different.length, 2 * (known[source]?.length ?? 0), 'what is known to differ does');
      assert.ok(commands.length > 40, `${commands.length}`);
    });
  }
});

/** Undefined where there is none. */
function ourText(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function commandsFor(program: Program, source: string): readonly string[] {
  const text = readFileSync(join(corpus, source), 'utf8');
  const names = program.symbols.all.filter(
    ({ kind, name }) => kind === 'object' && new RegExp(`^[^ ].*\\b${name}\\b`, 'm').test(text) && /^[a-z]\w*$/.test(name),
  );
  const all = [...new Set([...names.map(({ name }) => name), ...more[source]!])];
  return all.flatMap((each) => [`ptype ${each}`, `whatis ${each}`]);
}
