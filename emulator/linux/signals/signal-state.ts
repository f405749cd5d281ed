import { LinuxError } from '../errno';
import { defaultAction, firstRealTime, lastSignal, signal } from './signal-names';

/** What a handler is told (siginfo_t). */
export interface SignalInfo {
  readonly number: number;
  /** si_code. */
  readonly code: number;
  /** si_addr of a fault. */
  readonly address?: bigint;
  /** si_pid and si_uid of a sender. */
  readonly sender?: { readonly process: number; readonly user: number };
  /** The bytes of a siginfo_t that the sender made itself (rt_sigqueueinfo). */
  readonly raw?: Uint8Array;
}

/** si_code values (include/uapi/asm-generic/siginfo.h). */
export const signalCode = { user: 0, kernel: 0x80, thread: -6 } as const;

/** What a program wants done for a signal. */
export interface SignalAction {
  readonly handler: bigint;
  readonly flags: bigint;
  /** Blocked while the handler runs, as a set of bits, signal 1 in bit 0. */
  readonly mask: bigint;
}

export const SIG_DFL = 0n;
export const SIG_IGN = 1n;
export const actionFlag = { SA_ONSTACK: 0x0800_0000n, SA_NODEFER: 0x4000_0000n, SA_RESETHAND: 0x8000_0000n } as const;

export interface AlternateStack {
  readonly pointer: bigint;
  readonly flags: number;
  readonly size: bigint;
}

const byDefault: SignalAction = { handler: SIG_DFL, flags: 0n, mask: 0n };
const neverBlocked = bit(signal.SIGKILL) | bit(signal.SIGSTOP);
/** Signals of faults come before others (kernel/signal.c, SYNCHRONOUS_MASK). */
const synchronous = [signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGFPE, signal.SIGSYS];
const synchronousMask = synchronous.map(bit).reduce((all, one) => all | one);
/** Real-time signals that may wait at once (RLIMIT_SIGPENDING). */
export const mostPending = 1000;

/** The signals of a process and its one thread: actions, mask, those that wait (kernel/signal.c). */
export class SignalState {
  /** Where a handler's stack is while it has asked for its own. */
  alternate: AlternateStack = { pointer: 0n, flags: 2, size: 0n };
  /** What the mask goes back to when a handler returns that has ended a sigsuspend. */
  restored: bigint | undefined;
  readonly #actions = new Map<number, SignalAction>();
  readonly #pending: SignalInfo[] = [];
  #mask = 0n;

  get mask(): bigint {
    return this.#mask;
  }

  set mask(set: bigint) {
    this.#mask = set & ~neverBlocked;
  }

  get pending(): bigint {
    return this.#pending.reduce((set, { number }) => set | bit(number), 0n);
  }

  actionOf(number: number): SignalAction {
    return this.#actions.get(number) ?? byDefault;
  }

  setAction(number: number, action: SignalAction): void {
    this.#actions.set(number, { ...action, mask: action.mask & ~neverBlocked });
    if (this.isIgnored(number)) this.#forget(number);
  }

  isBlocked(number: number): boolean {
    return (this.#mask & bit(number)) !== 0n;
  }

  /** Whether a signal does nothing: it is ignored, or that is what it does by default. */
  isIgnored(number: number): boolean {
    const { handler } = this.actionOf(number);
    return handler === SIG_IGN || (handler === SIG_DFL && defaultAction(number) === 'ignore');
  }

  /** Makes a signal wait for its delivery; a standard one that waits already is dropped. Throws EAGAIN where too many wait. */
  send(info: SignalInfo): void {
    const { number } = info;
    if (this.isIgnored(number) && !this.isBlocked(number)) return;
    if (number < firstRealTime && this.#pending.some((one) => one.number === number)) return;
    if (this.#pending.length >= mostPending) throw new LinuxError('EAGAIN');
    this.#pending.push(info);
  }

  /** A signal that must come: one that is blocked or ignored does what it does by default (force_sig_info). */
  force(info: SignalInfo): void {
    const { number } = info;
    if (this.isBlocked(number) || this.actionOf(number).handler === SIG_IGN) {
      this.#actions.set(number, byDefault);
      this.mask &= ~bit(number);
    }
    this.#forget(number);
    this.#pending.push(info);
  }

  /** Whether a signal waits that is not blocked. */
  get isDue(): boolean {
    return this.#pending.length > 0 && (this.pending & ~this.#mask) !== 0n;
  }

  /** Takes the next signal to act on out of those that wait and are in `wanted`, else are not blocked. */
  take(wanted: bigint = ~this.#mask): SignalInfo | undefined {
    const ready = this.#pending.filter(({ number }) => (bit(number) & wanted) !== 0n);
    const urgent = ready.filter(({ number }) => (bit(number) & synchronousMask) !== 0n);
    const candidates = urgent.length > 0 ? urgent : ready;
    const first = candidates.reduce<SignalInfo | undefined>((least, one) => (least && least.number <= one.number ? least : one), undefined);
    if (first) this.#pending.splice(this.#pending.indexOf(first), 1);
    return first;
  }

  /** A handler begins: its mask, and what its flags say of signal and action. */
  entered(number: number, { flags, mask }: SignalAction): void {
    this.mask |= mask | (flags & actionFlag.SA_NODEFER ? 0n : bit(number));
    this.restored = undefined;
  }

  reset(number: number): void {
    this.#actions.set(number, byDefault);
  }

  #forget(number: number): void {
    for (let index = this.#pending.length - 1; index >= 0; index -= 1) {
      if (this.#pending[index]!.number === number) this.#pending.splice(index, 1);
    }
  }
}

export function bit(number: number): bigint {
  return 1n << BigInt(number - 1);
}

export function isSignal(number: number): boolean {
  return number >= 1 && number <= lastSignal;
}
