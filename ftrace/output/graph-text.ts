import { leftWord } from '../graph/graph-records';
import { type RingBuffer, recordType, type TraceRecord } from '../ring-buffer';
import { taskPid } from '../tracing/trace-instance';
import type { TraceOptions } from '../tracing/trace-options';
import { comm, durationMark, durationText, secondsOf } from './task';
import type { TraceText } from './trace-text';

const noDuration = '              |  ';
const procinfoLength = 14;
const largestError = 4095n;

/**
 * The text of the function graph tracer (kernel/trace/trace_functions_graph.c). A call whose return is the next record is one line;
 * any other is opened and closed.
 */
export class GraphText {
  /** The function entered at each depth, to see which `}` has lost its opening line. */
  private readonly entered = new Map<number, bigint>();

  constructor(
    private readonly text: TraceText,
    private readonly options: TraceOptions,
    private readonly programName: string,
    /** Kernels up to 6.12 write return values as `= 0x1`, newer ones as `ret=0x1`. */
    private readonly isOld: boolean,
  ) {}

  header(): string[] {
    const on = (name: 'abstime' | 'cpu' | 'proc' | 'duration') => this.options.is(`funcgraph-${name}`);
    const head = ['# tracer: function_graph', '#'];
    const first = `#${on('abstime') ? '     TIME       ' : ''}${on('cpu') ? ' CPU' : ''}${on('proc') ? '  TASK/PID       ' : ''}`;
    const second = `#${on('abstime') ? '      |         ' : ''}${on('cpu') ? ' |  ' : ''}${on('proc') ? '   |    |        ' : ''}`;
    return [
      ...head,
      `${first}${on('duration') ? '  DURATION   ' : ''}               FUNCTION CALLS`,
      `${second}${on('duration') ? '   |   |      ' : ''}               |   |   |   |`,
    ];
  }

  /** The lines of the records of a buffer, in order; each with the number of the record it begins with. */
  *lines(buffer: Pick<RingBuffer, 'from'>, from = 0): Generator<{ number: number; text: string }> {
    let waiting: TraceRecord | undefined;
    for (const record of buffer.from(from)) {
      if (waiting) {
        const isLeaf = record.type === recordType.graphExit && record.ip === waiting.ip && record.depth === waiting.depth;
        yield { number: waiting.number, text: isLeaf ? this.leaf(waiting, record) : this.opening(waiting) };
        waiting = undefined;
        if (isLeaf) continue;
      }
      if (record.type === recordType.graphEntry) waiting = record;
      else yield { number: record.number, text: record.type === recordType.graphExit ? this.closing(record) : this.comment(record) };
    }
    if (waiting) yield { number: waiting.number, text: this.opening(waiting) };
  }

  private leaf(entry: TraceRecord, exit: TraceRecord): string {
    const call = `${this.indent(entry.depth)}${this.symbol(entry)}(${this.arguments(entry)});`;
    const end = this.overrun(exit);
    return `${this.prologue(entry, durationOf(exit))}${call}${this.commentOf(entry, exit)}${end}`;
  }

  private opening(entry: TraceRecord): string {
    this.entered.set(entry.depth, entry.ip);
    const address = this.options.is('funcgraph-retaddr') ? ` /* <-${this.text.symbols.withOffset(entry.parentIp)} */` : '';
    return `${this.prologue(entry)}${this.indent(entry.depth)}${this.symbol(entry)}(${this.arguments(entry)}) {${address}`;
  }

  private closing(exit: TraceRecord): string {
    const isMatched = this.entered.get(exit.depth) === exit.ip;
    this.entered.delete(exit.depth);
    const hasValue = this.showsValue(exit);
    const name = `${this.text.symbols.name(exit.ip)}`;
    const names = !isMatched || this.options.is('funcgraph-tail') || hasValue;
    const value = hasValue ? ` ${this.retval(exit)}` : '';
    return `${this.prologue(exit, durationOf(exit))}${this.indent(exit.depth)}}${names ? ` /* ${name}${value} */` : ''}${this.overrun(exit)}`;
  }

  /** What is behind a leaf: where it returns to and with what. */
  private commentOf(entry: TraceRecord, exit: TraceRecord): string {
    const address = this.options.is('funcgraph-retaddr') ? ` <-${this.text.symbols.withOffset(entry.parentIp)}` : '';
    const value = this.showsValue(exit) ? ` ${this.retval(exit)}` : '';
    return address || value ? ` /*${address}${value} */` : '';
  }

  /** Any other record, as a comment in the nesting. */
  private comment(record: TraceRecord): string {
    const depth = Math.max(-1, ...this.entered.keys()) + 1;
    return `${this.prologue(record)}${this.indent(depth)}/* ${this.text.body(record)} */`;
  }

  private symbol({ ip }: TraceRecord): string {
    return this.text.symbols.name(ip);
  }

  private arguments(record: TraceRecord): string {
    return this.options.is('funcgraph-args') ? this.text.arguments(record) : '';
  }

  private indent(depth: number): string {
    return '  '.repeat(depth);
  }

  private overrun(exit: TraceRecord): string {
    return this.options.is('funcgraph-overrun') ? `\n (Overruns: ${exit.words[3]})` : '';
  }

  private prologue(record: TraceRecord, duration?: bigint): string {
    const { options } = this;
    const time = options.is('funcgraph-abstime') ? `${secondsOf(record.timestamp)} |  ` : '';
    const cpu = options.is('funcgraph-cpu') ? ' 0) ' : '';
    const proc = options.is('funcgraph-proc') ? `${this.proc()} | ` : '';
    return `${time}${cpu}${proc}${options.is('funcgraph-duration') ? this.duration(duration) : ''}`;
  }

  private duration(duration: bigint | undefined): string {
    if (duration === undefined) return noDuration;
    const mark = this.options.is('funcgraph-overhead') ? durationMark(duration) : ' ';
    return `${mark} ${durationText(duration)}|  `;
  }

  private proc(): string {
    const text = `${comm(this.programName).slice(0, 7)}-${taskPid}`;
    const spaces = Math.max(0, procinfoLength - text.length);
    const left = Math.floor(spaces / 2);
    return ' '.repeat(left) + text + ' '.repeat(spaces - left);
  }

  /** A call that was left has no value. */
  private showsValue(exit: TraceRecord): boolean {
    return this.options.is('funcgraph-retval') && exit.words[leftWord] === 0n;
  }

  /** The value in a0, and with `funcgraph-args`, which asks for types, also as what the function declares: `ret=0x5 (int) 5`. */
  private retval(exit: TraceRecord): string {
    const typed = this.options.is('funcgraph-args') ? this.text.returned(exit.ip, exit.words[2]!) : undefined;
    return typed === undefined ? this.rawRetval(exit) : `${this.rawRetval(exit)} ${typed}`;
  }

  /** As an error number where it looks like one, else in hexadecimal (`print_graph_retval`). */
  private rawRetval(exit: TraceRecord): string {
    const value = exit.words[2]!;
    const prefix = this.isOld ? '= ' : 'ret=';
    if (value === 0n || this.options.is('funcgraph-retval-hex')) return `${prefix}0x${value.toString(16)}`;
    const extended = value >> 31n === 1n ? BigInt.asUintN(64, BigInt.asIntN(32, value)) : value;
    const isError = extended >= 2n ** 64n - largestError;
    return isError ? `${prefix}${BigInt.asIntN(64, extended)}` : `${prefix}0x${extended.toString(16)}`;
  }
}

function durationOf({ words }: TraceRecord): bigint {
  return words[1]! - words[0]!;
}
