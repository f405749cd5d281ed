import { corpus, runInLockstep } from './lockstep-corpus';

/**
 * `npm run lockstep`: the corpus in lockstep for long; arguments: millions of instructions each, how often code is come to before it is
 * translated, and names of programs.
 */
const [millions = '20', hotAfter = '60', ...names] = process.argv.slice(2);
for (const program of corpus(names)) {
  const start = performance.now();
  const { exits, ours } = runInLockstep(program, Number(millions) * 1e6, Number(hotAfter));
  const { translated } = ours.statistics;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${program.name.padEnd(20)}${ours.instret} instructions, ${translated} regions, the same at ${exits} exits; ${seconds} s`);
}
