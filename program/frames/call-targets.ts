import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import { rangesOf } from '../dwarf/entries/ranges';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import type { FrameScope } from './frame-scope';
import { linkageName } from './function-name';

/** The program's functions, as far as call sites lead to them. */
export interface CalledFunctions {
  /** The entry of the function whose code is at an address. */
  entryAt(address: bigint): Entry | undefined;
  /** Where the function at an address starts: its entry says, or its symbol. */
  startOf(address: bigint): bigint | undefined;
  /** Where the symbol of that name is. */
  addressNamed(linkageName: string): bigint | undefined;
}

/**
 * Where the functions start that a call site leads to; undefined where that cannot be told. A call through a pointer says with what of
 * the frame that calls, which is not always at hand. The rules are gdb's (dwarf2/read.c, `read_call_site_scope`).
 */
export function targetsOf(site: Entry, functions: CalledFunctions, frame?: FrameScope): readonly bigint[] | undefined {
  const computed = attributeOf(site, At.call_target, At.GNU_call_site_target);
  if (computed !== undefined) {
    const expression = site.block(computed);
    const address = expression && frame && evaluateNumber(expression, frame.context(site));
    return address === undefined ? undefined : [functions.startOf(address) ?? address];
  }
  const called = orNothing(() => site.reference(At.call_origin) ?? site.reference(At.abstract_origin));
  if (!called) return undefined;
  if (called.flag(At.declaration) && !called.has(At.specification)) {
    const address = functions.addressNamed(linkageName(called) ?? qualifiedName(called) ?? '');
    return address === undefined ? undefined : [functions.startOf(address) ?? address];
  }
  const starts = rangesOf(called).map(({ start }) => start);
  return starts.length > 0 ? starts : undefined;
}

/** Where a call site of a function returns to; GCC's older form calls that its low_pc. Undefined where it does not say. */
export function returnAddressOf(site: Entry): bigint | undefined {
  return site.address(site.tag === Tag.call_site ? At.call_return_pc : At.low_pc);
}

/** The call sites of a function and of what is inlined into it. */
export function* callSitesOf(functionEntry: Entry): Generator<Entry> {
  const pending = [...functionEntry.children];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (entry.tag === Tag.call_site || entry.tag === Tag.GNU_call_site) yield entry;
    if (entry.tag === Tag.lexical_block || entry.tag === Tag.inlined_subroutine) pending.push(...entry.children);
  }
}

function attributeOf(entry: Entry, ...attributes: readonly number[]): number | undefined {
  return attributes.find((each) => entry.has(each));
}
