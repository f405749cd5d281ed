/** The text of `README`: what there is here, in our words. */
export const readme = `\
tracefs of the program that is being debugged

  available_filter_functions  the functions that can be traced
  set_ftrace_filter           which of them are: names, globs, numbers; !NAME takes one away
                              FUNCTION:COMMAND[:COUNT] does something at a call: traceon, traceoff, stacktrace,
                              snapshot, dump, enable_event:SYSTEM:EVENT, disable_event:SYSTEM:EVENT
  set_ftrace_notrace          which are not
  current_tracer              nop, function or function_graph
  trace, trace_pipe           what was recorded; trace_pipe takes it
  set_graph_function          where function_graph begins, set_graph_notrace where it is silent
  max_graph_depth             how deep it goes; 0 has no limit
  options/, trace_options     how the trace looks
  dynamic_events              f[:[GROUP/]EVENT] FUNCTION[%return] [ARGUMENTS] makes an event of calls
                              p[:[GROUP/]EVENT] PLACE [ARGUMENTS] of an instruction, -:EVENT takes it away
                              e[:[GROUP/]EVENT] SYSTEM.EVENT [ARGUMENTS] [if FILTER] of another event's fields
  events/                     each event with enable, filter, trigger, format and hist
  instances/                  mkdir makes a buffer with tracer and filters of its own
  trace_marker                what is written there stands in the trace
`;
