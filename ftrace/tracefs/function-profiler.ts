import type { Ftrace } from '../ftrace';
import type { TraceableFunction } from '../ftrace-ops';
import { noFunctions, type ReadonlyFunctionSet } from '../function-set';
import type { GraphUser } from '../graph/fgraph';
import { forEachReturn } from '../graph/graph-records';
import { durationText } from '../output/task';

interface Profile {
  hits: number;
  time: bigint;
  /** Sum of the squares of the times, for the variance. */
  squares: bigint;
}

interface ProfiledCall {
  readonly function: TraceableFunction;
  readonly callTime: bigint;
  readonly returnTime: bigint;
  readonly childTime: bigint;
}

/** `function_profile_enabled` and `trace_stat/function0`: hits and times of functions (kernel/trace/ftrace.c, the function profiler). */
export class FunctionProfiler implements GraphUser {
  readonly subops = { entry: 'profile_graph_entry', return: 'profile_graph_return' } as const;
  readonly notrace = noFunctions;
  readonly work = { wants: true, entry: false, return: true, counts: false, limited: false };
  private readonly profiles = new Map<TraceableFunction, Profile>();
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
      this.profiles.clear();
      this.ftrace.fgraph.register(this);
    } else this.ftrace.fgraph.unregister(this);
    this.isOn = on;
  }

  entry(): boolean {
    return true;
  }

  return({ function: each, callTime, returnTime, childTime }: ProfiledCall): void {
    const whole = returnTime - callTime;
    const time = this.ftrace.top.options.is('graph-time') ? whole : whole - childTime;
    let profile = this.profiles.get(each);
    if (!profile) {
      profile = { hits: 0, time: 0n, squares: 0n };
      this.profiles.set(each, profile);
    }
    profile.hits++;
    profile.time += time;
    profile.squares += time * time;
  }

  take(bytes: Uint8Array, count: number): void {
    forEachReturn(bytes, count, (ip, callTime, returnTime, childTime) => {
      const each = this.ftrace.registry.functionOfIp(ip);
      if (each) this.return({ function: each, callTime, returnTime, childTime });
    });
  }

  /** The text of `trace_stat/function0`, by time. */
  get report(): string {
    this.ftrace.registry.settle();
    const head =
      '  Function                               Hit    Time            Avg             s^2\n' +
      '  --------                               ---    ----            ---             ---\n';
    const rows = [...this.profiles].sort(([, one], [, other]) => (one.time > other.time ? -1 : one.time < other.time ? 1 : 0));
    return head + rows.map(([{ name }, profile]) => this.row(name, profile)).join('');
  }

  private row(name: string, { hits, time, squares }: Profile): string {
    const count = BigInt(hits);
    // n * sum(x^2) - sum(x)^2 over n * (n - 1), in the kernel's unit of a thousand ns^2.
    const variance = hits < 2 ? 0n : (count * squares - time * time) / (count * (count - 1n)) / 1000n;
    const columns = [time, time / count, variance].map(durationText).join('    ');
    return `  ${name.slice(0, 30).padEnd(30)}  ${String(hits).padStart(10)}    ${columns}\n`;
  }
}
