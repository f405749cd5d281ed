import { basename } from 'node:path';
import type { GuestException } from '../emulator/machine';
import type { Program } from '../program/program';
import { signalOf } from './exit-status';

/** What an exception did to the program: the cause, where in which function and source line, and the signal it amounts to. */
export function obituary(program: Program, pc: bigint, exception: GuestException): string {
  const near = program.symbols.nearest(pc);
  const place = near ? ` (${near.symbol.name}+0x${near.offset.toString(16)})` : '';
  const row = program.lines.at(pc)?.row;
  const source = row ? `, ${basename(row.path)}:${row.line}` : '';
  const { cause, message } = exception;
  return `${program.name}: ${cause} at pc 0x${pc.toString(16)}${place}${source}: ${message} (${signalOf(cause)})`;
}
