import type { Machine } from '../emulator/machine';

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
