import type { Machine } from '../emulator/machine';
import type { Program, RefusedCallSite } from '../program/program';
import { FtraceError } from './ftrace-error';
import { FunctionTracer, type OnHit, type TraceableFunction } from './function-tracer';
import { argsModel } from './models/args';
import type { Model } from './models/model';
import { RingBuffer } from './ring-buffer';
import { Trampoline } from './trampoline';

export interface FtraceOptions {
  readonly model?: Model;
  /** Records that the ring buffer keeps. */
  readonly capacity?: number;
}

type Site = { -readonly [Key in keyof TraceableFunction]: TraceableFunction[Key] };

/** The kernel's dynamic ftrace on one machine: call sites, trampoline, tracer and ring buffer. */
export class Ftrace {
  /** The functions that can be traced, sorted by address (`available_filter_functions`). */
  readonly functions: readonly TraceableFunction[];
  /** Those that have a call site that cannot be patched. */
  readonly refused: readonly RefusedCallSite[];
  readonly trace: RingBuffer;

  private readonly siteAt = new Map<bigint, Site>();
  private readonly siteOfIp = new Map<bigint, Site>();
  private readonly tracer: FunctionTracer;
  private enabledCount = 0;

  /** Maps and assembles the trampoline and makes every call site of the program ready, which the machine must hold already. */
  static install(machine: Machine, program: Program, options: FtraceOptions = {}): Ftrace {
    const model = options.model ?? argsModel;
    return new Ftrace(machine, program, model, Trampoline.install(machine.memory, model, program), new RingBuffer(options.capacity));
  }

  private constructor(
    private readonly machine: Machine,
    program: Program,
    readonly model: Model,
    private readonly installed: Trampoline,
    trace: RingBuffer,
  ) {
    this.trace = trace;
    const refused = [...program.refusedCallSites];
    for (const { name, address } of program.callSites) {
      const reason = model.prepare(machine.memory, address, installed.ftraceCaller);
      if (reason !== undefined) refused.push({ name, address, reason });
      else this.add({ name, address, enabled: false, hits: 0 });
    }
    this.functions = [...this.siteAt.values()];
    this.refused = refused;
    this.tracer = new FunctionTracer(machine, (ip) => this.siteOfIp.get(ip), trace);
    machine.setHook(installed.functionTraceCall, () => this.tracer.call());
  }

  /** The trampoline as a program: symbols, lines and source of `ftrace_caller` and what it calls. */
  get trampoline(): Program {
    return this.installed.program;
  }

  /** Called at each hit, after it is recorded; `stop` makes the machine stop in the tracer. */
  get onHit(): OnHit | undefined {
    return this.tracer.onHit;
  }
  set onHit(callback: OnHit | undefined) {
    this.tracer.onHit = callback;
  }

  /** Traces the function at F from its next call on. Throws FtraceError where it is not traceable or its code was changed. */
  enable(address: bigint): void {
    const site = this.site(address);
    if (site.enabled) return;
    this.model.makeCall(this.machine.memory, address, this.installed.ftraceCaller);
    site.enabled = true;
    if (this.enabledCount++ === 0) this.installed.trace(true);
  }

  /** Stops tracing the function at F: no call of it is recorded after this returns. Throws FtraceError as `enable` does. */
  disable(address: bigint): void {
    const site = this.site(address);
    if (!site.enabled) return;
    this.model.makeNop(this.machine.memory, address, this.installed.ftraceCaller);
    site.enabled = false;
    if (--this.enabledCount === 0) this.installed.trace(false);
  }

  /** Whether the function at F is traced; false also where there is none. */
  isOn(address: bigint): boolean {
    return this.siteAt.get(address)?.enabled ?? false;
  }

  /**
   * The address of the ftrace_regs frame that a hart with this pc and sp has on its stack, while it is in the trampoline or the
   * tracer. The function's own frame then starts at its field sp, its next pc is epc, and its return address ra.
   */
  frameAt(pc: bigint, sp: bigint): bigint | undefined {
    return this.installed.frameAt(pc, sp);
  }

  private add(site: Site): void {
    this.siteAt.set(site.address, site);
    this.siteOfIp.set(this.model.ipOf(site.address), site);
  }

  private site(address: bigint): Site {
    const site = this.siteAt.get(address);
    if (site) return site;
    const refused = this.refused.find((each) => each.address === address);
    const subject = refused?.name ?? `0x${address.toString(16)}`;
    throw new FtraceError('EINVAL', `${subject} cannot be traced: ${refused?.reason ?? 'no function with a call site starts there'}`);
  }
}
