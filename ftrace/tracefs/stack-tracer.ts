import type { Ftrace } from '../ftrace';
import type { FtraceOps } from '../ftrace-ops';
import type { Symbols } from '../output/symbols';
import { FunctionList } from '../tracing/function-hash';

interface StackFrame {
  readonly pc: bigint;
  readonly sp: bigint;
}

/** `stack_trace`: the deepest stack that a call of a traced function was seen at (kernel/trace/trace_stack.c). */
export class StackTracer {
  private ops: FtraceOps | undefined;
  private frames: readonly StackFrame[] = [];
  private most = 0;
  private bottom: bigint | undefined;
  /** `stack_trace_filter`: at whose calls it looks. */
  readonly filter: FunctionList;

  constructor(
    private readonly ftrace: Ftrace,
    private readonly stack: () => readonly StackFrame[],
  ) {
    this.filter = new FunctionList(ftrace.functions, () => this.applyFilter());
  }

  /** `stack_max_size`, in bytes. */
  get largest(): number {
    return this.most;
  }

  set largest(size: number) {
    this.most = size;
    this.tellEngine();
  }

  get enabled(): boolean {
    return this.ops?.registered ?? false;
  }

  set enabled(on: boolean) {
    const { registry, machine } = this.ftrace;
    if (on === this.enabled) return;
    this.ops ??= registry.create({
      symbol: 'trace_ops',
      func: 'stack_trace_call',
      callback: (hit) => {
        this.check(
          hit.frame,
          machine.memory.regions.find(({ name, address, size }) => name === 'stack' && hit.frame >= address && hit.frame < address + size),
        );
        return 'continue';
      },
    });
    this.applyFilter();
    registry.setNative(this.ops, 'record');
    if (on) registry.register(this.ops);
    else registry.unregister(this.ops);
  }

  private applyFilter(): void {
    const { registry } = this.ftrace;
    if (this.ops) registry.setFilter(this.ops, this.filter.isEmpty ? undefined : registry.setOf(this.filter.functions));
  }

  report(symbols: Symbols): string {
    const head = `        Depth    Size   Location    (${this.frames.length} entries)\n        -----    ----   --------\n`;
    if (!this.enabled && this.frames.length === 0) {
      return `${head}#\n#  Stack tracer disabled\n#\n# To enable the stack tracer, either add 'stacktrace' to the\n# kernel command line\n# or 'echo 1 > /proc/sys/kernel/stack_tracer_enabled'\n#\n`;
    }
    const bottom = this.bottom ?? 0n;
    const rows = this.frames.map(({ pc, sp }, index) => {
      const next = this.frames[index + 1]?.sp ?? bottom;
      const [depth, size] = [String(bottom - sp).padStart(8), String(next - sp).padStart(8)];
      return `${String(index).padStart(3)}) ${depth}${size}   ${symbols.withOffset(pc)}\n`;
    });
    return head + rows.join('');
  }

  private check(frame: bigint, region: { address: bigint; size: bigint } | undefined): void {
    if (!region) return;
    const bottom = region.address + region.size;
    const size = Number(bottom - frame);
    this.bottom = bottom;
    if (size > this.largest) {
      this.most = size;
      this.frames = this.stack().slice(1);
    }
    this.tellEngine();
  }

  /** At calls with frames that are no deeper than the deepest, the engine does nothing, by itself. */
  private tellEngine(): void {
    if (!this.ops || this.bottom === undefined) return;
    this.ftrace.machine.recorder.wordsOf(this.ops.group).set([BigInt.asUintN(64, this.bottom - BigInt(this.most)), this.bottom]);
  }
}
