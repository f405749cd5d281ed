import { readFileSync } from 'node:fs';
import { LinuxProcess } from '../../emulator/linux/linux-process';
import { readProgram } from '../../program/read-program';

/** Runs a program to its end, and prints what memory the process has then beside the guest's. */
const host = { write: () => {}, read: () => 'end' as const, note: (message: string) => console.error(message) };
const [path = ''] = process.argv.slice(2);
const { machine } = LinuxProcess.start(readProgram(readFileSync(path), 'program'), { arguments: ['program'], host });
let stop = machine.run(2 ** 31 - 1);
while (stop.kind === 'budget') stop = machine.run(2 ** 31 - 1);

/** Pages that hold anything: what the guest has touched. */
let touched = 0;
for (const { address, size } of machine.memory.regions) {
  const bytes = new BigUint64Array(machine.memory.read(address, Number(size)).slice().buffer);
  for (let at = 0; at < bytes.length; at += 512) if (bytes.subarray(at, at + 512).some((word) => word !== 0n)) touched += 4096;
}
const most = process.resourceUsage().maxRSS / 1024;
const guest = touched / 2 ** 20;
console.log(`memory of the process at most ${most.toFixed(0)} MiB, over the guest's ${(most - guest).toFixed(0)} MiB`);
