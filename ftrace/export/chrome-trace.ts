import type { TraceText } from '../output/trace-text';
import type { RingBuffer } from '../ring-buffer';
import { taskPid } from '../tracing/trace-instance';
import { callSpans } from './call-spans';

/** The trace in the Trace Event Format of Chrome (JSON object form), as Perfetto, chrome://tracing and speedscope open it; line by line. */
export function* chromeTrace(buffer: RingBuffer, text: TraceText, programName: string): Generator<string> {
  const base = { pid: taskPid, tid: taskPid };
  yield '{"displayTimeUnit":"ns","traceEvents":[';
  yield JSON.stringify({ ...base, ph: 'M', name: 'process_name', args: { name: programName } });
  for (const event of callSpans(buffer)) {
    const ts = Number(event.time) / 1000;
    switch (event.kind) {
      case 'begin': {
        const args = { parent: text.symbols.name(event.record.parentIp), a0: `0x${event.record.regs.a0.toString(16)}` };
        yield `,${JSON.stringify({ ...base, ph: 'B', name: text.symbols.name(event.ip), ts, args })}`;
        break;
      }
      case 'end': {
        const args = event.record && { retval: `0x${event.record.words[2]!.toString(16)}` };
        yield `,${JSON.stringify({ ...base, ph: 'E', ts, ...(args && { args }) })}`;
        break;
      }
      case 'other':
        yield `,${JSON.stringify({ ...base, ph: 'i', s: 't', name: text.body(event.record), ts })}`;
    }
  }
  yield ']}';
}
