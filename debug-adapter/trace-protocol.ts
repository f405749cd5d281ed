/**
 * The requests and events of this adapter beside DAP's own: trace markers and the live trace. Addresses are `0x` hex strings.
 * The first markers come with the launch request (`traceMarkers`), so that no call is missed; later changes by request.
 */

/** What the editor asks for: trace this function. `source` tells static functions of the same name apart. */
export interface TraceMarker {
  function: string;
  /** Absolute path of the source that defines it. */
  source?: string;
  /** The line of its name, counted from 1: of C++, where functions share a name, those of the line are meant, all of them. */
  line?: number;
  /** Stop in the tracer at each hit ("Trace and Stop"). */
  stop?: boolean;
}

/** What became of a marker. */
export interface TraceMarkerStatus extends TraceMarker {
  /** The function has a call site, which is patched as `state` says. */
  verified: boolean;
  /** Why it is not verified, for people. */
  reason?: string;
  /** F, the address of the function; absent where the program has none of that name and source. */
  address?: string;
  /** `on`: the call site holds `jalr t0`; `off`: it holds `nop`. */
  state: 'on' | 'off';
  hits: number;
}

/** Request `setTraceMarkers`: the whole list; a function that is no longer in it is turned off. Works while the program runs. */
export interface SetTraceMarkersArguments {
  markers: TraceMarker[];
}
/** The answer of `setTraceMarkers` and of `traceMarkers` (which has no arguments and lists those in force). */
export interface TraceMarkersResponseBody {
  markers: TraceMarkerStatus[];
}

/** Event `traceHits`, at most 20 a second while there are hits: the counts of the markers that changed. */
export interface TraceHitsEventBody {
  markers: { function: string; source?: string; hits: number }[];
}

/** A function that is traced, whoever has turned it on. */
export interface TracedFunction {
  function: string;
  /** Absolute path of its source, and the line of its name, as the client counts them; absent where the program does not say. */
  source?: string;
  line?: number;
}

/** Event `tracedFunctions`: what is written to tracefs has changed which functions `set_ftrace_filter` names. */
export interface TracedFunctionsEventBody {
  functions: TracedFunction[];
}

/** Request `tracefs`: an operation on its tree. Paths are relative to its root. Fails with the errno's name and text. */
export interface TracefsArguments {
  operation: 'read' | 'write' | 'list' | 'stat' | 'mkdir' | 'rmdir';
  path: string;
  /** Of `write`: what is written, with `append` as `>>` does. */
  content?: string;
  append?: boolean;
  /** Of `read`: how many records it takes of a `trace_pipe` at most. */
  limit?: number;
}
export interface TracefsResponseBody {
  /** Of `read`. */
  content?: string;
  /** Of `list`, sorted. */
  entries?: { name: string; isDirectory: boolean }[];
  /** Of `stat`; absent where nothing is at the path. */
  stat?: { isDirectory: boolean; isReadable: boolean; isWritable: boolean };
}

/** Request `compareModels`: what a traced call of these functions costs under each model of ftrace, as a table. */
export interface CompareModelsArguments {
  functions: string[];
}
export interface CompareModelsResponseBody {
  text: string;
}

/** Request `readTrace`: lines of the trace in the kernel's text, with names of C++ as in the source. */
export interface ReadTraceArguments {
  /** Number of the first line wanted: 0 is the first ever written, -10 the tenth from the end. */
  from: number;
  /** At most that many lines; 1000 unless told. */
  limit?: number;
}
export interface ReadTraceResponseBody {
  /** The header lines (`# tracer: function` ...), without the lines of the trace. */
  header: string;
  lines: string[];
  /** The number of `lines[0]`: larger than `from` where the ring buffer has overwritten older ones. */
  first: number;
  /** What to ask for next. */
  next: number;
}

/** The answer of `translatorStatistics`, which has no arguments: how the translator of hot code fares, in lines for people. */
export interface TranslatorStatisticsResponseBody {
  lines: string[];
}
