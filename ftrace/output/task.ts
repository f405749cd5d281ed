/** TASK_COMM_LEN less the terminating zero. */
const commLength = 15;

/** The task's name: what the program is called, cut as the kernel does. */
export function comm(name: string): string {
  return name.slice(0, commLength);
}

/** Seconds and microseconds, rounded to the nearest (`ns2usecs`), the seconds in five columns. */
export function secondsOf(nanoseconds: bigint): string {
  const microseconds = (nanoseconds + 500n) / 1000n;
  return `${String(microseconds / 1000000n).padStart(5)}.${String(microseconds % 1000000n).padStart(6, '0')}`;
}

/** TASK_COMM in a column of its own width, `%16s-%-7d`. */
export function taskColumn(name: string, pid: number): string {
  return `${comm(name).padStart(16)}-${String(pid).padEnd(7)}`;
}

/** Interrupts on, no need to reschedule, not in an interrupt, preemption and migration on: user space always is. */
export const contextFlags = '.....';

/** The marks for long durations (kernel/trace/trace_output.c, `trace_find_mark`). */
const marks: readonly (readonly [nanoseconds: bigint, mark: string])[] = [
  [1_000_000_000n, '$'],
  [100_000_000n, '@'],
  [10_000_000n, '*'],
  [1_000_000n, '#'],
  [100_000n, '!'],
  [10_000n, '+'],
];

export function durationMark(nanoseconds: bigint): string {
  return marks.find(([limit]) => nanoseconds > limit)?.[1] ?? ' ';
}

/** A duration in the width of its column (`trace_print_graph_duration`). */
export function durationText(nanoseconds: bigint): string {
  const whole = String(nanoseconds / 1000n);
  const fraction = String(nanoseconds % 1000n)
    .padStart(3, '0')
    .slice(0, Math.max(0, 7 - whole.length));
  const text = whole.length < 7 ? `${whole}.${fraction}` : whole;
  return `${text} us ${' '.repeat(Math.max(0, 8 - text.length))}`;
}
