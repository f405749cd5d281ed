import type { Program } from '../program/program';
import type { RingBuffer, TraceRecord } from './ring-buffer';

/** A program is the only task of its machine. */
const pid = 1;
/** TASK_COMM_LEN less the terminating zero. */
const commLength = 15;
/** Interrupts on, no need to reschedule, not in an interrupt, preemption and migration on: user space always is. */
const flags = '.....';

/**
 * The text of the function tracer (kernel/trace/trace.c, `print_func_help_header_irq`; kernel/trace/trace_output.c,
 * `trace_print_context`; kernel/trace/trace_functions.c): what reading tracefs's `trace` gives under 6.12.
 */
export class TraceText {
  private readonly task: string;
  private readonly names = new Map<bigint, string>();

  constructor(private readonly program: Program) {
    this.task = `${comm(program.name).padStart(16)}-${String(pid).padEnd(7)}`;
  }

  /** The header lines for what the buffer holds now. */
  header(trace: Pick<RingBuffer, 'entries' | 'written'>, tracer: 'function' | 'nop' = 'function'): string[] {
    return [
      `# tracer: ${tracer}`,
      '#',
      `# entries-in-buffer/entries-written: ${trace.entries}/${trace.written}   #P:1`,
      '#',
      '#                                _-----=> irqs-off/BH-disabled',
      '#                               / _----=> need-resched',
      '#                              | / _---=> hardirq/softirq',
      '#                              || / _--=> preempt-depth',
      '#                              ||| / _-=> migrate-disable',
      '#                              |||| /     delay',
      '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
      '#              | |         |   |||||     |         |',
    ];
  }

  /** One line of the trace, without its newline. */
  line({ timestamp, ip, parentIp }: TraceRecord): string {
    return `${this.task} [000] ${flags} ${time(timestamp)}: ${this.symbol(ip)} <-${this.symbol(parentIp)}`;
  }

  /** The name of the function that holds an address, or the address as the kernel prints one it has no symbol for. */
  symbol(address: bigint): string {
    if (address === 0n) return '0';
    let name = this.names.get(address);
    if (name === undefined) {
      name = this.program.symbols.functionAt(address)?.name ?? `0x${address.toString(16).padStart(8, '0')}`;
      this.names.set(address, name);
    }
    return name;
  }
}

/** The task's name: what the program is called, cut as the kernel does. */
export function comm(name: string): string {
  return name.slice(0, commLength);
}

/** Seconds and microseconds, rounded to the nearest (`ns2usecs`), the seconds in five columns. */
function time(nanoseconds: bigint): string {
  const microseconds = (nanoseconds + 500n) / 1000n;
  return `${String(microseconds / 1000000n).padStart(5)}.${String(microseconds % 1000000n).padStart(6, '0')}`;
}
