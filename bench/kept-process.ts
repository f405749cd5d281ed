import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { sealed } from '../debug-adapter/compiled-bundle';

const root = join(__dirname, '..');

/**
 * Bundles a file of this folder as the command is, with what V8 makes of it once it has run with the first words, and gives what runs it
 * with others: an export of it, each time in a new process that starts from that code as the command does.
 */
export function keptProcess(
  file: string,
  exported: string,
  folder: string,
  first: readonly string[],
): (words: readonly string[]) => string {
  const bundle = join(folder, 'bundle.js');
  const opener = join(folder, 'open-bundle.js');
  const options = { bundle: true, platform: 'node', loader: { '.S': 'text' }, logLevel: 'error' } as const;
  buildSync({ ...options, entryPoints: [join(__dirname, file)], outfile: bundle });
  buildSync({ ...options, entryPoints: [join(root, 'debug-adapter/open-bundle.ts')], outfile: opener });
  const text = readFileSync(bundle, 'utf8');
  writeFileSync(bundle, sealed(text, createHash('sha256').update(text).digest('hex')));
  execFileSync(process.execPath, [require.resolve('tsx/cli'), join(root, 'scripts/compile-bundle.ts'), bundle, exported, ...first]);
  const script = `require(${JSON.stringify(opener)}).openEngine(${JSON.stringify(bundle)}).${exported}(process.argv.slice(1))`;
  return (words) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script, '--', ...words]);
    return `${stdout}${stderr}`.trim();
  };
}
