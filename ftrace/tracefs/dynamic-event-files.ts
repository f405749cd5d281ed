import type { ProbeFile } from '../events/probes/dynamic-events';
import { ProbeError } from '../events/probes/probe-error';
import { linesText } from './function-files';
import { file, type TracefsNode } from './node';
import type { TracingState } from './tracing-state';

/** Events that somebody writes: `dynamic_events`, and the files of one kind of them each (kernel/trace/trace_dynevent.c). */
export function dynamicEventFiles(state: TracingState): [string, TracefsNode][] {
  const { dynamicEvents, synthetic } = state;
  return [
    ['dynamic_events', dynamicFile(state)],
    ['kprobe_events', probeFile(state, 'kprobe_events')],
    ['kprobe_profile', file(() => linesText(dynamicEvents.profile('kprobe')))],
    ['uprobe_events', probeFile(state, 'uprobe_events')],
    ['uprobe_profile', file(() => linesText(dynamicEvents.profile('uprobe')))],
    [
      'synthetic_events',
      file(
        () => linesText(synthetic.lines),
        (text, truncates) => {
          if (truncates) synthetic.clear();
          writeLines(
            state,
            text,
            () => 'synthetic_events',
            (line) => synthetic.change(line),
          );
        },
      ),
    ],
  ];
}

function probeFile(state: TracingState, name: ProbeFile): TracefsNode {
  const { dynamicEvents } = state;
  return file(
    () => linesText(dynamicEvents.lines(name)),
    (text, truncates) => {
      if (truncates) dynamicEvents.clear(name);
      writeLines(
        state,
        text,
        (line) => complainer(line, name),
        (line) => dynamicEvents.change(line, name),
      );
    },
  );
}

/** Probes, and with `s:` synthetic events. */
function dynamicFile(state: TracingState): TracefsNode {
  const { dynamicEvents, synthetic } = state;
  const change = (line: string) => {
    const [, name, rest] = /^s:(?:synthetic[/.])?(\S+)(.*)$/.exec(line) ?? [];
    const [, gone] = /^-:synthetic[/.](\w+)/.exec(line) ?? [];
    if (gone !== undefined) synthetic.remove(gone);
    else if (name !== undefined) synthetic.change(`${name}${rest}`);
    else dynamicEvents.change(line, 'dynamic_events');
  };
  return file(
    () => linesText([...dynamicEvents.lines('dynamic_events'), ...synthetic.lines.map((line) => `s:synthetic/${line}`)]),
    (text, truncates) => {
      if (truncates) {
        dynamicEvents.clear('dynamic_events');
        synthetic.clear();
      }
      writeLines(state, text, (line) => complainer(line, 'dynamic_events'), change);
    },
  );
}

/** Lines one after the other; what is wrong with one is told in `error_log`. */
function writeLines(state: TracingState, text: string, place: (line: string) => string, change: (line: string) => void): void {
  for (const line of text.split('\n').map((each) => each.trim().split(/\s+/).join(' '))) {
    if (line === '') continue;
    try {
      change(line);
    } catch (error) {
      if (error instanceof ProbeError) state.logError(place(line), error.message, line, error.at);
      throw error;
    }
  }
}

/** Who complains of a line in `error_log`. */
function complainer(line: string, name: ProbeFile): string {
  if (/^[ft]/.test(line)) return 'trace_fprobe';
  if (/^e/.test(line)) return 'event_probe';
  if (/^(s:|-:synthetic)/.test(line)) return 'synthetic_events';
  return name === 'uprobe_events' || /^[pr]\S* [/]/.test(line) ? 'trace_uprobe' : 'trace_kprobe';
}
