import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { FrameMemory } from '../../../debug-adapter/frame-memory';
import { evaluateIn } from '../../../debug-adapter/values';
import { readProgram } from '../../../program/read-program';
import { formatValue } from '../../../program/values/format/format-value';
import { requireTools } from '../../support/tools';
import { compilers, withProgram } from './corpus-programs';
import { debuggeeOf, visitStops } from './our-debuggee';
import { runGdb } from './run-gdb';

const letters = ['x', 'd', 'u', 'o', 't', 'c', 'a', 'f', 'z', 's'];

const expressions = {
  'variables.c': [
    ...['counter', '-counter', '0', '-1', '255', "'a'", '(char)200', '(signed char)-3', '(short)-300', '1L << 40', '-1L', '4294967295'],
    ...['table', 'table[1]', 'letters', 'filled', 'zeros', 'greeting', '*greeting', 'yes', '(_Bool)0', 'ratio', 'half', 'wide'],
    ...['list->at', 'list->low', 'list->mid', 'list->big', 'list->name', 'op', 'u', 'u.bytes', 'c', 'GREEN', '(enum color)3'],
    ...['f', '(enum flags)3', '(enum flags)7', '(enum flags)8', '(enum flags)0', '&counter', '&table', 'list->at.x', '(unsigned char)65'],
  ],
  'floats.c': [
    ...['origin', 'single_precision', 'infinite', '-infinite', 'infinite - infinite', '0.0', '1.5', '-2.75f', '65.0', '1e300'],
    ...['table', 'up', 'limits', 'third', '(int)2.9', '1.0f / 3'],
  ],
  'numbers.c': [
    ...[
      'ints',
      'floats',
      'chars',
      'bytes',
      'narrow',
      'longComplex',
      'odd',
      'odd.low',
      'odd.first',
      'flexible',
      '*pointed',
      'packed',
      'outer',
      'choice',
    ],
    ...[
      'grid',
      'cube[0]',
      'series',
      'level',
      'smallEnum',
      'mask',
      'yes',
      'operations',
      'operation',
      'quad',
      'wideArray',
      'array16',
      'array32',
    ],
    ...['wide', 'sixteen', 'thirty', 'buffer', 'ubuffer', 'sbuffer', 'first', 'text16', 'wideText', 'fixed'],
  ],
  'members.cpp': [
    ...[
      'ref',
      'pointer',
      '*pointer',
      'moved',
      'ref.state',
      'ref.layer',
      'ref.axis',
      'table',
      'outer',
      'flags',
      'points',
      'wrapper',
      'both',
    ],
    ...['hidden', 'secret', 'buffer', 'letters', 'counter'],
  ],
} as const;

describe('values in the formats of gdb', () => {
  for (const [source, kind, where] of [
    ['variables.c', 'gcc', 'visit'],
    ['variables.c', 'clang', 'visit'],
    ['floats.c', 'clang', 'power'],
    ['numbers.c', 'gcc', 'main'],
    ['members.cpp', 'clang', 'members'],
  ] as const) {
    it(`${source} from ${kind}`, async function () {
      requireTools(this, ...compilers[kind].tools, 'qemu-riscv64', 'gdb-multiarch');
      await withProgram(kind, source, ['-O0'], async (path) => {
        const program = readProgram(readFileSync(path), 'program.elf');
        const stop = Number(
          program.lines.breakpointAddress(
            program.symbols.all.find(({ name }) => name === where || name.startsWith(`_Z${where.length}${where}`))!,
          ),
        );
        const values = expressions[source].flatMap((expression) => letters.map((letter) => [expression, letter] as const));
        const [theirs] = (await runGdb([{ kind: 'formats', program: path, stop, values }])) as [readonly (string | null)[]];
        const debuggee = debuggeeOf(program);
        for (const _ of visitStops(debuggee, [stop])) break;
        const memory = new FrameMemory(debuggee, 0);
        const wrong = values.flatMap(([expression, letter], index) => {
          const mine = formatValue(evaluateIn(debuggee, debuggee.frame(0), expression), memory, { letter });
          const other = theirs[index];
          // It has no such format for integers of 16 bytes.
          if (other === null || other === undefined || mine === other || other.startsWith('<error')) return [];
          return [`${expression},${letter}: ours ${mine}, gdb's ${other}`];
        });
        assert.deepEqual(wrong, []);
      });
    });
  }
});
