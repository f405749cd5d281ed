import type { EventFilter } from '../event-filter';
import type { TraceEvent } from '../trace-event';
import type { Trigger, TriggerSurroundings } from '../trigger';
import { type ActionContext, parseHistAction } from './hist-actions';
import { HistError } from './hist-error';
import type { VariableReference } from './hist-expression';
import { type HistSpec, parseHistSpec } from './hist-spec';
import { histSpecText, usesTimestamp } from './hist-text';
import { Histogram } from './histogram';

/** A histogram as a trigger of an event. Throws HistError. */
export function makeHistTrigger(
  parameters: readonly string[],
  filter: EventFilter | undefined,
  event: TraceEvent,
  surroundings: TriggerSurroundings,
): Trigger {
  const { instance } = surroundings;
  const spec = parseHistSpec(parameters, event);
  const context = contextOf(surroundings);
  const histogram = shared(spec, event, context) ?? new Histogram(spec, event, context);
  if (histogram.spec === spec) histogram.actions = spec.actions.map((text) => parseHistAction(text, histogram, context));
  if (histogram.actions.filter(({ text }) => /\.save\(/.test(text)).length > 1) {
    throw new HistError("Can't have more than one save() action per hist", spec.actions.at(-1)!);
  }
  const suffix = filter ? ` if ${filter.text}` : '';
  return {
    key: `hist ${histogram.identity}${suffix}`,
    get text() {
      return `${histSpecText(histogram)}${suffix} [${histogram.isPaused ? 'paused' : 'active'}]`;
    },
    filter,
    histogram,
    get lateness() {
      return histogram.lateness;
    },
    fire: ({ values, stack }) => histogram.add({ instance, values, now: instance.registry.now, stack }),
  };
}

/** What a histogram does to its instance when it is there: times that can be compared need a clock that is the same for all harts. */
export function startHistogram({ spec }: Histogram, { instance }: TriggerSurroundings): void {
  if (usesTimestamp(spec) && instance.clock !== 'global') instance.clock = 'global';
}

/** The histogram of that name, which several events may feed. */
function shared(spec: HistSpec, event: TraceEvent, { events, histogramsOf }: ActionContext): Histogram | undefined {
  if (spec.name === undefined) return undefined;
  const known = events.all.flatMap(histogramsOf).find((each) => each.spec.name === spec.name);
  if (!known || known.identity === new Histogram({ ...spec, variables: [] }, event, { find: () => undefined }).identity) return known;
  throw new HistError("Named hist trigger doesn't match existing named trigger (includes variables)", spec.name);
}

function contextOf({ events, instance }: TriggerSurroundings): ActionContext {
  const histogramsOf = (event: TraceEvent) => event.state(instance).triggers.flatMap(({ histogram }) => (histogram ? [histogram] : []));
  const find = ({ name, system, event: eventName }: VariableReference): Histogram | undefined => {
    const candidates = events.all.filter(
      (event) => (system === undefined || event.system === system) && (eventName === undefined || event.name === eventName),
    );
    const found = [...new Set(candidates.flatMap(histogramsOf))].filter((each) => each.defines(name));
    if (found.length > 1) {
      const message = 'Variable name not unique, need to use fully qualified name (subsys.event.var) for variable';
      throw new HistError(message, `$${name}`);
    }
    return found[0];
  };
  return { events, histogramsOf, find };
}
