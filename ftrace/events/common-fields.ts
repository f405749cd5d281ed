import type { EventField } from './trace-event';

/** What every event begins with (kernel/trace/trace.h, `struct trace_entry`). */
export const commonFields: readonly EventField[] = [
  { name: 'common_type', type: 'unsigned short', offset: 0, size: 2, signed: false },
  { name: 'common_flags', type: 'unsigned char', offset: 2, size: 1, signed: false },
  { name: 'common_preempt_count', type: 'unsigned char', offset: 3, size: 1, signed: false },
  { name: 'common_pid', type: 'int', offset: 4, size: 4, signed: true },
];

/** What filters and histograms may name beside, which no record has (kernel/trace/trace_events.c, `trace_define_generic_fields`). */
export const genericFields: readonly EventField[] = [
  ...['CPU', 'cpu', 'common_cpu'].map((name): EventField => ({ name, type: 'int', offset: 0, size: 4, signed: true })),
  ...['COMM', 'comm', 'common_comm'].map((name): EventField => ({ name, type: 'char[16]', offset: 0, size: 16, signed: false })),
];

/** The lines of `format` for fields, the common ones and then the event's own. */
export function formatText(name: string, id: number, fields: readonly EventField[], printFormat: string): string {
  const line = ({ type, name: field, offset, size, signed }: EventField) => {
    const [, base = type, array = ''] = (type.startsWith('__data_loc') ? /^(.*?)(\[\d+\])?$/ : /^(.*?)(\[[^\]]*\])?$/).exec(type) ?? [];
    return `\tfield:${base} ${field}${array};\toffset:${offset};\tsize:${size};\tsigned:${signed ? 1 : 0};\n`;
  };
  return `name: ${name}\nID: ${id}\nformat:\n${commonFields.map(line).join('')}\n${fields.map(line).join('')}\nprint fmt: ${printFormat}\n`;
}
