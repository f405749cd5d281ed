import type { Clock } from './clock';
import { signal } from './signals/signal-names';

/** ITIMER_REAL, ITIMER_VIRTUAL and ITIMER_PROF: the last two count CPU time. */
const signals = [signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF] as const;

export interface IntervalTimer {
  /** Nanoseconds until it expires; 0 where it is not set. */
  readonly left: bigint;
  /** Nanoseconds between two expiries; 0 where there is only one. */
  readonly interval: bigint;
}

/** The three timers of setitimer (kernel/time/itimer.c). */
export class IntervalTimers {
  readonly #due: (bigint | undefined)[] = [undefined, undefined, undefined];
  readonly #intervals = [0n, 0n, 0n];

  constructor(private readonly clock: Clock) {}

  get(which: number): IntervalTimer {
    const due = this.#due[which];
    const left = due === undefined ? 0n : due - this.#time(which);
    // One that is due and not yet delivered has the shortest time left.
    return { left: due === undefined ? 0n : left > 0n ? left : 1n, interval: this.#intervals[which]! };
  }

  set(which: number, { left, interval }: IntervalTimer): void {
    this.#due[which] = left === 0n ? undefined : this.#time(which) + left;
    this.#intervals[which] = interval;
  }

  /** The value of `instret` at which the first expires; undefined where none is set. */
  get nextInstret(): bigint | undefined {
    let next: bigint | undefined;
    for (let which = 0; which < signals.length; which += 1) {
      const due = this.#due[which];
      if (due === undefined) continue;
      const at = which === 0 ? this.clock.instretAt(due) : due;
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  /** Nanoseconds of sleep until ITIMER_REAL expires; the others do not count while the program sleeps. */
  get untilReal(): bigint | undefined {
    const due = this.#due[0];
    return due === undefined ? undefined : due - this.clock.now;
  }

  /** The signals of those that have expired, which start anew where they have an interval. */
  expire(): number[] {
    return signals.filter((_, which) => {
      const due = this.#due[which];
      const now = this.#time(which);
      if (due === undefined || due > now) return false;
      const interval = this.#intervals[which]!;
      this.#due[which] = interval === 0n ? undefined : due + interval * ((now - due) / interval + 1n);
      return true;
    });
  }

  #time(which: number): bigint {
    return which === 0 ? this.clock.now : this.clock.used;
  }
}
