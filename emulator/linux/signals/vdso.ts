import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import type { FlatMemory } from '../../flat-memory';
import { pageSize } from '../../linear-memory';
import vdsoText from './vdso.S';

const path = '/riscv-ftrace/vdso.S';

/** The page with what signal handlers return to: its program, mapped at that address. */
export function installVdso(memory: FlatMemory, address: bigint): Program {
  const { image, diagnostics } = assemble([{ path, text: vdsoText }], { textAddress: address, callSites: false });
  if (!image) throw new Error(diagnostics.map((each) => `${each.path}:${each.line}: ${each.message}`).join('\n'));
  const program = readProgram(image, 'vdso', new Map([[path, vdsoText]]));
  const permissions = { read: true, write: false, execute: true };
  memory.map({ name: 'vdso', address, size: BigInt(pageSize), permissions });
  for (const { address: at, bytes } of program.segments) memory.write(at, bytes);
  return program;
}
