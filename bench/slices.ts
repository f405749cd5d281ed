import type { Machine, Stop } from '../emulator/machine';
import type { Watched } from './watch';

/** A part of a program's run; its time, in milliseconds, is that in which its thread ran. */
export interface Slice extends Pick<Watched, 'took' | 'fixedWork'> {
  /** Instructions that were executed. */
  readonly executed: number;
}

/** Runs a slice of a program, watched by `measure`, and gives it with why it ended. */
export function runSlice(machine: Machine, measure: (action: () => void) => Watched, run: () => Stop): { slice: Slice; stop: Stop } {
  const { instret } = machine;
  let stop: Stop = { kind: 'budget' };
  const { took, away, fixedWork } = measure(() => {
    stop = run();
  });
  return { slice: { took: took - away, fixedWork, executed: Number(machine.instret - instret) }, stop };
}

/** In MIPS. */
export function speedOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, { executed }) => sum + executed, 0) / timeOf(slices) / 1000;
}

export function timeOf(slices: readonly Slice[]): number {
  return slices.reduce((sum, { took }) => sum + took, 0);
}

/** Nanoseconds of CPU time of an instruction, in the fastest of that many slices: others on the computer only make slices slower. */
export function fastest(machine: Machine, instructions: number, slices: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let slice = 0; slice < slices; slice += 1) {
    const start = process.cpuUsage();
    const before = machine.instret;
    machine.run(instructions);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, ((user + system) * 1000) / Number(machine.instret - before));
  }
  return best;
}
