import type { Step } from './control-flow';
import { xBit } from './register-set';

/** Instructions of the place where a function can be traced, at most: as many nops, compressed, as have its size. */
export const mostIdle = 4;

const t0 = 5;

/**
 * Whether a step does nothing: a nop, or before one the `auipc t0` that stays where a function is not traced. In WebAssembly such are
 * nothing or next to nothing, so that they count toward no limit: else functions that can be traced would be translated otherwise.
 */
export function isIdle({ instruction: { meaning, rd } }: Step, next: () => Step | undefined): boolean {
  if (meaning === 'addi') return rd === 0;
  return meaning === 'auipc' && rd === t0 && isNop(next());
}

/** Whether an instruction has to be looked at closer: for most there is nothing to be asked, by what all of them have in common. */
export function canBeIdle({ written, effects }: Step): boolean {
  return effects.writes === 'rd' && (written.x === 0 || written.x === xBit(t0));
}

function isNop(step: Step | undefined): boolean {
  return step?.instruction.meaning === 'addi' && step.instruction.rd === 0;
}
