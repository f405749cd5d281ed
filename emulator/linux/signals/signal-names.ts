/** Signals by number from 1 (include/uapi/asm-generic/signal.h); 32 to 64 are the real-time ones. */
const names = `SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM
SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS`.split(
  /\s+/,
);

export const lastSignal = 64;
export const firstRealTime = 32;

export const signal = {
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGSTOP: 19,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGSYS: 31,
} as const;

/** `SIGSEGV`; the real-time signals as kill -l prints them, from `SIGRTMIN` (34 to a C library's users). */
export function signalName(number: number): string {
  const name = names[number - 1];
  if (name !== undefined) return name;
  return number === 34 ? 'SIGRTMIN' : number > 34 ? `SIGRTMIN+${number - 34}` : `signal ${number}`;
}

/** The number of a signal that `signalName` has named. */
export function signalNumber(name: string): number {
  for (let number = 1; number <= lastSignal; number += 1) if (signalName(number) === name) return number;
  throw new RangeError(`there is no signal ${name}`);
}

/** What a signal does that has no handler (man 7 signal). */
export function defaultAction(number: number): 'ignore' | 'stop' | 'end' {
  if (ignoredByDefault.has(number)) return 'ignore';
  return stopping.has(number) ? 'stop' : 'end';
}

/** CHLD, CONT, URG, WINCH; STOP, TSTP, TTIN, TTOU. */
const ignoredByDefault = new Set([17, 18, 23, 28]);
const stopping = new Set([19, 20, 21, 22]);
