import type { FlatMemory } from '../flat-memory';
import type { Stop } from '../machine';
import { writeClock } from './clocks';
import { userId } from './initial-stack';
import type { ProcessHost } from './process-host';
import { read, write, writev } from './standard-streams';

/** What the calls of a process see of it. */
export interface CallContext {
  readonly memory: FlatMemory;
  readonly host: ProcessHost;
  /** The guest's clock, in nanoseconds. */
  readonly now: bigint;
  /** Moves the end of the heap, where that is possible, and gives where it then is. */
  setBreak(address: bigint): bigint;
}

/** A system call: the arguments a0 to a5, unsigned, to what a0 becomes (an error is negative), or to a stop. */
export type SystemCall = (context: CallContext, args: readonly bigint[]) => bigint | Stop;

/** The process and its only thread have this number. */
const processId = 1000n;

const exit: SystemCall = (_context, [code]) => ({ kind: 'exit', code: Number(code! & 0xffn) });
const identity: SystemCall = () => userId;

/** The calls that are served, by Linux's name. */
export const systemCalls: ReadonlyMap<string, SystemCall> = new Map<string, SystemCall>([
  ['read', read],
  ['write', write],
  ['writev', writev],
  ['exit', exit],
  ['exit_group', exit],
  ['brk', (context, [address]) => context.setBreak(address!)],
  ['clock_gettime', (context, [clock, address]) => writeClock(context, clock!, address!)],
  ['getpid', () => processId],
  ['gettid', () => processId],
  // What it asks for happens when a thread ends while others go on.
  ['set_tid_address', () => processId],
  // No other thread waits.
  ['sched_yield', () => 0n],
  ['getuid', identity],
  ['geteuid', identity],
  ['getgid', identity],
  ['getegid', identity],
]);
