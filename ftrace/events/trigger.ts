import { FtraceError } from '../ftrace-error';
import type { Symbols } from '../output/symbols';
import type { TraceInstance } from '../tracing/trace-instance';
import { type EventFilter, parseFilter } from './event-filter';
import { Histogram } from './histogram';
import { type EventTable, type FieldValues, type TraceEvent, writeStack } from './trace-event';

/** The moment of an event. */
export interface TriggerContext {
  readonly instance: TraceInstance;
  readonly values: FieldValues;
  readonly ip: bigint;
  stack(): readonly bigint[];
}

/** What an event's `trigger` file holds one of: something that happens with the event. */
export interface Trigger {
  /** Command and parameters without count and filter: there is one of each. */
  readonly key: string;
  readonly text: string;
  readonly filter: EventFilter | undefined;
  readonly histogram?: Histogram;
  fire(context: TriggerContext): void;
}

export interface TriggerSurroundings {
  readonly events: EventTable;
  readonly symbols: Symbols;
}

/** `COMMAND[:PARAMETERS][:COUNT] [if FILTER]` (kernel/trace/trace_events_trigger.c). Throws FtraceError (EINVAL). */
export function parseTrigger(text: string, event: TraceEvent, { events, symbols }: TriggerSurroundings): Trigger {
  const [, command = '', condition] = /^(.*?)(?:\s+if\s+(.*))?$/s.exec(text.trim()) ?? [];
  const filter = condition === undefined ? undefined : parseFilter(condition, event);
  const [name = '', ...parameters] = command.split(':');
  const suffix = filter ? ` if ${filter.text}` : '';
  if (name === 'hist') {
    const histogram = new Histogram(parameters, event, symbols);
    return {
      key: `hist:${parameters.filter((each) => !/^(pause|cont|continue|clear)$/.test(each)).join(':')}`,
      text: `${histogram.text}${suffix} [active]`,
      filter,
      histogram,
      fire: ({ values, stack }) => histogram.add(values, stack),
    };
  }
  const isEvent = name === 'enable_event' || name === 'disable_event';
  const [system = '', target = ''] = parameters;
  const count = isEvent ? parameters[2] : parameters[0];
  if (count !== undefined && !/^[0-9]+$/.test(count)) throw new FtraceError('EINVAL');
  let left = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
  const act = actionOf(name, isEvent ? events.find(system, target) : undefined);
  const head = isEvent ? `${name}:${system}:${target}` : name;
  return {
    key: head,
    get text() {
      return `${head}:${count === undefined ? 'unlimited' : `count=${left}`}${suffix}`;
    },
    filter,
    fire(context) {
      if (left > 0 && act(context)) left--;
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
      return ({ instance }) => {
        const on = name === 'enable_event';
        if (target.state(instance).enabled === on) return false;
        target.enable(instance, on);
        return true;
      };
    }
    default:
      throw new FtraceError('EINVAL');
  }
}
