import { isaText } from './hardware';
import type { MemoryMap } from './memory-map';
import { type ProcessState, processId } from './process-state';

/** The files of /proc that are made when they are opened, by name: below /proc/self, or with a leading `/` below /proc. */
export function procTexts(state: () => ProcessState, argv: readonly string[], program: string): Record<string, () => string> {
  return {
    maps: () => mapsText(state().map, program),
    cmdline: () => argv.map((one) => `${one}\0`).join(''),
    comm: () => `${state().threadName}\n`,
    stat: () => `${processId} (${state().threadName}) R 1 ${processId} ${processId} 0 -1${' 0'.repeat(44)}\n`,
    status: () => statusText(state()),
    statm: () => `${pages(state())} ${pages(state())} 0 0 0 0 0\n`,
    '/cpuinfo': () => `processor\t: 0\nhart\t\t: 0\nisa\t\t: ${isaText(state().isa)}\nmmu\t\t: none\n\n`,
    '/meminfo': () => `MemTotal:       ${String(state().map.limit / 1024).padStart(8)} kB\n`,
    '/uptime': () => `${seconds(state().clock.now)} 0.00\n`,
    '/version': () => 'Linux version 6.12.0 (riscv-ftrace) #1 SMP\n',
  };
}

/** /proc/self/maps (fs/proc/task_mmu.c, show_map_vma). */
function mapsText({ memory }: MemoryMap, program: string): string {
  const names = new Map([
    ['heap', '[heap]'],
    ['stack', '[stack]'],
    ['vdso', '[vdso]'],
    ['program', `/${program}`],
    ['mapping', ''],
  ]);
  const lines = memory.regions.map(({ name, address, size, permissions: { read, write, execute } }) => {
    const hex = (value: bigint) => value.toString(16).padStart(8, '0');
    const head = `${hex(address)}-${hex(address + size)} ${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}p 00000000 00:00 0 `;
    const label = names.get(name) ?? `[${name}]`;
    return label === '' ? head : `${head.padEnd(73)}${label}`;
  });
  return `${lines.join('\n')}\n`;
}

function statusText(state: ProcessState): string {
  const kilobytes = state.map.memory.accessibleBytes / 1024;
  return [
    `Name:\t${state.threadName}`,
    'State:\tR (running)',
    `Tgid:\t${processId}`,
    `Pid:\t${processId}`,
    `VmSize:\t${String(kilobytes).padStart(8)} kB`,
    `VmRSS:\t${String(kilobytes).padStart(8)} kB`,
    'Threads:\t1',
    '',
  ].join('\n');
}

function pages({ map }: ProcessState): number {
  return map.memory.accessibleBytes / 4096;
}

function seconds(nanoseconds: bigint): string {
  return (Number(nanoseconds / 10_000_000n) / 100).toFixed(2);
}
