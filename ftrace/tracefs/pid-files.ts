import type { TraceInstance } from '../tracing/trace-instance';
import { linesText } from './function-files';
import { file, numberOf, type TracefsNode, wordsOf } from './node';

type PidField = 'pids' | 'notracePids' | 'eventPids' | 'eventNotracePids';

/** `set_ftrace_pid` and its kin: which tasks are traced (kernel/trace/trace_pid.c). */
export function pidFiles(instance: TraceInstance): [string, TracefsNode][] {
  return [
    ['set_ftrace_pid', pidFile(instance, 'pids', 'no pid\n')],
    ['set_ftrace_notrace_pid', pidFile(instance, 'notracePids', 'no pid\n')],
    ['set_event_pid', pidFile(instance, 'eventPids', '')],
    ['set_event_notrace_pid', pidFile(instance, 'eventNotracePids', '')],
  ];
}

/** `none`: what it reads as without a pid. */
function pidFile(instance: TraceInstance, field: PidField, none: string): TracefsNode {
  return file(
    () => (instance[field] ? linesText(instance[field]!.map(String)) : none),
    (text, truncates) => {
      const before = truncates ? [] : (instance[field] ?? []);
      const added = wordsOf(text).map(numberOf);
      const pids = [...new Set([...before, ...added])].sort((one, other) => one - other);
      instance[field] = pids.length > 0 ? pids : undefined;
    },
  );
}
