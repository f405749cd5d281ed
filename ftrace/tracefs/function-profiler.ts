import type { Ftrace } from '../ftrace';
import { noFunctions, type ReadonlyFunctionSet } from '../function-set';
import { forEachReturn } from '../graph/graph-records';
import type { GraphReturn, GraphUser } from '../graph/graph-user';
import { durationText } from '../output/task';
import { CallTimes } from './call-times';

/** `function_profile_enabled` and `trace_stat/function0`: hits and times of functions (kernel/trace/ftrace.c, the function profiler). */
export class FunctionProfiler implements GraphUser {
  readonly subops = { entry: 'profile_graph_entry', return: 'profile_graph_return' } as const;
  readonly notrace = noFunctions;
  readonly work = { wants: true, entry: false, return: true, counts: false, limited: false };
  /** By the `ip` of the functions, which as a number costs nothing. */
  private readonly times = new Map<number, CallTimes>();
  /** Of the function that returned last: often the next is another of its calls. */
  private last: { readonly ip: number; readonly times: CallTimes } | undefined;
  private isOn = false;

  constructor(private readonly ftrace: Ftrace) {}

  get filter(): ReadonlyFunctionSet | undefined {
    return this.ftrace.top.hash.sets.filter;
  }

  get enabled(): boolean {
    return this.isOn;
  }

  /** Turned on, it begins from nothing. */
  set enabled(on: boolean) {
    if (on === this.isOn) return;
    if (on) {
      this.times.clear();
      this.last = undefined;
      this.ftrace.fgraph.register(this);
    } else this.ftrace.fgraph.unregister(this);
    this.isOn = on;
  }

  entry(): boolean {
    return true;
  }

  return({ function: { ip }, callTime, returnTime, childTime }: GraphReturn): void {
    const whole = Number(returnTime - callTime);
    this.timesOf(Number(ip)).add(this.hasGraphTime ? whole : whole - Number(childTime));
  }

  take(bytes: Uint8Array, count: number): void {
    const { hasGraphTime } = this;
    forEachReturn(bytes, count, (ip, whole, childTime) => this.timesOf(ip).add(hasGraphTime ? whole : whole - childTime));
  }

  private get hasGraphTime(): boolean {
    return this.ftrace.top.options.is('graph-time');
  }

  private timesOf(ip: number): CallTimes {
    if (this.last?.ip === ip) return this.last.times;
    let times = this.times.get(ip);
    if (!times) {
      times = new CallTimes();
      this.times.set(ip, times);
    }
    this.last = { ip, times };
    return times;
  }

  /** The text of `trace_stat/function0`, by time. */
  get report(): string {
    this.ftrace.registry.settle();
    const head =
      '  Function                               Hit    Time            Avg             s^2\n' +
      '  --------                               ---    ----            ---             ---\n';
    const rows = [...this.times].flatMap(([ip, times]) => {
      const name = this.ftrace.registry.functionOfIp(BigInt(ip))?.name;
      return name === undefined ? [] : [{ name, times }];
    });
    rows.sort(({ times: { total: one } }, { times: { total: other } }) => (one > other ? -1 : one < other ? 1 : 0));
    return head + rows.map(rowOf).join('');
  }
}

function rowOf({ name, times }: { readonly name: string; readonly times: CallTimes }): string {
  const { hits, total, variance } = times;
  const columns = [total, total / BigInt(hits), variance].map(durationText).join('    ');
  return `  ${name.slice(0, 30).padEnd(30)}  ${String(hits).padStart(10)}    ${columns}\n`;
}
