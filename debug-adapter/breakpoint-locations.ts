import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchedProgram } from './launch';

/** The lines where a breakpoint can be. */
export function breakpointLocations(
  { debuggee, sources }: LaunchedProgram,
  { source, line, endLine = line }: DebugProtocol.BreakpointLocationsArguments,
): DebugProtocol.BreakpointLocationsResponse['body'] {
  const path = sources.fromClient(source);
  const lines = path === undefined ? [] : debuggee.code.linesWithCode(path, line, endLine);
  return { breakpoints: lines.map((each) => ({ line: each })) };
}

export function loadedSources({ sources }: LaunchedProgram): DebugProtocol.LoadedSourcesResponse['body'] {
  return { sources: sources.all() };
}
