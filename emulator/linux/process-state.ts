import type { Isa } from '../../riscv/isa-string';
import type { Machine, Stop } from '../machine';
import type { Clock } from './clock';
import type { Randomness } from './files/devices';
import type { FileTable } from './files/file-table';
import type { Directory } from './files/node';
import type { IntervalTimers } from './interval-timers';
import type { MemoryMap } from './memory-map';
import type { ProcessHost } from './process-host';
import type { SignalState } from './signals/signal-state';
import type { UserMemory } from './user-memory';

/** The process and its only thread have this number, its parent the other. */
export const processId = 1000;
export const parentId = 1;

/** What the system calls see of a process, and change. */
export interface ProcessState {
  readonly machine: Machine;
  /** The extensions of its hart. */
  readonly isa: Isa;
  readonly memory: UserMemory;
  readonly map: MemoryMap;
  readonly host: ProcessHost;
  readonly files: FileTable;
  readonly root: Directory;
  /** The current directory. */
  directory: Directory;
  /** Permission bits that new files do not get. */
  umask: number;
  readonly signals: SignalState;
  readonly clock: Clock;
  readonly timers: IntervalTimers;
  readonly randomness: Randomness;
  /** The name of the thread (prctl), at most 15 bytes. */
  threadName: string;
  /** The settings of the terminal, as the program has set them (struct termios). */
  terminalSettings: Uint8Array | undefined;
  nextInode(): bigint;
  /** A sentence for the user, said once however often it comes. */
  noteOnce(message: string): void;
  /** How much of the call at the pc was done before it had to wait: 0 the first time. */
  readonly done: number;
  /** Ends the call with a stop; it is made again, and then finds what was `done`. */
  wait(stop: Stop, done: number): Stop;
  /** What rt_sigreturn asks for, once it has retired. */
  restoreAfterCall(): void;
}

/**
 * A system call: the arguments a0 to a5, unsigned, to what a0 becomes, or to a stop. It throws LinuxError to fail.
 */
export type SystemCall = (process: ProcessState, args: CallArguments) => bigint | number | Stop | undefined;

export type CallArguments = readonly [bigint, bigint, bigint, bigint, bigint, bigint];

/** An `int` argument: the upper half of its register does not count. */
export function int(argument: bigint): number {
  return Number(BigInt.asIntN(32, argument));
}

export function unsignedInt(argument: bigint): number {
  return Number(BigInt.asUintN(32, argument));
}

export function long(argument: bigint): bigint {
  return BigInt.asIntN(64, argument);
}
