import type { Semantics } from './emitter';

/** What only the privileged architecture can do (Volume II, "Machine-Mode Privileged Instructions"): the host does it. */
export const privileged = {
  mret: (emit) => emit.leave('privileged'),
  wfi: (emit) => emit.leave('privileged'),
} satisfies Record<string, Semantics>;
