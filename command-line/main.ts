import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { CompiledBundle, compiledPath } from './compiled-bundle';
import { keptModulesPath, parseKeptModules } from './kept-modules-text';

const words = process.argv.slice(2);

// The assembler is a bundle of its own: reading all the others would take longer than many a source.
if (words[0] === 'as') {
  const { runAs } = open('as-command.js').run() as typeof import('./as-command');
  runAs(words.slice(1));
} else {
  const bundle = open('commands.js', isPlainRun(words) ? 'run' : undefined);
  const { keepModules, runCommand } = bundle.run() as typeof import('./commands');
  const modules = readIfThere(keptModulesPath(join(__dirname, 'commands.js')));
  if (modules) keepModules(parseKeptModules(modules.toString(), bundle.seal));
  if (words[0] === 'run') optimiseLater();
  runCommand(words);
}

/** Whether all there is to do is to run an ELF file: that needs a third of the code. */
function isPlainRun([command, program]: readonly string[]): boolean {
  return command === 'run' && program !== undefined && !program.startsWith('-') && !/\.[sc]$/i.test(program);
}

/**
 * What counts in a run is the program's code. V8 takes longer to optimise the code that makes it than that then takes altogether; later
 * versions than Node 20's wait of themselves. To be called once the bundle is read: code compiled under other flags is refused.
 */
function optimiseLater(): void {
  if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=1000000');
}

function open(name: string, use?: 'run'): CompiledBundle {
  const path = join(__dirname, name);
  return new CompiledBundle(path, readIfThere(compiledPath(path, use)));
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
