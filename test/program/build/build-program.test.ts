import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { nodeBuildHost } from '../../../debug-adapter/node-build-host';
import { LinuxProcess } from '../../../emulator/linux/linux-process';
import { BuildError } from '../../../program/build/build-error';
import type { BuildHost } from '../../../program/build/build-host';
import { buildProgram } from '../../../program/build/build-program';
import { compilerDiagnostics } from '../../../program/build/compiler-diagnostics';
import type { Program } from '../../../program/program';
import { decode } from '../../../riscv/decode';
import { type Isa, parseIsa } from '../../../riscv/isa-string';
import { requireTools } from '../../support/tools';
import { toolsOf } from '../support/c-programs';
import { withScratch } from '../support/gnu';

const samples = resolve(__dirname, '../../../samples');
const compilers = ['clang-19', 'riscv64-linux-gnu-gcc'] as const;

/** What a compiler makes of a bit operation and a product, for some machines. */
const isas = [
  ['rv64gc', ['mul'], ['andn']],
  ['rv64gc_zbb_zfa_zicond_zcb', ['andn'], []],
  ['rv64ima', ['mul'], ['c.add', 'c.li', 'c.mv', 'c.jr', 'andn']],
] as const;

describe('building a program', () => {
  it('assembles a source, with call sites or without', async () => {
    const { program, warnings } = await buildProgram(join(samples, 'fib.s'), {}, nodeBuildHost);
    assert.deepEqual(warnings, []);
    assert.equal(program.name, 'fib.s');
    assert.deepEqual(program.callSites.map(({ name }) => name).sort(), ['fib', 'main', 'print_result', 'write_out']);
    assert.deepEqual(run(program), { output: 'fib(10) = 55\n', errors: '', status: 0 });
    const without = await buildProgram(join(samples, 'fib.s'), { callSites: false }, nodeBuildHost);
    assert.deepEqual(without.program.callSites, []);
    assert.equal(run(without.program).output, 'fib(10) = 55\n');
  });

  it('reads a program', async () => {
    const { program } = await buildProgram(join(samples, 'files.elf'), {}, nodeBuildHost);
    assert.deepEqual(program.lines.paths, [join(samples, 'files.c')]);
    assert.match(run(program).output, /^round 3: 768 bytes read, 35 pages from the cache, 4 from the disk$/m);
  });

  it('has the prebuilt files.elf of its source', async function () {
    requireTools(this, ...toolsOf['clang-19']);
    const prebuilt = await buildProgram(join(samples, 'files.elf'), {}, nodeBuildHost);
    const { program } = await buildProgram(join(samples, 'files.c'), { compiler: 'clang-19' }, nodeBuildHost);
    const describeSites = ({ callSites, lines }: Program) =>
      callSites.map(({ name, address }) => `${name} ${lines.at(address)?.row.line}`).sort();
    assert.deepEqual(describeSites(prebuilt.program), describeSites(program));
    assert.ok(prebuilt.program.image.length < 100_000);
  });

  for (const compiler of compilers) {
    it(`compiles C with ${compiler}, with its lines and call sites`, async function () {
      requireTools(this, ...toolsOf[compiler]);
      const source = join(samples, 'files.c');
      const { program } = await buildProgram(source, { compiler }, nodeBuildHost);
      assert.deepEqual(program.lines.paths, [source]);
      assert.deepEqual(program.refusedCallSites, []);
      assert.ok(program.callSites.some(({ name }) => name === 'vfs_read'));
      assert.ok(!program.callSites.some(({ name }) => name === 'printf'), 'the runtime is not traced');
      assert.match(run(program).output, /^round 1: 256 bytes read/m);
      const untraced = await buildProgram(source, { compiler, callSites: false, compilerArgs: ['-O2'] }, nodeBuildHost);
      assert.deepEqual(untraced.program.callSites, []);
      assert.equal(run(untraced.program).output, run(program).output);
    });

    it(`compiles a program that has its own _start, with ${compiler}`, async function () {
      requireTools(this, ...toolsOf[compiler]);
      const { program } = await buildProgram(join(__dirname, '../support/freestanding.c'), { compiler }, nodeBuildHost);
      assert.equal(run(program).status, 79);
      assert.deepEqual(program.callSites.map(({ name }) => name).sort(), ['_start', 'fib', 'helper', 'leaf']);
      assert.equal(program.symbols.functionAt(program.entry)?.name, '_start');
    });

    it(`links a runtime that prints what this computer's C library prints, with ${compiler}`, async function () {
      requireTools(this, ...toolsOf[compiler], ...toolsOf['clang-19']);
      const source = join(__dirname, 'library.c');
      for (const level of ['-O0', '-O2']) {
        const { program, warnings } = await buildProgram(
          source,
          { compiler, compilerArgs: [level, '-w'], ownRuntime: true },
          nodeBuildHost,
        );
        assert.deepEqual(warnings, []);
        const ours = run(program, ['library.c', 'argument'], 'a first line that is long\nshort\nlast');
        const theirs = onThisComputer(source, 'argument', 'a first line that is long\nshort\nlast');
        assert.deepEqual(ours.output.split('\n'), theirs.output.split('\n'));
        assert.deepEqual([ours.errors, ours.status], [theirs.errors, theirs.status]);
      }
    });

    it(`links the C library that it finds, with ${compiler}`, async function () {
      requireTools(this, ...toolsOf[compiler], ...toolsOf['riscv64-linux-gnu-gcc']);
      const text = `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static double half(double x) { return x / 2; }
int main(int argc, char **argv) {
  printf("%.6f %g %s\\n", sqrt(2.0), half(argc), getenv("HOME") ? "home" : "none");
  struct tm *date = gmtime(&(time_t){86400});
  char *text = malloc(100);
  strftime(text, 100, "%Y-%m-%d", date);
  puts(text);
  return 3;
}
`;
      const { program } = await withScratchSource('real.c', text, (path) => buildProgram(path, { compiler }, nodeBuildHost));
      assert.deepEqual(program.callSites.map(({ name }) => name).sort(), ['half', 'main']);
      assert.deepEqual(run(program), { output: '1.414214 0.5 none\n1970-01-02\n', errors: '', status: 3 });
    });

    it(`lets ${compiler} use what the machine has, and nothing else`, async function () {
      requireTools(this, ...toolsOf[compiler]);
      const text = `#include <stdio.h>
__attribute__((noinline)) unsigned long f(unsigned long x, unsigned long y) { return (x & ~y) + x * y; }
int main(int argc, char **argv) { printf("%d\\n", (int)f(argc + 40ul, argc + 2ul)); return 0; }`;
      await withScratchSource('isa.c', text, async (path) => {
        for (const [isa, wanted, unwanted] of isas) {
          const options = { compiler, isa: parseIsa(isa), compilerArgs: ['-O2', '-fno-builtin-printf'] };
          const { program } = await buildProgram(path, options, nodeBuildHost);
          const names = new Set(instructionsOf(program, 'f'));
          for (const name of wanted) assert.ok(names.has(name), `${isa} has ${name}`);
          for (const name of unwanted) assert.ok(!names.has(name), `${isa} has no ${name}`);
          assert.deepEqual(run(program, undefined, '', options.isa), { output: '163\n', errors: '', status: 0 }, isa);
        }
      });
    });

    it(`hands on what ${compiler} says`, async function () {
      requireTools(this, ...toolsOf[compiler]);
      const error = await failureOf('bad.c', '#include <stdio.h>\nint main(void) {\n  return x;\n}\n', { compiler });
      assert.match(error.message, new RegExp(`^${compiler} cannot compile .*bad\\.c: \n(.*\n)*.*bad\\.c:3:10: error: `));
      assert.deepEqual(
        error.diagnostics
          .filter(({ severity }) => severity === 'error')
          .map(({ path, line, column }) => `${basename(path)} ${line} ${column}`),
        ['bad.c 3 10'],
      );
      const missing = await failureOf('missing.c', 'int f(void);\nint main(void) { return f(); }\n', { compiler });
      assert.match(missing.message, /undefined (symbol|reference).*\bf\b/);
      const header = await failureOf('header.c', '#include <nothing.h>\n', { compiler });
      assert.match(header.diagnostics[0]!.message, /nothing\.h/);
      const warned = await withScratchSource('warned.c', 'int main(void) { int unused; return 0; }\n', (path) =>
        buildProgram(path, { compiler }, nodeBuildHost),
      );
      assert.deepEqual(
        warned.warnings.map(({ severity, line, column }) => [severity, line, column]),
        [['warning', 1, 22]],
      );
    });
  }

  it('names every error of an assembly source', async () => {
    const error = await failureOf('bad.s', ' addi a0, a1\n nop\n foo a0\n');
    assert.deepEqual(
      error.diagnostics.map(({ line, column }) => [line, column]),
      [
        [1, 2],
        [3, 2],
      ],
    );
    assert.match(error.message, /^bad\.s cannot be assembled:\nbad\.s:1:2: .*\nbad\.s:3:2: .*foo/);
  });

  it('says why there is no program', async () => {
    await assert.rejects(buildProgram('/nowhere/x.s', {}, nodeBuildHost), new BuildError('/nowhere/x.s: there is no such file'));
    await assert.rejects(buildProgram(samples, {}, nodeBuildHost), new BuildError(`${samples}: this is a folder, not a program`));
    assert.match(
      (await failureOf('notes.txt', 'text')).message,
      /^notes\.txt: not an ELF file: it starts with 74 65 78 74; a program is a \.s, /,
    );
  });

  describe('with a C compiler', () => {
    it('that is not there: says what to install and names the samples that need none', async () => {
      const error = await failureOf('x.c', 'int main(void) { }', {}, fakeHost({}));
      assert.match(error.message, /^No C compiler for riscv64 was found\. Install one: `apt-get install clang lld`.*samples\/files\.elf/);
      const configured = await failureOf('x.c', 'int main(void) { }', { compiler: 'mycc' }, fakeHost({}));
      assert.match(configured.message, /^The configured C compiler cannot be used: there is no command mycc\. Install one:/);
    });

    it('that cannot make riscv64 programs: says why each was passed over', async () => {
      const host = fakeHost({
        clang: { '--version': 'Apple clang version 15', '--print-targets': '    arm64 - ARM64' },
        'clang-19': {
          '--version': 'clang version 19',
          '--print-targets': '    riscv64 - 64-bit RISC-V',
          '-print-prog-name=ld.lld': 'ld.lld',
        },
        'riscv64-elf-gcc': { '-dumpmachine': 'x86_64-linux-gnu' },
      });
      const error = await failureOf('x.c', 'int main(void) { }', {}, host);
      assert.match(
        error.message,
        /clang-19 has no linker lld beside it: install lld; clang cannot compile for riscv64; riscv64-elf-gcc compiles for x86_64-linux-gnu, not for riscv64\)/,
      );
    });

    it('that brings a C library: links that one', async () => {
      const commands: string[] = [];
      const host = fakeHost({ 'riscv64-unknown-elf-gcc': { '-dumpmachine': 'riscv64-unknown-elf' } }, (_, args, folder) => {
        commands.push(args.join(' '));
        const output = args[args.indexOf('-o') + 1]!;
        if (args.includes('-o')) writeFileSync(resolve(folder, output), readFileSync(join(samples, 'files.elf')));
        return { status: 0, stdout: '', stderr: '' };
      });
      await withScratchSource('x.c', 'int main(void) { }', (path) => buildProgram(path, {}, host));
      const compiled = commands.at(-1)!;
      assert.ok(commands.some((each) => each.includes('probe.c')));
      assert.match(compiled, /-march=rv64gc -mabi=lp64d .*-fpatchable-function-entry=4 -falign-functions=8/);
      assert.doesNotMatch(compiled, /-nostdlib|stdio\.o/);
      assert.match(compiled, /-lm /, 'mathematics too');
    });

    it('that cannot be started: says so', async () => {
      const host = fakeHost({ 'clang-19': {} }, () => {
        throw new Error('spawn EACCES');
      });
      assert.match((await failureOf('x.c', 'int main(void) { }', {}, host)).message, /clang-19/);
    });
  });

  it('reads places in what compilers print', () => {
    const output = [
      'x.c: In function ‘main’:',
      'x.c:3:5: error: unknown type',
      '/usr/include/a b.h:1: fatal error: no such header',
      'C:\\x\\y.c:7:1: warning: unused',
      'ld: x.o: undefined reference',
      'x.c:4:2: note: here',
    ].join('\n');
    assert.deepEqual(
      compilerDiagnostics(output, '/src').map(
        ({ severity, path, line, column, message }) => `${severity} ${path} ${line} ${column} ${message}`,
      ),
      ['error /src/x.c 3 5 unknown type', 'error /usr/include/a b.h 1 1 no such header', 'warning C:\\x\\y.c 7 1 unused'],
    );
  });
});

function run(program: Program, args: string[] = [program.name], input = '', isa?: Isa): { output: string; errors: string; status: number } {
  const written = { 1: [] as Uint8Array[], 2: [] as Uint8Array[] };
  let rest = new TextEncoder().encode(input);
  const host = {
    write: (descriptor: 1 | 2, bytes: Uint8Array) => void written[descriptor].push(Uint8Array.from(bytes)),
    read: (length: number) => {
      const part = rest.subarray(0, length);
      rest = rest.subarray(length);
      return part.length === 0 ? ('end' as const) : part;
    },
    note: (message: string) => assert.fail(message),
  };
  const stop = LinuxProcess.start(program, { arguments: args, host, isa }).machine.run(2_000_000_000);
  assert.equal(
    stop.kind,
    'exit',
    JSON.stringify(stop, (_, value) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value)),
  );
  const text = (bytes: Uint8Array[]) => Buffer.concat(bytes).toString();
  return { output: text(written[1]), errors: text(written[2]), status: stop.kind === 'exit' ? stop.code : -1 };
}

/** `char` is unsigned as on RISC-V. */
function onThisComputer(source: string, argument: string, input: string): { output: string; errors: string; status: number } {
  return withScratch((folder) => {
    const path = join(folder, 'native');
    execFileSync('clang-19', ['-w', '-funsigned-char', '-fuse-ld=lld-19', source, '-o', path]);
    const { stdout, stderr, status } = spawnSync(path, [argument], { input, encoding: 'utf8' });
    return { output: stdout, errors: stderr, status: status ?? -1 };
  });
}

/** The mnemonics of a function. */
function instructionsOf(program: Program, name: string): string[] {
  const { address, size } = program.symbols.named(name)!;
  const { address: start, bytes } = program.segments.find((each) => each.address <= address && address < each.address + each.size)!;
  const found: string[] = [];
  for (let at = Number(address - start); at < Number(address - start + size); ) {
    const word = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
    const isShort = (word & 3) !== 3;
    const { mnemonic, length } = decode(isShort ? word & 0xffff : word) ?? assert.fail(`0x${word.toString(16)}`);
    found.push(mnemonic);
    at += length;
  }
  return found;
}

async function withScratchSource<Result>(name: string, text: string, use: (path: string) => Promise<Result>): Promise<Result> {
  return nodeBuildHost.withTemporaryFolder(async (folder) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return use(path);
  });
}

async function failureOf(name: string, text: string, options = {}, host: BuildHost = nodeBuildHost): Promise<BuildError> {
  try {
    await withScratchSource(name, text, (path) => buildProgram(path, options, host));
  } catch (error) {
    assert.ok(error instanceof BuildError, String(error));
    return error;
  }
  return assert.fail(`${name} was built`);
}

type Answer = (...args: Parameters<BuildHost['run']>) => Awaited<ReturnType<BuildHost['run']>>;

/** A computer with these commands, which answer these arguments. */
function fakeHost(commands: Record<string, Record<string, string>>, otherwise?: Answer): BuildHost {
  return {
    ...nodeBuildHost,
    findCommand: async (command) => (command in commands ? command : undefined),
    run: async (command, args, folder) => {
      const answer = commands[command]?.[args.join(' ')];
      if (answer === undefined && otherwise) return otherwise(command, args, folder);
      return { status: answer === undefined ? 1 : 0, stdout: answer ?? '', stderr: '' };
    },
  };
}
