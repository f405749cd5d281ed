import type {
  ReadTraceArguments,
  ReadTraceResponseBody,
  TracedFunction,
  TracedFunctionsEventBody,
  TraceHitsEventBody,
  TraceMarker,
  TraceMarkerStatus,
  TraceMarkersResponseBody,
} from '../../debug-adapter/trace-protocol';

/** As much of a `vscode.DebugSession` as is needed here. */
export interface SessionPort {
  readonly id: string;
  readonly name: string;
  readonly configuration: { readonly [key: string]: unknown };
  customRequest(command: string, args?: unknown): Thenable<unknown>;
}

interface AdapterMessage {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly body?: unknown;
}

/** One debug session as tracing sees it: what became of the markers in it, their hits, its trace. */
export class TraceSession {
  private readonly statuses = new Map<string, TraceMarkerStatus>();
  private started = false;
  private over = false;
  private lastChance = false;

  /** `changed` is called when a status or a count is new, `traced` when there is more to read in the trace. */
  constructor(
    private readonly port: SessionPort,
    private readonly markers: () => TraceMarker[],
    private readonly changed: () => void,
    private readonly traced: (session: TraceSession) => void,
    /** Called when somebody beside the markers has changed which functions are traced. */
    private readonly follow: (functions: readonly TracedFunction[], session: TraceSession) => void = () => {},
  ) {}

  get id(): string {
    return this.port.id;
  }

  get name(): string {
    return this.port.name;
  }

  /** Path of the program. */
  get program(): string {
    return String(this.port.configuration.program ?? '');
  }

  get ended(): boolean {
    return this.over;
  }

  /** The program ran, or runs: there is a trace of it. */
  get hasRun(): boolean {
    return this.started;
  }

  /** The program is at its end; what is to be read must be asked for now. */
  get ending(): boolean {
    return this.lastChance;
  }

  statusOf(marker: TraceMarker): TraceMarkerStatus | undefined {
    return this.statuses.get(keyOf(marker));
  }

  /** Tells the adapter which functions are marked now; before the launch is answered they are in its arguments. */
  async sendMarkers(): Promise<void> {
    if (!this.started || this.over) return;
    this.take((await this.port.customRequest('setTraceMarkers', { markers: this.markers() })) as TraceMarkersResponseBody);
  }

  /** Lines of the trace from a number on; none once the session is over. */
  async readTrace(from: number, limit: number): Promise<ReadTraceResponseBody | undefined> {
    if (!this.started || this.over) return undefined;
    const args: ReadTraceArguments = { from, limit };
    return (await this.port.customRequest('readTrace', args)) as ReadTraceResponseBody;
  }

  /** Everything that the adapter sends comes by here before the editor sees it. */
  async watch(message: AdapterMessage): Promise<void> {
    if (message.type === 'event' && message.event === 'traceHits') this.count(message.body as TraceHitsEventBody);
    if (message.type === 'event' && message.event === 'tracedFunctions')
      this.follow((message.body as TracedFunctionsEventBody).functions, this);
    if (message.type === 'event' && (message.event === 'terminated' || message.event === 'exited')) {
      this.lastChance = true;
      this.traced(this);
    }
    if (message.type !== 'response') return;
    if (message.command === 'launch' && !message.success) this.end();
    if (message.success && (message.command === 'launch' || message.command === 'restart')) {
      this.started = true;
      this.lastChance = false;
      this.traced(this);
      await this.sendMarkers();
    }
  }

  end(): void {
    this.over = true;
    this.changed();
  }

  private take({ markers }: TraceMarkersResponseBody): void {
    this.statuses.clear();
    for (const status of markers) this.statuses.set(keyOf(status), status);
    this.changed();
  }

  private count({ markers }: TraceHitsEventBody): void {
    for (const marker of markers) {
      const status = this.statuses.get(keyOf(marker));
      if (status) this.statuses.set(keyOf(marker), { ...status, hits: marker.hits });
    }
    this.changed();
    this.traced(this);
  }
}

function keyOf(marker: { function: string; source?: string }): string {
  return `${marker.source ?? ''}\0${marker.function}`;
}
