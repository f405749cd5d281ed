import { readFileSync } from 'node:fs';
import { LinuxProcess } from '../emulator/linux/linux-process';
import type { Stop } from '../emulator/machine';
import { readProgram } from '../program/read-program';
import { type Watched, watch } from './watch';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** What regions took that were made together; the rest of it is that of the slice in which they were. */
export interface Batch extends Watched {
  readonly regions: number;
  /** Regions that the process had made before. */
  readonly before: number;
}

/** How long a slice is, in milliseconds: few have more than one batch. */
const sliceLength = 2;
/** As in the adapter's thread, where messages are seen: the host waits for whatever is translated, as long as there are none. */
const isWanted = () => false;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

/** Runs a program until so many regions are made, or it ends, and prints each `Batch` of them. */
export function makeRegions([path, most]: readonly [string, string]): void {
  const measure = watch();
  const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
  const batches: Batch[] = [];
  let stop: Stop = { kind: 'budget' };
  let made = 0;
  while (machine.statistics.translated < Number(most) && stop.kind === 'budget') {
    const slice = measure(() => {
      stop = machine.run(2 ** 31 - 1, performance.now() + sliceLength, isWanted);
    });
    const { waits, milliseconds } = machine.statistics;
    for (const took of waits.slice(batches.length)) {
      // What each of them took is an equal part of it.
      const regions = Math.round(took / milliseconds[made]!);
      batches.push({ ...slice, took, regions, before: made });
      made += regions;
    }
  }
  console.log(JSON.stringify(batches));
}
