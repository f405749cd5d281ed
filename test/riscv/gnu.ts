import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What binutils 2.40 knows of the table. */
export const gnuArch = 'rv64imafdc_zicsr_zifencei_zfh_zba_zbb_zbc_zbs_zicbom_zicbop_zicboz_zihintpause';

const general = 'rv64imafdc_zicsr_zifencei';

export const gnuTools = ['riscv64-linux-gnu-as', 'riscv64-linux-gnu-ld', 'riscv64-linux-gnu-objdump', 'riscv64-linux-gnu-objcopy'];

/** The section .text that GNU as and ld make of a source, linked at 0x10000 without relaxation. */
export function gnuAssemble(source: string, arch = general): Buffer {
  return inScratch((path) => {
    assembleTo(path, source, arch);
    run('ld', ['--no-relax', '-Ttext=0x10000', '-e', '0', path('o'), '-o', path('elf')]);
    run('objcopy', ['-O', 'binary', '-j', '.text', path('elf'), path('bin')]);
    return readFileSync(path('bin'));
  });
}

export const clangTools = ['clang-19', 'riscv64-linux-gnu-objcopy'];

/** The section .text that clang's assembler makes of a source, which knows extensions that binutils 2.40 does not. */
export function clangAssemble(source: string, arch: string): Buffer {
  return inScratch((path) => {
    writeFileSync(path('s'), `.option norelax\n${source}\n`);
    const args = ['--target=riscv64', `-march=${arch}`, '-menable-experimental-extensions', '-c', path('s'), '-o', path('o')];
    execFileSync('clang-19', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    run('objcopy', ['-O', 'binary', '-j', '.text', path('o'), path('bin')]);
    return readFileSync(path('bin'));
  });
}

/** What llvm-objdump makes of words laid down from address 0, spaced as objdump spaces it: it knows extensions that binutils 2.40 does not. */
export function llvmDisassemble(
  words: readonly { word: number; length: 2 | 4 }[],
  aliases: boolean,
  extensions: readonly string[],
): DisassembledLine[] {
  return inScratch((path) => {
    assembleTo(path, words.map(({ word, length }) => `.${length}byte 0x${word.toString(16)}`).join('\n'), gnuArch);
    run('objcopy', ['--strip-all', path('o'), path('stripped')]);
    const attributes = `--mattr=${extensions.map((extension) => `+${extension}`).join(',')}`;
    const args = ['-dz', '--no-print-imm-hex', attributes, ...(aliases ? [] : ['-M', 'no-aliases']), path('stripped')];
    const listing = execFileSync('llvm-objdump-19', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    return listing.split('\n').flatMap((line) => {
      const match = /^ *([0-9a-f]+): [0-9a-f ]+\t(.*)$/.exec(line);
      return match ? [{ address: BigInt(`0x${match[1]}`), text: match[2]!.replaceAll(', ', ',').trimEnd() }] : [];
    });
  });
}

/** What GNU as says about a source with errors: the lines, without the name of the file. */
export function gnuErrors(source: string): string[] {
  return inScratch((path) => {
    writeFileSync(path('s'), source);
    try {
      run('as', [`-march=${general}`, path('s'), '-o', path('o')]);
      return [];
    } catch (error) {
      const lines = String((error as { stderr: Buffer }).stderr)
        .trim()
        .split('\n');
      return lines.slice(1).map((line) => line.replace(/^[^:]*:/, ''));
    }
  });
}

export interface DisassembledLine {
  readonly address: bigint;
  /** Mnemonic, tab, operands, without a comment. */
  readonly text: string;
}

/** What objdump makes of words laid down from address 0 in an object without symbols. */
export function gnuDisassemble(words: readonly { word: number; length: 2 | 4 }[], aliases: boolean): DisassembledLine[] {
  return inScratch((path) => {
    assembleTo(path, words.map(({ word, length }) => `.${length}byte 0x${word.toString(16)}`).join('\n'), gnuArch);
    run('objcopy', ['--strip-all', path('o'), path('stripped')]);
    return parse(run('objdump', ['-dz', ...(aliases ? [] : ['-M', 'no-aliases']), path('stripped')]));
  });
}

/** objdump's text of a source whose symbols stay. */
export function gnuDisassembleSource(source: string): DisassembledLine[] {
  return inScratch((path) => {
    assembleTo(path, source, gnuArch);
    return parse(run('objdump', ['-dz', path('o')]));
  });
}

function assembleTo(path: (ending: string) => string, source: string, arch: string): void {
  writeFileSync(path('s'), `.option norelax\n${source}\n`);
  run('as', [`-march=${arch}`, path('s'), '-o', path('o')]);
}

function parse(listing: string): DisassembledLine[] {
  return listing.split('\n').flatMap((line) => {
    const match = /^ *([0-9a-f]+):\t[0-9a-f ]+\t(.*)$/.exec(line);
    return match ? [{ address: BigInt(`0x${match[1]}`), text: match[2]!.replace(/ # .*$/, '').trimEnd() }] : [];
  });
}

function run(tool: string, args: string[]): string {
  return execFileSync(`riscv64-linux-gnu-${tool}`, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
}

function inScratch<T>(work: (path: (ending: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'riscv-ftrace-'));
  try {
    return work((ending) => join(folder, `t.${ending}`));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
