import { basename } from 'node:path';
import type { GuestException } from '../emulator/machine';
import type { Executable, Program } from '../program/program';
import { signalOf } from './exit-status';

/**
 * What an exception did to the program: the cause, where in which function and source line, of the program or of the trampoline
 * that traces it, if any, and the signal it amounts to.
 */
export function obituary(program: Executable | Program, trampoline: Program | undefined, pc: bigint, exception: GuestException): string {
  const { cause, message, from } = exception;
  const place = (address: bigint) =>
    `0x${address.toString(16)}${placeIn(program, address) || (trampoline ? placeIn(trampoline, address) : '')}`;
  const origin = from === undefined ? '' : `, reached from pc ${place(from)}`;
  return `${program.name}: ${cause} at pc ${place(pc)}${origin}: ${message} (${signalOf(exception)})`;
}

function placeIn(program: Executable | Program, address: bigint): string {
  const near = program.symbols.nearest(address);
  const row = 'lines' in program ? program.lines.at(address)?.row : undefined;
  const symbol = near ? ` (${near.symbol.name}+0x${near.offset.toString(16)})` : '';
  return row ? `${symbol}, ${basename(row.path)}:${row.line}` : symbol;
}
