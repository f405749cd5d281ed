import { readFileSync } from 'node:fs';
import { fixedWork } from './fixed-work';

/** How long something took, and what tells whether anything else kept the processor busy meanwhile; in milliseconds. */
export interface Watched {
  readonly took: number;
  /** What the fixed work took, before it or behind it, whichever is more. */
  readonly fixedWork: number;
  /** For how long the thread did not run, where the system tells: it waited for a processor, or for threads of V8 that did. */
  readonly away: number;
}

/** How many times as long as it takes undisturbed fixed work may take where speed is measured, and where it is how soon something is done. */
const mostFixedWork = { speed: 1.15, delay: 2 };
/** How much of a delay the thread may not run, in milliseconds. */
const mostAway = 1;
/** The part of all measurements in which a processor is faster than it is for long. */
const exceptional = 1 / 20;

/**
 * Gives what measures one action after the other. A neighbour on a host of virtual machines keeps a processor busy unseen: what runs there
 * says nothing of how fast it is, and fixed work beside it tells.
 */
export function watch(): (action: () => void) => Watched {
  const work = fixedWork();
  let before = work();
  return (action) => {
    const ranBefore = ran();
    const start = performance.now();
    action();
    const took = performance.now() - start;
    const away = Math.max(0, took - (ran() - ranBefore));
    const behind = work();
    const slower = Math.max(before, behind);
    before = behind;
    return { took, fixedWork: slower, away: Number.isNaN(away) ? 0 : away };
  };
}

/** Those of the measurements that tell how fast something is: the processor did as much as it can for this thread, while that ran. */
export function ofSpeed<One extends Pick<Watched, 'fixedWork'>>(all: readonly One[], shortest = shortestOf(all)): One[] {
  return all.filter(({ fixedWork }) => fixedWork <= mostFixedWork.speed * shortest);
}

/** Those that tell how soon something is done: there was a processor for it all the time, if not a fast one. */
export function ofDelay<One extends Watched>(all: readonly One[]): One[] {
  const shortest = shortestOf(all);
  return all.filter(({ fixedWork, away }) => fixedWork <= mostFixedWork.delay * shortest && away <= mostAway);
}

/** What the fixed work takes undisturbed. */
export function shortestOf(all: readonly Pick<Watched, 'fixedWork'>[]): number {
  const sorted = all.map(({ fixedWork }) => fixedWork).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * exceptional)] ?? 0;
}

/** How long this thread has run, in milliseconds; NaN where the system does not tell, as Linux does (`Documentation/scheduler/sched-stats.rst`). */
function ran(): number {
  try {
    // Linux brings its count up to now when it is asked for the time of all threads.
    process.cpuUsage();
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}
