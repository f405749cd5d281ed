import type { FtraceOps, TraceableFunction } from './ftrace-ops';
import type { SiteTarget } from './models/model';

/** The call site of a function and who wants its calls, as `OpsRegistry` changes them. */
export class TracedSite implements TraceableFunction {
  enabled = false;
  touched = false;
  readonly ops: FtraceOps[] = [];
  /** What the call site jumps to; undefined while it is off. */
  target: SiteTarget | undefined;
  /** Hits beside those that the engine counts; negative where some of those have found no room. */
  counted = 0;

  constructor(
    readonly name: string,
    readonly address: bigint,
    readonly ip: bigint,
    private readonly engineHits: () => number,
  ) {}

  get hits(): number {
    return this.engineHits() + this.counted;
  }
}
