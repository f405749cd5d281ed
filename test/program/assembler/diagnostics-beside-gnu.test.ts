import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { requireTools } from '../../support/tools';
import { scratchFolder } from './gnu';

/** In each line what GNU as 2.40 says, and the source, with `\n` for its line ends; nearly all are wrong. */
const table = readFileSync(join(__dirname, 'corpus/wrong.txt'), 'utf8').trim().split('\n');

describe('errors and warnings beside GNU as', () => {
  const folder = scratchFolder();
  const row = (line: string, places: (text: string) => readonly string[]) => {
    const source = line.slice(line.indexOf(' | ') + 3);
    const found = new Set(places(`${source.replaceAll('\\n', '\n')}\n`));
    return `${[...found].sort().join(', ') || 'nothing'} | ${source}`;
  };

  it('are in the same lines', () => {
    // What is undefined is the linker's to say with GNU.
    const ours = (text: string) =>
      assemble([{ path: join(folder, 'wrong.s'), text }])
        .diagnostics.filter(({ severity, line, message }) => severity !== 'note' && line > 0 && !message.startsWith('undefined symbol'))
        .map(({ severity, line }) => `${line} ${severity}`);
    assert.ok(table.length > 300);
    assert.deepEqual(
      table.map((line) => row(line, ours)),
      table,
    );
  });

  it('are what it says, in a sample of the table', function () {
    requireTools(this, 'riscv64-unknown-elf-as');
    const gnu = (text: string) => {
      const command = ['-march=rv64gc', '-o', 'wrong.o', '--', '-'];
      const { stderr } = spawnSync('riscv64-unknown-elf-as', command, { input: text, encoding: 'utf8', cwd: folder });
      return stderr.split('\n').flatMap((line) => {
        const match = /^[^:]*:(\d+): (Error|Warning|Fatal error): (?!here is the previous)/.exec(line);
        return match ? [`${match[1]} ${match[2] === 'Warning' ? 'warning' : 'error'}`] : [];
      });
    };
    const sample = table.filter((_, index) => index % 12 === 0);
    assert.deepEqual(
      sample.map((line) => row(line, gnu)),
      sample,
    );
  });
});
