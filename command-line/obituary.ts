import { basename } from 'node:path';
import type { GuestException } from '../emulator/machine';
import type { Program } from '../program/program';
import { signalOf } from './exit-status';

/** What an exception did to the program: the cause, where in which function and source line, and the signal it amounts to. */
export function obituary(program: Program, pc: bigint, exception: GuestException): string {
  const { cause, message, from } = exception;
  const origin = from === undefined ? '' : `, reached from pc ${placeOf(program, from)}`;
  return `${program.name}: ${cause} at pc ${placeOf(program, pc)}${origin}: ${message} (${signalOf(cause)})`;
}

function placeOf(program: Program, address: bigint): string {
  const near = program.symbols.nearest(address);
  const place = near ? ` (${near.symbol.name}+0x${near.offset.toString(16)})` : '';
  const row = program.lines.at(address)?.row;
  const source = row ? `, ${basename(row.path)}:${row.line}` : '';
  return `0x${address.toString(16)}${place}${source}`;
}
