import { decode } from '../../riscv/decode';
import type { Instruction } from '../../riscv/instruction';

/** Guest memory as the unwinder reads it: an unsigned load, undefined where nothing is mapped. */
export interface UnwindMemory {
  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined;
}

export function instructionAt(memory: UnwindMemory, address: bigint): Instruction | undefined {
  const low = memory.load(address, 2);
  if (low === undefined) return undefined;
  const high = (low & 3n) === 3n ? memory.load(address + 2n, 2) : 0n;
  return high === undefined ? undefined : decode(Number((high << 16n) | low));
}

export const branches: ReadonlySet<string> = new Set(['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu']);
