import { formatText } from '../events/common-fields';
import type { TraceEvent } from '../events/trace-event';
import { parseTrigger, type Trigger } from '../events/trigger';
import { FtraceError } from '../ftrace-error';
import type { TraceInstance } from '../tracing/trace-instance';
import { builtInFormats, headerEvent, headerPage } from './built-in-formats';
import { linesText } from './function-files';
import { type DirectoryNode, directory, file, numberOf, type TracefsNode, wordsOf } from './node';
import type { TracingState } from './tracing-state';

/** `events/`: each event with `enable`, `filter`, `trigger`, `format`, `id` and `hist` (kernel/trace/trace_events.c). */
export function eventsDirectory(state: TracingState, instance: TraceInstance): DirectoryNode {
  return directory(() => [
    ['enable', enableFile(instance, () => state.events.all)],
    ['header_page', file(() => headerPage)],
    ['header_event', file(() => headerEvent)],
    [
      'ftrace',
      directory(() =>
        builtInFormats(state.isOld).map(({ name, text, id }) => [
          name,
          directory(() => [
            ['format', file(() => text)],
            ['id', file(() => `${id}\n`)],
          ]),
        ]),
      ),
    ],
    ...state.events.systems.map((system): [string, TracefsNode] => [system, systemDirectory(state, instance, system)]),
  ]);
}

export function setEventFile({ events }: TracingState, instance: TraceInstance): TracefsNode {
  return file(
    () => linesText(events.all.filter((event) => event.state(instance).enabled).map(({ system, name }) => `${system}:${name}`)),
    (text, truncates) => {
      if (truncates) for (const event of events.all) event.enable(instance, false);
      for (const word of wordsOf(text)) {
        const matched = events.matching(word.replace(/^!/, ''));
        if (matched.length === 0) throw new FtraceError('EINVAL');
        for (const event of matched) event.enable(instance, !word.startsWith('!'));
      }
    },
  );
}

function systemDirectory(state: TracingState, instance: TraceInstance, system: string): DirectoryNode {
  const all = () => state.events.all.filter((event) => event.system === system);
  return directory(() => [
    ['enable', enableFile(instance, all)],
    [
      'filter',
      file(
        () => 'none\n',
        (text) => {
          for (const event of all()) setFilter(state, instance, event, text);
        },
      ),
    ],
    ...all().map((event): [string, TracefsNode] => [event.name, eventDirectory(state, instance, event)]),
  ]);
}

function eventDirectory(state: TracingState, instance: TraceInstance, event: TraceEvent): DirectoryNode {
  const { description } = event;
  return directory(() => [
    ['enable', enableFile(instance, () => [event])],
    [
      'filter',
      file(
        () => `${event.state(instance).filter?.text ?? 'none'}\n`,
        (text) => setFilter(state, instance, event, text),
      ),
    ],
    ['format', file(() => formatText(event.name, event.id, description.fields, description.printFormat))],
    ['hist', file(() => histograms(event, instance))],
    ['id', file(() => `${event.id}\n`)],
    [
      'trigger',
      file(
        () => triggersText(event, instance),
        (text) => writeTriggers(state, instance, event, text),
      ),
    ],
  ]);
}

/** `0`, `1`, or `X` where some are on; `*` where one that is on has a trigger that may turn it off. */
function enableFile(instance: TraceInstance, events: () => readonly TraceEvent[]): TracefsNode {
  return file(
    () => {
      const on = events().filter((event) => event.state(instance).enabled).length;
      return `${on === 0 ? '0' : on === events().length ? '1' : 'X'}\n`;
    },
    (text) => {
      const value = numberOf(text);
      if (value > 1) throw new FtraceError('EINVAL');
      for (const event of events()) event.enable(instance, value === 1);
    },
  );
}

function setFilter(state: TracingState, instance: TraceInstance, event: TraceEvent, text: string): void {
  try {
    event.setFilter(instance, text);
  } catch (error) {
    if (error instanceof FtraceError) state.logError('event filter parse error', error.message, text.trim(), 0);
    throw error;
  }
}

function triggersText(event: TraceEvent, instance: TraceInstance): string {
  const { triggers } = event.state(instance);
  if (triggers.length === 0) return '# Available triggers:\n# traceon traceoff snapshot stacktrace enable_event disable_event hist\n';
  return linesText(triggers.map(({ text }) => text));
}

function writeTriggers(state: TracingState, instance: TraceInstance, event: TraceEvent, text: string): void {
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const all = event.state(instance).triggers;
    const removes = line.startsWith('!');
    const trigger = parsed(state, event, removes ? line.slice(1) : line);
    const known = all.findIndex(({ key }) => key === trigger.key);
    if (removes) {
      if (known < 0) throw new FtraceError('ENOENT');
      all.splice(known, 1);
    } else if (known >= 0 && !controls(all[known]!, line)) throw new FtraceError('EEXIST');
    else if (known < 0) all.push(trigger);
    event.update();
  }
}

function parsed(state: TracingState, event: TraceEvent, line: string): Trigger {
  try {
    return parseTrigger(line, event, state);
  } catch (error) {
    const place = line.startsWith('hist') ? `hist:${event.system}:${event.name}` : 'trigger';
    if (error instanceof FtraceError) state.logError(place, error.message, line, 0);
    throw error;
  }
}

/** A histogram written again with `pause`, `cont` or `clear`. */
function controls({ histogram }: Trigger, line: string): boolean {
  const word = /:(pause|cont|continue|clear)\b/.exec(line)?.[1];
  if (!histogram || !word) return false;
  histogram.control(word);
  return true;
}

function histograms(event: TraceEvent, instance: TraceInstance): string {
  const all = event.state(instance).triggers.filter(({ histogram }) => histogram);
  return all.map(({ histogram, filter }) => histogram!.report(filter ? ` if ${filter.text}` : '')).join('\n\n');
}
