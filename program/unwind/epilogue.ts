import { decode } from '../../riscv/decode';
import { sp } from './abstract-state';
import type { UnwindMemory } from './function-flow';

/** As many registers as a function can save, and the move of sp in several parts. */
const longest = 40;
const returnRegister = 1;

/** Whether from an address on, up to the end of the function, registers are loaded from the stack and sp is moved, and nothing else. */
export function isEpilogue(memory: UnwindMemory, address: bigint): boolean {
  let pc = address;
  for (let count = 0; count < longest; count++) {
    const low = memory.load(pc, 2);
    if (low === undefined) return false;
    const high = (low & 3n) === 3n ? (memory.load(pc + 2n, 2) ?? 0n) : 0n;
    const instruction = decode(Number(low | (high << 16n)));
    if (!instruction) return false;
    const { meaning, rd, rs1, length } = instruction;
    if ((meaning === 'jalr' && rd === 0 && rs1 === returnRegister) || (meaning === 'jal' && rd === 0)) return true;
    const isRestore = (meaning === 'ld' || meaning === 'fld') && rs1 === sp;
    const isMove = (meaning === 'addi' || meaning === 'add') && rd === sp && rs1 === sp;
    if (!isRestore && !isMove) return false;
    pc += BigInt(length);
  }
  return false;
}
