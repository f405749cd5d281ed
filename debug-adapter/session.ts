import {
  DebugSession,
  Event,
  ExitedEvent,
  InitializedEvent,
  InvalidatedEvent,
  MemoryEvent,
  Response,
  TerminatedEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { checkArguments, type Shape, withoutNulls } from './arguments';
import { breakpointLocations, loadedSources } from './breakpoint-locations';
import { Breakpoints } from './breakpoints';
import { capabilities, handledFaults } from './capabilities';
import type { Changed } from './changed';
import { compareModels } from './compare-models';
import { completions } from './completions';
import { evaluate } from './console';
import type { DebuggeeEvents, EditorState } from './debuggee';
import { disassemble } from './disassembly';
import * as errors from './errors';
import { exceptionInfo, pause, step, stoppedBody } from './execution';
import { hex } from './format';
import { type LaunchedProgram, launch, launchShape } from './launch';
import type { LaunchArguments } from './launch-arguments';
import { LineNumbers } from './line-numbers';
import { readMemory, writeMemory } from './memory';
import { startProgram } from './motions';
import { scopes, setVariable, variables } from './scopes';
import { setExpression } from './set-expression';
import type { StopReason } from './stop-reason';
import { ToldStack } from './told-stack';
import { readTrace, setTraceMarkers, tracedFunctions, traceMarkers } from './trace';
import type { SetTraceMarkersArguments, TraceMarker, TraceMarkersResponseBody } from './trace-protocol';
import { tracefsRequest } from './tracefs';
import { translatorStatistics } from './translator-statistics';

// biome-ignore lint/suspicious/noExplicitAny: checkArguments has seen that the arguments are what the handler takes.
type Handler = (args: any) => object | undefined | Promise<object | undefined>;

const source: Shape = { 'path?': 'string', 'name?': 'string', 'sourceReference?': 'integer' };
const stepping: Shape = { 'granularity?': 'string' };
const place: Shape = { memoryReference: 'string', 'offset?': 'integer' };
const instruction: Shape = { instructionReference: 'string', 'offset?': 'integer' };
const marker: Shape = { function: 'string', 'source?': 'string', 'stop?': 'boolean' };

/** A debug session: DAP requests about one program. This is the only place that puts the request families together. */
export class Session extends DebugSession {
  private readonly requests = new Map<string, { shape: Shape; handler: Handler }>();
  private readonly breakpoints = new Breakpoints();
  private readonly toldStack = new ToldStack();
  private launchArguments: LaunchArguments | undefined;
  private launched: LaunchedProgram | undefined;
  private markers: readonly TraceMarker[] = [];
  private lastStop: StopReason | undefined;
  private stopsAtHandledFaults = false;
  private lines = new LineNumbers(true, true);
  private invalidates = false;
  /** The editor has asked for disassembly, which patching a call site makes old. */
  private showsCode = false;
  /** The program that was ended before its time: its trace can be read still. */
  private ended: LaunchedProgram | undefined;
  private command = '';
  private state: 'new' | 'launching' | 'launched' | 'started' = 'new';
  /** How often the editor has ended the program, which may happen while it is being built. */
  private ends = 0;
  /** The restart under way: the next one begins after it. */
  private restarting: Promise<unknown> = Promise.resolve();

  constructor(private readonly editor: EditorState = {}) {
    super();
    this.answer('initialize', { 'linesStartAt1?': 'boolean', 'columnsStartAt1?': 'boolean' }, (a) => this.initialize(a));
    this.answer('launch', launchShape, (a) => this.launch(a));
    this.answer('attach', {}, () => this.refuseAttach());
    this.answer('configurationDone', {}, () => (this.state === 'started' ? undefined : this.begin()));
    this.answer('restart', { 'arguments?': launchShape }, (a) => this.restart(a));
    this.answer('terminate', {}, () => this.end());
    this.answer('disconnect', {}, () => this.end());

    this.answer('setBreakpoints', { source, 'breakpoints?': [{ line: 'integer' }] }, (a) => this.breakpoints.inSource(this.program, a));
    this.answer('setFunctionBreakpoints', { breakpoints: [{ name: 'string' }] }, (a) => this.breakpoints.onFunctions(this.program, a));
    this.answer('setInstructionBreakpoints', { breakpoints: [instruction] }, (a) => this.breakpoints.onInstructions(this.program, a));
    this.answer('setExceptionBreakpoints', { filters: 'strings' }, (a) => this.setExceptionBreakpoints(a));
    this.answer('breakpointLocations', { source, line: 'integer', 'endLine?': 'integer' }, (a) => breakpointLocations(this.program, a));

    this.answer('continue', {}, () => step(this.stopped, 'continue'));
    this.answer('next', stepping, (a) => step(this.stopped, 'next', a.granularity));
    this.answer('stepIn', stepping, (a) => step(this.stopped, 'stepIn', a.granularity));
    this.answer('stepOut', stepping, (a) => step(this.stopped, 'stepOut', a.granularity));
    this.answer('pause', {}, () => pause(this.program));
    this.answer('exceptionInfo', {}, () => exceptionInfo(this.stopped, this.lastStop));

    this.answer('threads', {}, () => this.threads());
    this.answer('stackTrace', { 'startFrame?': 'integer', 'levels?': 'integer' }, (a) =>
      this.toldStack.tell(this.stopped, a, this.showsCode),
    );
    this.answer('scopes', { frameId: 'integer' }, (a) => scopes(this.stopped, a));
    this.answer('variables', { variablesReference: 'integer', 'start?': 'integer', 'count?': 'integer' }, (a) =>
      variables(this.stopped, a),
    );
    this.answer('setVariable', { variablesReference: 'integer', name: 'string', value: 'string' }, (a) =>
      this.tell(setVariable(this.stopped, a)),
    );
    this.answer('source', { sourceReference: 'integer' }, (a) => ({
      content: this.program.sources.text(a.source?.sourceReference || a.sourceReference),
    }));
    this.answer('loadedSources', {}, () => loadedSources(this.program));

    this.answer('evaluate', { expression: 'string', 'frameId?': 'integer', 'context?': 'string' }, (a) =>
      this.tell(evaluate(this.program, a)),
    );
    this.answer('setExpression', { expression: 'string', value: 'string', 'frameId?': 'integer' }, (a) =>
      this.tell(setExpression(this.stopped, a)),
    );
    this.answer('completions', { text: 'string', column: 'integer' }, (a) => completions(this.program, a));
    this.answer('disassemble', { ...place, 'instructionOffset?': 'integer', instructionCount: 'integer' }, (a) => {
      this.showsCode = true;
      return disassemble(this.program, a);
    });
    this.answer('readMemory', { ...place, count: 'integer' }, (a) => readMemory(this.program, a));
    this.answer('writeMemory', { ...place, data: 'string', 'allowPartial?': 'boolean' }, (a) => this.tell(writeMemory(this.program, a)));

    this.answer('setTraceMarkers', { markers: [marker] }, (a) => this.setMarkers(a));
    this.answer('traceMarkers', {}, () => traceMarkers(this.program));
    this.answer('tracefs', { operation: 'string', path: 'string', 'content?': 'string', 'append?': 'boolean' }, (a) =>
      this.tell({ body: tracefsRequest(this.launched ?? this.ended ?? this.program, a), areas: [] }),
    );
    this.answer('compareModels', { functions: 'strings' }, (a) => compareModels(this.launchedWith, a));
    this.answer('readTrace', { from: 'integer', 'limit?': 'integer' }, (a) => readTrace(this.launched ?? this.ended ?? this.program, a));
    this.answer('translatorStatistics', {}, () => translatorStatistics(this.launched ?? this.ended ?? this.program));
  }

  private answer(command: string, shape: Shape, handler: Handler): void {
    this.requests.set(command, { shape, handler });
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.respond(request);
  }

  /** The base class ends the process here; who has made the session decides that. */
  override shutdown(): void {
    this.end();
  }

  private async respond(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    const { command } = request;
    try {
      const known = this.requests.get(command);
      if (!known) throw errors.unknownCommand(command);
      const args = withoutNulls(request.arguments ?? {});
      checkArguments(command, known.shape, args);
      this.command = command;
      const body = await known.handler(this.lines.fromClient(args));
      if (body) response.body = this.lines.toClient(body);
    } catch (error) {
      const { id, message, showUser } = error instanceof errors.UserError ? error : errors.internal(command, error);
      response.success = false;
      response.message = message;
      response.body = { error: { id, format: message, showUser } };
    }
    this.sendResponse(response);
  }

  /** The arguments of the launch; throws where there was none. */
  private get launchedWith(): LaunchArguments {
    if (!this.launchArguments) throw errors.notLaunched(this.command);
    return this.launchArguments;
  }

  /** The program, also while it runs. */
  private get program(): LaunchedProgram {
    if (!this.launched) throw errors.notLaunched(this.command);
    return this.launched;
  }

  /** The program, which must stand still and have something left to run. */
  private get stopped(): LaunchedProgram {
    const { state } = this.program.debuggee;
    if (state === 'exited') throw errors.programEnded(this.command);
    if (state !== 'stopped') throw errors.notStopped(this.command);
    return this.program;
  }

  private initialize(args: DebugProtocol.InitializeRequestArguments): DebugProtocol.Capabilities {
    if (args.pathFormat === 'uri') throw errors.uriPaths();
    this.lines = new LineNumbers(args.linesStartAt1 ?? true, args.columnsStartAt1 ?? true);
    this.invalidates = args.supportsInvalidatedEvent ?? false;
    return capabilities;
  }

  private refuseAttach(): never {
    throw errors.attachUnsupported();
  }

  private async launch(args: LaunchArguments): Promise<undefined> {
    if (this.state !== 'new') throw errors.alreadyLaunched();
    this.state = 'launching';
    this.markers = args.traceMarkers ?? [];
    try {
      this.launched = await this.prepare(args);
    } catch (error) {
      this.state = 'new';
      throw error;
    }
    this.state = 'launched';
    setImmediate(() => this.sendEvent(new InitializedEvent()));
  }

  private restart(args: DebugProtocol.RestartArguments): Promise<undefined> {
    const restarted = this.restarting.then(() => this.launchAgain(args.arguments as LaunchArguments | undefined));
    this.restarting = restarted.catch(() => undefined);
    return restarted;
  }

  private async launchAgain(args = this.launchArguments!): Promise<undefined> {
    const before = this.program;
    this.launched = await this.prepare(args);
    before.debuggee.dispose();
    for (const breakpoint of this.breakpoints.placeAgain(this.launched)) this.emitEvent('breakpoint', { reason: 'changed', breakpoint });
    if (this.state === 'started') this.begin();
  }

  /** Builds and loads the program, with the markers in force; nothing of it has run. */
  private async prepare(args: LaunchArguments): Promise<LaunchedProgram> {
    const { ends } = this;
    const launched = await launch(args, this.events(), (body) => this.emitEvent('output', body));
    if (this.ends !== ends) throw errors.endedMeanwhile();
    setTraceMarkers(launched, { markers: [...this.markers] });
    launched.debuggee.stopAtHandledFaults(this.stopsAtHandledFaults && !launched.noDebug);
    this.launchArguments = args;
    return launched;
  }

  private setExceptionBreakpoints({ filters }: DebugProtocol.SetExceptionBreakpointsArguments): undefined {
    this.stopsAtHandledFaults = filters.includes(handledFaults);
    if (this.launched) this.launched.debuggee.stopAtHandledFaults(this.stopsAtHandledFaults && !this.launched.noDebug);
  }

  private begin(): undefined {
    const { debuggee, noDebug } = this.program;
    if (debuggee.state !== 'stopped') return;
    this.state = 'started';
    if (this.launchArguments?.stopOnEntry && !noDebug) setImmediate(() => this.onStopped({ kind: 'entry' }));
    else debuggee.resume(startProgram(debuggee));
  }

  /** Ends the program, if there is one. */
  private end(): undefined {
    const launched = this.launched;
    this.ends += 1;
    this.launched = undefined;
    this.ended = launched ?? this.ended;
    launched?.debuggee.dispose();
    if (launched && launched.debuggee.state !== 'exited') setImmediate(() => this.sendEvent(new TerminatedEvent()));
  }

  private threads(): DebugProtocol.ThreadsResponse['body'] {
    const debuggee = this.launched?.debuggee;
    return { threads: debuggee && debuggee.state !== 'exited' ? [{ id: 1, name: debuggee.program.name }] : [] };
  }

  private setMarkers(args: SetTraceMarkersArguments): TraceMarkersResponseBody {
    const { debuggee } = this.program;
    const before = debuggee.trace.patches;
    const body = setTraceMarkers(this.program, args);
    this.markers = args.markers;
    const isOld = this.showsCode && debuggee.state === 'stopped' && debuggee.trace.patches !== before;
    return this.tell({ body, areas: isOld ? ['stacks'] : [] });
  }

  /** Lets the editor fetch again what a request has changed, after its response. */
  private tell<Body extends object>({ body, areas, memory }: Changed<Body>): Body {
    setImmediate(() => {
      if (areas.length > 0 && this.invalidates) this.sendEvent(new InvalidatedEvent(this.staleAreas(areas)));
      if (memory) this.sendEvent(new MemoryEvent(hex(memory.address), 0, memory.size));
      const traced = this.launched && tracedFunctions(this.launched);
      if (traced) this.emitEvent('tracedFunctions', traced);
    });
    return body;
  }

  /** Not the stack where it is as the editor was told. */
  private staleAreas(areas: Changed<object>['areas']): DebugProtocol.InvalidatedAreas[] {
    const isStopped = this.launched?.debuggee.state === 'stopped';
    if (!isStopped || !areas.includes('stacks')) return [...areas];
    return this.toldStack.holds(this.launched!, this.showsCode) ? ['variables'] : ['stacks'];
  }

  private events(): DebuggeeEvents {
    return {
      output: (output, category) => this.emitEvent('output', { output, category }),
      stopped: (reason) => this.onStopped(reason),
      turn: () => this.sendHits(false),
      ...this.editor,
    };
  }

  private onStopped(reason: StopReason): void {
    if (!this.launched) return;
    this.toldStack.forget();
    this.lastStop = reason;
    this.sendHits(true);
    if (reason.kind === 'exit') {
      this.sendEvent(new ExitedEvent(reason.code));
      this.sendEvent(new TerminatedEvent());
    } else this.emitEvent('stopped', stoppedBody(this.launched, this.breakpoints, reason));
  }

  private sendHits(now: boolean): void {
    const hits = this.launched?.debuggee.trace.takeHits(now);
    if (hits) this.emitEvent('traceHits', hits);
  }

  private emitEvent(event: string, body: object): void {
    this.sendEvent(new Event(event, this.lines.toClient(body)));
  }
}
