import { isFloat, isScalar, sizeOf } from '../types/base-types';
import { type FunctionType, type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, type Value } from '../values/value';
import { isSameType } from './base-casts';
import type { Argument } from './calls';
import type { Operands } from './operands';

/** What a call may mean: a function and what it is given. */
export interface Candidate {
  readonly type: FunctionType;
  /** Of a function of a class: whether it and the object that it is called on are constant. `none` for one that takes no object. */
  readonly object: { readonly isConstant: boolean; readonly isOfConstant: boolean } | 'none' | undefined;
  /** The arguments beside the object. */
  readonly list: readonly Argument[];
}

/**
 * The candidate whose parameters fit its arguments best, by the ranks of their conversions (C++17, "Overload resolution"); of those that
 * nothing tells apart the first, as gdb has it. Undefined where the arguments fit none.
 */
export function bestOf<Each extends Candidate>(candidates: readonly Each[], operands: Operands): Each | undefined {
  let best: { readonly candidate: Each; readonly ranks: readonly number[] } | undefined;
  for (const candidate of candidates) {
    const ranks = ranksOf(candidate, operands);
    if (ranks && (!best || isBetter(ranks, best.ranks))) best = { candidate, ranks };
  }
  return best?.candidate;
}

/** That of the object first, where there is one or may be one. */
function ranksOf({ type, object, list }: Candidate, operands: Operands): readonly number[] | undefined {
  const isMethod = object !== undefined && object !== 'none';
  const parameters = isMethod ? type.parameters.slice(1) : type.parameters;
  if (list.length < parameters.length || (list.length > parameters.length && !type.isVariadic)) return undefined;
  if (isMethod && object.isOfConstant && !object.isConstant) return undefined;
  const lead = isMethod && object.isConstant !== object.isOfConstant ? rank.qualified : rank.same;
  const ranks: number[] = object === undefined ? [] : [lead];
  for (const [index, { value }] of list.entries()) {
    const parameter = parameters[index];
    const found = parameter ? rankOf(parameter, value, operands) : rank.ellipsis;
    if (found === undefined) return undefined;
    ranks.push(found);
  }
  return ranks;
}

function isBetter(ranks: readonly number[], than: readonly number[]): boolean {
  const differences = ranks.map((each, index) => each - (than[index] ?? 0));
  return differences.every((each) => each <= 0) && differences.some((each) => each < 0);
}

/** Conversions from the best to the worst. */
const rank = {
  same: 0,
  /** It adds `const`, or is of an rvalue to a reference to constant. */
  qualified: 1,
  promotion: 2,
  conversion: 3,
  /** To a base of the class. */
  base: 4,
  boolean: 5,
  ellipsis: 6,
} as const;

/** How well an argument fits a parameter; undefined where it does not. */
function rankOf(parameter: Type, argument: Value, operands: Operands): number | undefined {
  const bare = strip(parameter);
  if (bare.kind === 'pointer' && (bare.flavour === '&' || bare.flavour === '&&')) return rankOfReference(bare, argument, operands);
  const source = operands.decayed(argument);
  const from = strip(source.type);
  if (bare.kind === 'record' || from.kind === 'record') return rankOfClass(bare, from);
  if (bare.kind === 'pointer') return rankOfPointer(bare, source, operands);
  if (!isScalar(bare) || !isScalar(from)) return isSameType(bare, from) ? rank.same : undefined;
  if (isSameType(bare, from)) return rank.same;
  if (bare.kind === 'enum') return undefined;
  if (bare.kind === 'base' && bare.encoding === 'boolean') return rank.boolean;
  if (from.kind === 'pointer') return undefined;
  if (isFloat(bare) && isFloat(from)) return typeName(bare) === 'double' && typeName(from) === 'float' ? rank.promotion : rank.conversion;
  if (isFloat(bare) || isFloat(from)) return rank.conversion;
  const isSmaller = from.kind === 'enum' || (sizeOf(from) ?? 0) < (sizeOf(bare) ?? 0);
  return typeName(bare) === 'int' && isSmaller ? rank.promotion : rank.conversion;
}

function rankOfReference(reference: PointerType, argument: Value, operands: Operands): number | undefined {
  const source = operands.referred(argument);
  const isObject = addressOf(source) !== undefined || operands.isUnevaluated;
  const isConstant = isQualified(reference.target);
  const inner = isSameType(reference.target, source.type) ? rank.same : rankOf(reference.target, source, operands);
  if (inner === undefined) return undefined;
  if (reference.flavour === '&&') return isObject ? undefined : inner;
  if (!isConstant) return isObject && (inner === rank.same || inner === rank.base) && !isQualified(source.type) ? inner : undefined;
  return Math.max(inner, isQualified(source.type) ? rank.same : rank.qualified);
}

function rankOfClass(parameter: Type, from: Type): number | undefined {
  if (isSameType(parameter, from)) return rank.same;
  return isBaseOf(parameter, from) ? rank.base : undefined;
}

function rankOfPointer(parameter: PointerType, source: Value, operands: Operands): number | undefined {
  const from = strip(source.type);
  if (from.kind !== 'pointer') {
    const isZero = from.kind === 'base' && !isFloat(from) && operands.number(source, 0).number === 0n;
    return isZero ? rank.conversion : undefined;
  }
  if (isQualified(from.target) && !isQualified(parameter.target)) return undefined;
  if (isSameType(from.target, parameter.target))
    return isQualified(parameter.target) === isQualified(from.target) ? rank.same : rank.qualified;
  if (strip(parameter.target).kind === 'void') return rank.base;
  return isBaseOf(parameter.target, from.target) ? rank.conversion : undefined;
}

function isBaseOf(wanted: Type, type: Type, depth = 0): boolean {
  const record = strip(type);
  if (record.kind !== 'record' || depth > deepest) return false;
  return record.members.some((each) => each.isBase && (isSameType(each.type, wanted) || isBaseOf(wanted, each.type, depth + 1)));
}

const deepest = 50;

/** Whether a type is `const`, also by a typedef. */
export function isQualified(type: Type): boolean {
  for (let current = type; current.kind === 'qualified' || current.kind === 'typedef'; current = current.target) {
    if (current.kind === 'qualified' && current.qualifier === 'const') return true;
  }
  return false;
}
