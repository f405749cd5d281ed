import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTools } from '../../support/tools';
import { start } from './start';

const sources = join(__dirname, 'whole-programs');
const input = 'a line\nand one without an end';
const environment = ['GREETING=hello there'];

interface Made {
  readonly what: string;
  readonly tools: readonly string[];
  make(output: string): void;
}

const compiled = (tool: string, source: string, ...flags: string[]): Made => ({
  what: `${source} by ${[tool, ...flags].join(' ')}`,
  tools: [tool, ...(tool === 'clang-19' ? ['ld.lld-19', 'riscv64-linux-gnu-gcc'] : [])],
  make: (output) => void execFileSync(tool, [...flags, '-w', join(sources, source), '-o', output, '-lm']),
});
const classes = compiled('riscv64-linux-gnu-g++', 'classes.cc', '-static', '-O1');
const clang = ['--target=riscv64-linux-gnu', '-fuse-ld=lld-19'];

/**
 * The musl one is `library.c` with musl 1.2.3 (Debian's source package `musl`): musl configured with `--target=riscv64 --disable-shared
 * CC=riscv64-linux-gnu-gcc CFLAGS=-O1` and made with GNU's riscv64 `ar`; the source compiled with `-O2 -nostdinc`, musl's headers and
 * those of the compiler, and linked with `-static -nostdlib -s`, musl's start files and library, and libgcc.
 */
const programs: readonly Made[] = [
  compiled('riscv64-linux-gnu-gcc', 'library.c', '-static', '-O2'),
  compiled('clang-19', 'library.c', ...clang, '-static', '-O2'),
  classes,
  compiled('riscv64-linux-gnu-gcc', 'mathematics.c', '-static', '-O2', '-frounding-math', '-fno-builtin'),
  { what: 'library.c with musl', tools: [], make: (output) => copyFileSync(join(sources, 'library-musl.elf'), output) },
];

/** Interpreted, and translated as usual. */
const runs = [
  { engine: { hotAfter: 0 }, args: [] },
  { engine: {}, args: ['one', 'two words', ...Array.from({ length: 200 }, (_, number) => `argument ${number}`)] },
];
/** Nearly all code translated, which takes long: of the shortest program. */
const early = { engine: { hotAfter: 40 }, args: ['early'] };

describe('whole programs print under ours what they print under qemu-riscv64', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  programs.forEach(({ what, tools, make }, index) => {
    it(what, function () {
      this.timeout(300_000);
      requireTools(this, 'qemu-riscv64', ...tools);
      const work = join(folder, `${index}`);
      mkdirSync(work);
      const path = join(work, 'program');
      make(path);
      chmodSync(path, 0o755);
      for (const { engine, args } of what === classes.what ? [...runs, early] : runs) {
        const inherited = Object.keys(process.env).flatMap((name) => ['-U', name]);
        const own = environment.flatMap((one) => ['-E', one]);
        const theirs = spawnSync('qemu-riscv64', [...inherited, ...own, path, ...args], { cwd: work, input, encoding: 'latin1' });
        // Each makes the files that it works with anew.
        const { machine, output, notes } = start(readFileSync(path), {
          arguments: [path, ...args],
          environment,
          input: [input],
          ...engine,
        });
        const stop = machine.run(1_000_000_000);
        assert.deepEqual(output[1].split('\n'), theirs.stdout.split('\n'));
        assert.equal(output[2], theirs.stderr);
        assert.deepEqual(stop, { kind: 'exit', code: theirs.status });
        assert.deepEqual(notes, []);
      }
    });
  });
});
