import type { Errno } from '../ftrace-error';
import { ProbeError } from './probes/probe-error';
import { type EventField, type EventTable, type FieldValue, TraceEvent } from './trace-event';

interface SyntheticEvent {
  readonly event: TraceEvent;
  /** The line of `synthetic_events`. */
  readonly text: string;
}

interface SyntheticType {
  readonly size: number;
  readonly signed: boolean;
  readonly format: string;
}

const word = (size: number, signed: boolean, format: string): SyntheticType => ({ size, signed, format });
/** The types of fields, and how their values are printed (kernel/trace/trace_events_synth.c, `synth_field_fmt`). */
const types: Readonly<Record<string, SyntheticType>> = {
  s64: word(8, true, '%lld'),
  u64: word(8, false, '%llu'),
  s32: word(4, true, '%d'),
  u32: word(4, false, '%u'),
  s16: word(2, true, '%d'),
  u16: word(2, false, '%u'),
  s8: word(1, true, '%d'),
  u8: word(1, false, '%u'),
  char: word(1, true, '%d'),
  'unsigned char': word(1, false, '%u'),
  int: word(4, true, '%d'),
  'unsigned int': word(4, false, '%u'),
  long: word(8, true, '%ld'),
  'unsigned long': word(8, false, '%lu'),
  bool: word(1, false, '%d'),
  pid_t: word(4, true, '%d'),
  gfp_t: word(4, false, '%x'),
};
const mostFields = 64;
const headSize = 8;

/** `synthetic_events`: events that histograms make of others (kernel/trace/trace_events_synth.c). */
export class SyntheticEvents {
  private all: SyntheticEvent[] = [];

  constructor(private readonly events: EventTable) {}

  get lines(): readonly string[] {
    return this.all.map(({ text }) => text);
  }

  /** `NAME TYPE FIELD[; TYPE FIELD ...]` makes one, after `!` it is taken away. Throws ProbeError. */
  change(line: string): void {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) return;
    const removes = text.startsWith('!');
    const [, name = '', rest = ''] = /^!?(\S+)\s*(.*)$/s.exec(text) ?? [];
    if (removes) this.remove(name);
    else this.add(name, rest, text);
  }

  remove(name: string): void {
    const known = this.all.find(({ event }) => event.name === name);
    if (!known) throw new ProbeError('Illegal name', 1, 'ENOENT');
    if (known.event.isUsed) throw new ProbeError('Event is busy', 1, 'EBUSY');
    this.events.delete(known.event);
    this.all = this.all.filter((each) => each !== known);
  }

  /** What `>` does. Throws ProbeError (EBUSY) where one is in use. */
  clear(): void {
    if (this.all.some(({ event }) => event.isUsed)) throw new ProbeError('Event is busy', 0, 'EBUSY');
    for (const { event } of this.all) this.events.delete(event);
    this.all = [];
  }

  private add(name: string, list: string, text: string): void {
    const failed = (message: string, part: string, errno: Errno = 'EINVAL') =>
      new ProbeError(message, Math.max(0, text.indexOf(part)), errno);
    if (!/^[A-Za-z_]\w*$/.test(name)) throw failed('Illegal name', name);
    const fieldTexts = list
      .split(';')
      .map((each) => each.trim())
      .filter(Boolean);
    if (fieldTexts.length === 0) throw failed('Command must be of the form: <name> field[;field] ...', text);
    if (fieldTexts.length > mostFields) throw failed('Too many fields', text);
    if (this.events.find('synthetic', name)) throw failed('Event already exists', name, 'EEXIST');
    const fields: EventField[] = [];
    for (const each of fieldTexts) {
      const [, type = '', field = '', array = ''] = /^(.*?)\s*\b([A-Za-z_]\w*)\s*(\[\d*\])?$/.exec(each.replace(/\s+/g, ' ')) ?? [];
      if (type === '') throw failed(/^[\w ]+$/.test(each) ? 'Incomplete type' : 'Invalid field', each);
      const shape = types[type];
      if (!shape) throw failed('Invalid type', type);
      if (array !== '' && type !== 'char') throw failed('Invalid array specification', array);
      const isDynamic = array === '[]';
      const length = array === '' || isDynamic ? 1 : Number(array.slice(1, -1));
      if (length < 1 || length > 4096) throw failed('Invalid array specification', array);
      const size = isDynamic ? 4 : Math.max(8, shape.size * length);
      const last = fields.at(-1);
      const offset = last ? Math.ceil((last.offset + last.size) / 8) * 8 : headSize;
      fields.push({
        name: field,
        type: isDynamic ? '__data_loc char[]' : `${type}${array}`,
        offset,
        size: array === '' ? shape.size : size,
        signed: shape.signed,
      });
    }
    const shown = fields.map((field) => `${typeText(field)} ${field.name}`).join('; ');
    const event = new TraceEvent({
      system: 'synthetic',
      name,
      fields,
      printFormat: `"${fields.map((field) => `${field.name}=${formatOf(field)}`).join(' ')}", ${fields.map(recordOf).join(', ')}`,
      payload: (values) => ({
        name,
        text: () => fields.map((field) => `${field.name}=${valueText(field, values.get(field.name))}`).join(' '),
      }),
    });
    this.events.add(event);
    this.all.push({ event, text: `${name}\t${shown}` });
  }
}

function isText({ type }: EventField): boolean {
  return type.includes('[');
}

function typeText(field: EventField): string {
  return isText(field) ? `char${/\[\d*\]/.exec(field.type)![0]}` : field.type;
}

function formatOf(field: EventField): string {
  return isText(field) ? '%s' : types[field.type]!.format;
}

function recordOf(field: EventField): string {
  return field.type.startsWith('__data_loc') ? `__get_str(${field.name})` : `REC->${field.name}`;
}

function valueText(field: EventField, value: FieldValue = 0n): string {
  if (typeof value === 'string') return value;
  const { signed, format } = types[field.type]!;
  const bits = 8 * field.size;
  const number = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return format === '%x' ? number.toString(16) : String(number);
}
