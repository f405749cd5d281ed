import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { At } from '../../../program/dwarf/entries/constants';
import type { Entry } from '../../../program/dwarf/entries/entry';
import { rangesOf } from '../../../program/dwarf/entries/ranges';
import { evaluateLocation } from '../../../program/dwarf/location/evaluate-location';
import { expressionAt } from '../../../program/dwarf/location/location-list';
import { readProgram } from '../../../program/read-program';
import { compilers, corpus, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { programAt } from '../../debug-adapter/gdb/our-debuggee';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';

const functions = ['visit', 'add', 'vla', 'mix', 'main'];

/** What the functions of variables.c have, and where it is at each of their addresses. */
function contentsOf(path: string): unknown[] {
  const { debugInfo, notes } = programAt(path);
  assert.deepEqual(notes, []);
  const found: unknown[] = [];
  const add = (entry: Entry, pcs: readonly bigint[]) => {
    const type = entry.type && debugInfo.types.read(entry.type).kind;
    found.push([entry.tag, entry.fullName, debugInfo.declarationPlace(entry), type, rangesOf(entry), pcs.map((pc) => placeOf(entry, pc))]);
    for (const child of entry.children) add(child, pcs);
  };
  for (const entry of functions.flatMap((name) => debugInfo.entries.named(name))) {
    add(
      entry,
      rangesOf(entry).flatMap(({ start, end }) =>
        Array.from({ length: Number(end - start) / 2 }, (_, index) => start + 2n * BigInt(index)),
      ),
    );
  }
  return found;
}

function placeOf(entry: Entry, pc: bigint): string | undefined {
  const expression = entry.has(At.location) ? expressionAt(entry, At.location, pc) : undefined;
  if (!expression) return undefined;
  const known = (register: number) => 0x1000n * BigInt(register + 1);
  const location = evaluateLocation(expression, { register: known, load: () => 1n, cfa: () => 0n, frameBase: () => 0n, unit: entry.unit });
  return location.kind === 'pointer' ? 'pointer' : inspect(location);
}

/** Puts the `.dwo` file into a package. */
function pack(path: string): void {
  const split = path.replace(/\.elf$/, '.dwo');
  execFileSync('llvm-dwp-19', [split, '-o', `${path}.dwp`], { stdio: 'inherit' });
  renameSync(split, `${split}.away`);
}

describe('debug information that is split from the program', () => {
  for (const [what, version, prepare] of [
    ['DWARF 5', '-gdwarf-5', undefined],
    ['DWARF 4', '-gdwarf-4', undefined],
    ['DWARF 5 in a package', '-gdwarf-5', pack],
    ['DWARF 4 in a package', '-gdwarf-4', pack],
  ] as const) {
    it(`is that of the program that is not split: ${what}`, async function () {
      requireTools(this, ...compilers.gcc.tools, 'llvm-dwp-19');
      const whole = await withProgram('gcc', 'variables.c', ['-O2', version, '-mno-relax'], contentsOf);
      const split = await withProgram('gcc', 'variables.c', ['-O2', version, '-gsplit-dwarf'], (path) => {
        prepare?.(path);
        return contentsOf(path);
      });
      assert.ok(whole.length > 40);
      assert.deepEqual(split, whole);
    });
  }

  it('has the sizes of functions from their symbols where GCC leaves none', function () {
    requireTools(this, ...compilers.gcc.tools);
    const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-split-'));
    try {
      const path = join(folder, 'program.elf');
      execFileSync('riscv64-linux-gnu-gcc', ['-g', '-gsplit-dwarf', '-O0', '-static', join(corpus, 'floats.c'), '-o', path], {
        cwd: folder,
      });
      const { debugInfo, symbols, notes } = programAt(path);
      assert.deepEqual(notes, []);
      const { address, size } = symbols.named('main')!;
      const entry = debugInfo.entries.functionAt(address + size - 2n);
      assert.deepEqual([entry?.name, entry && rangesOf(entry)], ['main', [{ start: address, end: address + size }]]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is told where it is not there, or of another build', async function () {
    requireTools(this, ...compilers.gcc.tools);
    await withProgram('gcc', 'inlined.c', ['-O2', '-gsplit-dwarf'], async (path) => {
      const isMissing = /^[\w-]+\.elf: the debug information .* is in .*\.dwo, which is not there or of another build$/;
      const alone = readProgram(readFileSync(path), 'program.elf');
      assert.match(alone.notes.join('\n'), isMissing);
      assert.ok(alone.lines.paths.some((each) => each.endsWith('inlined.c')));
      await withProgram('gcc', 'inlined.c', ['-O0', '-gsplit-dwarf'], (other) => {
        const [own, others] = [path, other].map((each) => each.replace(/\.elf$/, '.dwo')) as [string, string];
        writeFileSync(own, readFileSync(others));
        assert.match(programAt(path).notes.join('\n'), isMissing);
      });
    });
  });

  it('may be corrupt', async function () {
    requireTools(this, ...compilers.gcc.tools);
    await withProgram('gcc', 'variables.c', ['-O2', '-gsplit-dwarf'], (path) => {
      const [split, random] = [path.replace(/\.elf$/, '.dwo'), randomBelow(7)];
      const bytes = readFileSync(split);
      for (let round = 0; round < 200; round++) {
        const changed = Uint8Array.from(bytes);
        for (let count = 1 + random(8); count > 0; count--) changed[random(changed.length)] = random(256);
        writeFileSync(split, changed);
        const { debugInfo } = programAt(path);
        for (const entry of functions.flatMap((name) => debugInfo.entries.named(name))) {
          for (const child of [entry, ...entry.children]) {
            rangesOf(child);
            debugInfo.declarationPlace(child);
          }
        }
      }
    });
  });
});
