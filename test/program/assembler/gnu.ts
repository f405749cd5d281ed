import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { readElfFile } from './read-elf';

/** Longer names first, as the patterns of the shorter ones fit them too; what is thread-local before all, side by side. */
const rank = (name: string) => (name === '.tdata' ? 101 : name === '.tbss' ? 100 : name.length);

/** What else the linker has for a section: blocks that sources share. */
const more: Readonly<Record<string, string>> = { '.bss': ' COMMON', '.tbss': ' .tcommon' };

const before: Readonly<Record<string, string>> = { '.got': ' *(.got.plt)' };

/** A folder for the files of a test. */
export function scratchFolder(): string {
  return mkdtempSync(join(tmpdir(), 'riscv-ftrace-assembler-'));
}

/** Runs GNU as and GNU ld over sources, each section at the address that `image` has it at; the path of the program. */
export function gnuProgram(folder: string, texts: readonly string[], image: Uint8Array): string {
  const objects = texts.map((text, index) => {
    const source = join(folder, `gnu${index}.s`);
    writeFileSync(source, text);
    const object = join(folder, `gnu${index}.o`);
    execFileSync('riscv64-linux-gnu-as', ['-march=rv64gc', '-mabi=lp64d', '-o', object, source], { stdio: 'pipe' });
    return object;
  });
  const script = join(folder, 'addresses.ld');
  const placed = readElfFile(image)
    .sections.filter(({ flags, size }) => flags & 2n && size > 0n)
    .sort((a, b) => rank(b.name) - rank(a.name));
  const lines = placed.map(({ name, address }) => `${name} ${address} : {${before[name] ?? ''} *(${name} ${name}.*${more[name] ?? ''}) }`);
  writeFileSync(script, `SECTIONS {\n${lines.join('\n')}\n}\n`);
  const program = join(folder, 'gnu.elf');
  execFileSync('riscv64-linux-gnu-ld', ['--no-relax', '-T', script, '-o', program, ...objects], { stdio: 'pipe' });
  return program;
}

/** Our program for sources that have no errors; throws with the errors where they have. */
export function assembled(texts: readonly string[], callSites = false): Uint8Array {
  const { image, diagnostics } = assemble(
    texts.map((text, index) => ({ path: `/source${index}.s`, text })),
    { callSites },
  );
  if (!image) throw new Error(diagnostics.map(({ path, line, column, message }) => `${path}:${line}:${column}: ${message}`).join('\n'));
  return image;
}

/** The loaded sections that both programs have, in hexadecimal, 16 bytes a line with their addresses, to be compared. */
export function loadedText(image: Uint8Array): string {
  const lines: string[] = [];
  const sections = readElfFile(image).sections.sort((a, b) => Number(a.address - b.address));
  for (const { name, flags, address, size, bytes } of sections) {
    if (!(flags & 2n) || size === 0n) continue;
    lines.push(`${name} ${address.toString(16)} ${size}`);
    for (let offset = 0; offset < bytes.length; offset += 16) {
      lines.push(`${(address + BigInt(offset)).toString(16)}: ${Buffer.from(bytes.subarray(offset, offset + 16)).toString('hex')}`);
    }
  }
  return lines.join('\n');
}

export function loadedTextOfFile(path: string): string {
  return loadedText(readFileSync(path));
}
