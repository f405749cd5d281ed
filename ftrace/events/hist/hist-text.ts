import { systemCallName } from '../../../emulator/linux/system-call-names';
import type { Symbols } from '../../output/symbols';
import type { FieldValue } from '../trace-event';
import type { HistKey, HistValue } from './hist-spec';
import { frameSeparator, type Histogram, type HistRow } from './histogram';

const barLength = 20;

/** The trigger's line, without its filter (`event_hist_trigger_print`). */
export function histSpecText({ spec, actions }: Histogram): string {
  const { name, keys, values, variables, sort, size, clock, hasHitcount } = spec;
  const vals = ['hitcount', ...values.map(({ text }) => text)];
  const sorted = sort.map(({ field, descending }) => (descending ? `${field}.descending` : field));
  return [
    `hist:${name === undefined ? '' : `${name}:`}keys=${keys.map(({ text }) => text).join(',')}`,
    `vals=${vals.join(',')}`,
    ...(variables.length > 0 ? [variables.map(({ text }) => text).join(',')] : []),
    `sort=${sorted.join(',')}`,
    `size=${size}`,
    ...(usesTimestamp(spec) ? [`clock=${clock ?? 'global'}`] : []),
    ...(hasHitcount ? [] : ['nohitcount']),
    ...actions.map(({ text }) => text),
  ].join(':');
}

/** Whether it needs times of events that can be compared. */
export function usesTimestamp({ keys, values, variables }: Histogram['spec']): boolean {
  return [...keys, ...values, ...variables].some(({ expression }) => expression?.usesTimestamp);
}

/** What reading the event's `hist` gives of it. */
export class HistReport {
  constructor(
    private readonly histogram: Histogram,
    private readonly symbols: Symbols,
  ) {}

  text(filter: string): string {
    const { histogram } = this;
    const state = histogram.isPaused ? 'paused' : 'active';
    const head = `# event histogram\n#\n# trigger info: ${histSpecText(histogram)}${filter} [${state}]\n#\n\n`;
    const sorted = [...histogram.rows.values()].sort((one, other) => this.compare(one, other));
    const rows = sorted.map((row) => this.row(row)).join('');
    const { hits, dropped } = histogram;
    return `${head}${rows}${this.snapshots()}\nTotals:\n    Hits: ${hits}\n    Entries: ${sorted.length}\n    Dropped: ${dropped}\n`;
  }

  private row(row: HistRow): string {
    const { spec, actions } = this.histogram;
    const hitcount = spec.hasHitcount ? ` hitcount: ${pad(row.hitcount)}` : '';
    const values = spec.values.map((value, index) => `  ${this.value(value, row.sums[index]!, index)}`).join('');
    const tracked = actions.flatMap((action) => {
      const held = row.tracked.get(action);
      if (!held || action.label === undefined) return [];
      const saved = [...held.saved].map(([name, value]) => `  ${name}: ${typeof value === 'bigint' ? pad(value) : value.padEnd(32)}`);
      return [`\n\t${action.label}: ${pad(held.value)}${saved.join('')}`];
    });
    return `${this.keys(row)}${hitcount}${values}${tracked.join('')}\n`;
  }

  private keys({ keys }: HistRow): string {
    let isMultiline = false;
    const texts = this.histogram.spec.keys.map((key, index) => {
      isMultiline = key.modifier === 'stacktrace';
      return this.key(key, keys[index]!);
    });
    return `{ ${texts.join(', ')}${isMultiline ? '' : ' '}}`;
  }

  private key({ name, modifier, bucket }: HistKey, value: FieldValue): string {
    if (modifier === 'stacktrace') {
      const frames = String(value).split(frameSeparator).filter(Boolean);
      return `${name}:\n${frames.map((frame) => `         ${this.symbols.withOffset(BigInt(frame))}\n`).join('')}`;
    }
    if (typeof value === 'string') return `${name}: ${value.padEnd(50)}`;
    const number = BigInt.asUintN(64, value);
    switch (modifier) {
      case 'hex':
        return `${name}: ${number.toString(16)}`;
      case 'sym':
        return `${name}: [${number.toString(16)}] ${this.symbols.name(number).padEnd(45)}`;
      case 'sym-offset':
        return `${name}: [${number.toString(16)}] ${this.symbols.withOffset(number).padEnd(55)}`;
      case 'execname':
        return `${name}: ${this.histogram.event.comm.padEnd(16)}[${pad(number)}]`;
      case 'syscall': {
        const call = systemCallName(Number(number));
        return `${name}: ${(call === undefined ? 'unknown_syscall' : `sys_${call}`).padEnd(30)}[${String(number).padStart(3)}]`;
      }
      case 'log2':
        return `${name}: ~ 2^${String(number).padEnd(2)}`;
      case 'buckets':
        return `${name}: ~ ${number}-${number + bucket - 1n}`;
      default:
        return `${name}: ${pad(number)}`;
    }
  }

  private value({ name, modifier }: HistValue, sum: bigint, index: number): string {
    const all = [...this.histogram.rows.values()].map(({ sums }) => sums[index]!);
    switch (modifier) {
      case 'percent': {
        const total = all.reduce((left, right) => left + right, 0n);
        if (total === 0n) return `${name} (%):[ERROR]`;
        const percent = (10000n * sum) / total;
        return `${name} (%): ${String(percent / 100n).padStart(3)}.${String(percent % 100n).padStart(2, '0')}`;
      }
      case 'graph': {
        const most = all.reduce((left, right) => (left > right ? left : right), 1n);
        return `${name}: ${'#'.repeat(Number((BigInt(barLength) * sum) / most)).padEnd(barLength)}`;
      }
      case 'hex':
        return `${name}: ${BigInt.asUintN(64, sum).toString(16).padStart(10)}`;
      default:
        return `${name}: ${pad(BigInt.asUintN(64, sum))}`;
    }
  }

  private snapshots(): string {
    return this.histogram.actions
      .flatMap(({ isSnapshot, handler, variable, taken }) => {
        if (!isSnapshot || !taken) return [];
        const value = `\ttriggering value { ${handler}(${variable}) }: ${pad(taken.value)}\n`;
        return [`\nSnapshot taken (see tracing/snapshot).  Details:\n${value}\ttriggered by event with key: ${this.keys(taken.row)}\n`];
      })
      .join('');
  }

  private compare(one: HistRow, other: HistRow): number {
    for (const { field, descending } of this.histogram.spec.sort) {
      const [a, b] = [this.sortValue(one, field), this.sortValue(other, field)];
      if (a !== b) return (a < b ? -1 : 1) * (descending ? -1 : 1);
    }
    return 0;
  }

  private sortValue({ keys, hitcount, sums }: HistRow, field: string): FieldValue {
    if (field === 'hitcount') return hitcount;
    const { spec } = this.histogram;
    const index = spec.values.findIndex(({ name }) => name === field);
    return index >= 0 ? sums[index]! : keys[spec.keys.findIndex(({ name }) => name === field)]!;
  }
}

function pad(value: bigint): string {
  return String(value).padStart(10);
}
