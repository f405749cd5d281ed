/**
 * `npm run fuzz:debug-info -- [INPUTS [SEED]]`: programs with changed headers and debug information by the hundred thousand; it fails
 * at the first that throws, hangs or takes more memory than all before it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProgram } from '../test/debug-adapter/gdb/corpus-programs';
import { askAll, corrupted, debugParts, elfParts, showStack } from '../test/program/dwarf/corrupt-program';
import { randomBelow } from '../test/support/random';

const [inputs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
/** Longer than this for some pages of code is work that explodes. */
const mostMilliseconds = 60_000;
/** Bytes of memory of this process, whatever the inputs ask for. */
const mostMemory = 2 ** 31;

void main();

async function main(): Promise<void> {
  const images: Uint8Array[] = [];
  for (const [kind, source, ...flags] of [
    ['gcc', 'variables.c', '-O2'],
    ['gcc', 'variables.c', '-O1', '-gdwarf-4'],
    ['gcc', 'classes.cpp', '-O0'],
    ['clang', 'variables.c', '-O1'],
    ['clang', 'inlined.c', '-O2', '-gdwarf-4'],
    ['clang', 'classes.cpp', '-O1'],
  ] as const) {
    images.push(await withProgram(kind, source, flags, (path) => Uint8Array.from(readFileSync(path))));
  }
  const random = randomBelow(seed);
  let [slowest, read] = [0, 0];
  for (let input = 0; input < inputs; input++) {
    const image = images[input % images.length]!;
    // Programs with changed headers may not be started at all: what does not fit into the machine is refused.
    const isStarted = random(4) > 0;
    const bytes = corrupted(image, isStarted ? debugParts(image) : [...elfParts(image), ...debugParts(image)], random);
    const start = performance.now();
    try {
      const program = askAll(bytes);
      if (program) read++;
      const place =
        isStarted && input % 100 === 0 ? program?.symbols.all.find(({ name }) => /^(visit|_Z4refs|both)/.test(name)) : undefined;
      if (program && place) showStack(program, place.address + 20n);
    } catch (error) {
      const path = join(tmpdir(), `fuzz-debug-info-${seed}-${input}.elf`);
      writeFileSync(path, bytes);
      console.error(`input ${input} is ${path}`);
      throw error;
    }
    const elapsed = performance.now() - start;
    if (elapsed > Math.max(slowest, 1000)) console.log(`input ${input} took ${elapsed.toFixed(0)} ms`);
    slowest = Math.max(slowest, elapsed);
    if (elapsed > mostMilliseconds) throw new Error(`input ${input} took ${elapsed.toFixed(0)} ms`);
    if (process.memoryUsage().rss > mostMemory) throw new Error(`after input ${input} the process has ${process.memoryUsage().rss} bytes`);
    if ((input + 1) % 2_000 === 0) {
      const memory = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
      console.log(`${input + 1} inputs, ${read} of them read, the slowest in ${slowest.toFixed(0)} ms, ${memory} MiB of memory`);
    }
  }
}
