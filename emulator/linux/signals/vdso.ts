import type { FlatMemory } from '../../flat-memory';
import { pageSize } from '../../linear-memory';

/** What `vdso.S` beside this file assembles to: nop; li a7, 139; ecall. */
const code = Uint32Array.of(0x0000_0013, 0x08b0_0893, 0x0000_0073);
const instructionSize = 4n;

/** Maps the page with what signal handlers return to at that address; the answer is where they do. `vdsoProgram` describes it. */
export function installVdso(memory: FlatMemory, address: bigint): bigint {
  memory.map({ name: 'vdso', address, size: BigInt(pageSize), permissions: { read: true, write: false, execute: true } });
  memory.write(address, new Uint8Array(code.buffer));
  return address + instructionSize;
}
