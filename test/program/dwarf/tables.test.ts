import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DebugSections } from '../../../program/dwarf/debug-sections';
import { indexLines } from '../../../program/dwarf/read-line-table';
import { readElfFile } from '../../../program/elf/elf-file';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import type { CallFrameRules } from '../../../program/unwind/call-frame-program';
import { type CompilerKind, compilers, corpus, withProgram } from '../../debug-adapter/gdb/corpus-programs';
import { requireTools } from '../../support/tools';
import { output, withScratch } from '../support/gnu';

/** `address file line:column` and the marks of every row, in the order of the file, which starts anew with each sequence. */
function rowsOf(program: Program): string[] {
  const sections = new DebugSections(readElfFile(program.image, program.name, []));
  const { segments, debugInfo } = program;
  const { sequences } = indexLines(sections, { segments, entries: debugInfo.entries, sourceFolder: undefined }, []);
  return sequences.flatMap((sequence) => [
    'sequence',
    ...sequence.unit.rowsOf(sequence).map(({ address, path, line, column, isStatement, prologueEnd }) => {
      const marks = [...(isStatement ? ['is_stmt'] : []), ...(prologueEnd ? ['prologue_end'] : [])];
      return `${address.toString(16)} ${basename(path)} ${line}:${column} ${marks.join(' ')}`;
    }),
  ]);
}

function rowsOfDump(path: string, program: Program): string[] {
  const found: string[] = [];
  let files: string[] = [];
  let rows: string[] = [];
  let [start, version] = [0n, 0];
  for (const line of output('llvm-dwarfdump-19', '--debug-line', path).split('\n')) {
    if (line.startsWith('debug_line[')) files = [];
    version = Number(/^ +version: (\d+)$/.exec(line)?.[1] ?? version);
    const name = /^ +name: "(.*)"$/.exec(line);
    // Before version 5 files are counted from 1.
    if (name) files[files.length === 0 && version < 5 ? 1 : files.length] = basename(name[1]!);
    const [, address, row, column, file, marks] = /^0x([0-9a-f]{16}) +(\d+) +(\d+) +(\d+) +\d+ +\d+ +\d+ ?(.*)$/.exec(line) ?? [];
    if (address === undefined) continue;
    const at = BigInt(`0x${address}`);
    if (marks!.includes('end_sequence')) {
      const isCode = program.segments.some((each) => each.permissions.execute && start >= each.address && at <= each.address + each.size);
      if (isCode && at > start) found.push('sequence', ...rows);
      rows = [];
      continue;
    }
    if (rows.length === 0) start = at;
    const shown = ['is_stmt', 'prologue_end'].filter((mark) => marks!.includes(mark));
    rows.push(`${at.toString(16)} ${files[Number(file)]} ${row}:${column} ${shown.join(' ')}`);
  }
  return found;
}

/** `X1=[CFA-8]` and its like, as llvm-dwarfdump writes rules; without expressions, which it writes in words. */
function rulesText({ frameAddress, registers }: CallFrameRules): string {
  const offset = (value: bigint) => (value === 0n ? '' : value > 0n ? `+${value}` : `${value}`);
  const frame = frameAddress.kind === 'register' ? `X${frameAddress.register}${offset(frameAddress.offset)}` : 'expression';
  const rules = [...registers].sort(([a], [b]) => a - b);
  const texts = rules.map(([register, rule]) => {
    const name = register < 32 ? `X${register}` : `F${register - 32}`;
    if (rule.kind === 'saved') return `${name}=[CFA${offset(rule.offset)}]`;
    return rule.kind === 'undefined' ? `${name}=undefined` : `${name}=${rule.kind}`;
  });
  return `CFA=${frame}${texts.length > 0 ? ': ' : ''}${texts.join(', ')}`;
}

function compareRules(path: string, program: Program): number {
  let count = 0;
  const expected: string[] = [];
  const found: string[] = [];
  for (const line of output('llvm-dwarfdump-19', '--eh-frame', '--debug-frame', path).split('\n')) {
    const [, address, rules] = /^ +0x([0-9a-f]+): (CFA=.*)$/.exec(line) ?? [];
    if (address === undefined || rules!.includes('DW_OP')) continue;
    const at = BigInt(`0x${address}`);
    const own = program.callFrames.rulesAt(at);
    expected.push(`${address} ${rules!.replace(/(F\d+)_[HFD]/g, '$1')}`);
    found.push(`${address} ${own ? rulesText(own) : 'nothing'}`);
    count++;
  }
  assert.deepEqual(found, expected);
  return count;
}

function compare(path: string): { readonly rows: number; readonly rules: number } {
  const program = readProgram(readFileSync(path), 'program.elf');
  const rows = rowsOf(program);
  assert.deepEqual(rows, rowsOfDump(path, program));
  return { rows: rows.length, rules: compareRules(path, program) };
}

const programs: readonly [source: string, kind: CompilerKind, ...flags: string[]][] = [
  ['variables.c', 'gcc', '-O2'],
  ['classes.cpp', 'gcc', '-Og', '-gdwarf-4'],
  ['classes.cpp', 'clang', '-O2'],
  ['inlined.c', 'clang', '-O1', '-gdwarf-4'],
];

describe('line tables and frame tables are, row by row, those of llvm-dwarfdump', () => {
  for (const [source, kind, ...flags] of programs) {
    it(`${source} from ${kind} ${flags.join(' ')}`, async function () {
      requireTools(this, ...compilers[kind].tools, 'llvm-dwarfdump-19');
      const { rows, rules } = await withProgram(kind, source, flags, compare);
      assert.ok(rows > 15 && rules > 3, `${rows} ${rules}`);
    });
  }

  it('of a static program with glibc', function () {
    requireTools(this, ...compilers.gcc.tools, 'llvm-dwarfdump-19');
    withScratch((folder) => {
      const path = join(folder, 'program.elf');
      execFileSync('riscv64-linux-gnu-gcc', ['-g', '-O2', '-static', join(corpus, 'floats.c'), '-o', path]);
      const { rows, rules } = compare(path);
      assert.ok(rows > 50 && rules > 2000, `${rows} ${rules}`);
    });
  });
});
