import { readFileSync } from 'node:fs';
import { LinuxProcess } from '../emulator/linux/linux-process';
import { readProgram } from '../program/read-program';

export { keepModules, recordModules } from '../emulator/wasm/kept-modules';

/** How much was executed at a moment: milliseconds since the program began. */
interface Mark {
  readonly at: number;
  readonly instret: number;
}

/** From when on a program is steady, in milliseconds since it began and since its first region was made, and its speed in MIPS. */
export interface SteadyState {
  readonly steady: number | undefined;
  readonly behindHot: number | undefined;
  readonly speed: number;
}

const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };
/** The part of its last speed at which a program is steady, and for how long it has to go so, in milliseconds. */
const steadily = 0.9;
const stretch = 25;

/** Runs a program for that many milliseconds, and prints its `SteadyState`: from when on it has nine tenths of the speed that it has at last. */
export function measureSteadyState([path, milliseconds]: readonly [string, string]): void {
  const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
  const marks: Mark[] = [];
  let hot: number | undefined;
  const start = performance.now();
  while (performance.now() - start < Number(milliseconds)) {
    if (machine.run(2 ** 31 - 1, performance.now() + 5).kind !== 'budget') break;
    const at = performance.now() - start;
    marks.push({ at, instret: Number(machine.instret) });
    if (machine.statistics.translated > 0) hot ??= at;
  }
  const half = marks[marks.length >> 1]!;
  const last = marks.at(-1)!;
  const speed = (last.instret - half.instret) / (last.at - half.at);
  const isSteady = ({ at, instret }: Mark): boolean => {
    const next = marks.find((mark) => mark.at >= at + stretch);
    return (
      next !== undefined && (next.instret - instret) / (next.at - at) >= steadily * speed && fromThere({ at, instret }) >= steadily * speed
    );
  };
  const fromThere = ({ at, instret }: Mark) => (last.instret - instret) / (last.at - at);
  const steady = marks.find((mark) => mark.at < last.at && isSteady(mark))?.at;
  const figures: SteadyState = {
    steady,
    behindHot: steady === undefined || hot === undefined ? undefined : Math.max(steady - hot, 0),
    speed: speed / 1000,
  };
  console.log(JSON.stringify(figures));
}
