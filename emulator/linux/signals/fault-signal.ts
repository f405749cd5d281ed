import type { FlatMemory } from '../../flat-memory';
import type { GuestException } from '../../machine';
import { signal } from './signal-names';
import { type SignalInfo, signalCode } from './signal-state';

/** si_code of faults (include/uapi/asm-generic/siginfo.h). */
const SEGV_MAPERR = 1;
const SEGV_ACCERR = 2;
const BUS_ADRALN = 1;
const ILL_ILLOPC = 1;
const TRAP_BRKPT = 1;

/** The signal that Linux sends for an exception (arch/riscv/kernel/traps.c, arch/riscv/mm/fault.c). */
export function faultSignal({ cause, value }: GuestException, pc: bigint, memory: FlatMemory): SignalInfo {
  switch (cause) {
    case 'illegal-instruction':
      return { number: signal.SIGILL, code: ILL_ILLOPC, address: pc };
    case 'breakpoint':
      return { number: signal.SIGTRAP, code: TRAP_BRKPT, address: pc };
    case 'instruction-misaligned':
      return { number: signal.SIGBUS, code: BUS_ADRALN, address: pc };
    case 'load-misaligned':
    case 'store-misaligned':
      return { number: signal.SIGBUS, code: BUS_ADRALN, address: value };
    case 'environment-call':
    case 'signal':
      return { number: signal.SIGSYS, code: signalCode.kernel };
    case 'instruction-access-fault':
    case 'load-access-fault':
    case 'store-access-fault': {
      const [region] = memory.overlapping(value, 1n);
      if (!region) return { number: signal.SIGSEGV, code: SEGV_MAPERR, address: value };
      return { number: signal.SIGSEGV, code: SEGV_ACCERR, address: value };
    }
  }
}
