import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { rangesOf } from '../dwarf/entries/ranges';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { Op } from '../dwarf/location/operations';
import { ByteReader } from '../elf/byte-reader';
import type { FrameScope } from './frame-scope';

/**
 * The value that an expression had when the frame's function was entered: the caller's call site may say with what it has filled
 * that register or place (DWARF 5, section 3.4.2). Undefined where it does not, and where a tail call lies between.
 */
export function callValue(scope: FrameScope, expression: Uint8Array): bigint | undefined {
  const register = registerOf(expression);
  return valueOfParameter(scope, (parameter) => {
    const location = parameter.block(At.location);
    return location !== undefined && (sameBytes(location, expression) || (register !== undefined && registerOf(location) === register));
  });
}

/** The value of the parameter that a call site names by its entry (DW_OP_GNU_parameter_ref). */
export function parameterOfCall(scope: FrameScope, die: number): bigint | undefined {
  return valueOfParameter(scope, (parameter) => parameter.reference(At.abstract_origin)?.offset === die);
}

function valueOfParameter(scope: FrameScope, isMeant: (parameter: Entry) => boolean): bigint | undefined {
  const caller = scope.access.caller();
  const site = caller?.functionEntry && findSite(caller.functionEntry, caller.access.pc);
  if (!caller || !site || !leadsTo(site, scope.functionEntry)) return undefined;
  return orNothing(() => {
    const parameter = site.children.find((each) => isParameter(each) && isMeant(each));
    const value = parameter?.block(At.call_value) ?? parameter?.block(At.GNU_call_site_value);
    return value && evaluateNumber(value, caller.context(site));
  });
}

/** The call site that returns to an address; GCC's older form calls that address its low_pc. */
function findSite(within: Entry, returnAddress: bigint): Entry | undefined {
  const pending = [...within.children];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const current = entry;
    if (entry.tag === Tag.call_site && orNothing(() => current.address(At.call_return_pc)) === returnAddress) return entry;
    if (entry.tag === Tag.GNU_call_site && orNothing(() => current.address(At.low_pc)) === returnAddress) return entry;
    if (entry.tag === Tag.lexical_block || entry.tag === Tag.inlined_subroutine) pending.push(...entry.children);
  }
  return undefined;
}

/** Whether the site calls that function, as far as it says; one that calls through a pointer may. */
function leadsTo(site: Entry, callee: Entry | undefined): boolean {
  const origin = site.reference(At.call_origin) ?? site.reference(At.abstract_origin);
  if (!origin || !callee || origin === callee) return true;
  if (rangesOf(origin).length > 0) return false;
  // The site names a declaration, perhaps of another unit.
  return callee.fullName === origin.fullName;
}

function isParameter({ tag }: Entry): boolean {
  return tag === Tag.call_site_parameter || tag === Tag.GNU_call_site_parameter;
}

/** The register that an expression names, in whatever form: an entry value says a type with it where it is no integer. */
function registerOf(expression: Uint8Array): number | undefined {
  const [op = 0] = expression;
  if (op >= Op.reg0 && op <= Op.reg31) return expression.length === 1 ? op - Op.reg0 : undefined;
  if (op !== Op.regx && op !== Op.regval_type && op !== Op.GNU_regval_type) return undefined;
  return orNothing(() => new ByteReader(expression.subarray(1), 'a location expression').ulebAsNumber());
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
