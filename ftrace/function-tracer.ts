import type { Machine } from '../emulator/machine';
import { ftraceRegsSize } from './ftrace-regs';
import type { RingBuffer } from './ring-buffer';

/** A function with a call site that can be patched. */
export interface TraceableFunction {
  readonly name: string;
  /** F, the address of the function. */
  readonly address: bigint;
  /** The call site holds the `jalr`. */
  readonly enabled: boolean;
  /** Calls traced so far. */
  readonly hits: number;
}

/** A call of a traced function: the hart stands in the tracer, before anything is restored. */
export interface TraceHit {
  readonly function: TraceableFunction;
  /** The record's number in the ring buffer. */
  readonly number: number;
  /** The address of the ftrace_regs frame on the guest's stack. */
  readonly frame: bigint;
}

export type OnHit = (hit: TraceHit) => 'continue' | 'stop';

const [a0, a1, a3] = [10, 11, 13];

/**
 * The function tracer behind the guest's `function_trace_call(ip, parent_ip, op, fregs)`: one record per call. A call that was
 * in the trampoline when its function was turned off is not traced: the kernel's `ftrace_ops_test` asks the filter here too.
 */
export class FunctionTracer {
  onHit: OnHit | undefined;
  private readonly regs = new Uint8Array(ftraceRegsSize);

  constructor(
    private readonly machine: Machine,
    private readonly functionAt: (ip: bigint) => (TraceableFunction & { hits: number }) | undefined,
    private readonly trace: RingBuffer,
  ) {}

  /** To be called when the hart is about to execute the instruction at `function_trace_call`. */
  call(): 'continue' | 'stop' {
    const machine = this.machine;
    const ip = machine.readX(a0);
    const traced = this.functionAt(ip);
    const frame = machine.readX(a3);
    // A program may also jump here on its own, with anything in its registers.
    if (!traced?.enabled || machine.memory.readInto(frame, this.regs) < ftraceRegsSize) return 'continue';
    const number = this.trace.written;
    this.trace.append(machine.instret, ip, machine.readX(a1), this.regs);
    traced.hits++;
    return this.onHit ? this.onHit({ function: traced, number, frame }) : 'continue';
  }
}
