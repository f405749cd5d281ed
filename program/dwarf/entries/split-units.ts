import { At } from './constants';
import { orNothing } from './or-nothing';
import type { Unit } from './unit';

/** What is missing of units that compilers have put into files of their own (`-gsplit-dwarf`); undefined where there are none. */
export function splitUnitsNote(units: readonly Unit[], name: string): string | undefined {
  const files = units.flatMap((unit) => orNothing(() => unit.root.text(At.dwo_name) ?? unit.root.text(At.GNU_dwo_name)) ?? []);
  if (files.length === 0) return undefined;
  const others = files.length > 1 ? ` and ${files.length - 1} more` : '';
  return `${name}: the debug information of variables, types and functions is in ${files[0]}${others}, which is not read; compile without -gsplit-dwarf`;
}
