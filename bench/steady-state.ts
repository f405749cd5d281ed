import { readFileSync } from 'node:fs';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { readProgram } from '../program/read-program';
import { runSlice, type Slice, speedOf, timeOf } from './slices';
import { ofSpeed, watch } from './watch';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** A slice, and when it began, in milliseconds since the program did that its thread ran. */
export interface Part extends Slice {
  readonly at: number;
}

/** How a program ran in a process of its own. */
export interface Course {
  /** When the slice began in which its first region was made: its first code has become hot, and is still to be translated. */
  readonly hot: number;
  readonly slices: readonly Part[];
}

/** From when on a program is steady, in milliseconds since it began and since its first code was hot, and its speed in MIPS. */
export interface SteadyState {
  readonly steady: number;
  readonly behindHot: number;
  readonly speed: number;
}

/** How long a slice is, in milliseconds. */
const sliceLength = 2;
/** The part of its last speed at which a program is steady, and for how long it has to go so at once, in milliseconds. */
const steadily = 0.9;
const stretch = 25;
/** The part of the time until a program is steady that may be disturbed. */
const mostDisturbed = 1 / 4;
/** As in the adapter's thread, where messages are seen: the host waits for whatever is translated, as long as there are none. */
const isWanted = () => false;
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };

/** Runs a program for that many milliseconds, and prints its `Course`. */
export function followCourse([path, milliseconds]: readonly [string, string]): void {
  const measure = watch();
  const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
  const slices: Part[] = [];
  let [hot, at] = [Number.POSITIVE_INFINITY, 0];
  while (at < Number(milliseconds)) {
    const run = () => machine.run(2 ** 31 - 1, performance.now() + sliceLength, isWanted);
    const { slice, stop } = runSlice(machine, measure, run);
    if (stop.kind !== 'budget') break;
    if (machine.statistics.translated > 0) hot = Math.min(hot, at);
    slices.push({ ...slice, at });
    at += slice.took;
  }
  const course: Course = { hot, slices };
  console.log(JSON.stringify(course));
}

/**
 * When a program was steady: from the first slice on that has nine tenths of the last speed, that of the second half, as have the stretch
 * that begins with it and all up to the end. Slices in which something else has kept the processor busy, as a neighbour on a host of
 * virtual machines does unseen, say nothing of the program's speed: they are left out, and the program is steady only with the next one of
 * its own. Undefined where it never was, or where such slices were a good part of its way there. `shortest` is what the fixed work takes
 * undisturbed.
 */
export function steadyStateOf({ hot, slices }: Course, shortest: number): SteadyState | undefined {
  const own = ofSpeed(slices, shortest);
  const speed = speedOf(own.slice(own.length >> 1));
  const first = own.find((_, index) => {
    const rest = own.slice(index);
    const speeds = [rest.slice(0, 1), beginningOf(rest), rest].map(speedOf);
    return timeOf(rest) >= stretch && Math.min(...speeds) >= steadily * speed;
  });
  if (!first) return undefined;
  const before = slices.filter(({ at }) => hot <= at && at < first.at);
  if (timeOf(before) - timeOf(ofSpeed(before, shortest)) > mostDisturbed * timeOf(before)) return undefined;
  return { steady: first.at, behindHot: Math.max(first.at - hot, 0), speed };
}

/** The first of these slices that are a stretch. */
function beginningOf(slices: readonly Slice[]): readonly Slice[] {
  let time = 0;
  return slices.filter(({ took }) => {
    const isIn = time < stretch;
    time += took;
    return isIn;
  });
}
