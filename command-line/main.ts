import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { CompiledBundle, compiledPath } from './compiled-bundle';

const words = process.argv.slice(2);

// The assembler is a bundle of its own: reading all the others would take longer than many a source.
if (words[0] === 'as') {
  const { runAs } = open('as-command.js') as typeof import('./as-command');
  runAs(words.slice(1));
} else {
  const { runCommand } = open('commands.js') as typeof import('./commands');
  if (words[0] === 'run') optimiseLater();
  runCommand(words);
}

/**
 * What counts in a run is the program's code. V8 takes longer to optimise the code that makes it than that then takes altogether; later
 * versions than Node 20's wait of themselves. To be called once the bundle is read: code compiled under other flags is refused.
 */
function optimiseLater(): void {
  if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=1000000');
}

function open(name: string): unknown {
  const path = join(__dirname, name);
  return new CompiledBundle(path, readIfThere(compiledPath(path))).run();
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
