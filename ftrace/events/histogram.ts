import { FtraceError } from '../ftrace-error';
import type { Symbols } from '../output/symbols';
import { fieldValue } from './event-filter';
import type { FieldValue, FieldValues, TraceEvent } from './trace-event';

type Modifier = 'plain' | 'hex' | 'sym' | 'sym-offset' | 'log2' | 'execname' | 'stacktrace';

interface Key {
  readonly field: string;
  readonly modifier: Modifier;
}

interface Row {
  readonly keys: readonly FieldValue[];
  hitcount: bigint;
  readonly sums: bigint[];
}

const usualSize = 2048;
const largestSize = 131072;
const mostKeys = 3;

/** `hist:keys=..[:vals=..][:sort=..][:size=N]`: counts and sums of an event by its fields (kernel/trace/trace_events_hist.c). */
export class Histogram {
  private readonly keys: readonly Key[];
  private readonly vals: readonly string[];
  private readonly sort: readonly { readonly field: string; readonly descending: boolean }[];
  private readonly size: number;
  private readonly rows = new Map<string, Row>();
  private hits = 0n;
  private dropped = 0n;
  private isPaused: boolean;

  /** `parameters`: what stands between colons behind `hist`. Throws FtraceError (EINVAL). */
  constructor(
    parameters: readonly string[],
    private readonly event: TraceEvent,
    private readonly symbols: Symbols,
  ) {
    const value = (...names: string[]) => {
      const found = parameters.find((each) => names.some((name) => each.startsWith(`${name}=`)));
      return found?.slice(found.indexOf('=') + 1).split(',');
    };
    const known = /^(keys?|vals?|values?|sort|size)=|^(pause|cont|continue|clear)$/;
    if (parameters.some((each) => !known.test(each))) throw new FtraceError('EINVAL');
    this.keys = (value('keys', 'key') ?? []).map((text) => this.keyOf(text));
    if (this.keys.length === 0 || this.keys.length > mostKeys) throw new FtraceError('EINVAL', 'No keys specified, or too many');
    this.vals = (value('vals', 'val', 'values', 'value') ?? []).filter((name) => name !== 'hitcount');
    for (const name of this.vals) this.checkField(name);
    this.sort = (value('sort') ?? ['hitcount']).map((text) => {
      const [field = '', order] = text.split('.');
      if (order !== undefined && order !== 'descending' && order !== 'ascending') throw new FtraceError('EINVAL');
      if (field !== 'hitcount' && !this.vals.includes(field) && !this.keys.some((key) => key.field === field))
        throw new FtraceError('EINVAL');
      return { field, descending: order === 'descending' };
    });
    const size = Number(value('size')?.[0] ?? usualSize);
    if (!Number.isSafeInteger(size) || size < 1 || size > largestSize) throw new FtraceError('EINVAL');
    this.size = 2 ** Math.ceil(Math.log2(size));
    this.isPaused = parameters.includes('pause');
  }

  get text(): string {
    const keys = this.keys.map(({ field, modifier }) =>
      modifier === 'plain' || modifier === 'stacktrace' ? field : `${field}.${modifier}`,
    );
    const vals = ['hitcount', ...this.vals];
    const sort = this.sort.map(({ field, descending }) => (descending ? `${field}.descending` : field));
    return `hist:keys=${keys.join(',')}:vals=${vals.join(',')}:sort=${sort.join(',')}:size=${this.size}`;
  }

  /** `pause`, `cont` or `clear` written again. */
  control(word: string): void {
    if (word === 'pause') this.isPaused = true;
    if (word === 'cont' || word === 'continue') this.isPaused = false;
    if (word !== 'clear') return;
    this.rows.clear();
    this.hits = this.dropped = 0n;
  }

  get state(): 'active' | 'paused' {
    return this.isPaused ? 'paused' : 'active';
  }

  add(values: FieldValues, stack: () => readonly bigint[]): void {
    if (this.isPaused) return;
    const keys = this.keys.map(({ field, modifier }) => {
      if (modifier === 'stacktrace')
        return stack()
          .map((address) => this.symbols.withOffset(address))
          .join('\n         ');
      const value = fieldValue(values, field);
      return modifier === 'log2' && typeof value === 'bigint' ? BigInt(value === 0n ? 0 : (value - 1n).toString(2).length) : value;
    });
    const id = JSON.stringify(keys.map(String));
    let row = this.rows.get(id);
    if (!row) {
      if (this.rows.size >= this.size) {
        this.dropped++;
        return;
      }
      row = { keys, hitcount: 0n, sums: this.vals.map(() => 0n) };
      this.rows.set(id, row);
    }
    this.hits++;
    row.hitcount++;
    this.vals.forEach((name, index) => {
      const value = fieldValue(values, name);
      if (typeof value === 'bigint') row.sums[index] = row.sums[index]! + value;
    });
  }

  /** What reading the event's `hist` gives of it. */
  report(suffix: string): string {
    const rows = [...this.rows.values()].sort((one, other) => this.compare(one, other)).map((row) => this.rowText(row));
    const head = `# event histogram\n#\n# trigger info: ${this.text}${suffix} [${this.state}]\n#\n\n`;
    return `${head}${rows.join('')}\nTotals:\n    Hits: ${this.hits}\n    Entries: ${this.rows.size}\n    Dropped: ${this.dropped}\n`;
  }

  private rowText({ keys, hitcount, sums }: Row): string {
    const texts = this.keys.map(({ field, modifier }, index) => `${field}: ${this.keyText(keys[index]!, modifier)}`);
    const values = this.vals.map((name, index) => `  ${name}: ${String(sums[index]).padStart(10)}`);
    return `{ ${texts.join(', ')} } hitcount: ${String(hitcount).padStart(10)}${values.join('')}\n`;
  }

  private keyText(value: FieldValue, modifier: Modifier): string {
    if (modifier === 'stacktrace') return `\n         ${value}\n`;
    if (typeof value === 'string') return value.padEnd(50);
    switch (modifier) {
      case 'hex':
        return value.toString(16);
      case 'sym':
        return `[${value.toString(16).padStart(16, '0')}] ${this.symbols.name(value).padEnd(45)}`;
      case 'sym-offset':
        return `[${value.toString(16).padStart(16, '0')}] ${this.symbols.withOffset(value).padEnd(55)}`;
      case 'log2':
        return `~ 2^${String(value).padEnd(2)}`;
      default:
        return String(value).padStart(10);
    }
  }

  private compare(one: Row, other: Row): number {
    for (const { field, descending } of this.sort) {
      const [a, b] = [this.sortValue(one, field), this.sortValue(other, field)];
      if (a !== b) return (a < b ? -1 : 1) * (descending ? -1 : 1);
    }
    return 0;
  }

  private sortValue({ keys, hitcount, sums }: Row, field: string): FieldValue {
    if (field === 'hitcount') return hitcount;
    const index = this.vals.indexOf(field);
    return index >= 0 ? sums[index]! : keys[this.keys.findIndex((key) => key.field === field)]!;
  }

  private keyOf(text: string): Key {
    const [field = '', modifier = 'plain'] = text.split('.');
    if (field === 'stacktrace' || field === 'common_stacktrace') return { field: 'common_stacktrace', modifier: 'stacktrace' };
    if (!['plain', 'hex', 'sym', 'sym-offset', 'log2', 'execname'].includes(modifier)) throw new FtraceError('EINVAL');
    this.checkField(field);
    return { field, modifier: modifier as Modifier };
  }

  private checkField(name: string): void {
    if (!this.event.field(name)) throw new FtraceError('EINVAL', "Couldn't find field");
  }
}
