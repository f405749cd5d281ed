import * as errors from './errors';
import type { LaunchedProgram } from './launch';
import type { ReadTraceArguments, ReadTraceResponseBody, SetTraceMarkersArguments, TraceMarkersResponseBody } from './trace-protocol';

/** Lines of one answer at most, and unless told. */
const mostLines = 100_000;
const usualLines = 1000;

export function setTraceMarkers(
  { debuggee, sources, noDebug }: LaunchedProgram,
  { markers }: SetTraceMarkersArguments,
): TraceMarkersResponseBody {
  const sourceOf = (address: bigint) => {
    // Where its body starts: GCC gives the call site before it no line.
    const { code } = debuggee;
    const row = code.lineAt(code.breakpointAddress(code.functionAt(address)) ?? address)?.row;
    return row && sources.toClient(row.path).path;
  };
  return { markers: debuggee.trace.setMarkers(noDebug ? markers.map((marker) => ({ ...marker, stop: false })) : markers, sourceOf) };
}

export function traceMarkers({ debuggee }: LaunchedProgram): TraceMarkersResponseBody {
  return { markers: debuggee.trace.list() };
}

export function readTrace({ debuggee }: LaunchedProgram, { from, limit = usualLines }: ReadTraceArguments): ReadTraceResponseBody {
  if (limit < 0) throw errors.badArguments('readTrace', '"limit" must not be negative');
  return debuggee.trace.read(from, Math.min(limit, mostLines));
}
