import type { Program } from '../../program/program';
import { type RingBuffer, recordType, type TraceRecord } from '../ring-buffer';
import { type ClockName, clockValue, isInNanoseconds } from '../tracing/trace-clock';
import { taskPid } from '../tracing/trace-instance';
import { TraceOptions } from '../tracing/trace-options';
import { Symbols } from './symbols';
import { comm, contextFlags, durationMark, secondsOf, taskColumn } from './task';

/** What the text of an event says behind its columns, without them. */
export interface EventPayload {
  text(symbols: Symbols): string;
  /** Printed before the text, with a colon; empty for nothing, absent for the symbol at `ip`. */
  readonly name?: string;
  /** The same by its fields, each with its number, for the option `fields`. */
  fieldsText?(): string;
}

export interface TextContext {
  readonly program: Program;
  readonly options?: TraceOptions;
  /** Where names of addresses come from; the program alone unless given. */
  readonly symbols?: Symbols;
  /** The kernel that the latency header names. */
  readonly release?: string;
  /** For `func-args` and `funcgraph-args`. */
  readonly types?: { readonly argumentsOf?: ArgumentsOf; readonly returnOf?: ReturnOf };
  /** What it says of preemption there. */
  readonly preemption?: string;
  readonly clock?: ClockName;
  /** Where the latency format counts from. */
  readonly startTime?: bigint;
}

/** The arguments of a call as `name=value, ...`; from debug information, where the program has it. */
export type ArgumentsOf = (ip: bigint, registers: readonly bigint[]) => string | undefined;

/** What a call returned, by the value of a0, as `(int) 5`; from debug information, where the program has it. */
export type ReturnOf = (ip: bigint, a0: bigint) => string | undefined;

/**
 * The text of the function tracer and of events (kernel/trace/trace.c, `print_func_help_header_irq`; kernel/trace/trace_output.c,
 * `trace_print_context`; kernel/trace/trace_functions.c): what reading tracefs's `trace` gives.
 */
export class TraceText {
  readonly symbols: Symbols;
  readonly options: TraceOptions;
  private readonly task: string;
  private readonly release: string;

  constructor(private readonly context: TextContext) {
    this.symbols = context.symbols ?? new Symbols([context.program]);
    this.options = context.options ?? new TraceOptions();
    this.task = taskColumn(context.program.name, taskPid);
    this.release = context.release ?? '6.12';
  }

  /** The header lines for what the buffer holds now. */
  header(trace: Pick<RingBuffer, 'entries' | 'overrun'>, tracer = 'function'): string[] {
    const counts = `${trace.entries}/${trace.entries + trace.overrun}`;
    const head = [`# tracer: ${tracer}`, '#'];
    if (this.options.is('latency-format')) return [...head, ...this.latencyHeader(counts)];
    if (!this.options.is('context-info') || this.options.is('verbose')) return head;
    return [...head, `# entries-in-buffer/entries-written: ${counts}   #P:1`, '#', ...this.legend()];
  }

  /** One record of the trace, without its last newline: a line, and for a stack one more for each frame. */
  line(record: TraceRecord, next?: TraceRecord): string {
    if (this.options.is('hex')) return this.hexLine(record);
    if (this.options.is('raw')) return `${taskPid} 0 ${this.clockOf(record)} ${this.rawBody(record)}`;
    return `${this.columns(record, next)}${this.body(record)}`;
  }

  /** The name of the function that holds an address, as the options want it. */
  symbol(address: bigint): string {
    const name = this.options.is('sym-offset') ? this.symbols.withOffset(address) : this.symbols.name(address);
    return this.options.is('sym-addr') && address !== 0n ? `${name} <${address.toString(16).padStart(16, '0')}>` : name;
  }

  /** What a record says behind its columns. */
  body(record: TraceRecord): string {
    switch (record.type) {
      case recordType.function:
        return this.functionText(record);
      case recordType.stack:
        return `<stack trace>${stackFrames(record)
          .map((address) => `\n => ${this.symbol(address)}`)
          .join('')}`;
      case recordType.repeats:
        return this.repeats(record);
      case recordType.graphEntry:
        return `graph_ent: func=${this.symbol(record.ip)}`;
      case recordType.graphExit:
        return `graph_ret: func=${this.symbol(record.ip)}`;
      default:
        return this.eventText(record);
    }
  }

  /** An event's text, with the name of what wrote it. */
  eventText(record: TraceRecord): string {
    const payload = record.payload as EventPayload;
    const { text, name } = payload;
    if (this.options.is('fields') && payload.fieldsText) return payload.fieldsText();
    const prefix = name === '' ? '' : `${name ?? this.symbols.name(record.ip)}: `;
    return prefix + text.call(record.payload, this.symbols);
  }

  private functionText(record: TraceRecord): string {
    const args = this.options.is('func-args') ? `(${this.arguments(record)})` : '';
    const parent = this.options.is('print-parent') ? ` <-${this.symbol(record.parentIp)}` : '';
    return `${this.symbol(record.ip)}${args}${parent}`;
  }

  /** The arguments of a traced call; of registers alone where nothing is known of the function. */
  arguments(record: TraceRecord): string {
    const registers = [...record.words.subarray(5, 13)];
    return this.context.types?.argumentsOf?.(record.ip, registers) ?? '';
  }

  /** The typed value that a call returned; undefined where nothing is known of it. */
  returned(ip: bigint, a0: bigint): string | undefined {
    return this.context.types?.returnOf?.(ip, a0);
  }

  private repeats({ ip, parentIp, words }: TraceRecord): string {
    const [count, timestamp] = words;
    return `${this.symbol(ip)} <-${this.symbol(parentIp)} (repeats: ${count}, last_ts:${secondsOf(timestamp!)})`;
  }

  private rawBody(record: TraceRecord): string {
    if (record.type === recordType.function) return `${record.ip.toString(16)} ${record.parentIp.toString(16)}`;
    return `type: ${record.type}`;
  }

  /** `print_hex_fmt`: bytes as they are in memory, the most significant first. */
  private hexLine(record: TraceRecord): string {
    const word = (value: bigint, bytes: number) =>
      `${BigInt.asUintN(8 * bytes, value)
        .toString(16)
        .padStart(2 * bytes, '0')} `;
    const head = word(BigInt(taskPid), 4) + word(0n, 4) + word(this.clockOf(record), 8);
    return record.type === recordType.function ? head + word(record.ip, 8) + word(record.parentIp, 8) : head;
  }

  private clockOf(record: TraceRecord): bigint {
    return clockValue(this.context.clock ?? 'local', record);
  }

  private time(record: TraceRecord): string {
    const { clock = 'local' } = this.context;
    return isInNanoseconds(clock) ? secondsOf(record.timestamp) : String(clockValue(clock, record)).padStart(12);
  }

  private columns(record: TraceRecord, next: TraceRecord | undefined): string {
    const { options } = this;
    if (!options.is('context-info')) return '';
    if (options.is('latency-format')) return this.latencyColumns(record, next);
    const tgid = options.is('record-tgid') ? `(${String(taskPid).padStart(7)}) ` : '';
    const flags = options.is('irq-info') ? contextFlags : '';
    return `${this.task} ${tgid}[000] ${flags} ${this.time(record)}: `;
  }

  private latencyColumns(record: TraceRecord, next: TraceRecord | undefined): string {
    const { clock = 'local', startTime = 0n, program } = this.context;
    const task = `${comm(program.name).slice(0, 8).padStart(8)}-${String(taskPid).padEnd(7)}   0${contextFlags}`;
    if (!isInNanoseconds(clock)) return `${task} ${String(this.clockOf(record)).padStart(4)}: `;
    const { timestamp } = record;
    const microseconds = String((timestamp - startTime + 500n) / 1000n).padStart(4);
    return `${task} ${microseconds}us${durationMark(next ? next.timestamp - timestamp : 0n)}: `;
  }

  private latencyHeader(counts: string): string[] {
    return [
      `# function latency trace v1.1.5 on ${this.release}`,
      '# --------------------------------------------------------------------',
      `# latency: 0 us, #${counts}, CPU#0 | (M:${this.context.preemption ?? 'desktop'} VP:0, KP:0, SP:0 HP:0 #P:1)`,
      '#    -----------------',
      '#    | task: -0 (uid:0 nice:0 policy:0 rt_prio:0)',
      '#    -----------------',
      '#',
      '#                    _------=> CPU#            ',
      '#                   / _-----=> irqs-off/BH-disabled',
      '#                  | / _----=> need-resched    ',
      '#                  || / _---=> hardirq/softirq ',
      '#                  ||| / _--=> preempt-depth   ',
      '#                  |||| / _-=> migrate-disable ',
      '#                  ||||| /     delay           ',
      '#  cmd     pid     |||||| time  |   caller     ',
      '#     \\   /        ||||||  \\    |    /       ',
    ];
  }

  private legend(): string[] {
    const { options } = this;
    const tgid = options.is('record-tgid');
    if (!options.is('irq-info')) {
      return [
        `#           TASK-PID    ${tgid ? '   TGID   ' : ''} CPU#     TIMESTAMP  FUNCTION`,
        `#              | |      ${tgid ? '     |    ' : ''}   |         |         |`,
      ];
    }
    const space = tgid ? '          ' : '';
    return [
      `#                                ${space}_-----=> irqs-off/BH-disabled`,
      `#                               ${space}/ _----=> need-resched`,
      `#                              ${space}| / _---=> hardirq/softirq`,
      `#                              ${space}|| / _--=> preempt-depth`,
      `#                              ${space}||| / _-=> migrate-disable`,
      `#                              ${space}|||| /     delay`,
      `#           TASK-PID    ${tgid ? '   TGID   ' : ''} CPU#  |||||  TIMESTAMP  FUNCTION`,
      `#              | |      ${tgid ? '     |    ' : ''}   |   |||||     |         |`,
    ];
  }
}

function stackFrames({ payload }: TraceRecord): readonly bigint[] {
  return payload as readonly bigint[];
}
