import { FilterError } from '../events/event-filter';
import { HistError } from '../events/hist/hist-error';
import { HistReport } from '../events/hist/hist-text';
import { startHistogram } from '../events/hist/hist-trigger';
import type { TraceEvent } from '../events/trace-event';
import { parseTrigger, type Trigger, triggerCommands } from '../events/trigger';
import { FtraceError } from '../ftrace-error';
import type { TraceInstance } from '../tracing/trace-instance';
import { linesText } from './function-files';
import type { TracingState } from './tracing-state';

/** Reading an event's `trigger`. */
export function triggersText(event: TraceEvent, instance: TraceInstance): string {
  const { triggers } = event.state(instance);
  if (triggers.length === 0) return `# Available triggers:\n# ${triggerCommands.join(' ')}\n`;
  return linesText(triggers.map(({ text }) => text));
}

/** Writing it: lines, each a trigger, or one to be removed after `!`. Throws FtraceError. */
export function writeTriggers(state: TracingState, instance: TraceInstance, event: TraceEvent, text: string): void {
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue;
    const removes = line.startsWith('!');
    try {
      change(state, instance, event, removes ? line.slice(1) : line, removes);
    } catch (error) {
      logError(state, event, removes ? line.slice(1) : line, error);
      throw error;
    } finally {
      event.update();
      instance.switchesChanged();
    }
  }
}

/** What reading its `hist` gives: its histograms, one after the other. */
export function histograms({ symbols }: TracingState, event: TraceEvent, instance: TraceInstance): string {
  return event
    .state(instance)
    .triggers.flatMap(({ histogram, filter }) =>
      histogram ? [new HistReport(histogram, symbols).text(filter ? ` if ${filter.text}` : '')] : [],
    )
    .join('\n\n');
}

function change(state: TracingState, instance: TraceInstance, event: TraceEvent, line: string, removes: boolean): void {
  const { events, symbols } = state;
  const all = event.state(instance).triggers;
  const surroundings = { events, symbols, instance };
  const trigger = parseTrigger(line, event, surroundings);
  const known = all.findIndex(({ key }) => key === trigger.key);
  if (removes) {
    discard(trigger, all[known]);
    if (known >= 0) remove(all, known);
    return;
  }
  const control = trigger.histogram?.spec.control;
  if (known >= 0) {
    discard(trigger, all[known]);
    if (!control) throw trigger.histogram ? new HistError('Hist trigger already exists', '', 'EEXIST') : new FtraceError('EEXIST');
    all[known]!.histogram!.control(control);
    return;
  }
  if (control === 'continue' || control === 'clear') {
    throw new HistError("Can't clear or continue a nonexistent hist trigger", '', 'ENOENT');
  }
  // The kernel lists other triggers newest first, and histograms behind them in their order.
  if (trigger.histogram) {
    startHistogram(trigger.histogram, surroundings);
    all.push(trigger);
  } else all.unshift(trigger);
  trigger.switched?.event.addSwitcher(trigger.switched.switcher);
}

/** A histogram that was only made to be compared refers to nothing. */
function discard({ histogram }: Trigger, known: Trigger | undefined): void {
  if (histogram !== known?.histogram) histogram?.dispose();
}

function remove(all: Trigger[], index: number): void {
  const { histogram, switched } = all[index]!;
  if (histogram?.isReferenced) throw new FtraceError('EBUSY');
  histogram?.dispose();
  all.splice(index, 1);
  switched?.event.deleteSwitcher(switched.switcher);
}

function logError(state: TracingState, event: TraceEvent, line: string, error: unknown): void {
  if (error instanceof FilterError) {
    const filter = line.replace(/^.*?\sif\s+/s, '');
    state.logError('event filter parse error', error.message, filter, error.at);
  } else if (error instanceof HistError) {
    state.logError(`hist:${event.system}:${event.name}`, error.message, line, Math.max(0, line.indexOf(error.part)));
  }
}
