import { type EventFilter, parseFilter } from '../event-filter';
import type { FieldValues } from '../trace-event';
import type { ProbeDefinition } from './probe-definition';
import { ProbeError } from './probe-error';
import { type ProbeContext, type ProbePoint, sp } from './probe-point';

/** `e SYSTEM.EVENT`: an event at another one, with arguments made of its fields (kernel/trace/trace_eprobe.c). Throws ProbeError. */
export function eventProbePoint({ place, placeAt, filter, filterAt }: ProbeDefinition, context: ProbeContext): ProbePoint {
  const [, system, name] = /^(\w+)[./](\w+)$/.exec(place) ?? [];
  if (system === undefined || name === undefined) {
    throw new ProbeError('This requires both group and event name to attach', placeAt);
  }
  const base = context.events.find(system, name);
  if (!base) throw new ProbeError('Attached event does not exist', placeAt, 'ENODEV');
  if (filter === '') throw new ProbeError("No filter rule after 'if'", filterAt);
  const passing: EventFilter | undefined = filter === undefined ? undefined : parseFilter(filter, base);
  const { machine } = context.ftrace;
  let listener: ((values: FieldValues) => void) | undefined;
  return {
    prefix: 'e',
    place: `${system}.${name}`,
    base,
    fetch: {
      hasRegisters: false,
      hasArguments: false,
      argumentCount: 0,
      hasSymbols: true,
      parameters: undefined,
      result: undefined,
      hasField: (field) => base.field(field) !== undefined,
    },
    show: () => `(${system}.${name})`,
    activate(fire, _take, lateness) {
      listener = (fields) => {
        if (passing && !passing.matches(fields)) return;
        fire({ memory: machine.memory, args: [], retval: undefined, sp: machine.readX(sp), register: () => undefined, fields }, {});
      };
      base.listen(listener, lateness);
    },
    deactivate() {
      if (listener) base.unlisten(listener);
    },
  };
}
