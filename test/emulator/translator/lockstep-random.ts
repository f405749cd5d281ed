import { RandomSession } from './random-session';

/**
 * `npm run lockstep:random`: random code with a debugger at it, in lockstep, each for some thousand instructions; arguments: seconds,
 * and the first seed. Ends with status 1 at the first difference, whose seed is printed.
 */
const [seconds = '60', first = `${Date.now() % 1_000_000}`] = process.argv.slice(2);
const end = performance.now() + Number(seconds) * 1000;
let [exits, pages, translated] = [0, 0, 0];
const stops = new Set<string>();
let seed = Number(first);
for (; performance.now() < end; seed += 1) {
  try {
    const session = new RandomSession(seed);
    session.run(20_000);
    exits += session.both.exits;
    pages += session.both.pages;
    translated += session.both.ours.statistics.translated;
    for (const stop of session.stops) stops.add(stop);
  } catch (error) {
    console.log(`seed ${seed}: ${(error as Error).message}`);
    process.exitCode = 1;
    break;
  }
}
console.log(
  `seeds ${first} to ${seed - 1}: ${translated} regions, the same at ${exits} exits with ${pages} written pages; ${[...stops].join(', ')}`,
);
