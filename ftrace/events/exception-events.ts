import type { ExceptionCause, GuestException } from '../../emulator/machine';
import type { Symbols } from '../output/symbols';
import { type EventField, type EventTable, TraceEvent } from './trace-event';

/** The causes that are page faults, as scause has them (Volume II, section "Supervisor Cause Register"). */
const pageFaults: Partial<Record<ExceptionCause, bigint>> = {
  'instruction-access-fault': 12n,
  'load-access-fault': 13n,
  'store-access-fault': 15n,
};

/** `exceptions:page_fault_user` and `page_fault_kernel` (include/trace/events/exceptions.h): faults of the program's accesses. */
export class ExceptionEvents {
  private readonly user: TraceEvent;

  constructor(
    events: EventTable,
    symbols: Symbols,
    private readonly stack: () => readonly bigint[],
  ) {
    this.user = pageFaultEvent('page_fault_user', symbols);
    events.add(this.user);
    // The kernel's own accesses: whoever turns it on hears nothing here, as on a kernel without faults.
    events.add(pageFaultEvent('page_fault_kernel', symbols));
  }

  /** The program has made an exception at that pc. */
  observe({ cause, value }: GuestException, pc: bigint): void {
    const code = pageFaults[cause];
    if (code === undefined || !this.user.isUsed) return;
    this.user.fire(new Map(Object.entries({ address: value, ip: pc, error_code: code })), pc, this.stack);
  }
}

function pageFaultEvent(name: string, symbols: Symbols): TraceEvent {
  const fields = ['address', 'ip', 'error_code'].map(
    (field, index): EventField => ({ name: field, type: 'unsigned long', offset: 8 + 8 * index, size: 8, signed: false }),
  );
  return new TraceEvent({
    system: 'exceptions',
    name,
    fields,
    printFormat: '"address=%ps ip=%ps error_code=0x%lx", (void *)REC->address, (void *)REC->ip, REC->error_code',
    payload: (values) => ({
      name,
      text: () => {
        const [address, ip, code] = ['address', 'ip', 'error_code'].map((field) => values.get(field) as bigint);
        return `address=${symbols.name(address!)} ip=${symbols.name(ip!)} error_code=0x${code!.toString(16)}`;
      },
    }),
  });
}
