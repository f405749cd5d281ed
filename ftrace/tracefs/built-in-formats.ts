import { formatText } from '../events/common-fields';
import type { EventField } from '../events/trace-event';

/** The layout of a sub-buffer of the kernel's ring buffer, which holds so many bytes, for `trace.dat` too; `isOld` up to 6.12. */
export function headerPage(isOld: boolean, size = 4080): string {
  const overwrite = isOld ? 'int overwrite;\toffset:8;\tsize:1;\tsigned:1' : 'char overwrite;\toffset:8;\tsize:1;\tsigned:0';
  return `\
\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
\tfield: ${overwrite};
\tfield: char data;\toffset:16;\tsize:${size};\tsigned:0;
`;
}

export const headerEvent = `\
# compressed entry header
\ttype_len    :    5 bits
\ttime_delta  :   27 bits
\tarray       :   32 bits

\tpadding     : type == 29
\ttime_extend : type == 30
\ttime_stamp : type == 31
\tdata max type_len  == 28
`;

export interface BuiltInFormat {
  readonly name: string;
  readonly id: number;
  readonly text: string;
}

const word = (name: string, offset: number): EventField => ({ name, type: 'unsigned long', offset, size: 8, signed: false });
const number = (name: string, offset: number, type = 'int'): EventField => ({ name, type, offset, size: 4, signed: type === 'int' });
const callers = Array.from({ length: 8 }, (_, index) => `(void *)REC->caller[${index}]`).join(', ');
const stackFormat = `${['"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n"', '"\\t=> %ps\\n\\t=> %ps\\n\\t=> %ps\\n"', '"\\t=> %ps\\n\\t=> %ps\\n"'].join(' ')}, ${callers}`;
const caller: EventField = { name: 'caller', type: 'unsigned long[8]', offset: 16, size: 64, signed: false };

/** `events/ftrace/*`: the records of the tracers (kernel/trace/trace_entries.h); `isOld` up to 6.12. */
export function builtInFormats(isOld: boolean): readonly BuiltInFormat[] {
  const argumentsAt = (offset: number): EventField[] =>
    isOld ? [] : [{ name: 'args', type: 'unsigned long[]', offset, size: 0, signed: false }];
  const depthType = isOld ? 'int' : 'unsigned int';
  const sign = isOld ? '%d' : '%u';
  const make = (name: string, id: number, fields: readonly EventField[], printFormat: string): BuiltInFormat => ({
    name,
    id,
    text: formatText(name, id, fields, printFormat),
  });
  return [
    make(
      'function',
      1,
      [word('ip', 8), word('parent_ip', 16), ...argumentsAt(24)],
      '" %ps <-- %ps", (void *)REC->ip, (void *)REC->parent_ip',
    ),
    make(
      'funcgraph_entry',
      11,
      [word('func', 8), isOld ? number('depth', 16) : word('depth', 16), ...argumentsAt(24)],
      isOld ? '"--> %ps (%d)", (void *)REC->func, REC->depth' : '"--> %ps (%lu)", (void *)REC->func, REC->depth',
    ),
    make(
      'funcgraph_exit',
      10,
      [
        word('func', 8),
        number('depth', 16, depthType),
        number('overrun', 20, 'unsigned int'),
        { name: 'calltime', type: 'unsigned long long', offset: 24, size: 8, signed: false },
        { name: 'rettime', type: 'unsigned long long', offset: 32, size: 8, signed: false },
      ],
      `"<-- %ps (${sign}) (start: %llx  end: %llx) over: ${sign}", (void *)REC->func, REC->depth, REC->calltime, REC->rettime, REC->depth`,
    ),
    make('kernel_stack', 4, [number('size', 8), caller], stackFormat),
    make('user_stack', isOld ? 12 : 13, [number('tgid', 8, 'unsigned int'), caller], stackFormat),
    make(
      'print',
      5,
      [word('ip', 8), { name: 'buf', type: 'char[]', offset: 16, size: 0, signed: false }],
      '"%ps: %s", (void *)REC->ip, REC->buf',
    ),
    make(
      'func_repeats',
      isOld ? 19 : 20,
      [
        word('ip', 8),
        word('parent_ip', 16),
        { name: 'count', type: 'u16', offset: 24, size: 2, signed: false },
        { name: 'top_delta_ts', type: 'u16', offset: 26, size: 2, signed: false },
        { name: 'bottom_delta_ts', type: 'u32', offset: 28, size: 4, signed: false },
      ],
      '" %ps <-%ps\\t(repeats:%u  delta: -%llu)", (void *)REC->ip, (void *)REC->parent_ip, REC->count, (((u64)(REC)->top_delta_ts << 32) | (REC)->bottom_delta_ts)',
    ),
  ];
}
