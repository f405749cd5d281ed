import type { Program } from '../../../program/program';
import { type Type, voidType } from '../../../program/types/type';

/** The type of what a function returns; undefined where the program does not describe the function. */
export function resultOf({ debugInfo }: Program, address: bigint): Type | undefined {
  const entry = debugInfo.functionOf(address);
  if (!entry || entry.unit.isAssembly) return undefined;
  return entry.type ? debugInfo.types.typeOf(entry) : voidType;
}
