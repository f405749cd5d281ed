import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { At, Form } from '../../../program/dwarf/entries/constants';
import type { Entry } from '../../../program/dwarf/entries/entry';
import { rangesOf } from '../../../program/dwarf/entries/ranges';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { type CompilerKind, compilers, corpus, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { requireTools } from '../../support/tools';
import { output, withScratch } from '../support/gnu';

/** Offset, name, type and code of every entry, in the order of the file. */
function entriesOf(program: Program): string[] {
  const found: string[] = [];
  const add = (entry: Entry): void => {
    const parts = [entry.offset.toString(16), entry.text(At.name) ?? ''];
    // The type of another unit has a signature.
    const type = entry.raw(At.type)?.form === Form.ref_sig8 ? undefined : entry.reference(At.type);
    if (type) parts.push(`type ${type.offset.toString(16)}`);
    // An empty range is none, and so is what the linker has left out.
    for (const { start, end } of rangesOf(entry)) parts.push(`code ${start.toString(16)}-${end.toString(16)}`);
    found.push(parts.join(' '));
    entry.children.forEach(add);
  };
  for (const unit of program.debugInfo.entries.units) add(unit.tree);
  return found;
}

/** The same as llvm-dwarfdump has them. */
function entriesOfDump(path: string): string[] {
  const found: { offset: string; name: string; type: string; low: string; code: string }[] = [];
  for (const line of output('llvm-dwarfdump-19', '--debug-info', path).split('\n')) {
    const start = /^0x([0-9a-f]+): +DW_TAG_/.exec(line);
    if (start) found.push({ offset: withoutZeros(start[1]!), name: '', type: '', low: '', code: '' });
    const entry = found.at(-1);
    const [, attribute, value] = /^ +DW_AT_(\w+)\t\((.*)\)?$/.exec(line) ?? [];
    const number = withoutZeros(/^0x([0-9a-f]+)/.exec(value ?? '')?.[1] ?? '');
    if (attribute === 'name') entry!.name = /^"(.*)"\)$/.exec(value!)![1]!;
    if (attribute === 'type' && /^0x[0-9a-f]{8}\b/.test(value!)) entry!.type = ` type ${number}`;
    if (attribute === 'low_pc') entry!.low = number;
    if (attribute === 'high_pc' && number !== entry!.low) entry!.code += ` code ${entry!.low}-${number}`;
    const range = /^ +\[0x([0-9a-f]+), 0x([0-9a-f]+)\)\)?$/.exec(line);
    if (range && range[1] !== range[2]) entry!.code += ` code ${withoutZeros(range[1]!)}-${withoutZeros(range[2]!)}`;
  }
  return found.map(({ offset, name, type, code }) => `${offset} ${name}${type}${code}`);
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, '');
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

  it('a static program with glibc', function () {
    requireTools(this, ...compilers.gcc.tools, 'llvm-dwarfdump-19');
    withScratch((folder) => {
      const path = join(folder, 'program.elf');
      execFileSync('riscv64-linux-gnu-gcc', ['-g', '-O2', '-static', join(corpus, 'floats.c'), '-o', path]);
      compare(path);
    });
  });
});
