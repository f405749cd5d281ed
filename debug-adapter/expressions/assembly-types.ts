import type { Type } from '../../program/types/type';

/** The types of `{type} address` in assembly: the assembler's names, and C's for lp64, where char is unsigned. */
export const assemblyTypes: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['byte', unit('byte', 1)],
  ['half', unit('half', 2)],
  ['word', unit('word', 4)],
  ['dword', unit('dword', 8)],
]);

function unit(name: string, size: number): Type {
  return { kind: 'base', name, size, encoding: 'unsigned' };
}
