import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { evaluateNumber } from '../dwarf/location/evaluate-location';
import { Op } from '../dwarf/location/operations';
import { ByteReader } from '../elf/byte-reader';
import { callSitesOf, returnAddressOf, targetsOf } from './call-targets';
import type { FrameScope } from './frame-scope';

/**
 * The value that an expression had when the frame's function was entered: the caller's call site may say with what it has filled
 * that register or place (DWARF 5, section 3.4.2). Undefined where it does not, and where the function may have called itself since.
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
  return valueOfParameter(scope, (parameter) => {
    return (parameter.reference(At.call_parameter) ?? parameter.reference(At.abstract_origin))?.offset === die;
  });
}

/** The tail calls by which the function of a frame was come to from its caller, outermost first: the address behind each one's jump. */
export function tailCallsTo(scope: FrameScope, caller: FrameScope): readonly bigint[] {
  const { start, program } = scope;
  const site = start === undefined ? undefined : siteOfCall(caller);
  return site && start !== undefined ? program.tailCalls.between(site, start) : [];
}

function valueOfParameter(scope: FrameScope, isMeant: (parameter: Entry) => boolean): bigint | undefined {
  const { start, program } = scope;
  const caller = start === undefined ? undefined : scope.access.caller();
  const site = caller && siteOfCall(caller);
  if (!caller || !site || start === undefined) return undefined;
  return orNothing(() => {
    const parameter = site.children.find((each) => isParameter(each) && isMeant(each));
    const value = parameter?.block(At.call_value) ?? parameter?.block(At.GNU_call_site_value);
    const isReliable = value && targetsOf(site, program.functions, caller)?.includes(start) && !program.tailCalls.mayCallItself(start);
    return isReliable ? evaluateNumber(value, caller.context(site)) : undefined;
  });
}

/** The call that a frame waits for. */
function siteOfCall({ functionEntry, access }: FrameScope): Entry | undefined {
  if (!functionEntry || access.exact) return undefined;
  for (const site of callSitesOf(functionEntry)) if (returnAddressOf(site) === access.pc) return site;
  return undefined;
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
