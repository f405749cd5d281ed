import { FtraceError } from '../ftrace-error';
import type { EventPayload } from '../output/trace-text';
import { type EventDecoder, recordType, stackLength } from '../ring-buffer';
import type { TraceInstance } from '../tracing/trace-instance';
import { commonFields, genericFields } from './common-fields';
import { type EventFilter, FilterError, parseFilter } from './event-filter';
import type { TracingSwitch, Trigger } from './trigger';

export interface EventField {
  readonly name: string;
  /** Its C type, as `format` has it. */
  readonly type: string;
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
  /** Of changing length: its characters are bytes, and no NUL ends them. */
  readonly isBytes?: boolean;
}

export type FieldValue = bigint | string;
export type FieldValues = ReadonlyMap<string, FieldValue>;

/** What an event is, apart from who has turned it on. */
export interface EventDescription {
  readonly system: string;
  readonly name: string;
  readonly fields: readonly EventField[];
  /** The text behind `print fmt: `. */
  readonly printFormat: string;
  /** The event's text in the trace, with what is before it up to the colon. */
  readonly payload: (values: FieldValues) => EventPayload;
  /** Called when the first who wants it comes, and when the last goes. */
  readonly activate?: () => void;
  readonly deactivate?: () => void;
  /** Called when it may have changed what becomes of it. */
  readonly changed?: () => void;
}

/** An instance that has records of an event, where they pass the filter. */
export interface Recipient {
  readonly instance: TraceInstance;
  readonly filter: EventFilter | undefined;
  /** Each is followed by its stack. */
  readonly hasStack: boolean;
}

/** What an instance has said of an event. */
export interface EventState {
  enabled: boolean;
  filter: EventFilter | undefined;
  /** What `filter` says where the last one written was none. */
  filterError: string | undefined;
  triggers: Trigger[];
}

/** A command or a trigger of an instance that turns an event on or off. */
export interface EventSwitcher {
  readonly instance: TraceInstance;
  /** Which of the two it does. */
  readonly to: boolean;
}

/** A trigger that turns an instance of the graph tracer on or off. */
export interface GraphSwitch {
  readonly instance: TraceInstance;
  readonly filter: EventFilter | undefined;
  readonly tracing: TracingSwitch;
}

/** What has to be kept of an event so that all that becomes of it is the same when it is long over: its values, its stack too. */
export type Lateness = 'values' | 'stack' | 'never';

/** What keeps enough for all. */
export function latest(all: readonly Lateness[]): Lateness {
  return all.includes('never') ? 'never' : all.includes('stack') ? 'stack' : 'values';
}

/** An event's record as the engine has made it: its words, and what decodes them. */
export interface MadeRecord {
  readonly decoder: EventDecoder & { readonly decoder: number };
  readonly words: BigUint64Array;
}

let nextId = 1000;

/** An event that instances turn on, filter and trigger on (`struct trace_event_call`). */
export class TraceEvent {
  readonly id = nextId++;
  /** The name of the task that makes it; known once it is in a table. */
  comm = '';
  /** Who is told of it beside the instances: probes and histograms that look at other events. */
  readonly listeners = new Map<(values: FieldValues) => void, () => Lateness>();
  /** Called when somebody wants it otherwise than before. */
  onUpdate: () => void = () => {};
  /** Who may turn it on or off by what is done of calls and other events. */
  private readonly switchers = new Set<EventSwitcher>();
  private readonly states = new Map<TraceInstance, EventState>();
  private isActive = false;
  private isBeingAsked = false;

  constructor(readonly description: EventDescription) {}

  get name(): string {
    return this.description.name;
  }

  get system(): string {
    return this.description.system;
  }

  state(instance: TraceInstance): EventState {
    let state = this.states.get(instance);
    if (!state) {
      state = { enabled: false, filter: undefined, filterError: undefined, triggers: [] };
      this.states.set(instance, state);
    }
    return state;
  }

  /** Whether anybody wants it, or may turn it on: it is attached then, and as long as it is off nothing becomes of it. */
  get isUsed(): boolean {
    if (this.listeners.size > 0 || this.switchers.size > 0) return true;
    return [...this.states.values()].some(({ enabled, triggers }) => enabled || triggers.length > 0);
  }

  enable(instance: TraceInstance, on: boolean): void {
    this.state(instance).enabled = on;
    this.update();
  }

  /** As a command or a trigger does (EVENT_FILE_FL_SOFT_DISABLED), which `addSwitcher` has told of; false where it is so already. */
  switch(instance: TraceInstance, on: boolean): boolean {
    const state = this.state(instance);
    if (state.enabled === on) return false;
    state.enabled = on;
    instance.registry.choose(this.switched);
    return true;
  }

  private readonly switched = (): void => this.onUpdate();

  /** Has the event attached, so that it can be turned on and off of a moment that is over (EVENT_FILE_FL_SOFT_MODE). */
  addSwitcher(switcher: EventSwitcher): void {
    this.switchers.add(switcher);
    this.update();
  }

  deleteSwitcher(switcher: EventSwitcher): void {
    this.switchers.delete(switcher);
    this.update();
  }

  /** Whether an instance has commands or triggers that turn it on or off. */
  isSwitchedIn(instance: TraceInstance): boolean {
    return this.mayBeSwitched(instance, true) || this.mayBeSwitched(instance, false);
  }

  mayBeSwitched(instance: TraceInstance, on: boolean): boolean {
    return [...this.switchers].some((switcher) => switcher.instance === instance && switcher.to === on);
  }

  /** `filter`: an expression, or `0` for none. Throws FilterError; there is no filter then, and the file says what was wrong. */
  setFilter(instance: TraceInstance, text: string): void {
    const state = this.state(instance);
    const expression = text.trim();
    state.filter = state.filterError = undefined;
    try {
      if (expression !== '0') state.filter = parseFilter(expression, this);
    } catch (error) {
      if (error instanceof FilterError) {
        state.filterError = `${expression}\n${'^'.padStart(error.at + 1)}\nparse_error: ${error.message}\n`;
      }
      throw error;
    } finally {
      this.description.changed?.();
    }
  }

  /** `lateness`: what it takes for the listener to be called when the event is long over. */
  listen(listener: (values: FieldValues) => void, lateness: () => Lateness = () => 'never'): void {
    this.listeners.set(listener, lateness);
    this.update();
  }

  unlisten(listener: (values: FieldValues) => void): void {
    this.listeners.delete(listener);
    this.update();
  }

  forget(instance: TraceInstance): void {
    for (const { switched } of this.triggersOf(instance)) switched?.event.deleteSwitcher(switched.switcher);
    this.states.delete(instance);
    this.update();
  }

  /** To be called when triggers have come or gone. */
  update(): void {
    const { isUsed } = this;
    if (isUsed !== this.isActive) {
      this.isActive = isUsed;
      if (isUsed) this.description.activate?.();
      else this.description.deactivate?.();
    }
    this.description.changed?.();
    this.onUpdate();
  }

  triggersOf(instance: TraceInstance): readonly Trigger[] {
    return this.states.get(instance)?.triggers ?? [];
  }

  get lateness(): Lateness {
    return this.graphSwitches.length > 0 ? 'never' : this.latenessOfOthers;
  }

  /** Its triggers that turn the graph tracer on or off, in turn: they have to do so at once. */
  get graphSwitches(): readonly GraphSwitch[] {
    return [...this.states].flatMap(([instance, { triggers }]) =>
      instance.tracer === 'function_graph' ? triggers.flatMap(({ filter, tracing }) => (tracing ? { instance, filter, tracing } : [])) : [],
    );
  }

  /** The lateness without `graphSwitches`. */
  get latenessOfOthers(): Lateness {
    if (this.isBeingAsked) return 'values';
    this.isBeingAsked = true;
    try {
      const ofInstances = [...this.states].flatMap(([instance, { enabled, triggers }]): Lateness[] => [
        (enabled || this.isSwitchedIn(instance)) && instance.options.is('stacktrace') ? 'stack' : 'values',
        ...triggers.map(({ lateness }) => lateness),
      ]);
      return latest([...[...this.listeners.values()].map((lateness) => lateness()), ...ofInstances]);
    } finally {
      this.isBeingAsked = false;
    }
  }

  /** Whether anything may come into an instance's buffer of it, also of what histograms make. */
  reaches(instance: TraceInstance): boolean {
    if (this.listeners.size > 0 || this.isSwitchedIn(instance)) return true;
    const isItsOwn = ({ enabled, triggers }: EventState) => enabled || triggers.length > 0;
    return [...this.states].some(
      ([each, state]) => (each === instance && isItsOwn(state)) || state.triggers.some(({ histogram }) => histogram),
    );
  }

  /** Who has records of it now, where nothing else becomes of it; undefined where somebody has to be asked. */
  get recipients(): readonly Recipient[] | undefined {
    if (this.listeners.size > 0 || this.switchers.size > 0) return undefined;
    const recipients: Recipient[] = [];
    for (const [instance, { enabled, filter, triggers }] of this.states) {
      if (triggers.length > 0) return undefined;
      if (!enabled || !instance.tracesEvents || !instance.mayTake) continue;
      recipients.push({ instance, filter, hasStack: instance.options.is('stacktrace') });
    }
    return recipients;
  }

  /** What a record of it shows. */
  payloadOf(values: FieldValues): EventPayload {
    return { ...this.description.payload(values), event: this, values } as EventPayload;
  }

  field(name: string): EventField | undefined {
    const isNamed = (each: EventField) => each.name === name;
    return this.description.fields.find(isNamed) ?? commonFields.find(isNamed) ?? genericFields.find(isNamed);
  }

  /** It has happened: for each instance that wants it a record, and its triggers. `ip` is the place the event names. */
  fire(values: FieldValues, ip: bigint, stack: () => readonly bigint[], made?: MadeRecord): void {
    for (const instance of this.states.keys()) instance.registry.settle();
    for (const listener of [...this.listeners.keys()]) listener(values);
    for (const [instance, { enabled, filter, triggers }] of this.states) {
      if (!enabled && triggers.length === 0) continue;
      const context = { instance, values, ip, stack };
      const passes = filter ? filter.matches(values) : true;
      for (const trigger of [...triggers]) if (!trigger.filter || trigger.filter.matches(values)) trigger.fire(context);
      if (!enabled || !passes || !instance.tracesEvents) continue;
      if (made) {
        instance.buffer.setDecoder(made.decoder.decoder, made.decoder);
        const { decoder, words } = made;
        const regs = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
        instance.write({ type: recordType.event, ip, depth: decoder.decoder, regs, length: decoder.length });
      } else instance.write({ type: recordType.event, ip, payload: this.payloadOf(values), length: this.length });
      if (instance.options.is('stacktrace')) writeStack(instance, stack());
    }
  }

  /** Bytes of its record in the kernel's buffer. */
  get length(): number {
    return Math.max(8, ...this.description.fields.map(({ offset, size }) => offset + size));
  }
}

export function writeStack(instance: TraceInstance, frames: readonly bigint[]): void {
  instance.write({ type: recordType.stack, ip: frames[0] ?? 0n, payload: frames, length: stackLength(frames.length) });
}

/** All events there are, by system and name. */
export class EventTable {
  /** Called when somebody wants an event otherwise than before. */
  onUpdate: () => void = () => {};
  private readonly events = new Map<string, TraceEvent>();

  /** `comm`: the name of the one task. */
  constructor(private readonly comm: string) {}

  /** Throws FtraceError (EEXIST) where there is one of that name. */
  add(event: TraceEvent): void {
    const key = `${event.system}:${event.name}`;
    if (this.events.has(key)) throw new FtraceError('EEXIST');
    this.events.set(key, event);
    event.comm = this.comm;
    event.onUpdate = () => this.onUpdate();
  }

  delete(event: TraceEvent): void {
    this.events.delete(`${event.system}:${event.name}`);
  }

  find(system: string, name: string): TraceEvent | undefined {
    return this.events.get(`${system}:${name}`);
  }

  get all(): readonly TraceEvent[] {
    return [...this.events.values()];
  }

  get systems(): readonly string[] {
    return [...new Set(this.all.map(({ system }) => system))].sort();
  }

  /** Those that `set_event` names: `SYSTEM:EVENT`, `SYSTEM:*`, `SYSTEM:`, `EVENT`, `*:*`. */
  matching(text: string): readonly TraceEvent[] {
    const [first = '', second] = text.split(':');
    const matches = (pattern: string, name: string) => pattern === '' || pattern === '*' || globLike(pattern, name);
    return this.all.filter((event) =>
      second === undefined
        ? first === event.name || first === event.system || first === '*'
        : matches(first, event.system) && matches(second, event.name),
    );
  }
}

function globLike(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.at(-1) ?? '';
  return name.startsWith(head) && name.endsWith(tail) && name.length >= head.length + tail.length;
}
