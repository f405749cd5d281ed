import { LinuxError } from '../errno';
import { userId } from '../files/memory-files';
import { type CallArguments, int, type ProcessState, processId, type SystemCall } from '../process-state';
import { alternateStackFlags, setAlternateStack } from '../signals/signal-frame';
import { signal } from '../signals/signal-names';
import { isSignal, signalCode } from '../signals/signal-state';
import { timespecAt } from './time-calls';

const sp = 2;
/** The bytes of a sigset_t in system calls. */
const setSize = 8n;
const actionSize = 24;
const infoSize = 128;

export const signalCalls: Record<string, SystemCall> = {
  rt_sigaction: setAction,
  rt_sigprocmask: setMask,
  rt_sigpending: ({ memory, signals }, [address, size]) => {
    if (size > setSize) throw new LinuxError('EINVAL');
    memory.write(address, new Uint8Array(new BigUint64Array([signals.pending & signals.mask]).buffer).subarray(0, Number(size)));
    return 0;
  },
  rt_sigreturn: (process) => {
    process.restoreAfterCall();
    return 0;
  },
  rt_sigsuspend: suspend,
  rt_sigtimedwait: waitForSignal,
  rt_sigqueueinfo: (process, [pid, number, info]) => {
    requireThisProcess(int(pid));
    return queue(process, int(number), info);
  },
  rt_tgsigqueueinfo: (process, [group, thread, number, info]) => {
    if (int(group) <= 0 || int(thread) <= 0) throw new LinuxError('EINVAL');
    if (int(group) !== processId || int(thread) !== processId) throw new LinuxError('ESRCH');
    return queue(process, int(number), info);
  },
  sigaltstack: changeAlternateStack,
  kill: (process, [pid, number]) => {
    requireSignalOrNone(int(number));
    // 0 and -1 mean the process group and all processes, which is this one.
    if (![0, -1, processId, -processId].includes(int(pid))) throw new LinuxError('ESRCH');
    return send(process, int(number), signalCode.user);
  },
  tkill: (process, [thread, number]) => {
    if (int(thread) <= 0) throw new LinuxError('EINVAL');
    if (int(thread) !== processId) throw new LinuxError('ESRCH');
    return send(process, int(number), signalCode.thread);
  },
  tgkill: (process, [group, thread, number]) => {
    if (int(group) <= 0 || int(thread) <= 0) throw new LinuxError('EINVAL');
    if (int(group) !== processId || int(thread) !== processId) throw new LinuxError('ESRCH');
    return send(process, int(number), signalCode.thread);
  },
};

function setAction({ memory, signals }: ProcessState, [which, actionAt, oldAt, size]: CallArguments): number {
  if (size !== setSize) throw new LinuxError('EINVAL');
  const number = int(which);
  const view = actionAt === 0n ? undefined : memory.view(actionAt, actionSize);
  if (!isSignal(number) || (view && (number === signal.SIGKILL || number === signal.SIGSTOP))) throw new LinuxError('EINVAL');
  const old = signals.actionOf(number);
  if (view) {
    const [handler, flags, mask] = [0, 8, 16].map((at) => view.getBigUint64(at, true)) as [bigint, bigint, bigint];
    signals.setAction(number, { handler, flags, mask });
  }
  if (oldAt !== 0n) {
    memory.writeStruct(oldAt, actionSize, (struct) => {
      [old.handler, old.flags, old.mask].forEach((value, index) => {
        struct.setBigUint64(index * 8, value, true);
      });
    });
  }
  return 0;
}

const SIG_BLOCK = 0;
const SIG_UNBLOCK = 1;
const SIG_SETMASK = 2;

function setMask({ memory, signals }: ProcessState, [how, setAt, oldAt, size]: CallArguments): number {
  if (size !== setSize) throw new LinuxError('EINVAL');
  const old = signals.mask;
  if (setAt !== 0n) {
    const set = memory.u64(setAt);
    switch (int(how)) {
      case SIG_BLOCK:
        signals.mask |= set;
        break;
      case SIG_UNBLOCK:
        signals.mask &= ~set;
        break;
      case SIG_SETMASK:
        signals.mask = set;
        break;
      default:
        throw new LinuxError('EINVAL');
    }
  }
  if (oldAt !== 0n) memory.writeU64(oldAt, old);
  return 0;
}

/** Waits until a signal comes that the mask lets through; its handler then runs before the old mask is back. */
function suspend(process: ProcessState, [setAt, size]: CallArguments): number | ReturnType<SystemCall> {
  if (size !== setSize) throw new LinuxError('EINVAL');
  const { memory, signals } = process;
  const set = memory.u64(setAt);
  const before = signals.mask;
  signals.mask = set;
  if (sleepUntilSignal(process, undefined) === 'woken') {
    signals.restored = before;
    throw new LinuxError('EINTR');
  }
  signals.mask = before;
  return waitForEver(process);
}

function waitForSignal(process: ProcessState, [setAt, infoAt, timeAt, size]: CallArguments): number | ReturnType<SystemCall> {
  if (size !== setSize) throw new LinuxError('EINVAL');
  const { memory, signals } = process;
  const wanted = memory.u64(setAt);
  const time = timeAt === 0n ? undefined : timespecAt(memory, timeAt);
  let taken = signals.take(wanted);
  if (!taken && sleepUntilSignal(process, time, wanted) === 'woken') taken = signals.take(wanted);
  if (!taken) {
    if (signals.isDue) throw new LinuxError('EINTR');
    if (time !== undefined) throw new LinuxError('EAGAIN');
    return waitForEver(process);
  }
  const { number, code, sender, raw } = taken;
  if (infoAt !== 0n) {
    memory.writeStruct(infoAt, infoSize, (view) => {
      raw?.forEach((byte, index) => {
        view.setUint8(index, byte);
      });
      view.setInt32(0, number, true);
      view.setInt32(8, code, true);
      if (!sender) return;
      view.setInt32(16, sender.process, true);
      view.setInt32(20, sender.user, true);
    });
  }
  return number;
}

/**
 * Lets guest time pass, at most `nanoseconds`, until a timer sends a signal that is not blocked, or one of `wanted`: only a timer
 * can send one while the program's only thread waits.
 */
export function sleepUntilSignal(
  { signals, timers, clock }: ProcessState,
  nanoseconds: bigint | undefined,
  wanted = 0n,
): 'woken' | 'passed' | 'never' {
  const end = nanoseconds === undefined ? undefined : clock.now + nanoseconds;
  const isWoken = () => signals.isDue || (signals.pending & wanted) !== 0n;
  while (!isWoken()) {
    const until = timers.untilReal;
    const left = end === undefined ? undefined : end - clock.now;
    if (until === undefined || (left !== undefined && left < until)) {
      if (left === undefined) return 'never';
      clock.sleep(left);
      return 'passed';
    }
    clock.sleep(until > 0n ? until : 0n);
    for (const number of timers.expire()) signals.send({ number, code: signalCode.kernel });
  }
  return 'woken';
}

/** Nobody will ever end the wait: the program stands until the user ends it. */
export function waitForEver(process: ProcessState): ReturnType<SystemCall> {
  process.noteOnce('the program waits for a signal or another thread, and there is none that could come: it waits for ever');
  return process.wait({ kind: 'idle' }, 0);
}

function queue(process: ProcessState, number: number, infoAt: bigint): number {
  const raw = process.memory.read(infoAt, infoSize);
  const code = new DataView(raw.buffer).getInt32(8, true);
  requireSignalOrNone(number);
  if (number !== 0) process.signals.send({ number, code, raw });
  return 0;
}

function send({ signals }: ProcessState, number: number, code: number): number {
  requireSignalOrNone(number);
  if (number !== 0) signals.send({ number, code, sender: { process: processId, user: userId } });
  return 0;
}

function requireSignalOrNone(number: number): void {
  if (number !== 0 && !isSignal(number)) throw new LinuxError('EINVAL');
}

function requireThisProcess(pid: number): void {
  if (pid !== processId) throw new LinuxError('ESRCH');
}

function changeAlternateStack({ machine, memory, signals }: ProcessState, [newAt, oldAt]: CallArguments): number {
  const pointer = machine.readX(sp);
  const view = newAt === 0n ? undefined : memory.view(newAt, 24);
  const { alternate } = signals;
  const flags = alternateStackFlags(signals, pointer);
  if (view) {
    const stack = { pointer: view.getBigUint64(0, true), flags: view.getInt32(8, true), size: view.getBigUint64(16, true) };
    const problem = setAlternateStack(signals, stack, pointer);
    if (problem) throw new LinuxError(problem);
  }
  if (oldAt !== 0n) {
    memory.writeStruct(oldAt, 24, (struct) => {
      struct.setBigUint64(0, alternate.pointer, true);
      struct.setInt32(8, flags, true);
      struct.setBigUint64(16, alternate.size, true);
    });
  }
  return 0;
}
