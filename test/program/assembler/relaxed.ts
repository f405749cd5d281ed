import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { readElfFile } from './read-elf';

/** Our program for sources, with linker relaxation. */
export function relaxed(texts: readonly string[], textAddress?: bigint): Uint8Array {
  const sources = texts.map((text, index) => ({ path: `/source${index}.s`, text }));
  const { image, diagnostics } = assemble(sources, { relax: true, textAddress });
  if (!image) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return image;
}

/** GNU's for the same, whose linker lays out the sections of `image` in the same order, segment by segment, and relaxes. */
export function gnuRelaxed(folder: string, texts: readonly string[], image: Uint8Array, options: readonly string[] = []): Uint8Array {
  const objects = texts.map((text, index) => {
    const object = join(folder, `relaxed${index}.o`);
    execFileSync('riscv64-unknown-elf-as', ['-march=rv64gc', ...options, '-o', object, '-'], { input: text, stdio: 'pipe' });
    return object;
  });
  const script = join(folder, 'relaxed.ld');
  writeFileSync(script, scriptFor(image));
  const program = join(folder, 'relaxed.elf');
  execFileSync('riscv64-unknown-elf-ld', ['--relax', '-T', script, '-o', program, ...objects], { stdio: 'pipe' });
  return readFileSync(program);
}

function scriptFor(image: Uint8Array): string {
  const loaded = readElfFile(image).sections.filter(({ flags, name }) => flags & 2n && name !== '__patchable_function_entries');
  const lines: string[] = [];
  let before: bigint | undefined;
  for (const { name, flags, address } of loaded) {
    const access = flags & 5n;
    if (before === undefined) lines.push(`. = ${address};`);
    else if (access !== before) lines.push('. = ALIGN(4096);');
    before = access;
    const more = name === '.bss' ? ' *(COMMON)' : '';
    lines.push(`${name} : { *(${name} ${name}.*)${more} }`);
    if (name === '.text') lines.push('PROVIDE(etext = .);');
  }
  lines.splice(lines.findLastIndex((line) => !/^\.[st]?bss /.test(line) && line.includes(':')) + 1, 0, '_edata = .; __bss_start = .;');
  const start = (name: string, orElse: string) => (loaded.some((section) => section.name === name) ? `ADDR(${name})` : orElse);
  lines.push('. = ALIGN(8); __BSS_END__ = .; _end = .;');
  lines.push(
    `__global_pointer$ = MIN(${start('.sdata', '_edata')} + 0x800, MAX(${start('.data', '_edata')} + 0x800, __BSS_END__ - 0x800));`,
    '/DISCARD/ : { *(.riscv.attributes) }',
  );
  return `SECTIONS {\n${lines.join('\n')}\n}\n`;
}
