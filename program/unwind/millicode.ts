import type { Instruction } from '../../riscv/instruction';
import { type AbstractState, stateAfter } from './abstract-state';
import { branches, instructionAt, type UnwindMemory } from './instruction-at';

/**
 * The link register of routines that make a part of their caller's frame: `__riscv_save_3` of -msave-restore (psABI, chapter 2, and
 * libgcc's save-restore.S). Until such a routine returns, its caller is as before the call.
 */
export const alternateLink = 5;
/** `jal t0` and `jalr t0` have no compressed form. */
export const millicodeCallSize = 4n;

/** What is known after a call through t0; undefined where the routine is none that runs straight to its end. */
export function stateAfterMillicode(memory: UnwindMemory, target: bigint, state: AbstractState): AbstractState | undefined {
  let current = state;
  const left = instructionsToLink(memory, target, (instruction) => {
    current = stateAfter(current, instruction);
  });
  return left === undefined ? undefined : current;
}

/** Whether t0 still is where a routine's caller goes on. */
export function isInMillicode({ x }: AbstractState): boolean {
  const link = x[alternateLink];
  return link?.kind === 'entry' && link.register === alternateLink;
}

/** As many registers as there are to save, and the moves of sp between them. */
const longest = 40;

/** How many instructions are left before one that jumps to where t0 points; undefined where anything else may be done. */
export function instructionsToLink(
  memory: UnwindMemory,
  start: bigint,
  visit: (instruction: Instruction) => void = () => undefined,
): number | undefined {
  let address = start;
  for (let count = 0; count < longest; count++) {
    const instruction = instructionAt(memory, address);
    if (!instruction) return undefined;
    const { meaning, rd, rs1, immediate, length } = instruction;
    if (meaning === 'jalr') return rd === 0 && rs1 === alternateLink ? count : undefined;
    if (rd === alternateLink || branches.has(meaning) || (meaning === 'jal' && rd !== 0)) return undefined;
    if (meaning !== 'jal') visit(instruction);
    address += BigInt(meaning === 'jal' ? immediate : length);
  }
  return undefined;
}
