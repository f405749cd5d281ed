import { FtraceError } from '../ftrace-error';
import type { EventPayload } from '../output/trace-text';
import { recordType } from '../ring-buffer';
import type { TraceInstance } from '../tracing/trace-instance';
import { file, type TracefsNode } from './node';
import type { TracingState } from './tracing-state';

/** Bytes of a marker at most; what is longer is cut (kernel/trace/trace.c, TRACE_MARKER_MAX_SIZE). */
const longestMarker = 4096;
const idSize = 4;

/** `trace_marker` and `trace_marker_raw`: what user space says stands in the trace. */
export function markerFiles(state: TracingState, instance: TraceInstance): [string, TracefsNode][] {
  // What is written to the top instance goes to those that want it, of which it is one.
  const everyone = () => (instance === state.top ? [state.top, ...state.instances.values()].filter(copiesMarkers) : [instance]);
  return [
    [
      'trace_marker',
      file(undefined, (text) => {
        checkMarkers(instance);
        for (const each of everyone()) mark(each, text);
      }),
    ],
    [
      'trace_marker_raw',
      file(undefined, (text) => {
        checkMarkers(instance);
        const bytes = new TextEncoder().encode(text);
        if (bytes.length < idSize || bytes.length > longestMarker) throw new FtraceError('EINVAL');
        for (const each of everyone()) markRaw(each, bytes);
      }),
    ],
  ];
}

function copiesMarkers({ options }: TraceInstance): boolean {
  return options.is('copy_trace_marker');
}

function checkMarkers({ options, isOn }: TraceInstance): void {
  if (!options.is('markers')) throw new FtraceError('EINVAL');
  if (!isOn) throw new FtraceError('EBADF');
}

function mark(instance: TraceInstance, text: string): void {
  const line = (text.endsWith('\n') ? text.slice(0, -1) : text).slice(0, longestMarker);
  const payload: EventPayload = { name: 'tracing_mark_write', text: () => line };
  instance.write({ type: recordType.print, ip: 0n, payload, length: 16 + line.length + 1 });
}

/** A number of the writer's own and bytes, shown as such (`trace_raw_data_print`). */
function markRaw(instance: TraceInstance, bytes: Uint8Array): void {
  const id = new DataView(bytes.buffer).getUint32(0, true);
  const content = [...bytes.subarray(idSize)].map((byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('');
  const payload: EventPayload = { name: '', text: () => `# ${id.toString(16)} buf:${content}` };
  instance.write({ type: recordType.print, ip: 0n, payload, length: 8 + bytes.length });
}
