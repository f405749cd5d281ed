import type { TracerFunction } from '../ftrace-ops';
import type { TraceOptions } from './trace-options';

/** What the function tracer is by its options (kernel/trace/trace_functions.c, `select_trace_function`). */
export function selectTracer(options: TraceOptions): TracerFunction {
  const hasRepeats = options.is('func-no-repeats');
  if (options.is('func_stack_trace')) return hasRepeats ? 'function_stack_no_repeats_trace_call' : 'function_stack_trace_call';
  if (hasRepeats) return 'function_no_repeats_trace_call';
  return options.is('func-args') ? 'function_args_trace_call' : 'function_trace_call';
}
