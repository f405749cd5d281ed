import { corpus } from './lockstep-corpus';
import { runInSlices, startInLockstep } from './lockstep-process';

/**
 * `npm run lockstep`: the corpus in lockstep for long, and once more as regions follow each other for users, by tail calls, compared after
 * each slice; arguments: millions of instructions each, how often code is come to before it is translated, and what the names of programs
 * begin with.
 */
const [millions = '20', hotAfter = '60', ...names] = process.argv.slice(2);
let [programs, allExits] = [0, 0];
for (const program of corpus(names)) {
  const start = performance.now();
  const options = { hotAfter: Number(hotAfter), arguments: ['3'], input: ['a line\nand another'] };
  const { both } = startInLockstep(program, options);
  const { kind } = runInSlices(both, Number(millions) * 1e6);
  runInSlices(startInLockstep(program, { ...options, seesExits: false }).both, Number(millions) * 1e6);
  const { instret, statistics } = both.ours;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const what = `${instret} instructions to ${kind}, ${statistics.translated} regions, the same at ${both.exits} exits`;
  console.log(`${program.name.padEnd(32)}${what}; ${seconds} s`);
  programs += 1;
  allExits += both.exits;
}
console.log(`${programs} programs, the same at ${allExits} exits of regions`);
