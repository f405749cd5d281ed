import type { GuestException, Machine } from '../emulator/machine';
import type { ProcessStreams } from './process-streams';
import { YoungGeneration } from './young-generation';

/** How a program ended. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'exception'; readonly exception: GuestException }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

/**
 * Instructions between two looks at signals and at who still reads: so many that they take some hundredths of a second, and no more than
 * code that suddenly is a hundred times slower gets through in a second or two. Times are in milliseconds.
 */
const firstSlice = 2_000_000;
const largestSlice = 2 ** 24;
const shortTime = 10;
const longTime = 40;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the program until it exits, dies, or is told to end; a second signal ends this process at once. `between` is called between its
 * slices.
 */
export async function runToEnd(machine: Machine, streams: ProcessStreams, between: () => void = () => {}): Promise<Ending> {
  const interruption = new Interruption();
  const young = new YoungGeneration();
  let slice = firstSlice;
  try {
    for (;;) {
      // Exact to a millisecond, but of a module that Node need not read first.
      const start = Date.now();
      const stop = machine.run(slice);
      streams.flush();
      young.look();
      const time = Date.now() - start;
      if (time > longTime) slice = Math.max(Math.floor((slice * longTime) / time), firstSlice);
      else if (time < shortTime && stop.kind === 'budget') slice = Math.min(2 * slice, largestSlice);
      if (stop.kind === 'exit' || stop.kind === 'exception') return stop;
      between();
      if (streams.broken) return { kind: 'signal', signal: 'SIGPIPE' };
      if (stop.kind === 'input') await Promise.race([streams.input.arrival(), interruption.arrival]);
      else if (stop.kind === 'idle') await interruption.arrival;
      else await new Promise(setImmediate);
      if (interruption.signal) return { kind: 'signal', signal: interruption.signal };
    }
  } finally {
    streams.flush();
    interruption.release();
    streams.input.close();
  }
}

/** Catches the first signal that asks the program to end. */
class Interruption {
  signal: NodeJS.Signals | undefined;
  readonly arrival: Promise<void>;
  private arrived: () => void = () => {};

  constructor() {
    this.arrival = new Promise((resolve) => {
      this.arrived = resolve;
    });
    for (const signal of signals) process.once(signal, this.catch);
  }

  release(): void {
    for (const signal of signals) process.off(signal, this.catch);
  }

  private readonly catch = (signal: NodeJS.Signals): void => {
    this.signal = signal;
    this.arrived();
    this.release();
  };
}
