import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { LinuxProcess, type ProcessHost, type ProcessOptions } from '../../../emulator/linux/linux-process';
import type { Machine, Stop } from '../../../emulator/machine';
import { assemble } from '../../../program/assembler/assemble';
import { readProgram } from '../../../program/read-program';

export interface Started {
  readonly machine: Machine;
  /** What the program wrote, by stream. */
  readonly output: { 1: string; 2: string };
  readonly notes: string[];
}

export interface StartOptions extends Partial<Omit<ProcessOptions, 'host'>> {
  /** What read gives, one item a call; then the end. */
  readonly input?: readonly (string | 'wait')[];
  /** Standard input as a file. */
  readonly inputFile?: ProcessHost['inputFile'];
  /** How much output the host takes for now, and what hears of output that it took. */
  readonly room?: () => number;
  readonly take?: (length: number) => void;
}

/** The ELF image of assembly that begins at `_start`. */
export function assembleImage(text: string): Uint8Array {
  const { image, diagnostics } = assemble([{ path: 'test.s', text: `.globl _start\n.text\n_start:\n${text}\n` }], { callSites: false });
  assert.deepEqual(diagnostics, []);
  return image!;
}

export function start(image: Uint8Array, { input = [], inputFile, room, take, ...options }: StartOptions = {}): Started {
  const output = { 1: '', 2: '' };
  const notes: string[] = [];
  const left = [...input];
  const host: ProcessOptions['host'] = {
    write: (fd, bytes) => {
      output[fd] += Buffer.from(bytes).toString('latin1');
      take?.(bytes.length);
    },
    read: () => {
      const next = left.shift();
      return next === undefined ? 'end' : next === 'wait' ? 'wait' : new TextEncoder().encode(next);
    },
    note: (message) => void notes.push(message),
    inputFile,
    ...(room ? { room } : {}),
  };
  const { machine } = LinuxProcess.start(readProgram(image, 'test'), { arguments: ['test'], host, ...options });
  return { machine, output, notes };
}

/** Runs assembly to its end, which must be an exit, and gives the exit code. */
export function exitCodeOf(started: Started): number {
  const stop: Stop = started.machine.run(10_000_000);
  assert.equal(
    stop.kind,
    'exit',
    JSON.stringify(stop, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
  );
  return stop.kind === 'exit' ? stop.code : -1;
}

const flags = ['-march=rv64imac', '-mabi=lp64', '-O1', '-nostdlib', '-static', '-ffreestanding', '-fno-stack-protector', '-fno-builtin'];

/** Compiles one of the C programs here that make their own system calls. */
export function compileFreestanding(name: string, output: string): void {
  execFileSync('riscv64-linux-gnu-gcc', [...flags, '-w', join(__dirname, 'programs', `${name}.c`), '-o', output]);
}
