import { FtraceError } from '../ftrace-error';
import type { Symbols } from '../output/symbols';
import type { TraceInstance } from '../tracing/trace-instance';
import { type EventFilter, parseFilter } from './event-filter';
import { makeHistTrigger } from './hist/hist-trigger';
import type { Histogram } from './hist/histogram';
import { type EventSwitcher, type EventTable, type FieldValues, type Lateness, type TraceEvent, writeStack } from './trace-event';

/** The moment of an event. */
export interface TriggerContext {
  readonly instance: TraceInstance;
  readonly values: FieldValues;
  readonly ip: bigint;
  stack(): readonly bigint[];
}

/** What an event's `trigger` file holds one of: something that happens with the event. */
export interface Trigger {
  /** By which two of them are the same: there is one of each. */
  readonly key: string;
  readonly text: string;
  readonly filter: EventFilter | undefined;
  readonly histogram?: Histogram;
  /** What it makes of `tracing_on`, as long as it does; undefined where nothing. */
  readonly tracing?: TracingSwitch | undefined;
  /** The event that it turns on or off, which has to know as long as it is there. */
  readonly switched?: { readonly event: TraceEvent; readonly switcher: EventSwitcher };
  /** But for what turns the graph tracer on or off (`TraceEvent.graphSwitches`). */
  readonly lateness: Lateness;
  fire(context: TriggerContext): void;
}

/** What turns tracing on or off. */
export interface TracingSwitch {
  /** Which one it is, among all that there ever were. */
  readonly number: number;
  readonly to: boolean;
  /** How often it still does so; may be infinite. */
  readonly left: number;
}

export interface TriggerSurroundings {
  readonly events: EventTable;
  readonly symbols: Symbols;
  readonly instance: TraceInstance;
}

let nextNumber = 1;

/** The commands there are, in the kernel's order. */
export const triggerCommands = [
  ...['traceon', 'traceoff', 'snapshot', 'stacktrace', 'enable_event', 'disable_event', 'enable_hist', 'disable_hist', 'hist'],
] as const;

/** `COMMAND[:PARAMETERS][:COUNT] [if FILTER]` (kernel/trace/trace_events_trigger.c). Throws FtraceError. */
export function parseTrigger(text: string, event: TraceEvent, surroundings: TriggerSurroundings): Trigger {
  const [, command = '', condition] = /^(.*?)(?:\s+if\s+(.*))?$/s.exec(text.trim()) ?? [];
  const filter = condition === undefined ? undefined : parseFilter(condition.trim(), event);
  const [name = '', ...parameters] = command.split(':');
  if (name === 'hist') return makeHistTrigger(parameters, filter, event, surroundings);
  const isSwitch = /^(enable|disable)_(event|hist)$/.test(name);
  const [system = '', target = ''] = parameters;
  const count = isSwitch ? parameters[2] : parameters[0];
  if (parameters.length > (isSwitch ? 3 : 1)) throw new FtraceError('EINVAL');
  if (count !== undefined && !/^(0x[0-9a-f]+|[0-9]+)$/i.test(count)) throw new FtraceError('EINVAL');
  let left = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
  const switched = isSwitch ? surroundings.events.find(system, target) : undefined;
  const act = actionOf(name, switched);
  const head = isSwitch ? `${name}:${system}:${target}` : name;
  const suffix = filter ? ` if ${filter.text}` : '';
  const isEventSwitch = name === 'enable_event' || name === 'disable_event';
  const isTracingSwitch = name === 'traceon' || name === 'traceoff';
  const number = nextNumber++;
  return {
    key: head,
    get tracing() {
      return isTracingSwitch && left > 0 ? { number, to: name === 'traceon', left } : undefined;
    },
    lateness: name === 'stacktrace' ? 'stack' : 'values',
    get text() {
      return `${head}:${count === undefined ? 'unlimited' : `count=${left}`}${suffix}`;
    },
    filter,
    ...(switched &&
      isEventSwitch && { switched: { event: switched, switcher: { instance: surroundings.instance, to: name === 'enable_event' } } }),
    fire(context) {
      if (left === 0 || !act(context)) return;
      left--;
      if (left === 0 && isTracingSwitch) context.instance.switchesChanged();
    },
  };
}

function actionOf(name: string, target: TraceEvent | undefined): (context: TriggerContext) => boolean {
  switch (name) {
    case 'traceon':
    case 'traceoff':
      return ({ instance }) => {
        const on = name === 'traceon';
        if (instance.isOn === on) return false;
        instance.isOn = on;
        return true;
      };
    case 'stacktrace':
      return ({ instance, stack }) => {
        writeStack(instance, stack());
        return true;
      };
    case 'snapshot':
      return ({ instance }) => {
        instance.takeSnapshot();
        return true;
      };
    case 'enable_event':
    case 'disable_event': {
      if (!target) throw new FtraceError('EINVAL');
      return ({ instance }) => target.switch(instance, name === 'enable_event');
    }
    case 'enable_hist':
    case 'disable_hist': {
      if (!target) throw new FtraceError('EINVAL');
      return ({ instance }) => {
        for (const { histogram } of target.state(instance).triggers) histogram?.control(name === 'enable_hist' ? 'continue' : 'pause');
        return true;
      };
    }
    default:
      throw new FtraceError('EINVAL');
  }
}
