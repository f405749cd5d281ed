import type { ExceptionCause } from '../machine';
import { type Privilege, privilege } from './machine-status';

/** Exception codes of mcause (Volume II, table "Machine cause register values after trap"); an ecall's depends on the mode. */
const codes: Readonly<Partial<Record<ExceptionCause, bigint>>> = {
  'instruction-misaligned': 0n,
  'instruction-access-fault': 1n,
  'illegal-instruction': 2n,
  breakpoint: 3n,
  'load-misaligned': 4n,
  'load-access-fault': 5n,
  'store-misaligned': 6n,
  'store-access-fault': 7n,
};

/** The exception code, or undefined for what is no exception of the hardware. */
export function exceptionCode(cause: ExceptionCause, mode: Privilege): bigint | undefined {
  if (cause === 'environment-call') return mode === privilege.user ? 8n : 11n;
  return codes[cause];
}
