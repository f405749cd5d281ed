import * as errors from './errors';
import type { LaunchedProgram } from './launch';
import type {
  ReadTraceArguments,
  ReadTraceResponseBody,
  SetTraceMarkersArguments,
  TracedFunctionsEventBody,
  TraceMarkersResponseBody,
} from './trace-protocol';

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
    const row = code.lineAt(code.bodyAddress(code.functionAt(address)) ?? address)?.row;
    return row && sources.toClient(row.path).path;
  };
  return { markers: debuggee.trace.setMarkers(noDebug ? markers.map((marker) => ({ ...marker, stop: false })) : markers, sourceOf) };
}

/** The functions that are traced now, where somebody has changed them beside the markers. */
export function tracedFunctions({ debuggee, sources }: LaunchedProgram): TracedFunctionsEventBody | undefined {
  const { code, trace } = debuggee;
  const functions = trace.takeChange()?.map(({ name, address }) => {
    const row = code.lineAt(code.bodyAddress(code.functionAt(address)) ?? address)?.row;
    const path = row && sources.toClient(row.path).path;
    return { function: trace.nameInSource(address) ?? name, ...(row && path !== undefined && { source: path, line: row.line }) };
  });
  return functions && { functions };
}

export function traceMarkers({ debuggee }: LaunchedProgram): TraceMarkersResponseBody {
  return { markers: debuggee.trace.list() };
}

export function readTrace({ debuggee }: LaunchedProgram, { from, limit = usualLines }: ReadTraceArguments): ReadTraceResponseBody {
  if (limit < 0) throw errors.badArguments('readTrace', '"limit" must not be negative');
  return debuggee.trace.read(from, Math.min(limit, mostLines));
}
