import type { EventTable, FieldValue, FieldValues, TraceEvent } from '../trace-event';
import { HistError } from './hist-error';
import { type HistExpression, type HistMoment, parseHistExpression, parseReference } from './hist-expression';
import type { HistEvent, Histogram, HistRow, HistSurroundings } from './histogram';

/** What a histogram does at an event beside counting: `HANDLER(WHAT).ACTION(PARAMETERS)`. */
export interface HistAction {
  readonly text: string;
  /** What of it a row shows: `max` or `changed`; undefined for nothing. */
  readonly label: 'max' | 'changed' | undefined;
  readonly variable: string;
  readonly handler: 'onmatch' | 'onmax' | 'onchange';
  readonly isSnapshot: boolean;
  /** The synthetic event that it makes. */
  readonly makes: TraceEvent | undefined;
  /** The value, and the keys, of which the snapshot was taken. */
  taken: { readonly value: bigint; readonly row: HistRow } | undefined;
  act(histogram: Histogram, row: HistRow, moment: HistMoment, event: HistEvent): void;
}

/** What the actions of a histogram reach. */
export interface ActionContext extends HistSurroundings {
  readonly events: EventTable;
  /** The histograms of an event in this instance. */
  histogramsOf(event: TraceEvent): readonly Histogram[];
}

interface ParsedAction {
  readonly handler: HistAction['handler'];
  readonly subject: string;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly text: string;
}

/** The value of a parameter at an event; undefined where it is not known. */
type Parameter = (row: HistRow, moment: HistMoment) => FieldValue | undefined;

/** Throws HistError. */
export function parseHistAction(text: string, histogram: Histogram, context: ActionContext): HistAction {
  const parsed = takeApart(text);
  const { handler, subject, name } = parsed;
  const makes = context.events.find('synthetic', name === 'trace' ? (parsed.parameters[0] ?? '') : name);
  const base = { text, handler, variable: subject, isSnapshot: name === 'snapshot', makes, taken: undefined };
  if (handler === 'onmatch') {
    const before = matchedEvent(subject, context);
    if (name === 'save' || name === 'snapshot') throw new HistError("Handler doesn't support action", name);
    const trace = traceAction(parsed, histogram, context, before);
    return { ...base, label: undefined, act: (_, row, moment) => trace(row, moment) };
  }
  if (!subject.startsWith('$')) throw new HistError('For onmax(x) or onchange(x), x must be a variable', subject);
  if (!histogram.defines(subject.slice(1))) throw new HistError("Couldn't find onmax or onchange variable", subject);
  const then = trackedAction(parsed, histogram, context);
  const isMax = handler === 'onmax';
  const action: HistAction = {
    ...base,
    label: isMax ? 'max' : 'changed',
    act(_, row, moment, event) {
      const value = row.variables.get(subject.slice(1));
      if (typeof value !== 'bigint') return;
      const known = row.tracked.get(action);
      if (known && (isMax ? value <= known.value : value === known.value)) return;
      const saved = known?.saved ?? new Map<string, FieldValue>();
      row.tracked.set(action, { value, saved });
      then(action, row, moment, event, value, saved);
    },
  };
  return action;
}

function takeApart(text: string): ParsedAction {
  const [, handler, subject = '', rest = ''] = /^(onmatch|onmax|onchange)\(([^)]*)\)\.?(.*)$/.exec(text) ?? [];
  if (handler === undefined) throw new HistError('No closing paren found', text);
  const [, name = '', brace, list] = /^(\w+)(\()?([^)]*)(?:\))?$/.exec(rest) ?? [];
  if (name === '') throw new HistError('No action found', rest);
  if (brace === undefined || !rest.endsWith(')')) throw new HistError('No closing paren found', rest);
  const parameters = (list ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  return { handler: handler as HistAction['handler'], subject, name, parameters, text };
}

function matchedEvent(subject: string, { events }: ActionContext): TraceEvent {
  const [system = '', name] = subject.split('.');
  if (name === undefined || system === '') throw new HistError('Missing subsystem', subject);
  const event = events.find(system, name);
  if (!event) throw new HistError('Invalid subsystem or event name', subject);
  return event;
}

type Then = (action: HistAction, row: HistRow, moment: HistMoment, event: HistEvent, value: bigint, saved: Map<string, FieldValue>) => void;

function trackedAction(parsed: ParsedAction, histogram: Histogram, context: ActionContext): Then {
  const { name, parameters, text } = parsed;
  if (name === 'snapshot') {
    return (action, row, _moment, { instance }, value) => {
      // One snapshot for the whole histogram: of the largest, or of the last change.
      if (action.label === 'max' && action.taken && action.taken.value >= value) return;
      instance.takeSnapshot();
      action.taken = { value, row };
    };
  }
  if (name === 'save') {
    if (parameters.length === 0) throw new HistError('No params found for save()', text);
    const expressions = parameters.map((each): [string, HistExpression] => [each, parseHistExpression(each, histogram.event)]);
    return (_action, _row, moment, _event, _value, saved) => {
      for (const [field, expression] of expressions) saved.set(field, expression.evaluate(moment) ?? 0n);
    };
  }
  const trace = traceAction(parsed, histogram, context, undefined);
  return (_action, row, moment) => trace(row, moment);
}

/** `SYNTHETIC(...)` or `trace(SYNTHETIC,...)`: makes a synthetic event of its parameters. */
function traceAction(
  { name, parameters, text }: ParsedAction,
  histogram: Histogram,
  context: ActionContext,
  before: TraceEvent | undefined,
) {
  const [synthetic = '', ...rest] = name === 'trace' ? parameters : [name, ...parameters];
  const target = context.events.find('synthetic', synthetic);
  if (!target) throw new HistError("Couldn't find synthetic event", synthetic || text);
  const { fields } = target.description;
  if (fields.length !== rest.length) throw new HistError("Param count doesn't match synthetic event field count", synthetic);
  const values = rest.map((parameter, index) => {
    const { value, isText } = parameterOf(parameter, histogram, context, before);
    const wantsText = /char/.test(fields[index]!.type);
    if (isText !== undefined && isText !== wantsText) throw new HistError("Param type doesn't match synthetic event field type", parameter);
    return value;
  });
  return (row: HistRow, moment: HistMoment) => {
    const made = new Map<string, FieldValue>();
    for (const [index, value] of values.entries()) {
      const found = value(row, moment);
      if (found === undefined) return;
      made.set(fields[index]!.name, found);
    }
    target.fire(made as FieldValues, 0n, () => []);
  };
}

function parameterOf(
  text: string,
  histogram: Histogram,
  context: ActionContext,
  before: TraceEvent | undefined,
): { readonly value: Parameter; readonly isText: boolean | undefined } {
  if (text.includes('$')) {
    const reference = parseReference(text);
    const isOwn = reference.event === undefined && histogram.defines(reference.name);
    if (isOwn) return { value: (row) => row.variables.get(reference.name), isText: undefined };
    const known = context.find(
      reference.event === undefined && before ? { ...reference, system: before.system, event: before.name } : reference,
    );
    if (!known) throw new HistError("Couldn't find param", text);
    histogram.provide(reference, { find: () => known });
    return { value: (_, moment) => moment.variable(reference), isText: undefined };
  }
  if (histogram.event.field(text)) {
    const expression = parseHistExpression(text, histogram.event);
    return { value: (_, moment) => expression.evaluate(moment), isText: expression.isText };
  }
  if (!before?.field(text)) throw new HistError("Couldn't find param", text);
  const earlier = context.histogramsOf(before).find((each) => each.spec.keys.length === histogram.spec.keys.length);
  if (!earlier) throw new HistError('Matching event histogram not found', text);
  const expression = parseHistExpression(text, before);
  const name = `synthetic_${text}`;
  earlier.keep(name, expression);
  const reference = { name, system: before.system, event: before.name };
  histogram.provide(reference, { find: () => earlier });
  return { value: (_, moment) => moment.variable(reference), isText: expression.isText };
}
