import type { GuestException } from '../emulator/machine';
import type { TraceableFunction } from '../ftrace/ftrace-ops';

/** Why the program stands still. */
export type StopReason =
  | { readonly kind: 'entry' }
  | { readonly kind: 'step' }
  | { readonly kind: 'breakpoint' }
  | { readonly kind: 'pause' }
  /** In the tracer, at a call of a function whose marker says stop. */
  | { readonly kind: 'trace'; readonly function: TraceableFunction }
  | { readonly kind: 'exception'; readonly exception: GuestException }
  /** It has ended: nothing runs any more. */
  | { readonly kind: 'exit'; readonly code: number };
