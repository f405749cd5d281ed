import type { Machine } from '../emulator/machine';

/** Nanoseconds of CPU time of an instruction, in the fastest of that many slices: others on the computer only make slices slower. */
export function fastest(machine: Machine, instructions: number, slices: number): number {
  return fastestOf([machine], instructions, slices)[0]!;
}

/** The same for several machines that take turns. */
export function fastestOf(machines: readonly Machine[], instructions: number, slices: number): number[] {
  const best = machines.map(() => Number.POSITIVE_INFINITY);
  for (let slice = 0; slice < slices; slice += 1) {
    machines.forEach((machine, index) => {
      const start = process.cpuUsage();
      const before = machine.instret;
      machine.run(instructions);
      const { user, system } = process.cpuUsage(start);
      best[index] = Math.min(best[index]!, ((user + system) * 1000) / Number(machine.instret - before));
    });
  }
  return best;
}
