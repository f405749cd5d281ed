import { isFloat, isScalar, sizeOf } from '../types/base-types';
import { type FunctionType, type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, type Value } from '../values/value';
import { isBaseOf, isSameType } from './base-casts';
import type { Argument } from './calls';
import type { Operands } from './operands';

/** What a call may mean: a function and what it is given. */
export interface Candidate {
  readonly type: FunctionType;
  /** Of a function of a class: the qualifiers of the object that it takes, and of the one given. `none` for one that takes no object. */
  readonly object: { readonly taken: number; readonly given: number } | 'none' | undefined;
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
  const lead = isMethod ? rankOfQualifiers(object.taken, object.given) : rank.same;
  if (lead === undefined) return undefined;
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
  const [taken, given] = [qualifiersOf(reference.target), qualifiersOf(source.type)];
  const inner = isSameType(reference.target, source.type) ? rank.same : rankOf(reference.target, source, operands);
  if (inner === undefined) return undefined;
  const bare = strip(argument.type);
  const isMoved = bare.kind === 'pointer' && bare.flavour === '&&';
  if (reference.flavour === '&&') return isObject && !isMoved ? undefined : inner;
  if (taken === 0 && (!isObject || isMoved || (inner !== rank.same && inner !== rank.base))) return undefined;
  const qualified = isMoved ? rank.qualified : rankOfQualifiers(taken, given);
  return qualified === undefined ? undefined : Math.max(inner, qualified);
}

function rankOfClass(parameter: Type, from: Type): number | undefined {
  if (isSameType(parameter, from)) return rank.same;
  return isBaseOf(parameter, from) ? rank.base : undefined;
}

function rankOfPointer(parameter: PointerType, source: Value, operands: Operands): number | undefined {
  const from = pointed(source.type);
  if (from.kind !== 'pointer') {
    const isZero = from.kind === 'base' && !isFloat(from) && operands.number(source, 0).number === 0n;
    return isZero ? rank.conversion : undefined;
  }
  const qualified = rankOfQualifiers(qualifiersOf(parameter.target), qualifiersOf(from.target));
  if (qualified === undefined || isSameType(from.target, parameter.target)) return qualified;
  if (strip(parameter.target).kind === 'void') return rank.base;
  return isBaseOf(parameter.target, from.target) ? rank.conversion : undefined;
}

/** An array that is in no memory, as a text, is a pointer to its first element too. */
function pointed(type: Type): ReturnType<typeof strip> {
  const bare = strip(type);
  return bare.kind === 'array' && !bare.isVector ? { kind: 'pointer', flavour: '*', size: 8, target: bare.element } : bare;
}

/** Qualifiers may be added, but not left out. */
function rankOfQualifiers(taken: number, given: number): number | undefined {
  if ((given & ~taken) !== 0) return undefined;
  return taken === given ? rank.same : rank.qualified;
}

/** The qualifiers of a type, also by typedefs: 1 for `const`, 2 for `volatile`. */
export function qualifiersOf(type: Type): number {
  let all = 0;
  for (let current = type; current.kind === 'qualified' || current.kind === 'typedef'; current = current.target) {
    if (current.kind === 'qualified') all |= current.qualifier === 'const' ? 1 : current.qualifier === 'volatile' ? 2 : 0;
  }
  return all;
}
