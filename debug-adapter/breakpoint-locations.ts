import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchedProgram } from './launch';

/** The places where a breakpoint can be: on a line with several statements, the start of each. */
export function breakpointLocations(
  { debuggee, sources }: LaunchedProgram,
  { source, line, endLine = line }: DebugProtocol.BreakpointLocationsArguments,
): DebugProtocol.BreakpointLocationsResponse['body'] {
  const path = sources.fromClient(source);
  const places = path === undefined ? [] : debuggee.code.statementsIn(path, line, endLine);
  return { breakpoints: places.map(({ line: each, column }) => (column > 0 ? { line: each, column } : { line: each })) };
}

export function loadedSources({ sources }: LaunchedProgram): DebugProtocol.LoadedSourcesResponse['body'] {
  return { sources: sources.all() };
}
