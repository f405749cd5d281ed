import { At, Tag } from './constants';
import type { Entry } from './entry';
import { orNothing } from './or-nothing';
import { rangesOf } from './ranges';
import type { Unit } from './unit';

/** Calls of some functions that are inlined into others: those in the functions' own units, or in all where these have no code. */
export function inlinedCallsOf(functions: readonly Entry[], allUnits: readonly Unit[]): Entry[] {
  const inlinable = functions.filter((entry) => orNothing(() => entry.has(At.inline)));
  const own = new Set(inlinable.map(({ unit }) => unit));
  const units = [...own].every((unit) => hasCode(unit)) ? [...own] : allUnits;
  return units.flatMap((unit) => orNothing(() => callsIn(unit.tree, new Set(inlinable))) ?? []);
}

function hasCode({ linked: { root } }: Unit): boolean {
  return root.has(At.ranges) || root.has(At.low_pc);
}

function callsIn(tree: Entry, functions: ReadonlySet<Entry>): Entry[] {
  const found: Entry[] = [];
  const pending: Entry[] = [tree];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    pending.push(...entry.children);
    if (entry.tag !== Tag.inlined_subroutine || rangesOf(entry).length === 0) continue;
    const origin = entry.reference(At.abstract_origin);
    if (origin && functions.has(origin)) found.push(entry);
  }
  return found;
}
