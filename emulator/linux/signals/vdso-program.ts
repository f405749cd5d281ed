import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';
import vdsoText from './vdso.S';

const path = '/riscv-ftrace/vdso.S';

/** The page that `installVdso` maps at that address, as a program with symbols, lines and unwinding tables. */
export function vdsoProgram(address: bigint): Program {
  const { image, diagnostics } = assemble([{ path, text: vdsoText }], { textAddress: address, callSites: false });
  if (!image) throw new Error(diagnostics.map((each) => `${each.path}:${each.line}: ${each.message}`).join('\n'));
  return readProgram(image, 'vdso', new Map([[path, vdsoText]]));
}
