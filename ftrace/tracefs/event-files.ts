import { formatText } from '../events/common-fields';
import { FilterError } from '../events/event-filter';
import type { TraceEvent } from '../events/trace-event';
import { FtraceError } from '../ftrace-error';
import type { TraceInstance } from '../tracing/trace-instance';
import { builtInFormats, headerEvent, headerPage } from './built-in-formats';
import { linesText } from './function-files';
import { type DirectoryNode, directory, file, numberOf, type TracefsNode, wordsOf } from './node';
import type { TracingState } from './tracing-state';
import { histograms, triggersText, writeTriggers } from './trigger-files';

/** `events/`: each event with `enable`, `filter`, `trigger`, `format`, `id` and `hist` (kernel/trace/trace_events.c). */
export function eventsDirectory(state: TracingState, instance: TraceInstance): DirectoryNode {
  return directory(() => [
    ['enable', enableFile(instance, () => state.events.all)],
    ['header_page', file(() => headerPage(state.isOld, state.top.buffer.subBufferSize))],
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

/** Files of kernels after 6.12: which events have filters and triggers, and how much of a text of a system call is kept. */
export function eventLists(state: TracingState, instance: TraceInstance): [string, TracefsNode][] {
  if (state.isOld) return [];
  const { events, systemCalls } = state;
  const named = ({ system, name }: TraceEvent) => `${system}:${name}`.padEnd(32).padEnd(`${system}:${name}`.length + 1);
  const filters = () =>
    events.all.flatMap((event) => {
      const { filter } = event.state(instance);
      return filter ? [`${named(event)}${filter.text}`] : [];
    });
  const triggers = () => events.all.flatMap((event) => event.state(instance).triggers.map(({ text }) => `${named(event)}${text}`));
  return [
    ['show_event_filters', file(() => linesText(filters()))],
    ['show_event_triggers', file(() => linesText(triggers()))],
    [
      'syscall_user_buf_size',
      file(
        () => `${systemCalls.userBufferSize}\n`,
        (text) => {
          systemCalls.userBufferSize = numberOf(text);
        },
      ),
    ],
  ];
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
    ['enable', enableFile(instance, () => [event], true)],
    [
      'filter',
      file(
        () => filterText(event, instance),
        (text) => setFilter(state, instance, event, text),
      ),
    ],
    ['format', file(() => formatText(event.name, event.id, description.fields, description.printFormat))],
    ['hist', file(() => histograms(state, event, instance))],
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

/** `0`, `1`, or `X` where some are on; `*` behind those of one event that commands or triggers turn on or off. */
function enableFile(instance: TraceInstance, events: () => readonly TraceEvent[], isOne = false): TracefsNode {
  return file(
    () => {
      const on = events().filter((event) => event.state(instance).enabled).length;
      const isSwitched = isOne && events().some((event) => event.isSwitchedIn(instance));
      return `${on === 0 ? '0' : on === events().length ? '1' : 'X'}${isSwitched ? '*' : ''}\n`;
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
    if (error instanceof FilterError) state.logError('event filter parse error', error.message, text.trim(), error.at);
    throw error;
  }
}

function filterText(event: TraceEvent, instance: TraceInstance): string {
  const { filter, filterError } = event.state(instance);
  return filterError ?? `${filter?.text ?? 'none'}\n`;
}
