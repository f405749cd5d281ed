import { formatText } from '../events/common-fields';
import type { EventField, FieldValue, FieldValues, TraceEvent } from '../events/trace-event';
import type { RingBuffer, TraceRecord } from '../ring-buffer';
import { recordType } from '../ring-buffer';
import { ByteWriter } from './byte-writer';

/** What a record of an event has beside its text. */
interface EventPayload {
  readonly event: TraceEvent;
  readonly values: FieldValues;
}

/** The event of a record; undefined for records of tracers. */
export function eventOf({ type, payload }: TraceRecord): EventPayload | undefined {
  return type === recordType.event && (payload as Partial<EventPayload>).event ? (payload as EventPayload) : undefined;
}

/** The formats of the events in buffers, by system (trace-cmd.dat(5), "EVENT FORMATS"). */
export function eventFormats(buffers: readonly RingBuffer[]): ByteWriter {
  const systems = new Map<string, Set<TraceEvent>>();
  for (const record of buffers.flatMap((buffer) => [...buffer.from(0)])) {
    const event = eventOf(record)?.event;
    if (!event) continue;
    const known = systems.get(event.system);
    if (known) known.add(event);
    else systems.set(event.system, new Set([event]));
  }
  const out = new ByteWriter().u32(systems.size);
  for (const [system, events] of systems) {
    out.string(system).u32(events.size);
    for (const { name, id, description } of events) out.sized64(formatText(name, id, description.fields, description.printFormat));
  }
  return out;
}

/** The fields of an event as the kernel has them in its record, behind the common ones; texts of changing length come last. */
export function eventFields({ event, values }: EventPayload): Uint8Array {
  const { fields } = event.description;
  const end = Math.max(commonSize, ...fields.map(({ offset, size }) => offset + size));
  const texts: Uint8Array[] = [];
  let length = end;
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  const place = (text: string, isBytes = false): number => {
    const encoded = isBytes ? Uint8Array.from(text, (each) => each.charCodeAt(0)) : new TextEncoder().encode(`${text}\0`);
    const at = length;
    texts.push(encoded);
    length += encoded.length;
    return (encoded.length << 16) | at;
  };
  for (const field of fields) {
    const { elements, size } = shapeOf(field);
    const value = values.get(field.name) ?? 0n;
    const parts: readonly FieldValue[] = elements === 1 ? [value] : String(value).split('\0');
    parts.slice(0, elements).forEach((part, index) => {
      const at = field.offset + index * size;
      if (field.type.startsWith('__data_loc')) view.setUint32(at, place(String(part), field.isBytes), true);
      else if (typeof value === 'string' && elements === 1) bytes.set(new TextEncoder().encode(value).subarray(0, size - 1), at);
      else writeNumber(view, at, size, BigInt(part));
    });
  }
  const whole = new Uint8Array(length - commonSize);
  whole.set(bytes.subarray(commonSize));
  let at = end - commonSize;
  for (const text of texts) {
    whole.set(text, at);
    at += text.length;
  }
  return whole;
}

/** Bytes of the fields that every event begins with. */
const commonSize = 8;

function shapeOf({ type, size }: EventField): { readonly elements: number; readonly size: number } {
  const count = Number(/\[(\d+)\]$/.exec(type)?.[1] ?? 1);
  return type.startsWith('char[') ? { elements: 1, size } : { elements: count, size: size / count };
}

function writeNumber(view: DataView, at: number, size: number, value: bigint): void {
  for (let index = 0; index < size; index++) view.setUint8(at + index, Number(BigInt.asUintN(8, value >> BigInt(8 * index))));
}
