import { nanosecondsPerSecond, ticksPerSecond } from '../clock';
import { LinuxError } from '../errno';
import { int, type ProcessState, processId, type SystemCall } from '../process-state';
import type { UserMemory } from '../user-memory';
import { sleepUntilSignal } from './signal-calls';

export const timeCalls: Record<string, SystemCall> = {
  clock_gettime: (process, [clock, address]) => {
    const time = timeOf(process, int(clock));
    writeTimespec(process.memory, address, time);
    return 0;
  },
  clock_getres: (process, [clock, address]) => {
    timeOf(process, int(clock));
    if (address !== 0n) writeTimespec(process.memory, address, coarse.has(int(clock)) ? 4_000_000n : 1n);
    return 0;
  },
  gettimeofday: ({ memory, clock }, [timeAt, zoneAt]) => {
    if (timeAt !== 0n) writeTimeval(memory, timeAt, clock.now);
    if (zoneAt !== 0n) memory.write(zoneAt, new Uint8Array(8));
    return 0;
  },
  nanosleep: (process, [requestAt, leftAt]) => sleep(process, timespecAt(process.memory, requestAt), leftAt),
  clock_nanosleep: (process, [clock, flags, requestAt, leftAt]) => {
    const TIMER_ABSTIME = 1n;
    if (cpuClocks.has(int(clock))) throw new LinuxError(int(clock) === 3 ? 'EINVAL' : 'EOPNOTSUPP');
    const now = timeOf(process, int(clock));
    const time = timespecAt(process.memory, requestAt);
    const isAbsolute = (flags & TIMER_ABSTIME) !== 0n;
    return sleep(process, isAbsolute ? (time > now ? time - now : 0n) : time, isAbsolute ? 0n : leftAt);
  },
  times: ({ memory, clock }, [address]) => {
    const ticks = (time: bigint) => (time * ticksPerSecond) / nanosecondsPerSecond;
    if (address !== 0n) memory.writeStruct(address, 32, (view) => view.setBigInt64(0, ticks(clock.used), true));
    return ticks(clock.now);
  },
  getrusage: ({ memory, clock, map }, [who, address]) => {
    if (![0, -1, 1].includes(int(who))) throw new LinuxError('EINVAL');
    memory.writeStruct(address, 144, (view) => {
      if (int(who) === -1) return;
      setTimeval(view, 0, clock.used);
      view.setBigInt64(32, BigInt(Math.ceil(map.memory.accessibleBytes / 1024)), true);
    });
    return 0;
  },
  setitimer: (process, [which, newAt, oldAt]) => {
    const old = timerOf(process, int(which));
    // A new value of NULL is that of no timer (kernel/time/itimer.c).
    const view = newAt === 0n ? undefined : process.memory.view(newAt, 32);
    const value = { interval: view ? timevalIn(view, 0) : 0n, left: view ? timevalIn(view, 16) : 0n };
    process.timers.set(int(which), value);
    if (oldAt !== 0n) writeTimer(process.memory, oldAt, old);
    return 0;
  },
  getitimer: (process, [which, address]) => {
    writeTimer(process.memory, address, timerOf(process, int(which)));
    return 0;
  },
};

/** REALTIME_COARSE and MONOTONIC_COARSE. */
const coarse = new Set([5, 6]);
/** PROCESS_CPUTIME_ID and THREAD_CPUTIME_ID. */
const cpuClocks = new Set([2, 3]);
/** The other clocks of include/uapi/linux/time.h; 10 was CLOCK_SGI_CYCLE. */
const clocks = new Set([0, 1, 4, 5, 6, 7, 8, 9, 11]);

/** What a clock shows. A negative one is that of a process's or thread's CPU time, whose number is in its upper bits. */
function timeOf({ clock }: ProcessState, number: number): bigint {
  if (clocks.has(number)) return clock.now;
  const owner = ~(number >> 3);
  if (cpuClocks.has(number) || (number < 0 && (number & 3) < 3 && (owner === 0 || owner === processId))) return clock.used;
  throw new LinuxError('EINVAL');
}

/** Guest time passes at once; only a timer that expires before the end can wake the program. */
function sleep(process: ProcessState, nanoseconds: bigint, leftAt: bigint): number {
  const end = process.clock.now + nanoseconds;
  if (sleepUntilSignal(process, nanoseconds) !== 'woken') return 0;
  const left = end - process.clock.now;
  if (leftAt !== 0n) writeTimespec(process.memory, leftAt, left > 0n ? left : 0n);
  throw new LinuxError('EINTR');
}

/** A struct timespec in nanoseconds. Throws EINVAL for one that is negative or has more than a second of nanoseconds. */
export function timespecAt(memory: UserMemory, address: bigint): bigint {
  const view = memory.view(address, 16);
  const seconds = view.getBigInt64(0, true);
  const nanoseconds = view.getBigInt64(8, true);
  if (seconds < 0n || nanoseconds < 0n || nanoseconds >= nanosecondsPerSecond) throw new LinuxError('EINVAL');
  return seconds * nanosecondsPerSecond + nanoseconds;
}

function writeTimespec(memory: UserMemory, address: bigint, time: bigint): void {
  memory.writeStruct(address, 16, (view) => {
    view.setBigInt64(0, time / nanosecondsPerSecond, true);
    view.setBigInt64(8, time % nanosecondsPerSecond, true);
  });
}

function writeTimeval(memory: UserMemory, address: bigint, time: bigint): void {
  memory.writeStruct(address, 16, (view) => setTimeval(view, 0, time));
}

function setTimeval(view: DataView, at: number, time: bigint): void {
  view.setBigInt64(at, time / nanosecondsPerSecond, true);
  view.setBigInt64(at + 8, (time % nanosecondsPerSecond) / 1000n, true);
}

function timevalIn(view: DataView, at: number): bigint {
  const seconds = view.getBigInt64(at, true);
  const microseconds = view.getBigInt64(at + 8, true);
  if (seconds < 0n || microseconds < 0n || microseconds >= 1_000_000n) throw new LinuxError('EINVAL');
  return seconds * nanosecondsPerSecond + microseconds * 1000n;
}

function timerOf({ timers }: ProcessState, which: number) {
  if (which < 0 || which > 2) throw new LinuxError('EINVAL');
  return timers.get(which);
}

function writeTimer(memory: UserMemory, address: bigint, { left, interval }: { left: bigint; interval: bigint }): void {
  memory.writeStruct(address, 32, (view) => {
    setTimeval(view, 0, interval);
    setTimeval(view, 16, left);
  });
}
