import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { readProgram } from '../../../program/read-program';
import { compilers, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';
import { askAll, corrupted, debugParts, elfParts, showStack } from './corrupt-program';

const rounds = 40;

describe('corrupt programs', function () {
  this.timeout(240_000);

  for (const [source, kind, flags] of [
    ['variables.c', 'gcc', ['-O2']],
    ['variables.c', 'clang', ['-O1', '-gdwarf-4']],
    ['classes.cpp', 'clang', ['-O1']],
  ] as const) {
    it(`${source} from ${kind} ${flags.join(' ')} shows what it can of changed debug information, and never fails`, async function () {
      requireTools(this, ...compilers[kind].tools);
      const image = await withProgram(kind, source, flags, (path) => readFileSync(path));
      const parts = debugParts(image);
      const random = randomBelow(23);
      const place = readProgram(image, 'program.elf').symbols.all.find(({ name }) => /^(visit|_Z4refs)/.test(name))!;
      for (let round = 0; round < rounds; round++) {
        const program = askAll(corrupted(image, parts, random));
        assert.ok(program, `round ${round}: the program is refused`);
        if (round % 5 === 0) showStack(program, place.address + 20n);
      }
    });

    it(`${source} from ${kind} ${flags.join(' ')} with changed headers is read or refused`, async function () {
      requireTools(this, ...compilers[kind].tools);
      const image = await withProgram(kind, source, flags, (path) => readFileSync(path));
      const random = randomBelow(29);
      const read = Array.from({ length: rounds }, () => askAll(corrupted(image, elfParts(image), random))).filter(Boolean);
      assert.ok(read.length > 0 && read.length < rounds, `${read.length} are read`);
    });
  }
});
