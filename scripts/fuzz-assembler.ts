/** `npm run fuzz:assembler -- [INPUTS [SEED]]`: changed sources by the hundred thousand; it fails at the first that throws or hangs. */
import { assemble } from '../program/assembler/assemble';
import { assembleLine } from '../program/assembler/assemble-line';
import { mutated } from '../test/program/assembler/mutated';
import { randomBelow } from '../test/support/random';

const [inputs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
/** More than this for some lines is work that explodes. */
const mostMilliseconds = 60_000;

const random = randomBelow(seed);
let slowest = 0;
let slowestText = '';
/** Milliseconds of this process, which other work on the machine does not count for. */
const processTime = () => process.cpuUsage().user / 1000;
for (let input = 0; input < inputs; input++) {
  const text = mutated(random);
  const path = input % 2 === 0 ? '/fuzz.s' : '/fuzz.S';
  const start = processTime();
  try {
    assemble([{ path, text }], {
      callSites: input % 3 === 0,
      relax: input % 5 === 0,
      readFile: (name) => (name.endsWith('again') ? new TextEncoder().encode(text) : undefined),
    });
    for (const line of text.split('\n')) assembleLine(line, { path });
  } catch (error) {
    console.error(JSON.stringify(text));
    throw error;
  }
  const elapsed = processTime() - start;
  if (elapsed > slowest) [slowest, slowestText] = [elapsed, text];
  if (elapsed > mostMilliseconds) throw new Error(`input ${input} took ${elapsed.toFixed(0)} ms: ${JSON.stringify(text)}`);
  if ((input + 1) % 10_000 === 0) console.log(`${input + 1} inputs, the slowest in ${slowest.toFixed(0)} ms of CPU`);
}
console.log(`the slowest input: ${JSON.stringify(slowestText.slice(0, 4000))}`);
