import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { callSiteProblem } from '../../../program/call-site-problem';
import type { Program } from '../../../program/program';
import { ProgramError } from '../../../program/program-error';
import { readProgram } from '../../../program/read-program';
import { randomBelow } from '../../support/random';
import { requireTools } from '../../support/tools';
import { type Compilers, toolsOf, withCompiled } from '../support/c-programs';
import { assembleWithGnu, output } from '../support/gnu';

const samples = join(__dirname, '../../../samples');
const prebuilt = readFileSync(join(samples, 'files.elf'));
const callSites = ['-fpatchable-function-entry=4'];

describe('reading a program', () => {
  for (const compiler of ['clang-19', 'riscv64-linux-gnu-gcc'] as const) {
    it(`finds the segments and symbols that readelf finds, of ${compiler}`, function () {
      requireTools(this, ...toolsOf[compiler], 'riscv64-linux-gnu-readelf');
      withCompiled(compiler, ['-g', '-O1', ...callSites], ({ image }, path) => {
        const program = readProgram(image, 'program.elf');
        assert.deepEqual(segmentsOf(program), readelfSegments(path));
        assert.deepEqual(symbolsOf(program), readelfSymbols(path));
        assert.deepEqual(program.notes, []);
      });
    });

    it(`finds every call site, of ${compiler}`, function () {
      requireTools(this, ...toolsOf[compiler]);
      for (const flags of [callSites, ['-fpatchable-function-entry=2', '-march=rv64ima_zicsr'], ['-fpatchable-function-entry=8,4']]) {
        const program = compile(compiler, ['-O0', ...flags]);
        assert.deepEqual(program.callSites.map(({ name }) => name).sort(), ['_start', 'fib', 'helper', 'leaf'], flags.join(' '));
        for (const { name, address } of program.callSites) assert.equal(address, program.symbols.named(name)!.address);
        assert.deepEqual(program.refusedCallSites, []);
        assert.equal(callSiteProblem(program, 'fib'), undefined);
      }
    });

    it(`says why a function has no call site, of ${compiler}`, function () {
      requireTools(this, ...toolsOf[compiler]);
      const without = compile(compiler, []);
      assert.match(callSiteProblem(without, 'fib')!, /^program\.elf has no call sites: compile with -fpatchable-function-entry=4/);
      const short = compile(compiler, ['-fpatchable-function-entry=2']);
      assert.deepEqual(short.callSites, []);
      assert.match(callSiteProblem(short, 'fib')!, /^fib does not start with 8 bytes of nops/);
      assert.match(callSiteProblem(without, 'fibb')!, /^program\.elf has no function fibb/);
    });
  }

  it('tells functions with a misplaced call site, not typed and not compiled for tracing', () => {
    const program = readProgram(prebuilt, 'files.elf');
    assert.match(callSiteProblem(program, 'printf')!, /^printf has no call site: its source was compiled without/);
    assert.match(callSiteProblem(program, '_start')!, /add `\.type _start, @function`/);
    assert.match(callSiteProblem(program, 'cache')!, /^cache is data/);
    const moved = program.callSites.find(({ name }) => name === 'block_read')!;
    const image = Uint8Array.from(prebuilt);
    const entries = sectionOffset(image, program, moved.address);
    new DataView(image.buffer).setBigUint64(entries, moved.address + 2n, true);
    const changed = readProgram(image, 'files.elf');
    assert.ok(changed.refusedCallSites.some(({ reason }) => /does not start with 8 bytes of nops/.test(reason)));
  });

  it('reads a stripped program', function () {
    requireTools(this, 'riscv64-linux-gnu-objcopy');
    withCompiledCopy((path) => {
      execFileSync('riscv64-linux-gnu-objcopy', ['--strip-all', path]);
      const program = readProgram(readFileSync(path), 'stripped.elf');
      assert.deepEqual(program.symbols.all, []);
      assert.deepEqual(program.lines.paths, []);
      assert.equal(program.callSites.length, 4);
      assert.match(program.callSites[0]!.name, /^0x[0-9a-f]+$/);
    });
    const image = Uint8Array.from(prebuilt);
    new DataView(image.buffer).setBigUint64(40, 0n, true);
    const program = readProgram(image, 'files.elf');
    assert.deepEqual([program.symbols.all.length, program.callSites.length, program.notes], [0, 0, []]);
    assert.equal(program.segments.length, readProgram(prebuilt, 'files.elf').segments.length);
  });

  it('finds the call sites behind the nops before a function also without symbols', function () {
    requireTools(this, ...toolsOf['clang-19'], 'riscv64-linux-gnu-objcopy');
    for (const flag of ['-fpatchable-function-entry=8,4', '-fpatchable-function-entry=4', '-fpatchable-function-entry=8']) {
      withCompiled('clang-19', ['-O0', flag, '-falign-functions=8'], (_, path) => {
        const addresses = () => readProgram(readFileSync(path), 'program.elf').callSites.map(({ address }) => address);
        const before = addresses();
        assert.ok(before.length > 2);
        execFileSync('riscv64-linux-gnu-objcopy', ['--strip-all', path]);
        assert.deepEqual(addresses(), before, flag);
      });
    }
  });

  it('finds functions and nearest symbols', function () {
    requireTools(this, 'riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld');
    const program = readProgram(assembleWithGnu(join(samples, 'fib.s')), 'fib.elf');
    const { symbols } = program;
    const fib = symbols.named('fib')!;
    assert.equal(symbols.functionAt(fib.address), fib);
    assert.equal(symbols.functionAt(fib.address + fib.size - 1n), fib);
    assert.equal(symbols.functionAt(fib.address + fib.size)?.name, 'print_result');
    assert.equal(symbols.functionAt(program.entry)?.name, '_start', 'a global label without a type counts as a function');
    assert.deepEqual(symbols.nearest(fib.address + 4n), { symbol: fib, offset: 4n });
    assert.equal(symbols.functionAt(symbols.named('label')!.address), undefined, 'data is in no function');
    assert.equal(symbols.nearest(0n), undefined);
    assert.ok(symbols.all.every(({ name }) => !name.startsWith('.L') && !name.startsWith('$')));
  });

  describe('refuses', () => {
    const patch = (offset: number, ...bytes: number[]): Uint8Array => {
      const image = Uint8Array.from(prebuilt);
      image.set(bytes, offset);
      return image;
    };
    const text = (value: string) => new TextEncoder().encode(value);
    const firstLoad = () => {
      const view = new DataView(prebuilt.buffer, prebuilt.byteOffset);
      for (let offset = 64; ; offset += 56) if (view.getUint32(offset, true) === 1) return offset;
    };
    for (const [what, image, message] of [
      ['an empty file', new Uint8Array(0), /^x is empty$/],
      ['a text', text('# A fib'), /^x: not an ELF file: it starts with 23 20 41 20$/],
      ['two bytes', text('\x7fE'), /^x: not an ELF file: it starts with 7f 45$/],
      ['a truncated header', prebuilt.subarray(0, 40), /^x is truncated: it has 40 bytes, an ELF header has 64$/],
      ['a program for another machine', patch(18, 62, 0), /^x is for x86-64, not RISC-V$/],
      ['a program for a machine nobody knows', patch(18, 0x34, 0x12), /^x is for machine number 4660, not RISC-V$/],
      ['a 32-bit program', patch(4, 1), /^x is 32-bit/],
      ['a big-endian program', patch(5, 2), /^x is big-endian/],
      ['an object file', patch(16, 1), /^x is a relocatable object file: link it$/],
      ['a shared library', patch(16, 3, 0, 243, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), /^x is a shared library, not a program$/],
      ['a core dump', patch(16, 4), /^x is a core dump/],
      ['a type that does not exist', patch(16, 9), /^x is no program: its ELF type is 9$/],
      ['a program header table outside the file', patch(32, 0, 0, 0, 1), /^x: the program header table .* lies beyond the end of the file/],
      ['a wild program header offset', patch(32, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff), /^x: the ELF header is corrupt at byte 0x20/],
      ['program headers of another size', patch(54, 32), /entries of its program header table have 32 bytes instead of 56/],
      ['no segments', patch(56, 0, 0), /^x has nothing to load/],
      [
        'a segment outside the file',
        patch(firstLoad() + 8, 0, 0, 0, 1),
        /^x: segment \d+ at 0x10000 \(bytes .*\) lies beyond the end of the file/,
      ],
      ['a segment larger in the file than in memory', patch(firstLoad() + 40, 1, 0), /has \d+ bytes in the file but only 1 in memory/],
      ['a segment that leaves the address space', patch(firstLoad() + 16, ...Array(8).fill(255)), /leaves the address space/],
      ['segments that overlap', patch(firstLoad() + 40, 0, 0, 0, 1), /overlaps segment \d+, which ends at/],
    ] as const) {
      it(what, () => {
        assert.throws(
          () => readProgram(image, 'x'),
          (error) => error instanceof ProgramError && message.test(error.message) && Boolean(error.message),
        );
      });
    }

    it('a dynamically linked program', function () {
      requireTools(this, 'riscv64-linux-gnu-gcc');
      withCompiledCopy((path) => {
        const source = join(__dirname, '../support/freestanding.c');
        execFileSync('riscv64-linux-gnu-gcc', [
          '-nostdlib',
          '-ffreestanding',
          '-Wl,-dynamic-linker,/lib/ld.so.1',
          '-pie',
          source,
          '-o',
          path,
        ]);
        assert.throws(() => readProgram(readFileSync(path), 'x'), /^ProgramError: x is dynamically linked \(needs \/lib\/ld\.so\.1\)/);
      });
    });
  });

  it('puts a static position-independent program somewhere, with its symbols and lines', function () {
    requireTools(this, 'riscv64-linux-gnu-gcc');
    withCompiledCopy((path) => {
      const source = join(__dirname, '../support/freestanding.c');
      execFileSync('riscv64-linux-gnu-gcc', [
        '-nostdlib',
        '-ffreestanding',
        '-fPIE',
        '-pie',
        '-Wl,--no-dynamic-linker',
        '-g',
        source,
        '-o',
        path,
      ]);
      const program = readProgram(readFileSync(path), 'x');
      assert.equal(program.symbols.named('_start')!.address, program.entry);
      assert.equal(program.bias, 0x10000n);
      const code = program.segments.find(({ permissions }) => permissions.execute)!;
      assert.ok(program.entry >= code.address && program.entry < code.address + code.size);
      assert.deepEqual(
        program.lines.paths.map((each) => basename(each)),
        ['freestanding.c'],
      );
      const start = program.lines.at(program.entry)!;
      assert.equal(readFileSync(source, 'utf8').split('\n')[start.row.line - 1], 'void _start(void) {');
      assert.deepEqual(program.notes, []);
    });
  });

  it('runs without what is corrupt beside the code, and says so', () => {
    const image = Uint8Array.from(prebuilt);
    new DataView(image.buffer).setBigUint64(40, 0xffffffn, true);
    const program = readProgram(image, 'files.elf');
    assert.equal(program.symbols.all.length, 0);
    assert.match(program.notes.join(), /the section header table .* lies beyond the end of the file.*no symbols/);
  });

  it('says at once that a symbol has no name, and leaves all of them out', () => {
    const image = Uint8Array.from(prebuilt);
    const view = new DataView(image.buffer);
    const sections = Number(view.getBigUint64(40, true));
    const headers = Array.from({ length: view.getUint16(60, true) }, (_, index) => sections + index * 64);
    const symbols = headers.find((at) => view.getUint32(at + 4, true) === 2)!;
    const [offset, size] = [24, 32].map((field) => Number(view.getBigUint64(symbols + field, true))) as [number, number];
    const isFunction = (at: number) => (view.getUint8(at + 4) & 15) === 2;
    const functions = Array.from({ length: size / 24 }, (_, index) => offset + index * 24).filter(isFunction);
    view.setUint32(functions[0]!, 0xffffff, true);
    const program = readProgram(image, 'files.elf');
    assert.match(program.notes.join(), /section .strtab is corrupt at byte .*: offset 0xffffff lies outside; the program has no symbols/);
    assert.deepEqual(program.symbols.all, []);
  });

  it('gives a program or a ProgramError for any file, in little time', () => {
    const random = randomBelow(20261123);
    const header = new DataView(prebuilt.buffer, prebuilt.byteOffset);
    const sectionHeaders = Number(header.getBigUint64(40, true));
    const lines = prebuilt.indexOf('.debug_line');
    assert.ok(lines > 0);
    let refused = 0;
    let read = 0;
    const started = performance.now();
    for (let round = 0; round < 600; round++) {
      const image = Uint8Array.from(random(20) === 0 ? prebuilt.subarray(0, random(prebuilt.length)) : prebuilt);
      for (let change = random(8); change >= 0; change--) {
        const areas = [random(64), 64 + random(56 * 5), sectionHeaders + random(64 * 20), random(prebuilt.length)];
        image[areas[random(4)]!] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)]!;
      }
      try {
        const program = readProgram(image, 'fuzz.elf');
        for (const { address } of program.segments) {
          program.symbols.functionAt(address);
          program.symbols.nearest(address + 100n);
          program.lines.at(address + 100n);
        }
        read++;
      } catch (error) {
        assert.ok(error instanceof ProgramError, String((error as Error).stack));
        refused++;
      }
    }
    assert.ok(read > 100 && refused > 50, `${read} read, ${refused} refused`);
    assert.ok(performance.now() - started < 20_000);
  });
});

function compile(compiler: Compilers, flags: readonly string[]): Program {
  return withCompiled(compiler, flags, ({ image }) => readProgram(image, 'program.elf'));
}

function withCompiledCopy(use: (path: string) => void): void {
  withCompiled('riscv64-linux-gnu-gcc', ['-g', ...callSites], (_, path) => use(path));
}

/** The offset in the image of the call-site entry with that value. */
function sectionOffset(image: Uint8Array, program: Program, address: bigint): number {
  const segment = program.segments.find(({ permissions }) => permissions.write)!;
  const view = new DataView(image.buffer);
  for (let offset = segment.bytes.byteOffset - prebuilt.byteOffset; ; offset += 8)
    if (view.getBigUint64(offset, true) === address) return offset;
}

function segmentsOf({ segments }: Program): string[] {
  return segments.map(({ address, bytes, size, permissions: { read, write, execute } }) => {
    const flags = `${read ? 'R' : ''}${write ? 'W' : ''}${execute ? 'E' : ''}`;
    return `0x${address.toString(16)} ${bytes.length} ${size} ${flags}`;
  });
}

function readelfSegments(path: string): string[] {
  const pattern = /^ *LOAD +0x\w+ 0x(\w+) 0x\w+ 0x(\w+) 0x(\w+) ([RWE ]{3})/gm;
  const found = [...output('riscv64-linux-gnu-readelf', '-lW', path).matchAll(pattern)];
  assert.ok(found.length > 0);
  return found.map(([, address, fileSize, size, flags]) => {
    return `0x${BigInt(`0x${address}`).toString(16)} ${BigInt(`0x${fileSize}`)} ${BigInt(`0x${size}`)} ${flags!.replaceAll(' ', '')}`;
  });
}

function symbolsOf({ symbols }: Program): string[] {
  return symbols.all.map(({ name, address, size, kind, global }) => `${name} 0x${address.toString(16)} ${size} ${kind} ${global}`).sort();
}

function readelfSymbols(path: string): string[] {
  const kinds: Record<string, string> = { FUNC: 'function', OBJECT: 'object', NOTYPE: 'other' };
  const pattern = /^ *\d+: (\w+) +(\w+) (FUNC|OBJECT|NOTYPE) +(LOCAL|GLOBAL|WEAK) +\w+ +(?!UND)\w+ (\S+)$/gm;
  const found = [...output('riscv64-linux-gnu-readelf', '-sW', path).matchAll(pattern)].filter(
    ([, , , , , name]) => !/^(\$[xd]|\.L)/.test(name!),
  );
  assert.ok(found.length > 2);
  return found
    .map(([, address, size, kind, binding, name]) => {
      return `${name} 0x${BigInt(`0x${address}`).toString(16)} ${BigInt(size!)} ${kinds[kind!]} ${binding !== 'LOCAL'}`;
    })
    .sort();
}
