import { type RingBuffer, recordType, type TraceRecord } from '../ring-buffer';

/** What a trace says of calls, in the order of time: calls begin and end properly nested. */
export type SpanEvent =
  | { readonly kind: 'begin'; readonly time: bigint; readonly ip: bigint; readonly record: TraceRecord }
  | { readonly kind: 'end'; readonly time: bigint; readonly ip: bigint; readonly record: TraceRecord | undefined }
  | { readonly kind: 'other'; readonly time: bigint; readonly record: TraceRecord };

interface Open {
  readonly ip: bigint;
  readonly depth: number;
  readonly sp: bigint;
  readonly isGraph: boolean;
}

/**
 * The calls of a buffer as nested spans. Those of the graph tracer begin and end where they did; an end whose beginning is lost is left
 * out. A call of the function tracer has no end: it is taken to go on until a call comes that is made from its stack pointer or above,
 * which is when it had certainly returned. What is open at the end of the trace ends there.
 */
export function* callSpans(buffer: Pick<RingBuffer, 'from'>): Generator<SpanEvent> {
  const open: Open[] = [];
  let time = 0n;
  const close = (record?: TraceRecord): SpanEvent => ({ kind: 'end', time, ip: open.pop()!.ip, record });
  for (const record of buffer.from(0)) {
    time = record.timestamp;
    const sp = record.words[2]!;
    switch (record.type) {
      case recordType.function:
        while (open.length > 0 && !open.at(-1)!.isGraph && open.at(-1)!.sp <= sp) yield close();
        open.push({ ip: record.ip, depth: 0, sp, isGraph: false });
        yield { kind: 'begin', time, ip: record.ip, record };
        break;
      case recordType.graphEntry:
        while (open.length > 0 && (!open.at(-1)!.isGraph || open.at(-1)!.depth >= record.depth)) yield close();
        open.push({ ip: record.ip, depth: record.depth, sp, isGraph: true });
        yield { kind: 'begin', time, ip: record.ip, record };
        break;
      case recordType.graphExit: {
        const at = open.findLastIndex(({ ip, depth }) => ip === record.ip && depth === record.depth);
        if (at < 0) break;
        while (open.length > at + 1) yield close();
        yield close(record);
        break;
      }
      default:
        yield { kind: 'other', time, record };
    }
  }
  while (open.length > 0) yield close();
}
