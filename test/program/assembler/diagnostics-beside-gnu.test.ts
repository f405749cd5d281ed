import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../../program/assembler/assemble';
import { requireTools } from '../../support/tools';
import { scratchFolder } from './gnu';

/** Sources, each in one line with `\n` for its line ends; nearly all are wrong. */
const sources = readFileSync(join(__dirname, 'corpus/wrong.txt'), 'utf8').trim().split('\n');

describe('errors and warnings beside GNU as', () => {
  it('are in the same lines', function () {
    requireTools(this, 'riscv64-unknown-elf-as');
    const folder = scratchFolder();
    const gnu = (text: string) => {
      const command = ['-march=rv64gc', '-o', 'wrong.o', '--', '-'];
      const { stderr } = spawnSync('riscv64-unknown-elf-as', command, { input: text, encoding: 'utf8', cwd: folder });
      return stderr.split('\n').flatMap((line) => {
        const match = /^[^:]*:(\d+): (Error|Warning|Fatal error): (?!here is the previous)/.exec(line);
        return match ? [`${match[1]} ${match[2] === 'Warning' ? 'warning' : 'error'}`] : [];
      });
    };
    // What is undefined is the linker's to say with GNU.
    const ours = (text: string) =>
      assemble([{ path: join(folder, 'wrong.s'), text }])
        .diagnostics.filter(({ severity, line, message }) => severity !== 'note' && line > 0 && !message.startsWith('undefined symbol'))
        .map(({ severity, line }) => `${line} ${severity}`);
    const table = (places: (text: string) => string[]) =>
      sources.map((source) => `${source}: ${[...new Set(places(`${source.replaceAll('\\n', '\n')}\n`))].sort().join(', ')}`);
    assert.ok(sources.length > 300);
    assert.deepEqual(table(ours), table(gnu));
  });
});
