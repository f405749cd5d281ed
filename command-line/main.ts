import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { openBundle, openEngine } from '../debug-adapter/open-bundle';

const words = process.argv.slice(2);

// What is asked for often is in bundles of its own: reading all the others would take longer than many a source or program.
if (words[0] === 'as') {
  const { runAs } = openBundle(join(__dirname, 'as-command.js')).run() as typeof import('./as-command');
  runAs(words.slice(1));
} else if (!runPlain()) {
  const { runCommand } = openEngine(join(__dirname, 'commands.js')) as typeof import('./commands');
  if (words[0] === 'run') optimiseLater();
  runCommand(words);
}

/** Runs the program where that is all there is to do, and it is an ELF file. */
function runPlain(): boolean {
  const [command, program, ...rest] = words;
  if (command !== 'run' || program === undefined || program.startsWith('-') || /\.(s|c|cc|cpp|cxx)$/i.test(program)) return false;
  const plain = openEngine(join(__dirname, 'plain-run.js')) as typeof import('./plain-run');
  return plain.runPlain([program, ...rest], optimiseLater);
}

/**
 * What counts in a run is the program's code. V8 takes longer to optimise the code that makes it than that then takes altogether; later
 * versions than Node 20's wait of themselves. To be called once all bundles are read: code compiled under other flags is refused.
 */
function optimiseLater(): void {
  if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=1000000');
}
