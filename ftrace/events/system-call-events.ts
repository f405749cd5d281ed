import { systemCallName } from '../../emulator/linux/system-call-names';
import type { GuestMemory } from '../../emulator/machine';
import { openFlags } from './open-flags';
import { type SystemCallParameter, type SystemCallPrototype, systemCallTable } from './system-call-table';
import { type EventField, type EventTable, type FieldValue, type FieldValues, TraceEvent } from './trace-event';

/** Parameters that are paths, whose text the events of 7.2 show too. */
const paths: ReadonlySet<string> = new Set(['filename', 'pathname', 'oldname', 'newname', 'path']);
/** Parameters that are bytes to be read, whose number another parameter has (`user_arg_size`). */
const buffers: Readonly<Record<string, { readonly name: string; readonly count: string }>> = {
  write: { name: 'buf', count: 'count' },
  pwrite64: { name: 'buf', count: 'count' },
};
const usualTextLength = 63;
const longestText = 165;
const O_CREAT = 0x40n;

/** `syscalls:sys_enter_*`, `sys_exit_*` and `raw_syscalls:*`: what the program asks of the system (kernel/trace/trace_syscalls.c). */
export class SystemCallEvents {
  private readonly enter: TraceEvent;
  private readonly exit: TraceEvent;
  private textLength = usualTextLength;

  /** `isOld`: up to 6.12, whose text has all arguments in hexadecimal and no texts. */
  constructor(
    private readonly events: EventTable,
    private readonly memory: GuestMemory,
    private readonly isOld: boolean,
    private readonly stack: () => readonly bigint[],
  ) {
    for (const prototype of systemCallTable.values()) {
      events.add(enterEvent(prototype, isOld));
      events.add(exitEvent(prototype.name));
    }
    this.enter = rawEvent(
      'sys_enter',
      [1, 2, 3, 4, 5, 6].map((index) => `arg${index}`),
      (values, all) => `NR ${values.get('id')} (${all.map(hex).join(', ')})`,
    );
    this.exit = rawEvent('sys_exit', ['ret'], (values, [ret]) => `NR ${values.get('id')} = ${BigInt.asIntN(64, ret!)}`);
    events.add(this.enter);
    events.add(this.exit);
  }

  /** `syscall_user_buf_size`: bytes of a text that are recorded. */
  get userBufferSize(): number {
    return this.textLength;
  }
  set userBufferSize(size: number) {
    this.textLength = Math.min(size, longestText);
  }

  /** A system call begins, or with a result has ended. */
  observe(number: number, args: readonly bigint[], result: bigint | undefined): void {
    const prototype = systemCallTable.get(systemCallName(number) ?? '');
    const nr: [string, FieldValue] = ['__syscall_nr', BigInt(number)];
    const id: [string, FieldValue] = ['id', BigInt(number)];
    const event = prototype && this.events.find('syscalls', `sys_${result === undefined ? 'enter' : 'exit'}_${prototype.name}`);
    if (result !== undefined) {
      if (event?.isUsed) event.fire(new Map([nr, ['ret', BigInt.asUintN(64, result)]]), 0n, this.stack);
      if (this.exit.isUsed) this.exit.fire(new Map([id, ['ret', BigInt.asUintN(64, result)]]), 0n, this.stack);
      return;
    }
    if (this.enter.isUsed) this.enter.fire(new Map([id, ['args', args.join('\0')], ...args.map(numbered)]), 0n, this.stack);
    if (!prototype || !event?.isUsed) return;
    const values = new Map<string, FieldValue>([nr]);
    prototype.parameters.forEach(({ name }, index) => {
      const value = args[index] ?? 0n;
      values.set(name, value);
      if (!this.isOld && paths.has(name)) values.set(`__${name}_val`, this.textAt(value));
    });
    const buffer = this.isOld ? undefined : buffers[prototype.name];
    if (buffer) values.set(`__${buffer.name}_val`, this.bytesAt(values.get(buffer.name) as bigint, values.get(buffer.count) as bigint));
    event.fire(values, 0n, this.stack);
  }

  private bytesAt(address: bigint, count: bigint): string {
    const most = BigInt(this.textLength);
    return latin1(this.memory.read(address, Number(count < most ? count : most)));
  }

  private textAt(address: bigint): string {
    const bytes = this.memory.read(address, this.textLength + 1);
    const end = bytes.indexOf(0);
    const text = new TextDecoder().decode(end < 0 ? bytes.subarray(0, this.textLength) : bytes.subarray(0, end));
    return end < 0 && bytes.length > this.textLength ? `${text}...` : text;
  }
}

/** A character for each byte. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Each argument by itself, for the event's text. */
const numbered = (value: bigint, index: number): [string, FieldValue] => [`arg${index + 1}`, value];

const number: EventField = { name: '__syscall_nr', type: 'int', offset: 8, size: 4, signed: true };

function enterEvent({ name, parameters }: SystemCallPrototype, isOld: boolean): TraceEvent {
  const fields = parameters.map(
    ({ type, name: field }, index): EventField => ({ name: field, type, offset: 16 + 8 * index, size: 8, signed: false }),
  );
  const buffer = buffers[name]?.name;
  const texts = isOld ? [] : parameters.filter((parameter) => paths.has(parameter.name) || parameter.name === buffer);
  const textFields = texts.map(
    ({ name: field }, index): EventField => ({
      name: `__${field}_val`,
      type: '__data_loc char[]',
      offset: 16 + 8 * parameters.length + 4 * index,
      size: 4,
      signed: false,
      isBytes: field === buffer,
    }),
  );
  return new TraceEvent({
    system: 'syscalls',
    name: `sys_enter_${name}`,
    fields: [number, ...fields, ...textFields],
    printFormat: enterFormat(name, parameters, isOld),
    payload: (values) => ({ name: '', text: () => `sys_${name}(${enterText(name, parameters, values, isOld)})` }),
  });
}

function enterText(name: string, parameters: readonly SystemCallParameter[], values: FieldValues, isOld: boolean): string {
  const isOpen = name === 'openat' && !isOld;
  // The mode is meant only where a file may be made.
  const shown =
    isOpen && ((values.get('flags') as bigint) & O_CREAT) === 0n ? parameters.filter((each) => each.name !== 'mode') : parameters;
  const show = ({ name: parameter }: SystemCallParameter) => {
    const value = values.get(parameter) as bigint;
    const text = values.get(`__${parameter}_val`);
    if (isOld) return `${parameter}: ${hex(value)}`;
    if (isOpen && parameter === 'flags') return `flags: ${openFlags.text(value)}`;
    if (isOpen && parameter === 'mode') return `mode: 0${value.toString(8).padStart(3, '0')}`;
    if (text !== undefined && buffers[name]?.name === parameter) return `${parameter}: ${value} ${bytesText(String(text))}`;
    return `${parameter}: ${value}${text === undefined ? '' : ` "${text}"`}`;
  };
  return shown.map(show).join(', ');
}

/** `(68:69:0a) "hi."`: bytes, and what of them can be printed. */
function bytesText(bytes: string): string {
  const hexadecimal = Array.from(bytes, (each) => each.charCodeAt(0).toString(16).padStart(2, '0'));
  return `(${hexadecimal.join(':')}) "${bytes.replace(/[^ -~]/g, '.')}"`;
}

function enterFormat(name: string, parameters: readonly SystemCallParameter[], isOld: boolean): string {
  const isOpen = name === 'openat' && !isOld;
  const isBuffer = (parameter: string) => !isOld && buffers[name]?.name === parameter;
  const format = ({ name: parameter }: SystemCallParameter) => {
    if (isOpen && parameter === 'flags') return 'flags: %s%s';
    if (isOpen && parameter === 'mode') return 'mode: 0%03o';
    if (isBuffer(parameter)) return `${parameter}: 0x%08lx (%s)`;
    return `${parameter}: 0x%08lx${!isOld && paths.has(parameter) ? ' \\"%s\\"' : ''}`;
  };
  const value = ({ name: parameter }: SystemCallParameter) => {
    if (isOpen && parameter === 'flags') return `, ${openFlags.format}`;
    if (isBuffer(parameter)) return `, ((unsigned long)(REC->${parameter})), __print_dynamic_array(__${parameter}_val, 1)`;
    const text = !isOld && paths.has(parameter) ? `, __get_str(__${parameter}_val)` : '';
    return `, ${isOpen && parameter === 'mode' ? ' ' : ''}((unsigned long)(REC->${parameter}))${text}`;
  };
  return `"${parameters.map(format).join(', ')}"${parameters.map(value).join('')}`;
}

function exitEvent(name: string): TraceEvent {
  return new TraceEvent({
    system: 'syscalls',
    name: `sys_exit_${name}`,
    fields: [number, { name: 'ret', type: 'long', offset: 16, size: 8, signed: true }],
    printFormat: '"0x%lx", REC->ret',
    payload: (values) => ({ name: '', text: () => `sys_${name} -> 0x${hex(values.get('ret') as bigint)}` }),
  });
}

function rawEvent(name: string, list: readonly string[], text: (values: FieldValues, all: readonly bigint[]) => string): TraceEvent {
  const isExit = name === 'sys_exit';
  const fields: EventField[] = isExit
    ? [{ name: 'ret', type: 'long', offset: 16, size: 8, signed: true }]
    : [{ name: 'args', type: 'unsigned long[6]', offset: 16, size: 48, signed: false }];
  return new TraceEvent({
    system: 'raw_syscalls',
    name,
    fields: [{ name: 'id', type: 'long', offset: 8, size: 8, signed: true }, ...fields],
    printFormat: isExit
      ? '"NR %ld = %ld", REC->id, REC->ret'
      : '"NR %ld (%lx, %lx, %lx, %lx, %lx, %lx)", REC->id, REC->args[0], REC->args[1], REC->args[2], REC->args[3], REC->args[4], REC->args[5]',
    payload: (values) => ({
      name,
      text: () =>
        text(
          values,
          list.map((field) => values.get(field) as bigint),
        ),
    }),
  });
}

function hex(value: bigint): string {
  return value.toString(16);
}
