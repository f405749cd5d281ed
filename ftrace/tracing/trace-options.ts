/** The options of `trace_options` in the kernel's order, with what holds unless told (kernel/trace/trace.h, TRACE_FLAGS). */
const generic = {
  'print-parent': true,
  'sym-offset': false,
  'sym-addr': false,
  verbose: false,
  raw: false,
  hex: false,
  bin: false,
  block: false,
  fields: false,
  trace_printk: true,
  annotate: true,
  userstacktrace: false,
  'sym-userobj': false,
  'printk-msg-only': false,
  'context-info': true,
  'latency-format': false,
  'record-cmd': true,
  'record-tgid': false,
  overwrite: true,
  disable_on_free: false,
  'irq-info': true,
  markers: true,
  'event-fork': false,
  trace_printk_dest: true,
  copy_trace_marker: true,
  'pause-on-trace': false,
  'hash-ptr': true,
  'bitmask-list': false,
  'function-trace': true,
  'function-fork': false,
  'display-graph': false,
  stacktrace: false,
} as const;

/** Options of the tracers. */
const functionOptions = { func_stack_trace: false, 'func-no-repeats': false, 'func-args': false } as const;
const graphOptions = {
  'funcgraph-overrun': false,
  'funcgraph-cpu': true,
  'funcgraph-overhead': true,
  'funcgraph-proc': false,
  'funcgraph-duration': true,
  'funcgraph-abstime': false,
  'funcgraph-irqs': true,
  'funcgraph-tail': false,
  'sleep-time': true,
  'graph-time': true,
  'funcgraph-retval': false,
  'funcgraph-retval-hex': false,
  'funcgraph-retaddr': false,
  'funcgraph-args': false,
} as const;
const nopOptions = { test_nop_accept: false, test_nop_refuse: false } as const;

const all = { ...generic, ...functionOptions, ...graphOptions, ...nopOptions };

export type OptionName = keyof typeof all;
export const optionNames = Object.keys(all) as OptionName[];
export const genericOptionNames = Object.keys(generic) as OptionName[];

/** Those that kernels of 6.12 and before do not have. */
export const newerOptions: ReadonlySet<string> = new Set(['copy_trace_marker', 'bitmask-list', 'func-args', 'funcgraph-args']);

/** The options that `trace_options` lists for a tracer behind the generic ones. */
export function optionsOfTracer(tracer: 'nop' | 'function' | 'function_graph'): readonly OptionName[] {
  const table = { nop: nopOptions, function: functionOptions, function_graph: graphOptions }[tracer];
  return Object.keys(table) as OptionName[];
}

export function isOption(name: string): name is OptionName {
  return Object.hasOwn(all, name);
}

/** Which options are on. */
export class TraceOptions {
  private readonly values = new Map<string, boolean>(Object.entries(all));

  is(name: OptionName): boolean {
    return this.values.get(name)!;
  }

  set(name: OptionName, on: boolean): void {
    this.values.set(name, on);
  }
}
