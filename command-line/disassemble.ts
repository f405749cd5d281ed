import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { listing } from '../program/disassembly/listing';
import type { Program } from '../program/program';
import { ProgramError } from '../program/program-error';
import { failed } from './exit-status';
import { openProgram } from './open-program';
import { complain, writeAll } from './standard-output';
import { UsageError } from './usage-error';

const options = { 'no-aliases': { type: 'boolean' }, source: { type: 'boolean', short: 'S' } } as const;

/** Lines that are written at once. */
const linesAtOnce = 4096;

/** `riscv-ftrace disassemble PROGRAM`: the text of `objdump -d`. */
export async function disassemble(words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(words);
  const [path, ...more] = positionals;
  if (path === undefined) throw new UsageError('disassemble: no PROGRAM');
  if (more.length > 0) throw new UsageError(`disassemble: one PROGRAM only, not also ${more.join(' ')}`);
  const program = await openProgram(path, { callSites: false });
  if (!program) return failed;
  const sources = values.source ? { lines: program.lines, sourceLine: sourcesOf(program) } : {};
  try {
    let lines: string[] = [];
    const write = () => writeAll(1, Buffer.from(lines.map((line) => `${line}\n`).join('')));
    for (const line of listing(program.image, basename(path), { aliases: !values['no-aliases'], ...sources })) {
      if (lines.push(line) < linesAtOnce) continue;
      write();
      lines = [];
    }
    write();
    return 0;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    complain(`riscv-ftrace: ${error.message}`);
    return failed;
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`disassemble: ${(error as Error).message}`);
  }
}

/** Lines of sources, each file read once; a file that cannot be read has none. */
function sourcesOf(program: Program): (path: string, line: number) => string | undefined {
  const files = new Map<string, readonly string[]>();
  return (path, line) => {
    let lines = files.get(path);
    if (!lines) {
      lines = (program.embeddedSources.get(path) ?? textOf(path)).split(/\r?\n/);
      files.set(path, lines);
    }
    return lines[line - 1];
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
