import type { TraceRecord } from '../ring-buffer';

/**
 * The clocks of `trace_clock` in the kernel's order (kernel/trace/trace.c, `trace_clocks`). All of them that count nanoseconds show the
 * guest's one clock; `counter` counts records, and `uptime` the ticks of a hundredth of a second.
 */
export const clockNames = ['local', 'global', 'counter', 'uptime', 'perf', 'mono', 'mono_raw', 'boot', 'tai'] as const;
export type ClockName = (typeof clockNames)[number];

const nanosecondsPerTick = 10_000_000n;

/** Whether the clock counts nanoseconds, which the trace shows as seconds; others are shown as they are. */
export function isInNanoseconds(clock: ClockName): boolean {
  return clock !== 'counter' && clock !== 'uptime';
}

/** What a clock showed when a record was written. */
export function clockValue(clock: ClockName, { number, timestamp }: Pick<TraceRecord, 'number' | 'timestamp'>): bigint {
  if (clock === 'counter') return BigInt(number) + 1n;
  return clock === 'uptime' ? timestamp / nanosecondsPerTick : timestamp;
}
