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
  // The code of a run that counts is the program's. V8 takes longer to optimise what makes it than that then takes altogether, so it
  // does so later: set once the compiled code is read, for other flags would refuse it.
  if (words[0] === 'run') setFlagsFromString('--interrupt-budget=1000000');
  runCommand(words);
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
