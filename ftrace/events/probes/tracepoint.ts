import { intType, longType, pointerTo, unsignedLongType } from '../../../program/types/base-types';
import { type Type, voidType } from '../../../program/types/type';
import type { FieldValues, TraceEvent } from '../trace-event';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';
import { type ProbeContext, type ProbePoint, sp } from './probe-point';

/** The tracepoints there are: the event that each is behind, and its arguments as TP_PROTO names them. */
const tracepoints: Readonly<
  Record<string, { readonly system: string; readonly parameters: readonly [name: string, type: Type, field?: string][] }>
> = {
  sys_enter: {
    system: 'raw_syscalls',
    parameters: [
      ['regs', pointerTo(voidType)],
      ['id', longType, 'id'],
    ],
  },
  sys_exit: {
    system: 'raw_syscalls',
    parameters: [
      ['regs', pointerTo(voidType)],
      ['ret', longType, 'ret'],
    ],
  },
  page_fault_user: { system: 'exceptions', parameters: pageFault() },
  page_fault_kernel: { system: 'exceptions', parameters: pageFault() },
};

function pageFault(): readonly [string, Type, string?][] {
  return [
    ['address', unsignedLongType, 'address'],
    ['regs', pointerTo(voidType)],
    ['error_code', unsignedLongType, 'error_code'],
  ];
}

/** `t TRACEPOINT`: an event at a tracepoint, with arguments of one's own (kernel/trace/trace_fprobe.c). Throws ProbeError. */
export function tracepointPoint({ place, placeAt, isReturn }: ProbeDefinition, context: ProbeContext): ProbePoint {
  if (!/^\w+$/.test(place)) throw new ProbeError('Invalid character in tracepoint name', placeAt + place.search(/\W/));
  const known = tracepoints[place];
  const { machine } = context.ftrace;
  const event: TraceEvent | undefined = known && context.events.find(known.system, place);
  if (!event || isReturn) throw new ProbeError('Tracepoint is not found', placeAt);
  const { parameters } = known!;
  let listener: ((values: FieldValues) => void) | undefined;
  return {
    prefix: 't',
    place,
    fetch: {
      hasRegisters: false,
      hasArguments: true,
      argumentCount: parameters.length,
      hasSymbols: true,
      parameters: parameters.map(([name, type], index) => ({ name, type, registers: [index], isReference: false })),
      result: intType,
    },
    show: (values) => `(${context.symbols.withOffset(values.__probe_ip!)})`,
    activate(fire) {
      listener = (values) => {
        const args = parameters.map(([, , field]) => (field === undefined ? 0n : (values.get(field) as bigint)));
        const moment = { memory: machine.memory, args, retval: undefined, sp: machine.readX(sp), register: () => undefined };
        fire(moment, { __probe_ip: machine.pc });
      };
      event.listen(listener);
    },
    deactivate() {
      if (listener) event.unlisten(listener);
    },
  };
}
