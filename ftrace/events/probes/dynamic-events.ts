import { deepest } from '../../call-stacks';
import { FtraceError } from '../../ftrace-error';
import { longestLater, recordField, recordSize } from '../../record-layout';
import { moreWords } from '../../record-tails';
import type { LengthByType } from '../../ring-buffer';
import { eventsWithStacks, halvesOf, type Records } from '../../stack-records';
import type { TraceInstance } from '../../tracing/trace-instance';
import type { EventFilter } from '../event-filter';
import { type EventField, type FieldValue, type FieldValues, type Recipient, TraceEvent } from '../trace-event';
import { caretIn } from './argument-caret';
import { eventProbePoint } from './event-probe';
import { expandArguments } from './expand-arguments';
import { type FetchArgument, parseFetchArgument } from './fetch-argument';
import type { FetchWord, ProbeMoment } from './fetch-word';
import { fprobePoint } from './fprobe';
import { kprobePoint } from './kprobe';
import type { NativeEvent } from './native-fetch';
import { areSame, type NativeSwitch, nativeSwitches } from './native-switch';
import { type ProbeDefinition, type ProbeKind, parseProbe } from './probe-definition';
import { ProbeError } from './probe-error';
import type { Fire, PlaceValues, ProbeContext, ProbePoint, TakeEvents } from './probe-point';
import { countEvents, passing, type RecordedEvent, recordedEvent } from './recorded-event';
import { tracepointPoint } from './tracepoint';
import { uprobePoint } from './uprobe';

/** A probe that somebody has written: a place, and the event that it makes; several may make one event. */
interface Probe {
  readonly definition: ProbeDefinition;
  readonly point: ProbePoint;
  readonly args: readonly FetchArgument[];
  readonly event: TraceEvent;
  /** The line of `dynamic_events`. */
  readonly text: string;
  hits: number;
  /** Its event as the engine records it, where it can. */
  readonly recorded: RecordedEvent | undefined;
  /** The same with the stack. */
  readonly withStack: NativeEvent | undefined;
  /** Who gets what the engine records; undefined where an event is made of each of its records. */
  recipients: readonly Recipient[] | undefined;
  /** A filter, and the event that the engine records of those that pass it. */
  filtered: { readonly filter: EventFilter; readonly event: NativeEvent | undefined } | undefined;
  /** The event, or that with the stack, with switches, as the engine records it or has last. */
  switching: { readonly base: NativeEvent; readonly switches: readonly NativeSwitch[]; readonly event: NativeEvent } | undefined;
  /** Whether the engine records it, and is to walk the stack. */
  isRecorded: boolean;
  walks: boolean;
}

/** Which of the files it is that is read or written: the one of all probes, or of one kind. */
export type ProbeFile = 'dynamic_events' | 'kprobe_events' | 'uprobe_events';

/** `dynamic_events`, `kprobe_events` and `uprobe_events`: probes as events (kernel/trace/trace_dynevent.c). */
export class DynamicEvents {
  private probes: Probe[] = [];

  constructor(private readonly context: ProbeContext) {
    context.ftrace.registry.workWatchers.add(() => {
      for (const event of new Set(this.probes.map((probe) => probe.event))) this.chooseWork(event);
    });
    context.stacks.onForget = () => this.chooseStacksAnew();
  }

  /** Has the engine walk by other rules than before. */
  private chooseStacksAnew(): void {
    const walking = this.probes.filter(({ walks }) => walks);
    for (const { point } of walking) point.record?.(undefined);
    for (const event of new Set(walking.map((probe) => probe.event))) this.chooseWork(event);
  }

  lines(file: ProbeFile): readonly string[] {
    return this.of(file).map(({ text }) => text);
  }

  /** The lines of `kprobe_profile` and `uprobe_profile`. */
  profile(kind: 'kprobe' | 'uprobe'): readonly string[] {
    this.context.ftrace.registry.settle();
    return this.probes
      .filter(({ definition }) => definition.kind === kind)
      .map(({ event, hits, point }) => {
        const name = event.name.padEnd(44);
        const count = String(hits + (point.passedOver ?? 0)).padStart(15);
        return kind === 'kprobe' ? `  ${name} ${count} ${'0'.padStart(15)}` : `  ${point.place.replace(/:[^:]*$/, '')} ${name} ${count}`;
      });
  }

  /** `e...`, `f...`, `p...`, `r...` or `t...` makes a probe, `-:[GROUP/]EVENT` removes it. Throws ProbeError, or FtraceError (EBUSY, ENOENT). */
  change(text: string, file: ProbeFile): void {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith('-')) {
      this.remove(line, file);
      return;
    }
    const definition = parseProbe(line, file === 'uprobe_events');
    if (!belongs(definition.kind, file)) throw new FtraceError('EINVAL');
    this.add(definition);
  }

  /** What `>` does: takes all away. Throws FtraceError (EBUSY) where one is in use. */
  clear(file: ProbeFile): void {
    this.drop(this.of(file));
  }

  private of(file: ProbeFile): readonly Probe[] {
    return this.probes.filter(({ definition }) => belongs(definition.kind, file));
  }

  private remove(line: string, file: ProbeFile): void {
    const [, group, name] = /^-:(?:(\w+)\/)?(\w*)/.exec(line) ?? [];
    const gone = this.of(file).filter(({ event }) => (group === undefined || event.system === group) && (!name || event.name === name));
    if (name === undefined) throw new FtraceError('EINVAL');
    if (gone.length === 0) throw new FtraceError('ENOENT');
    this.drop(gone);
  }

  private drop(gone: readonly Probe[]): void {
    const staying = this.probes.filter((each) => !gone.includes(each));
    const isNeeded = (event: TraceEvent) => event.isUsed || staying.some(({ point }) => point.base === event);
    if (gone.some(({ event }) => isNeeded(event))) throw new FtraceError('EBUSY');
    for (const { event } of gone) this.context.events.delete(event);
    this.probes = staying;
  }

  private add(written: ProbeDefinition): void {
    const point = pointOf(written, this.context);
    const definition = expandArguments(written, point.fetch.parameters, point.fetch.hasArguments);
    const args = this.arguments(definition, point);
    const { group, name, words } = definition;
    const known = this.probes.find(({ event }) => event.system === group && event.name === name);
    if (known) this.checkSame(known, definition, args);
    else if (this.context.events.find(group, name)) {
      throw new ProbeError('Given group/event name is already used by another event', 2, 'EEXIST');
    }
    const event = known?.event ?? this.makeEvent(definition, point, args);
    if (known?.event.isUsed) throw new FtraceError('EBUSY');
    const shown = words.map((word, index) => ` ${/^[A-Za-z_]\w*=/.test(word) ? word : `${args[index]!.name}=${word}`}`).join('');
    const line = `${point.prefix}:${group}/${name} ${point.place}${shown}`;
    const recorded = point.canFetch && recordedEvent(event, args, definition.isReturn, point.canFetch);
    const withStack = recorded && { ...recorded, hasStack: true };
    this.probes.push({
      definition,
      point,
      args,
      event,
      text: line,
      hits: 0,
      recorded,
      withStack,
      recipients: undefined,
      filtered: undefined,
      switching: undefined,
      isRecorded: false,
      walks: false,
    });
  }

  /** Leaves the events of probes to the engine where nothing is to be done but to record them, or where the rest can be done later. */
  private chooseWork(event: TraceEvent): void {
    const recipients = event.isUsed ? event.recipients : undefined;
    const { registry } = this.context.ftrace;
    for (const probe of this.probesOf(event)) {
      if (!probe.recorded) continue;
      registry.settle();
      const recorded = recipients ? recordFor(probe, recipients) : this.recordForLater(probe);
      probe.isRecorded = recorded !== undefined;
      probe.point.record?.(recorded);
    }
    registry.settle();
  }

  /** What the engine is to record of an event so that all that becomes of it can be done later; undefined where it cannot. */
  private recordForLater(probe: Probe): NativeEvent | undefined {
    const { event, point, recorded, withStack } = probe;
    const switches = event.isUsed ? nativeSwitches(event, recorded!, this.context.ftrace.machine.recorder) : undefined;
    const lateness = switches ? event.latenessOfOthers : 'never';
    probe.recipients = undefined;
    probe.walks = lateness === 'stack' && point.canWalk === true;
    const base = { values: recorded, stack: probe.walks ? withStack : undefined, never: undefined }[lateness];
    return base && switches && switchingEvent(probe, base, switches);
  }

  /** The lengths of records that the engine makes for an instance, or that may be made of them: one for each probe that has any. */
  lengthsIn(instance: TraceInstance): readonly number[] {
    return this.probes.flatMap(({ isRecorded, recipients, event }) => {
      if (!isRecorded) return [];
      if (!recipients) return event.reaches(instance) ? [longestLater] : [];
      const own = recipients.find((recipient) => recipient.instance === instance);
      return own ? [own.hasStack ? longestLater : event.length] : [];
    });
  }

  private take(probe: Probe, bytes: Uint8Array, count: number): void {
    const { recipients } = probe;
    const recorded = probe.recorded!;
    if (!recipients) {
      this.context.ftrace.registry.streams.addLate(bytes, count, (words) => this.fireLate(probe, recorded, words));
      return;
    }
    const mayHaveMore = recorded.mayHaveMore || probe.walks;
    probe.hits += mayHaveMore ? countEvents(bytes, count) : count;
    for (const { instance, filter, hasStack } of recipients) {
      const [passed, passedCount] = filter ? passing(recorded, filter, bytes, count) : [bytes, count];
      if (passedCount === 0) continue;
      const own = hasStack ? this.withStacks(probe, passed, passedCount) : { bytes: passed, count: passedCount };
      instance.kilobytes ??= instance.defaultKilobytes;
      instance.buffer.setDecoder(recorded.decoder, recorded);
      instance.registry.streams.add(instance, own.bytes, own.count, mayHaveMore ? byType : recorded.length);
    }
  }

  /** Records of a probe's event with those of their stacks. */
  private withStacks({ point, recorded, definition }: Probe, bytes: Uint8Array, count: number): Records {
    const stands = point.standsAt === undefined ? undefined : halvesOf(point.standsAt);
    const placeAt = (definition.isReturn ? recordField.regs : recordField.ip) / 4;
    const placeOf = (halves: Uint32Array, at: number) => stands ?? ([halves[at + placeAt]!, halves[at + placeAt + 1]!] as const);
    return eventsWithStacks(bytes, count, deepest, recorded!.ownMore, placeOf);
  }

  /** A second probe of an event must be of its kind and have its arguments, at another place (`append_trace_kprobe`). */
  private checkSame(
    known: Probe,
    { kind, isReturn, words, wordsAt, place, placeAt }: ProbeDefinition,
    args: readonly FetchArgument[],
  ): void {
    const differs = known.definition.kind !== kind || known.definition.isReturn !== isReturn;
    if (differs) throw new ProbeError('Probe type is different from existing probe', 0, 'EEXIST');
    const count = Math.max(args.length, known.args.length);
    for (let index = 0; index < count; index++) {
      const [one, other] = [args[index], known.args[index]];
      if (one && other && one.name === other.name && one.type === other.type && one.format === other.format) continue;
      throw new ProbeError('Argument type or name is different from existing probe', wordsAt[index] ?? placeAt, 'EEXIST');
    }
    const isSame = this.probes.some(
      ({ event, definition }) => event === known.event && definition.place === place && String(definition.words) === String(words),
    );
    if (isSame) throw new ProbeError('There is already the exact same probe event', 0, 'EEXIST');
  }

  private arguments({ words, wordsAt, isReturn }: ProbeDefinition, { fetch }: ProbePoint): readonly FetchArgument[] {
    const { symbols, ftrace } = this.context;
    const context = { ...fetch, symbols, programName: ftrace.program.name, isReturn };
    const args: FetchArgument[] = [];
    words.forEach((word, index) => {
      try {
        const arg = parseFetchArgument(word, index, context);
        if (args.some(({ name }) => name === arg.name)) throw new FtraceError('EINVAL', 'This argument name is already used');
        args.push(arg);
      } catch (error) {
        if (error instanceof FtraceError) throw new ProbeError(error.message, wordsAt[index]! + caretIn(word, error.message));
        throw error;
      }
    });
    return args;
  }

  private makeEvent({ kind, group, name, isReturn }: ProbeDefinition, { show }: ProbePoint, args: readonly FetchArgument[]): TraceEvent {
    const { symbols } = this.context;
    const head = kind === 'eprobe' ? noHead : isReturn ? returnHead : entryHead;
    const fields: EventField[] = [...head.fields];
    for (const { name: field, type, size, signed } of args) {
      const last = fields.at(-1);
      const end = last ? last.offset + last.size : commonSize;
      const alignment = Number(/[0-9]+/.exec(type.replace(/\[.*/, ''))?.[0] ?? (type === 'char' ? 8 : 32)) / 8;
      fields.push({ name: field, type, size, signed, offset: Math.ceil(end / alignment) * alignment });
    }
    const formats = args.map((arg) => ` ${arg.name}=${arg.format}`).join('');
    const records = args.map(({ record }) => `, ${record}`).join('');
    const places = (values: FieldValues): PlaceValues =>
      Object.fromEntries(head.fields.map(({ name: field }) => [field, values.get(field) as bigint]));
    const event: TraceEvent = new TraceEvent({
      system: group,
      name,
      fields,
      printFormat: `"${head.format}${formats}"${head.records}${records}`,
      payload: (values) => ({
        name,
        text: () => `${show(places(values))}${args.map((arg) => ` ${arg.name}=${arg.show(values.get(arg.name) ?? 0n, symbols)}`).join('')}`,
      }),
      activate: () => {
        for (const probe of this.probesOf(event)) {
          const fire: Fire = (moment, place) => this.fire(probe, moment, place);
          const take: TakeEvents = (bytes, count) => this.take(probe, bytes, count);
          probe.point.activate(fire, take, () => (isOfFields(probe.args) && event.lateness === 'values' ? 'values' : 'never'));
        }
      },
      deactivate: () => {
        for (const probe of this.probesOf(event)) probe.point.deactivate();
      },
      changed: () => this.chooseWork(event),
    });
    this.context.events.add(event);
    return event;
  }

  private probesOf(event: TraceEvent): readonly Probe[] {
    return this.probes.filter((each) => each.event === event);
  }

  private fire(probe: Probe, moment: ProbeMoment, place: PlaceValues): void {
    probe.hits++;
    const values = new Map<string, FieldValue>(Object.entries(place));
    for (const arg of probe.args) values.set(arg.name, arg.fetch(moment));
    // Where the engine is to walk the stack, it is told the rules by this, even if nobody wants the stack this time.
    const walked = probe.walks ? this.context.stacks.pcs : undefined;
    probe.event.fire(values, place.__probe_ip ?? place.__probe_func ?? 0n, () => walked ?? this.context.stacks.pcs);
  }

  private fireLate(probe: Probe, decoder: RecordedEvent, words: BigUint64Array): void {
    probe.hits++;
    const ip = words[recordField.ip / 8]!;
    const own = words.subarray(recordField.regs / 8, recordSize / 8);
    const place = probe.point.standsAt ?? (probe.definition.isReturn ? own[0]! : ip);
    const more = moreWords(words);
    const { values, rest } = decoder.read(ip, own, more);
    const made = rest.length === more.length ? { decoder, words: own } : undefined;
    probe.event.fire(values, ip, () => [place, ...rest].slice(0, deepest), made);
  }
}

/** The length of each record is that which its decoder tells. */
const byType: LengthByType = {};

/** Whether arguments are made of the fields of another event alone, and not of what memory holds. */
function isOfFields(args: readonly FetchArgument[]): boolean {
  const isOfField = (word: FetchWord): boolean =>
    word.kind === 'sum' ? isOfField(word.word) : word.kind === 'field' || word.kind === 'constant';
  return args.every(({ made }) => made?.words.every(isOfField));
}

/** What the engine is to record of an event for these instances, each of which gets records; undefined where it cannot. */
function recordFor(probe: Probe, recipients: readonly Recipient[]): NativeEvent | undefined {
  const hasStack = recipients.some((recipient) => recipient.hasStack);
  probe.walks = hasStack && probe.point.canWalk === true;
  const canRecord = probe.walks || !hasStack;
  const filtered = canRecord ? filteredEvent(probe, recipients) : undefined;
  probe.recipients = filtered ? recipients.map((recipient) => ({ ...recipient, filter: undefined })) : recipients;
  return canRecord ? (filtered ?? (hasStack ? probe.withStack : probe.recorded)) : undefined;
}

/** The event with the filter of the only recipient, where the engine can have it. */
function filteredEvent(probe: Probe, recipients: readonly Recipient[]): NativeEvent | undefined {
  const [only] = recipients;
  if (recipients.length > 1 || !only?.filter) return undefined;
  const { filter, hasStack } = only;
  const known = probe.filtered;
  if (known?.filter === filter && (known.event?.hasStack ?? hasStack) === hasStack) return known.event;
  const event = probe.recorded!.with(filter);
  probe.filtered = { filter, event: event && { ...event, hasStack } };
  return probe.filtered.event;
}

/** An event of a probe with what else is done of it; the same as long as that is. */
function switchingEvent(probe: Probe, base: NativeEvent, switches: readonly NativeSwitch[]): NativeEvent {
  if (switches.length === 0) return base;
  const known = probe.switching;
  if (known?.base === base && areSame(known.switches, switches)) return known.event;
  probe.switching = { base, switches, event: { ...base, switches } };
  return probe.switching.event;
}

function belongs(kind: ProbeKind, file: ProbeFile): boolean {
  return file === 'dynamic_events' || file === `${kind}_events`;
}

function pointOf(definition: ProbeDefinition, context: ProbeContext): ProbePoint {
  switch (definition.kind) {
    case 'fprobe':
      return fprobePoint(definition, context);
    case 'kprobe':
      return kprobePoint(definition, context);
    case 'uprobe':
      return uprobePoint(definition, context);
    case 'tprobe':
      return tracepointPoint(definition, context);
    case 'eprobe':
      return eventProbePoint(definition, context);
  }
}

/** Bytes of the fields that every event has. */
const commonSize = 8;
const noHead = { fields: [], format: '', records: '' };
const entryHead = {
  fields: [{ name: '__probe_ip', type: 'unsigned long', offset: 8, size: 8, signed: false }],
  format: '(%lx)',
  records: ', REC->__probe_ip',
};
const returnHead = {
  fields: [
    { name: '__probe_func', type: 'unsigned long', offset: 8, size: 8, signed: false },
    { name: '__probe_ret_ip', type: 'unsigned long', offset: 16, size: 8, signed: false },
  ],
  format: '(%lx <- %lx)',
  records: ', REC->__probe_func, REC->__probe_ret_ip',
};
