import { nanosecondsPerSecond } from '../clock';
import { LinuxError } from '../errno';
import { mostDescriptors } from '../files/file-table';
import { userId } from '../files/memory-files';
import { encodeName } from '../files/names';
import { probedExtensions } from '../hardware';
import { type CallArguments, int, type ProcessState, parentId, processId, type SystemCall, unsignedInt } from '../process-state';
import { mostPending } from '../signals/signal-state';
import { sleepUntilSignal, waitForEver } from './signal-calls';
import { timespecAt } from './time-calls';

export const processCalls: Record<string, SystemCall> = {
  exit: (_, [code]) => ({ kind: 'exit', code: Number(code & 0xffn) }),
  exit_group: (_, [code]) => ({ kind: 'exit', code: Number(code & 0xffn) }),
  getpid: () => processId,
  gettid: () => processId,
  getppid: () => parentId,
  getpgid: ofThisProcess,
  getsid: ofThisProcess,
  setpgid: () => 0,
  setsid: () => processId,
  getuid: () => userId,
  geteuid: () => userId,
  getgid: () => userId,
  getegid: () => userId,
  getresuid: writeIds,
  getresgid: writeIds,
  getgroups: ({ memory }, [size, address]) => {
    if (int(size) < 0) throw new LinuxError('EINVAL');
    if (int(size) > 0) memory.writeU32(address, userId);
    return 1;
  },
  setuid: keepsIds,
  setgid: keepsIds,
  setreuid: keepsIds,
  setregid: keepsIds,
  setresuid: keepsIds,
  setresgid: keepsIds,
  uname: ({ memory }, [address]) => {
    memory.write(address, systemName());
    return 0;
  },
  sysinfo: ({ memory, map, clock }, [address]) => {
    memory.writeStruct(address, 112, (view) => {
      view.setBigInt64(0, clock.now / nanosecondsPerSecond, true);
      view.setBigUint64(32, BigInt(map.limit), true);
      view.setBigUint64(40, BigInt(map.limit - map.memory.accessibleBytes), true);
      view.setUint16(80, 1, true);
      view.setUint32(104, 1, true);
    });
    return 0;
  },
  getrandom: ({ memory, randomness }, [address, length, flags]) => {
    if ((unsignedInt(flags) & ~7) !== 0) throw new LinuxError('EINVAL');
    const wanted = Number(length < 0x7fff_ffffn ? length : 0x7fff_ffffn);
    const room = memory.writable(address, wanted);
    if (room === 0 && wanted > 0) throw new LinuxError('EFAULT');
    memory.write(address, randomness.read(room));
    return room;
  },
  // What they ask for happens when a thread ends while others go on.
  set_tid_address: () => processId,
  set_robust_list: (_, [, size]) => {
    if (size !== 24n) throw new LinuxError('EINVAL');
    return 0;
  },
  // The one thread is always on the one hart, so its area is written once (kernel/rseq.c).
  rseq: registerRseq,
  futex,
  sched_yield: () => 0,
  sched_getaffinity: ({ memory }, [pid, size, address]) => {
    requireThisProcess(int(pid));
    if (size < 8n || size % 8n !== 0n) throw new LinuxError('EINVAL');
    memory.write(address, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
    return 8;
  },
  sched_setaffinity: (_, [pid]) => {
    requireThisProcess(int(pid));
    return 0;
  },
  sched_getparam: ({ memory }, [pid, address]) => {
    requireThisProcess(int(pid));
    memory.write(address, new Uint8Array(4));
    return 0;
  },
  sched_getscheduler: (_, [pid]) => {
    requireThisProcess(int(pid));
    return 0;
  },
  sched_get_priority_max: (_, [policy]) => ([1, 2].includes(int(policy)) ? 99 : 0),
  sched_get_priority_min: (_, [policy]) => ([1, 2].includes(int(policy)) ? 1 : 0),
  getpriority: () => 20,
  setpriority: () => 0,
  getcpu: ({ memory }, [cpuAt, nodeAt]) => {
    for (const address of [cpuAt, nodeAt]) if (address !== 0n) memory.write(address, new Uint8Array(4));
    return 0;
  },
  prlimit64: limits,
  getrlimit: ({ memory, map }, [which, address]) => {
    writeLimit(memory, address, limitOf(int(which), map.stackSize));
    return 0;
  },
  setrlimit: ({ map }, [which]) => {
    limitOf(int(which), map.stackSize);
    return 0;
  },
  prctl,
  capget: () => {
    throw new LinuxError('EPERM');
  },
  wait4: () => {
    throw new LinuxError('ECHILD');
  },
  waitid: () => {
    throw new LinuxError('ECHILD');
  },
  riscv_hwprobe: probeHardware,
};

function ofThisProcess(_: ProcessState, [pid]: CallArguments): number {
  requireThisProcess(int(pid));
  return processId;
}

function requireThisProcess(pid: number): void {
  if (pid !== 0 && pid !== processId) throw new LinuxError('ESRCH');
}

function writeIds({ memory }: ProcessState, [real, effective, saved]: CallArguments): number {
  for (const address of [real, effective, saved]) memory.writeU32(address, userId);
  return 0;
}

/** A user who is not root may set its identities to the one that it has; -1 leaves one as it is. */
function keepsIds(_: ProcessState, args: CallArguments): number {
  const known = [userId, 2 ** 32 - 1];
  if (!known.includes(unsignedInt(args[0]))) throw new LinuxError('EPERM');
  return 0;
}

/** struct new_utsname: six names of 65 bytes. */
function systemName(): Uint8Array {
  const names = ['Linux', 'riscv-ftrace', '6.12.0', '#1 SMP', 'riscv64', '(none)'];
  const bytes = new Uint8Array(names.length * 65);
  names.forEach((name, index) => {
    bytes.set(encodeName(name), index * 65);
  });
  return bytes;
}

function registerRseq({ memory }: ProcessState, [address, length, flags]: CallArguments): number {
  const RSEQ_FLAG_UNREGISTER = 1n;
  if ((flags & ~RSEQ_FLAG_UNREGISTER) !== 0n || address % 32n !== 0n || BigInt.asUintN(32, length) < 32n) throw new LinuxError('EINVAL');
  memory.requireWritable(address, 32);
  // cpu_id_start and cpu_id; uninitialized again where it is given up.
  memory.writeStruct(address, 8, (view) => view.setInt32(4, flags === 0n ? 0 : -1, true));
  return 0;
}

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;
const FUTEX_REQUEUE = 3;
const FUTEX_CMP_REQUEUE = 4;
const FUTEX_WAKE_OP = 5;
const FUTEX_WAIT_BITSET = 9;
const FUTEX_WAKE_BITSET = 10;
/** FUTEX_PRIVATE_FLAG and FUTEX_CLOCK_REALTIME. */
const futexOptions = 0x180;

/** There is no other thread: waking wakes nobody, and a wait ends by its time or never (kernel/futex). */
function futex(process: ProcessState, [address, operation, value, timeAt]: CallArguments): ReturnType<SystemCall> {
  const { memory, clock } = process;
  const command = unsignedInt(operation) & ~futexOptions;
  if (address % 4n !== 0n) throw new LinuxError('EINVAL');
  switch (command) {
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
    case FUTEX_WAKE_OP:
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
      memory.u32(address);
      return 0;
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: {
      const time = timeAt === 0n ? undefined : timespecAt(memory, timeAt);
      if (memory.u32(address) !== unsignedInt(value)) throw new LinuxError('EAGAIN');
      // The time of FUTEX_WAIT is from now, that of FUTEX_WAIT_BITSET is on the clock.
      const left = time === undefined || command === FUTEX_WAIT ? time : time > clock.now ? time - clock.now : 0n;
      const end = sleepUntilSignal(process, left);
      if (end === 'never') return waitForEver(process);
      throw new LinuxError(end === 'woken' ? 'EINTR' : 'ETIMEDOUT');
    }
    default:
      throw new LinuxError('ENOSYS');
  }
}

const infinity = 2n ** 64n - 1n;
/** RLIMIT_CORE and after it in include/uapi/asm-generic/resource.h, of what is not without limit. */
const RLIMIT_STACK = 3;
const RLIMIT_CORE = 4;
const RLIMIT_NOFILE = 7;
const RLIMIT_SIGPENDING = 11;
const lastLimit = 15;

function limits({ memory, map }: ProcessState, [pid, which, newAt, oldAt]: CallArguments): number {
  requireThisProcess(int(pid));
  const limit = limitOf(unsignedInt(which), map.stackSize);
  if (newAt !== 0n) {
    const view = memory.view(newAt, 16);
    if (view.getBigUint64(0, true) > view.getBigUint64(8, true)) throw new LinuxError('EINVAL');
  }
  if (oldAt !== 0n) writeLimit(memory, oldAt, limit);
  return 0;
}

/** The limit in force; one that a program sets has no effect. */
function limitOf(which: number, stackSize: number): bigint {
  if (which < 0 || which > lastLimit) throw new LinuxError('EINVAL');
  const known = new Map([
    [RLIMIT_STACK, BigInt(stackSize)],
    [RLIMIT_CORE, 0n],
    [RLIMIT_NOFILE, BigInt(mostDescriptors)],
    [RLIMIT_SIGPENDING, BigInt(mostPending)],
  ]);
  return known.get(which) ?? infinity;
}

function writeLimit(memory: ProcessState['memory'], address: bigint, limit: bigint): void {
  memory.writeStruct(address, 16, (view) => {
    view.setBigUint64(0, limit, true);
    view.setBigUint64(8, limit, true);
  });
}

const PR_GET_DUMPABLE = 3;
const PR_SET_DUMPABLE = 4;
const PR_SET_NAME = 15;
const PR_GET_NAME = 16;
const PR_SET_NO_NEW_PRIVS = 38;
const PR_SET_VMA = 0x5356_4d41;

function prctl(process: ProcessState, [option, argument]: CallArguments): number {
  const { memory } = process;
  switch (int(option)) {
    case PR_GET_DUMPABLE:
      return 1;
    case PR_SET_DUMPABLE:
    case PR_SET_NO_NEW_PRIVS:
    case PR_SET_VMA:
      return 0;
    case PR_SET_NAME: {
      const bytes = memory.read(argument, 1);
      const more = bytes[0] === 0 ? bytes : memory.read(argument, Math.min(16, Math.max(1, memory.readable(argument, 16))));
      process.threadName = String.fromCharCode(...more.subarray(0, 15)).replace(/\0.*$/s, '');
      return 0;
    }
    case PR_GET_NAME: {
      const name = new Uint8Array(16);
      name.set(encodeName(process.threadName));
      memory.write(argument, name);
      return 0;
    }
    default:
      throw new LinuxError('EINVAL');
  }
}

/** Keys and values of Documentation/arch/riscv/hwprobe.rst. */
function probeHardware({ memory, isa }: ProcessState, [pairsAt, count, size, , flags]: CallArguments): number {
  if (flags !== 0n) throw new LinuxError('EINVAL');
  if (size !== 0n && count > 0x10000n) throw new LinuxError('EINVAL');
  const values = new Map<bigint, bigint>([
    [0n, 0n],
    [1n, 0n],
    [2n, 0n],
    // RISCV_HWPROBE_BASE_BEHAVIOR_IMA.
    [3n, 1n],
    [4n, probedExtensions(isa)],
    // Misaligned accesses are fast.
    [5n, 3n],
  ]);
  for (let index = 0n; index < count; index += 1n) {
    const at = pairsAt + index * 16n;
    const key = BigInt.asIntN(64, memory.u64(at));
    const value = values.get(key);
    memory.writeStruct(at, 16, (view) => {
      view.setBigInt64(0, value === undefined ? -1n : key, true);
      view.setBigInt64(8, value ?? 0n, true);
    });
  }
  return 0;
}
