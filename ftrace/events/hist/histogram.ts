import type { TraceInstance } from '../../tracing/trace-instance';
import type { FieldValue, FieldValues, Lateness, TraceEvent } from '../trace-event';
import type { HistAction } from './hist-actions';
import { HistError } from './hist-error';
import type { HistExpression, HistMoment, VariableReference } from './hist-expression';
import type { HistSpec, HistVariable } from './hist-spec';

/** The counts of the events that have the same keys. */
export interface HistRow {
  readonly keys: readonly FieldValue[];
  hitcount: bigint;
  readonly sums: bigint[];
  /** The variables that are set. */
  readonly variables: Map<string, FieldValue>;
  /** What `onmax` and `onchange` hold, by their action. */
  readonly tracked: Map<HistAction, { value: bigint; readonly saved: Map<string, FieldValue> }>;
}

/** An event that a histogram is told of. */
export interface HistEvent {
  readonly instance: TraceInstance;
  readonly values: FieldValues;
  readonly now: bigint;
  stack(): readonly bigint[];
}

/** Where variables of other histograms come from. */
export interface HistSurroundings {
  /** The histogram that defines that variable. Throws HistError where several events do; undefined where none does. */
  find(reference: VariableReference): Histogram | undefined;
}

/** Between the frames of a stack, which as a key is one value. */
export const frameSeparator = '\n';

/** Counts and sums of an event by its fields (kernel/trace/trace_events_hist.c). */
export class Histogram {
  readonly rows = new Map<string, HistRow>();
  hits = 0n;
  dropped = 0n;
  isPaused: boolean;
  actions: readonly HistAction[] = [];

  /** Variables that other histograms want of this one's events, which its text does not tell. */
  private readonly hidden: HistVariable[] = [];
  /** Who refers to its variables. */
  private readonly users = new Set<Histogram>();
  private readonly providers = new Map<string, Histogram>();

  /** Throws HistError where a variable that it refers to is nowhere. */
  constructor(
    readonly spec: HistSpec,
    readonly event: TraceEvent,
    surroundings: HistSurroundings,
  ) {
    this.isPaused = spec.control === 'pause';
    for (const { expression } of [...spec.values, ...spec.variables]) {
      for (const reference of expression?.references ?? []) this.provide(reference, surroundings);
    }
  }

  /** The parts by which two of them are the same (`hist_trigger_match`). */
  get identity(): string {
    const { keys, values, variables, sort, name } = this.spec;
    const sorted = sort.map(({ field, descending }) => `${field}${descending ? '.descending' : ''}`);
    return JSON.stringify([name, keys.map(({ text }) => text), values.map(({ text }) => text), variables.map((each) => each.name), sorted]);
  }

  /** The events that it makes have no stacks. */
  get lateness(): Lateness {
    if (this.actions.some(({ makes }) => makes?.lateness === 'never')) return 'never';
    return this.spec.keys.some(({ expression }) => !expression) ? 'stack' : 'values';
  }

  get isReferenced(): boolean {
    return this.users.size > 0;
  }

  defines(name: string): boolean {
    return [...this.spec.variables, ...this.hidden].some((variable) => variable.name === name);
  }

  /** Finds once where a variable comes from. Throws HistError. */
  provide(reference: VariableReference, { find }: HistSurroundings): void {
    const isOwn = reference.event === undefined && this.defines(reference.name);
    const provider = isOwn ? this : find(reference);
    if (!provider) throw new HistError("Couldn't find variable", `$${reference.name}`);
    this.providers.set(keyOfReference(reference), provider);
    if (provider !== this) provider.users.add(this);
  }

  /** Keeps a field of its events as a variable, for another histogram that wants it of the event before its own. */
  keep(name: string, expression: HistExpression): void {
    if (!this.defines(name)) this.hidden.push({ name, expression, text: '' });
  }

  /** It is gone: it refers to nothing any more. */
  dispose(): void {
    for (const provider of this.providers.values()) provider.users.delete(this);
  }

  /** `pause`, `cont` or `clear` written again. */
  control(word: 'pause' | 'continue' | 'clear'): void {
    if (word === 'pause') this.isPaused = true;
    if (word === 'continue') this.isPaused = false;
    if (word !== 'clear') return;
    this.rows.clear();
    this.hits = this.dropped = 0n;
  }

  /** `event_hist_trigger`: without a variable that it refers to, an event does not count. */
  add(event: HistEvent): void {
    if (this.isPaused) return;
    const keys = this.keysOf(event);
    const id = JSON.stringify(keys.map(String));
    const taken = new Map<string, FieldValue>();
    for (const [key, provider] of this.providers) {
      if (provider === this) continue;
      const value = provider.take(id, key);
      if (value === undefined) return;
      taken.set(key, value);
    }
    const row = this.row(id, keys);
    if (!row) return;
    const moment: HistMoment = {
      values: event.values,
      now: event.now,
      variable: (reference) => taken.get(keyOfReference(reference)) ?? row.variables.get(reference.name),
    };
    this.hits++;
    row.hitcount++;
    this.spec.values.forEach(({ expression }, index) => {
      const value = expression ? expression.evaluate(moment) : 1n;
      if (typeof value === 'bigint') row.sums[index] = row.sums[index]! + value;
    });
    for (const { name, expression } of [...this.spec.variables, ...this.hidden]) {
      const value = expression.evaluate(moment);
      if (value !== undefined) row.variables.set(name, value);
    }
    for (const action of this.actions) action.act(this, row, moment, event);
  }

  /** A variable is read once: the next who wants it waits for it to be set again (`tracing_map_read_var_once`). */
  private take(id: string, key: string): FieldValue | undefined {
    const name = key.slice(key.lastIndexOf('$') + 1);
    const row = this.rows.get(id);
    const value = row?.variables.get(name);
    row?.variables.delete(name);
    return value;
  }

  private row(id: string, keys: readonly FieldValue[]): HistRow | undefined {
    const known = this.rows.get(id);
    if (known) return known;
    if (this.rows.size >= this.spec.size) {
      this.dropped++;
      return undefined;
    }
    const sums = this.spec.values.map(() => 0n);
    const row: HistRow = { keys, hitcount: 0n, sums, variables: new Map(), tracked: new Map() };
    this.rows.set(id, row);
    return row;
  }

  private keysOf({ values, now, stack }: HistEvent): FieldValue[] {
    const moment: HistMoment = { values, now, variable: () => undefined };
    return this.spec.keys.map(({ expression, modifier, bucket }) => {
      if (!expression) return stack().join(frameSeparator);
      const value = expression.evaluate(moment) ?? 0n;
      if (typeof value !== 'bigint') return value;
      if (modifier === 'log2') return BigInt(value <= 0n ? 0 : (value - 1n).toString(2).length - (value === 1n ? 1 : 0));
      return modifier === 'buckets' ? value - (value % bucket) : value;
    });
  }
}

function keyOfReference({ system = '', event = '', name }: VariableReference): string {
  return `${system}.${event}.$${name}`;
}
