import type { FtraceOps, TraceableFunction } from './ftrace-ops';
import type { SiteTarget } from './models/model';

/** The call site of a function and who wants its calls, as `OpsRegistry` changes them. */
export class TracedSite implements TraceableFunction {
  enabled = false;
  touched = false;
  readonly ops: FtraceOps[] = [];
  /** What the call site jumps to; undefined while it is off. */
  target: SiteTarget | undefined;
  /** Hits without those that the engine has recorded and nobody has taken from it. */
  counted = 0;

  constructor(
    readonly name: string,
    readonly address: bigint,
    readonly ip: bigint,
    /** Its number among all sites. */
    readonly index: number,
    private readonly settle: () => void,
  ) {}

  get hits(): number {
    this.settle();
    return this.counted;
  }
}
