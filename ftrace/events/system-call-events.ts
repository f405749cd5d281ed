import { systemCallName } from '../../emulator/linux/system-call-names';
import type { GuestMemory } from '../../emulator/machine';
import { type EventField, type EventTable, type FieldValue, type FieldValues, TraceEvent } from './trace-event';

/** The parameters of system calls, as the kernel's SYSCALL_DEFINE names them. */
const parameters: Readonly<Record<string, string>> = {
  brk: 'brk',
  clock_gettime: 'which_clock tp',
  clock_nanosleep: 'which_clock flags rqtp rmtp',
  close: 'fd',
  dup: 'fildes',
  dup3: 'oldfd newfd flags',
  exit: 'error_code',
  exit_group: 'error_code',
  faccessat: 'dfd filename mode',
  fcntl: 'fd cmd arg',
  fstat: 'fd statbuf',
  ftruncate: 'fd length',
  futex: 'uaddr op val utime uaddr2 val3',
  getcwd: 'buf size',
  getdents64: 'fd dirent count',
  getpid: '',
  getrandom: 'ubuf len flags',
  gettid: '',
  gettimeofday: 'tv tz',
  getuid: '',
  ioctl: 'fd cmd arg',
  kill: 'pid sig',
  lseek: 'fd offset whence',
  mkdirat: 'dfd pathname mode',
  mmap: 'addr len prot flags fd offset',
  mprotect: 'start len prot',
  mremap: 'addr old_len new_len flags new_addr',
  munmap: 'addr len',
  nanosleep: 'rqtp rmtp',
  newfstatat: 'dfd filename statbuf flag',
  openat: 'dfd filename flags mode',
  pipe2: 'fildes flags',
  ppoll: 'ufds nfds tsp sigmask sigsetsize',
  pread64: 'fd buf count pos',
  prlimit64: 'pid resource new_rlim old_rlim',
  pwrite64: 'fd buf count pos',
  read: 'fd buf count',
  readlinkat: 'dfd pathname buf bufsiz',
  readv: 'fd vec vlen',
  renameat2: 'olddfd oldname newdfd newname flags',
  rt_sigaction: 'sig act oact sigsetsize',
  rt_sigprocmask: 'how nset oset sigsetsize',
  sched_yield: '',
  set_robust_list: 'head len',
  set_tid_address: 'tidptr',
  setitimer: 'which value ovalue',
  tgkill: 'tgid pid sig',
  uname: 'name',
  unlinkat: 'dfd pathname flag',
  write: 'fd buf count',
  writev: 'fd vec vlen',
};
const names: ReadonlySet<string> = new Set(['filename', 'pathname', 'oldname', 'newname']);
const longestName = 256;

/** `syscalls:sys_enter_*`, `sys_exit_*` and `raw_syscalls:*`: what the program asks of the system (kernel/trace/trace_syscalls.c). */
export class SystemCallEvents {
  private readonly enter: TraceEvent;
  private readonly exit: TraceEvent;

  /** `isOld`: up to 6.12, whose text has all arguments in hexadecimal. */
  constructor(
    private readonly events: EventTable,
    private readonly memory: GuestMemory,
    isOld: boolean,
    private readonly stack: () => readonly bigint[],
  ) {
    for (const [name, list] of Object.entries(parameters)) {
      events.add(enterEvent(name, list.split(' ').filter(Boolean), isOld));
      events.add(exitEvent(name));
    }
    this.enter = rawEvent(
      'sys_enter',
      [1, 2, 3, 4, 5, 6].map((index) => `arg${index}`),
      (values, all) => `NR ${values.get('id')} (${all.map(hex).join(', ')})`,
    );
    this.exit = rawEvent('sys_exit', ['ret'], (values, [ret]) => `NR ${values.get('id')} = ${BigInt.asIntN(64, ret!)}`);
    events.add(this.enter);
    events.add(this.exit);
  }

  /** A system call begins, or with a result has ended. */
  observe(number: number, args: readonly bigint[], result: bigint | undefined): void {
    const name = systemCallName(number);
    const nr: [string, FieldValue] = ['__syscall_nr', BigInt(number)];
    const id: [string, FieldValue] = ['id', BigInt(number)];
    const event = this.events.find('syscalls', `sys_${result === undefined ? 'enter' : 'exit'}_${name}`);
    if (result !== undefined) {
      if (event?.isUsed) event.fire(new Map([nr, ['ret', BigInt.asUintN(64, result)]]), 0n, this.stack);
      if (this.exit.isUsed) this.exit.fire(new Map([id, ['ret', BigInt.asUintN(64, result)]]), 0n, this.stack);
      return;
    }
    if (this.enter.isUsed)
      this.enter.fire(new Map([id, ...args.map((value, index): [string, FieldValue] => [`arg${index + 1}`, value])]), 0n, this.stack);
    if (!event?.isUsed) return;
    const values = new Map<string, FieldValue>([nr]);
    parameters[name!]!.split(' ')
      .filter(Boolean)
      .forEach((parameter, index) => {
        values.set(parameter, args[index] ?? 0n);
        if (names.has(parameter)) values.set(`__${parameter}_val`, this.textAt(args[index] ?? 0n));
      });
    event.fire(values, 0n, this.stack);
  }

  private textAt(address: bigint): string {
    const bytes = this.memory.read(address, longestName);
    const end = bytes.indexOf(0);
    return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
  }
}

const number: EventField = { name: '__syscall_nr', type: 'int', offset: 8, size: 4, signed: true };

function enterEvent(name: string, list: readonly string[], isOld: boolean): TraceEvent {
  const fields = list.map(
    (parameter, index): EventField => ({ name: parameter, type: 'unsigned long', offset: 16 + 8 * index, size: 8, signed: false }),
  );
  const show = (values: FieldValues) => (parameter: string) => {
    const value = values.get(parameter) as bigint;
    const text = values.get(`__${parameter}_val`);
    if (isOld) return `${parameter}: ${hex(value)}`;
    return `${parameter}: ${value}${text === undefined ? '' : ` "${text}"`}`;
  };
  return new TraceEvent({
    system: 'syscalls',
    name: `sys_enter_${name}`,
    fields: [number, ...fields],
    printFormat: `"${list.map((parameter) => `${parameter}: 0x%08lx`).join(', ')}"${list.map((parameter) => `, ((unsigned long)(REC->${parameter}))`).join('')}`,
    payload: (values) => ({ name: '', text: () => `sys_${name}(${list.map(show(values)).join(', ')})` }),
  });
}

function exitEvent(name: string): TraceEvent {
  return new TraceEvent({
    system: 'syscalls',
    name: `sys_exit_${name}`,
    fields: [number, { name: 'ret', type: 'long', offset: 16, size: 8, signed: true }],
    printFormat: '"0x%lx", REC->ret',
    payload: (values) => ({ name: '', text: () => `sys_${name} -> 0x${hex(values.get('ret') as bigint)}` }),
  });
}

function rawEvent(name: string, list: readonly string[], text: (values: FieldValues, all: readonly bigint[]) => string): TraceEvent {
  const fields = list.map(
    (field, index): EventField => ({
      name: field,
      type: field === 'ret' ? 'long' : 'unsigned long',
      offset: 16 + 8 * index,
      size: 8,
      signed: field === 'ret',
    }),
  );
  return new TraceEvent({
    system: 'raw_syscalls',
    name,
    fields: [{ name: 'id', type: 'long', offset: 8, size: 8, signed: true }, ...fields],
    printFormat:
      name === 'sys_exit'
        ? '"NR %ld = %ld", REC->id, REC->ret'
        : '"NR %ld (%lx, %lx, %lx, %lx, %lx, %lx)", REC->id, REC->args[0], REC->args[1], REC->args[2], REC->args[3], REC->args[4], REC->args[5]',
    payload: (values) => ({
      name,
      text: () =>
        text(
          values,
          list.map((field) => values.get(field) as bigint),
        ),
    }),
  });
}

function hex(value: bigint): string {
  return value.toString(16);
}
