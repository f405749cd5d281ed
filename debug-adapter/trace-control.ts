import { FtraceError } from '../ftrace/ftrace-error';
import type { TraceableFunction } from '../ftrace/ftrace-ops';
import { GraphText } from '../ftrace/output/graph-text';
import { selectFunctions } from '../ftrace/select-functions';
import type { TraceHit } from '../ftrace/tracing/trace-instance';
import { callSiteProblem } from '../program/call-site-problem';
import { cppFunctionsOf, functionsMeant, type NamedFunction } from '../program/function-names';
import { isCplusplus } from '../program/source-language';
import type { Debuggee } from './debuggee';
import { hex } from './format';
import { readableLine } from './readable-trace';
import type { StopReason } from './stop-reason';
import type { ReadTraceResponseBody, TraceHitsEventBody, TraceMarker, TraceMarkerStatus } from './trace-protocol';
import { TracedCalls } from './traced-calls';

/** Milliseconds between two batches of hits: at most 20 a second. */
const interval = 50;
/** Functions that the editor follows by markers at most. */
const mostFollowed = 200;
const sp = 2;

/** Which functions are traced, and what the editor wants to hear of it. */
export class TraceControl {
  readonly calls = new TracedCalls();
  /** How often markers have patched a call site. */
  patches = 0;

  private readonly functionAt: ReadonlyMap<bigint, TraceableFunction>;
  /** By the lower half of `ip`, which is enough in a window of less than 4 GiB. */
  private readonly functionOfLowIp: ReadonlyMap<number, TraceableFunction>;
  private readonly markerAt = new Map<bigint, TraceMarker>();
  private readonly stopsAt = new Set<bigint>();
  private readonly changed = new Set<TraceableFunction>();
  private cppFunctions: readonly NamedFunction[] | undefined;
  private lastHit: TraceHit | undefined;
  /** The number of the first record that `drain` has not seen. */
  private drained = 0;
  /** Who is traced may have changed since `takeChange` was asked. */
  private isChanged = false;
  private lastBatch = Number.NEGATIVE_INFINITY;

  constructor(private readonly debuggee: Debuggee) {
    const { ftrace } = debuggee;
    ftrace.onChange = () => {
      this.isChanged = true;
    };
    this.functionOfLowIp = new Map(ftrace.functions.map((each) => [Number(BigInt.asUintN(32, each.ip)), each]));
    this.functionAt = new Map(ftrace.functions.map((each) => [each.address, each]));
  }

  /** Traces what the patterns select from now on, and returns a sentence for each pattern that selects nothing. */
  enable(patterns: readonly string[]): readonly string[] {
    const { ftrace, program } = this.debuggee;
    const { functions, problems } = selectFunctions(patterns, ftrace, program);
    if (functions.length > 0) ftrace.setTraced([...new Set([...ftrace.top.hash.filter.functions, ...functions])]);
    return problems;
  }

  /** Puts the markers in force in place of those set before. `sourceOf` gives a function's source as the editor names it. */
  setMarkers(markers: readonly TraceMarker[], sourceOf: (address: bigint) => string | undefined): TraceMarkerStatus[] {
    const found = markers.map((marker) => ({ marker, ...this.resolve(marker, sourceOf) }));
    const kept = new Set(found.flatMap(({ functions }) => functions.map(({ address }) => address)));
    for (const address of this.markerAt.keys()) if (!kept.has(address)) this.disable(address);
    this.markerAt.clear();
    this.stopsAt.clear();
    const statuses = found.map(({ marker, functions, reason, address }) => {
      const problems = functions.map((each) => this.enableMarker(each, marker));
      const traced = functions.filter((_, index) => problems[index] === undefined);
      if (traced[0]) return { ...accepted(marker, traced[0]), hits: hitsOf(traced) };
      return refused(marker, problems[0] ?? reason, functions[0]?.address ?? address);
    });
    this.stopAtMarkers();
    this.isChanged = false;
    return statuses;
  }

  /** Everything that is traced now. */
  list(): TraceMarkerStatus[] {
    return this.debuggee.ftrace.functions
      .filter((each) => each.enabled)
      .map((each) => accepted(this.markerAt.get(each.address) ?? { function: each.name }, each));
  }

  /** The counts that changed, when it is time for a batch or when `now` wants it; undefined where there is nothing to tell. */
  takeHits(now: boolean): TraceHitsEventBody | undefined {
    this.drain();
    if (this.changed.size === 0) return undefined;
    if (!now && performance.now() - this.lastBatch < interval) return undefined;
    this.lastBatch = performance.now();
    const changed = [...this.changed];
    const marked = new Set(changed.flatMap(({ address }) => this.markerAt.get(address) ?? []));
    this.changed.clear();
    // The calls of all functions of a marker are its own.
    const ofMarkers = [...marked].map((marker) => {
      const { function: name, source } = marker;
      const hits = hitsOf([...this.markerAt].flatMap(([address, each]) => (each === marker ? (this.functionAt.get(address) ?? []) : [])));
      return source === undefined ? { function: name, hits } : { function: name, source, hits };
    });
    const others = changed.filter(({ address }) => !this.markerAt.has(address));
    return { markers: [...ofMarkers, ...others.map(({ name, hits }) => ({ function: name, hits }))] };
  }

  /** The functions that the top instance traces, where somebody has changed them beside the markers; undefined where nobody has. */
  takeChange(): readonly TraceableFunction[] | undefined {
    if (!this.isChanged) return undefined;
    this.isChanged = false;
    const { ftrace } = this.debuggee;
    const traced = ftrace.functions.filter(({ address }) => ftrace.isOn(address));
    if (traced.length > mostFollowed) return undefined;
    const isSame = traced.length === this.markerAt.size && traced.every(({ address }) => this.markerAt.has(address));
    return isSame ? undefined : traced;
  }

  /** Lines of the trace in the kernel's text, with names of C++ as in the source. */
  read(from: number, limit: number): ReadTraceResponseBody {
    const { trace, top, program } = this.debuggee.ftrace;
    const { state } = this.debuggee.tracefs;
    const wanted = from < 0 ? trace.written + from : from;
    const first = Math.min(Math.max(wanted, trace.first), trace.written);
    const text = state.traceText(top);
    if (top.tracer !== 'function_graph') {
      const records = [...trace.from(first, limit)];
      const lines = records.map((record, index) => readableLine(text.line(record, records[index + 1])));
      return { header: text.header(trace, top.tracer).join('\n'), lines, first, next: first + lines.length };
    }
    const graph = new GraphText(text, top.options, program.name, state.isOld);
    const lines: string[] = [];
    let next = first;
    for (const { text: line, number } of graph.lines(trace, first)) {
      if (lines.length >= limit) break;
      lines.push(readableLine(line));
      next = number + 1;
    }
    return { header: graph.header().join('\n'), lines, first, next: lines.length < limit ? trace.written : next };
  }

  /** Why the program stopped in the tracer. */
  stopReason(): StopReason {
    return this.lastHit ? { kind: 'trace', function: this.lastHit.function } : { kind: 'pause' };
  }

  /** Only a marker that stops is asked at each hit; all else is read from the ring buffer, many records at a time. */
  private stopAtMarkers(): void {
    const { ftrace } = this.debuggee;
    ftrace.savesAllRegisters = this.stopsAt.size > 0;
    const stopping = ftrace.functions.filter(({ address }) => this.stopsAt.has(address));
    ftrace.top.setOnHitOf(ftrace.registry.setOf(stopping), (hit) => this.hit(hit));
  }

  private hit(hit: TraceHit): 'continue' | 'stop' {
    this.lastHit = hit;
    return this.stopsAt.has(hit.function.address) ? 'stop' : 'continue';
  }

  /** Reads the records that are new: which functions were hit, and which calls have not returned yet. */
  drain(): void {
    const { trace, registry } = this.debuggee.ftrace;
    if (trace.written === this.drained) return;
    const { called, open, highest } = trace.callsFrom(this.drained);
    for (const ip of called) {
      const each = this.functionOfLowIp.get(ip);
      if (each) this.changed.add(each);
    }
    if (highest >= 0n) this.calls.returned(highest);
    for (const number of open) {
      const record = trace.record(number)!;
      const each = registry.functionOfIp(record.ip);
      if (each) this.calls.push({ function: each.address, regs: record.regs });
    }
    this.drained = trace.written;
  }

  private enableMarker(traced: TraceableFunction, marker: TraceMarker): string | undefined {
    const wasOn = this.debuggee.ftrace.isOn(traced.address);
    const problem = failure(() => this.debuggee.ftrace.enable(traced.address));
    if (problem !== undefined) return problem;
    if (!wasOn) this.patches += 1;
    this.markerAt.set(traced.address, marker);
    if (marker.stop) this.stopsAt.add(traced.address);
    return undefined;
  }

  private disable(address: bigint): void {
    this.drain();
    failure(() => this.debuggee.ftrace.disable(address));
    this.patches += 1;
    const live = new Set(this.debuggee.stack.all().map((frame) => frame.call));
    for (const call of this.calls.retain(address, (each) => live.has(each))) this.watchReturn(call.regs.ra);
  }

  /** Later activations of a function that is off do not pass the trampoline, so its last traced ones are watched to their end. */
  private watchReturn(address: bigint): void {
    const { machine, tracefs } = this.debuggee;
    const { hooks } = tracefs.state;
    const returned = () => {
      this.calls.returned(machine.readX(sp));
      if (!this.calls.returnsTo(address)) hooks.delete(address, returned);
    };
    hooks.add(address, returned);
  }

  private resolve(
    { function: name, source, line }: TraceMarker,
    sourceOf: (address: bigint) => string | undefined,
  ): { functions: readonly TraceableFunction[]; reason?: string; address?: bigint | undefined } {
    const { program, ftrace } = this.debuggee;
    const inCpp = source === undefined || isCplusplus(source) ? this.cppFunctionsMeant(name, source, line, sourceOf) : [];
    if (inCpp.length > 0) return { functions: inCpp };
    const named = program.symbols.all.filter((symbol) => symbol.name === name && symbol.kind === 'function');
    const isMeant = named.length > 1 ? isSame : mayBeSame;
    const meant = source === undefined ? named : named.filter((symbol) => isMeant(sourceOf(symbol.address), source));
    if (meant.length > 1)
      return { functions: [], reason: `${program.name} has ${meant.length} functions ${name}: the marker must name the source` };
    const address = meant[0]?.address;
    const traced = address === undefined ? undefined : this.functionAt.get(address);
    if (traced) return { functions: [traced] };
    if (named.length > 0 && !meant[0]) return { functions: [], reason: `${program.name} has no function ${name} from ${source}` };
    const site = ftrace.refused.find((each) => each.address === address);
    return { functions: [], reason: site?.reason ?? callSiteProblem(program, name) ?? `${name} has no call site`, address };
  }

  /** The name of a C++ function in its source; undefined for others. */
  nameInSource(address: bigint): string | undefined {
    return this.markerAt.get(address)?.function ?? this.allCppFunctions.find((each) => each.address === address)?.name;
  }

  private cppFunctionsMeant(
    name: string,
    source: string | undefined,
    line: number | undefined,
    sourceOf: (address: bigint) => string | undefined,
  ): readonly TraceableFunction[] {
    const meant = functionsMeant(this.allCppFunctions, name, line);
    const here = meant.filter(({ address }) => source === undefined || mayBeSame(sourceOf(address), source));
    return here.flatMap(({ address }) => this.functionAt.get(address) ?? []);
  }

  private get allCppFunctions(): readonly NamedFunction[] {
    const { program, ftrace } = this.debuggee;
    this.cppFunctions ??= cppFunctionsOf(
      program,
      ftrace.functions.map(({ address }) => address),
    );
    return this.cppFunctions;
  }
}

function hitsOf(functions: readonly TraceableFunction[]): number {
  return functions.reduce((sum, { hits }) => sum + hits, 0);
}

function isSame(path: string | undefined, source: string): boolean {
  return path === source;
}

/** A program may have been built elsewhere, so that its only function of a name is refused for the file's name alone. */
function mayBeSame(path: string | undefined, source: string): boolean {
  const nameOf = (text: string) => text.split(/[\\/]/).at(-1);
  return path === undefined || nameOf(path) === nameOf(source);
}

function accepted(marker: TraceMarker, { address, enabled, hits }: TraceableFunction): TraceMarkerStatus {
  return { ...marker, verified: true, address: hex(address), state: enabled ? 'on' : 'off', hits };
}

function refused(marker: TraceMarker, reason: string | undefined, address: bigint | undefined): TraceMarkerStatus {
  const status: TraceMarkerStatus = { ...marker, verified: false, state: 'off', hits: 0 };
  return { ...status, ...(reason !== undefined && { reason }), ...(address !== undefined && { address: hex(address) }) };
}

/** The message of an FtraceError that an action throws. */
function failure(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof FtraceError) return error.message;
    throw error;
  }
}
