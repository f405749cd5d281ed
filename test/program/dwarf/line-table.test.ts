import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';
import { toolsOf, withCompiled } from '../support/c-programs';
import { assembleWithGnu, output, withScratch } from '../support/gnu';

const samples = join(__dirname, '../../../samples');
const compilers = ['clang-19', 'riscv64-linux-gnu-gcc'] as const;
const callSites = '-fpatchable-function-entry=4';

describe('line table', () => {
  for (const compiler of compilers) {
    for (const version of ['4', '5']) {
      for (const level of ['-O0', '-O2']) {
        it(`has readelf's rows: ${compiler}, DWARF ${version}, ${level}`, function () {
          requireTools(this, ...toolsOf[compiler], 'riscv64-linux-gnu-readelf');
          withCompiled(compiler, [`-gdwarf-${version}`, level, callSites], ({ image, source }, path) => {
            const program = readProgram(image, 'program.elf');
            assert.deepEqual(program.notes, []);
            assert.deepEqual(program.lines.paths, [source], 'the path is made absolute with the compilation folder');
            compareWithReadelf(program, path, source);
          });
        });
      }
    }

    it(`covers code as gdb's does: ${compiler}`, function () {
      requireTools(this, ...toolsOf[compiler], 'gdb-multiarch');
      for (const level of ['-O0', '-O2']) {
        withCompiled(compiler, ['-g', level, callSites], ({ image }, path) => compareWithGdb(readProgram(image, 'program.elf'), path));
      }
    });
  }

  it('puts breakpoints where gdb does', function () {
    requireTools(this, ...toolsOf['clang-19'], 'gdb-multiarch');
    withCompiled('clang-19', ['-g', '-O0', callSites], ({ image, source }, path) => {
      const program = readProgram(image, 'program.elf');
      const lines = readFileSync(source, 'utf8').split('\n').length;
      const places = Array.from({ length: lines - 1 }, (_, index) => `freestanding.c:${index + 1}`);
      const functions = ['fib', 'helper', 'leaf', '_start'];
      const found = gdbBreakpoints(path, [...places, ...functions]);
      for (const [index, place] of places.entries()) {
        const ours = program.lines.addressesOf(source, index + 1);
        const theirs = found.get(place);
        // A line between two functions: gdb 13 gives the next function only where the line is its header.
        if (theirs === undefined) continue;
        assert.deepEqual(ours?.addresses, [theirs], place);
      }
      for (const name of functions) assert.equal(program.lines.breakpointAddress(program.symbols.named(name)!), found.get(name), name);
    });
  });

  it('puts a breakpoint on a function of gcc after its prologue, never into its call site', function () {
    requireTools(this, ...toolsOf['riscv64-linux-gnu-gcc']);
    for (const level of ['-O0', '-O2']) {
      withCompiled('riscv64-linux-gnu-gcc', ['-g', level, callSites], ({ image, source }) => {
        const program = readProgram(image, 'program.elf');
        neverInCallSite(program, source);
        if (level === '-O2') return;
        for (const [name, line] of [
          ['helper', 3],
          ['fib', 12],
          ['leaf', 17],
        ] as const) {
          const address = program.lines.breakpointAddress(program.symbols.named(name)!);
          assert.equal(program.lines.at(address)?.row.line, line, name);
        }
      });
    }
  });

  it('starts at the first instruction in assembly, after the call site', () => {
    const source = join(samples, 'fib.s');
    const program = readProgram(assembledHere(source), 'fib.s');
    const fib = program.symbols.named('fib')!;
    assert.equal(program.lines.breakpointAddress(fib), fib.address + 8n);
    const entry =
      readFileSync(source, 'utf8')
        .split('\n')
        .findIndex((line) => line.includes('break: entry')) + 1;
    assert.deepEqual(program.lines.addressesOf(source, entry), { line: entry, addresses: [fib.address + 8n] });
    neverInCallSite(program, source);
  });

  it('moves a line without code to the next one that has some, and knows the lines with code', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld');
    const source = join(samples, 'fib.s');
    const program = readProgram(assembleWithGnu(source), 'fib.elf');
    const { lines } = program;
    assert.deepEqual(lines.paths, [source]);
    const text = readFileSync(source, 'utf8').split('\n');
    const withCode = text.flatMap((line, index) => (/^ {8}[a-z]/.test(line) ? [index + 1] : []));
    assert.deepEqual(lines.linesWithCode(source, 1, text.length), withCode);
    assert.deepEqual(lines.linesWithCode(source, withCode[3]!, withCode[5]!), withCode.slice(3, 6));
    assert.equal(lines.addressesOf(source, 1)?.line, withCode[0]);
    assert.equal(lines.addressesOf(source, withCode.at(-1)! + 1), undefined);
    assert.equal(lines.addressesOf('/other.s', 1), undefined);
    assert.equal(lines.at(0n), undefined);
  });

  it('takes relative paths from the folder of the program', () => {
    const image = readFileSync(join(samples, 'files.elf'));
    assert.deepEqual(readProgram(image, 'files.elf', new Map(), '/home/me/samples').lines.paths, ['/home/me/samples/files.c']);
    assert.deepEqual(readProgram(image, 'files.elf', new Map(), 'C:\\me\\samples').lines.paths, ['C:\\me\\samples\\files.c']);
    assert.deepEqual(readProgram(image, 'files.elf').lines.paths, ['files.c']);
  });

  it('has nothing in it of this machine in the prebuilt sample', () => {
    const text = readFileSync(join(samples, 'files.elf'), 'latin1');
    assert.doesNotMatch(text, /\/(home|root|work|tmp|Users)\//);
  });

  it('reads compressed tables', function () {
    requireTools(this, ...toolsOf['clang-19'], 'riscv64-linux-gnu-objcopy');
    withCompiled('clang-19', ['-g', callSites], ({ image, source }, path) => {
      const rows = readProgram(image, 'program.elf').lines.linesWithCode(source, 1, 1000);
      for (const kind of ['zlib', 'zlib-gnu', 'zstd']) {
        output('riscv64-linux-gnu-objcopy', '--decompress-debug-sections', path);
        output('riscv64-linux-gnu-objcopy', `--compress-debug-sections=${kind}`, path);
        const compressed = readFileSync(path);
        assert.ok(compressed.length < image.length);
        const { lines, notes } = readProgram(compressed, 'program.elf');
        assert.deepEqual(lines.linesWithCode(source, 1, 1000), rows, kind);
        assert.deepEqual(notes, []);
      }
    });
  });

  it('leaves out corrupt tables, and says so', function () {
    requireTools(this, ...toolsOf['clang-19']);
    withCompiled('clang-19', ['-g', callSites], ({ image }) => {
      const corrupt = corruptLines(image, (bytes) => bytes.set([9, 0], 4));
      assert.deepEqual(corrupt.lines.paths, []);
      assert.match(corrupt.notes.join(), /\.debug_line is corrupt at byte 0x4: line tables of version 9 are not known/);
      assert.equal(corrupt.symbols.named('fib')?.name, 'fib');
    });
  });

  it('gives a table for any bytes, in little time', function () {
    requireTools(this, ...toolsOf['clang-19'], ...toolsOf['riscv64-linux-gnu-gcc']);
    const random = randomBelow(7);
    const images = compilers.flatMap((compiler) =>
      ['4', '5'].map((version) => withCompiled(compiler, [`-gdwarf-${version}`], ({ image }) => image)),
    );
    let noted = 0;
    for (let round = 0; round < 400; round++) {
      const program = corruptLines(images[round % images.length]!, (bytes) => {
        for (let change = random(4); change >= 0; change--)
          bytes[random(random(2) ? 80 : bytes.length)] = [0, 1, 0x7f, 0xff, random(256)][random(5)]!;
      });
      if (program.notes.length > 0) noted++;
      for (const path of program.lines.paths) {
        for (const line of program.lines.linesWithCode(path, 1, 60)) assert.ok(program.lines.addressesOf(path, line)!.addresses.length > 0);
      }
      program.lines.at(program.entry);
    }
    assert.ok(noted > 20, `${noted} had notes`);
  });
});

function assembledHere(path: string): Uint8Array {
  return assemble([{ path, text: readFileSync(path, 'utf8') }], { callSites: true }).image!;
}

function neverInCallSite(program: Program, source: string): void {
  for (const line of program.lines.linesWithCode(source, 1, 1000)) {
    const { addresses } = program.lines.addressesOf(source, line)!;
    assert.ok(addresses.length > 0);
    for (const address of addresses) {
      assert.ok(!program.callSites.some((site) => address >= site.address && address < site.address + 8n), `line ${line}`);
    }
  }
}

function compareWithReadelf(program: Program, path: string, source: string): void {
  const pattern = /^(\S+) +(\d+) +(0x[0-9a-f]+)(?: +\d+)?( +x)?/gm;
  const rows = [...output('riscv64-linux-gnu-readelf', '--debug-dump=decodedline', path).matchAll(pattern)].map(
    ([, file, line, address, statement]) => {
      return { file: file!, line: Number(line), address: BigInt(address!), statement: statement !== undefined };
    },
  );
  assert.ok(rows.length > 20);
  const statements = rows.filter(({ statement, line }) => statement && line > 0);
  const lines = [...new Set(statements.map(({ line }) => line))].sort((a, b) => a - b);
  assert.deepEqual(program.lines.linesWithCode(source, 1, 10_000), lines);
  for (const { file, line, address } of statements) {
    assert.equal(file, basename(source));
    const here = rows.filter((row) => row.address === address && row.line > 0);
    const found = program.lines.at(address);
    assert.ok(found && here.some((row) => row.line === found.row.line), `0x${address.toString(16)} of line ${line}`);
  }
}

/** Asks gdb for the line of every instruction. */
function compareWithGdb(program: Program, path: string): void {
  const code = program.segments.find(({ permissions }) => permissions.execute)!;
  const addresses: bigint[] = [];
  for (let address = code.address; address < code.address + code.size; address += 2n) addresses.push(address);
  const text = gdb(
    path,
    addresses.map((address) => `info line *0x${address.toString(16)}`),
  );
  let compared = 0;
  const answers = text.split('\n').filter((line) => /^(Line|No line|Address)/.test(line));
  assert.equal(answers.length, addresses.length);
  for (const [index, answer] of answers.entries()) {
    const line = /^Line (\d+) of .* (?:starts|is) at address/.exec(answer)?.[1];
    const ours = program.lines.at(addresses[index]!)?.row.line;
    // gdb has no line for what the compiler made of none; here it counts to the statement before.
    if (line === undefined || line === '0') continue;
    assert.equal(ours, Number(line), `0x${addresses[index]!.toString(16)}: ${answer}`);
    compared++;
  }
  assert.ok(compared > 50);
}

function gdbBreakpoints(path: string, places: readonly string[]): Map<string, bigint> {
  const commands = places.flatMap((place) => ['-ex', `echo @${place}\\n`, '-ex', `break ${place}`]);
  const text = output('gdb-multiarch', '-nx', '-batch', '-ex', 'set breakpoint pending off', ...commands, '-ex', 'echo end', path);
  const found = new Map<string, bigint>();
  for (const part of text.split('@').slice(1)) {
    const address = /Breakpoint \d+ at (0x[0-9a-f]+)/.exec(part)?.[1];
    if (address) found.set(part.split('\n')[0]!, BigInt(address));
  }
  assert.ok(found.size > 10, text);
  return found;
}

function gdb(path: string, commands: readonly string[]): string {
  return withScratch((folder) => {
    const script = join(folder, 'commands');
    writeFileSync(script, commands.join('\n'));
    return output('gdb-multiarch', '-nx', '-batch', '-x', script, path);
  });
}

/** The program with its .debug_line changed. */
function corruptLines(image: Uint8Array, change: (bytes: Uint8Array) => void): Program {
  const copy = Uint8Array.from(image);
  const view = new DataView(copy.buffer);
  const headers = Number(view.getBigUint64(40, true));
  const count = view.getUint16(60, true);
  const namesHeader = headers + 64 * view.getUint16(62, true);
  const names = Number(view.getBigUint64(namesHeader + 24, true));
  for (let index = 0; index < count; index++) {
    const header = headers + 64 * index;
    const name = names + view.getUint32(header, true);
    if (new TextDecoder().decode(copy.subarray(name, copy.indexOf(0, name))) !== '.debug_line') continue;
    const offset = Number(view.getBigUint64(header + 24, true));
    change(copy.subarray(offset, offset + Number(view.getBigUint64(header + 32, true))));
  }
  return readProgram(copy, 'program.elf');
}
