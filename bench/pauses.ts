import { readFileSync } from 'node:fs';
import { Pace } from '../debug-adapter/pace';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Stop } from '../emulator/machine';
import { readProgram } from '../program/read-program';
import { type Watched, watch } from './watch';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** How many slices of a program are run. */
const slices = 150;
/** The longest time from the beginning of a slice to a pause that is asked for in it, in milliseconds. */
const latest = 5;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

/**
 * Prints, of the first slices of a program, how long each pause took, as `Watched`: from when it was asked for where messages are seen, and
 * else all of the slice, as it may come with the slice's beginning.
 */
export function measurePauses([path, messages]: readonly [string, 'seen' | 'unseen']): void {
  const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
  let wanted = 0;
  const pace = messages === 'seen' ? new Pace(() => performance.now() >= wanted) : new Pace();
  const measure = watch();
  const pauses: Watched[] = [];
  let stop: Stop | undefined;
  while (pauses.length < slices && (stop?.kind ?? 'budget') === 'budget') {
    let pause = 0;
    const watched = measure(() => {
      const start = performance.now();
      wanted = messages === 'seen' ? start + Math.random() * latest : start;
      stop = pace.run(machine);
      pause = Math.max(0, performance.now() - wanted);
    });
    pauses.push({ ...watched, took: pause });
  }
  console.log(JSON.stringify(pauses));
}
