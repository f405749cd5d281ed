import { type Halves, halvesOf } from '../emulator/recorder/key-lookup';
import type { FtraceOps, TraceableFunction } from './ftrace-ops';
import type { SiteTarget } from './models/model';

/** The call site of a function and who wants its calls, as `OpsRegistry` changes them. */
export class TracedSite implements TraceableFunction {
  enabled = false;
  touched = false;
  /** Replaced as a whole: those of many call sites are the same. */
  ops: readonly FtraceOps[] = [];
  /** `ip` as a part of the engine's keys. */
  readonly key: Halves;
  /** What the call site jumps to; undefined while it is off. */
  target: SiteTarget | undefined;
  /** Hits beside those that the engine counts; negative where some of those have found no room. */
  counted = 0;

  constructor(
    readonly name: string,
    readonly index: number,
    readonly address: bigint,
    readonly ip: bigint,
    private readonly engineHits: () => number,
  ) {
    this.key = halvesOf(ip);
  }

  get hits(): number {
    return this.engineHits() + this.counted;
  }
}
