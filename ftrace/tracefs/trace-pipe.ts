import type { RingBuffer } from '../ring-buffer';
import type { TraceInstance } from '../tracing/trace-instance';
import { linesText } from './function-files';
import { file, type TracefsNode } from './node';
import type { TracingState } from './tracing-state';

/** Lost records that a reader of the pipe has been told of. */
const told = new WeakMap<RingBuffer, number>();

/** `trace_pipe`: lines without a header, which reading takes away, and how many records were lost before them. */
export function tracePipe(state: TracingState, instance: TraceInstance): TracefsNode {
  return file((most = Number.POSITIVE_INFINITY) => {
    const { buffer } = instance;
    const lines: string[] = [];
    let end: number | undefined;
    for (const { number, text } of state.numberedLines(instance, buffer)) {
      if (lines.length >= most) {
        end = number;
        break;
      }
      lines.push(text);
    }
    while ((end === undefined || buffer.first < end) && buffer.consume());
    const { overrun } = buffer;
    const lost = overrun - Math.min(overrun, told.get(buffer) ?? 0);
    told.set(buffer, overrun);
    return linesText([...(lost > 0 ? [`CPU:0 [LOST ${lost} EVENTS]`] : []), ...lines]);
  });
}
