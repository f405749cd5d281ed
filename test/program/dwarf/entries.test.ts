import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Entry } from '../../../program/dwarf/entries/entry';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { type CompilerKind, compilers, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { requireTools } from '../../support/tools';
import { output } from '../support/gnu';

/** `offset name` of every entry, in the order of the file. */
function entriesOf(program: Program): string[] {
  const found: string[] = [];
  const add = (entry: Entry): void => {
    found.push(`${entry.offset.toString(16)} ${entry.name ?? ''}`);
    entry.children.forEach(add);
  };
  for (const unit of program.debugInfo.entries.units) add(unit.tree);
  return found;
}

/** The same as llvm-dwarfdump has them. */
function entriesOfDump(path: string): string[] {
  const found: string[] = [];
  for (const line of output('llvm-dwarfdump-19', '--debug-info', path).split('\n')) {
    const start = /^0x([0-9a-f]+): +DW_TAG_/.exec(line);
    if (start) found.push(`${Number.parseInt(start[1]!, 16).toString(16)} `);
    const name = /^ +DW_AT_name\t\("(.*)"\)$/.exec(line);
    if (name) found[found.length - 1] += name[1]!;
  }
  return found;
}

function compare(path: string): void {
  const program = readProgram(readFileSync(path), 'program.elf');
  const ours = entriesOf(program);
  assert.ok(ours.length > 20);
  assert.deepEqual(ours, entriesOfDump(path));
  // What the verifier of LLVM finds in order is so for us.
  if (spawnSync('llvm-dwarfdump-19', ['--verify', path]).status === 0) assert.deepEqual(program.notes, []);
}

const programs: readonly [source: string, kind: CompilerKind, ...flags: string[]][] = [
  ['variables.c', 'gcc', '-O2'],
  ['variables.c', 'gcc', '-O1', '-gdwarf-4'],
  ['classes.cpp', 'gcc', '-O2'],
  ['inlined.c', 'clang', '-O2'],
  ['variables.c', 'clang', '-O1', '-gdwarf-4'],
  ['classes.cpp', 'clang', '-O0'],
  ['classes.cpp', 'clang', '-O1', '-fdebug-types-section'],
];

describe('entries of debug information are those of llvm-dwarfdump', () => {
  for (const [source, kind, ...flags] of programs) {
    it(`${source} from ${kind} ${flags.join(' ')}`, async function () {
      requireTools(this, ...compilers[kind].tools, 'llvm-dwarfdump-19');
      await withProgram(kind, source, flags, compare);
    });
  }
});
