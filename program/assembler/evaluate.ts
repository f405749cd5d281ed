import { SourceError } from './diagnostics';
import { computeBinary, computeUnary, type Expression } from './expression';
import type { Place } from './section';
import { AssemblySymbol, isPlace } from './symbols';

/** What an expression comes to: a number, or the address of `base` plus a number. */
export interface Value {
  readonly offset: bigint;
  /** A symbol stands for itself where no source defines it. */
  readonly base: Place | AssemblySymbol | undefined;
}

/** The bytes from one place to another; undefined where that is not known yet. */
export type Distance = (from: Place, to: Place) => bigint | undefined;

/** Longer chains of symbols defined by symbols are an error, so that no source exhausts the stack. */
const deepest = 1000;

/** The value of an expression; undefined where it needs a distance or a symbol that is not known yet. Throws SourceError. */
export function evaluate(expression: Expression, distance: Distance, depth = 0): Value | undefined {
  switch (expression.kind) {
    case 'constant':
      return { offset: expression.value, base: undefined };
    case 'place':
      return valueOfPlace(expression.place);
    case 'symbol':
      if (depth > deepest) throw new SourceError(expression.span, `the definition of '${expression.symbol.name}' leads back to itself`);
      return valueOfSymbol(expression.symbol, distance, depth + 1);
    case 'unary': {
      const operand = evaluate(expression.operand, distance, depth + 1);
      if (!operand) return undefined;
      if (operand.base instanceof AssemblySymbol) return undefined;
      if (operand.base) throw new SourceError(expression.span, `'${expression.operator}' needs a number, not an address`);
      return { offset: BigInt.asIntN(64, computeUnary(expression.operator, operand.offset)), base: undefined };
    }
    case 'binary': {
      if (depth > deepest) throw new SourceError(expression.span, 'this expression is nested too deep');
      const left = evaluate(expression.left, distance, depth + 1);
      const right = left && evaluate(expression.right, distance, depth + 1);
      return left && right && combine(expression, left, right, distance);
    }
  }
}

/** A place in the absolute section (`.struct`) is a number. */
function valueOfPlace(place: Place): Value | undefined {
  if (!place.section.isAbsolute) return { offset: 0n, base: place };
  const offset = fixedDistance({ section: place.section, fragment: 0, offset: 0 }, place);
  return offset === undefined ? undefined : { offset, base: undefined };
}

function valueOfSymbol(symbol: AssemblySymbol, distance: Distance, depth: number): Value | undefined {
  const { definition, resolved } = symbol;
  if (definition) return isPlace(definition) ? valueOfPlace(definition) : evaluate(definition, distance, depth);
  if (resolved instanceof AssemblySymbol) return valueOfSymbol(resolved, distance, depth);
  return resolved ? { offset: resolved.address, base: undefined } : { offset: 0n, base: symbol };
}

function combine(expression: Expression & { kind: 'binary' }, left: Value, right: Value, distance: Distance): Value | undefined {
  const { operator, span } = expression;
  if (operator === '+' && !(left.base && right.base)) {
    return { offset: BigInt.asIntN(64, left.offset + right.offset), base: left.base ?? right.base };
  }
  if (operator === '-' && !right.base) return { offset: BigInt.asIntN(64, left.offset - right.offset), base: left.base };
  let apart = 0n;
  if (left.base && right.base && (operator === '-' || comparisons.has(operator))) {
    const known = between(right.base, left.base, distance);
    if (known === undefined) return undefined;
    apart = known;
  } else if (left.base instanceof AssemblySymbol || right.base instanceof AssemblySymbol) {
    return undefined;
  } else if (left.base || right.base) {
    throw new SourceError(span, `'${operator}' needs numbers, not addresses`);
  }
  const value = computeBinary(operator, BigInt.asIntN(64, left.offset + apart), right.offset);
  if (value === undefined) throw new SourceError(span, 'division by zero');
  return { offset: BigInt.asIntN(64, value), base: undefined };
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<>', '<', '<=', '>', '>=']);

function between(from: Place | AssemblySymbol, to: Place | AssemblySymbol, distance: Distance): bigint | undefined {
  if (from === to) return 0n;
  if (from instanceof AssemblySymbol || to instanceof AssemblySymbol) return undefined;
  return distance(from, to);
}

/**
 * The distance between places that no layout of the assembler can change, for values that are needed while the source is being read. As
 * with GNU as they are those before linker relaxation.
 */
export function fixedDistance(from: Place, to: Place): bigint | undefined {
  return distanceBetween(from, to, false);
}

/** The same where linker relaxation cannot change it either. */
const finalDistance: Distance = (from, to) => distanceBetween(from, to, true);

function distanceBetween(from: Place, to: Place, isFinal: boolean): bigint | undefined {
  if (from.section !== to.section) return undefined;
  if (from.fragment > to.fragment) {
    const back = distanceBetween(to, from, isFinal);
    return back === undefined ? undefined : -back;
  }
  let distance = to.offset - from.offset;
  for (let index = from.fragment; index < to.fragment; index++) {
    const fragment = from.section.fragments[index]!;
    if (fragment.kind === 'cut' ? isFinal : fragment.kind !== 'space' || fragment.wanted) return undefined;
    distance += fragment.size;
  }
  return BigInt(distance);
}

/** The number an expression is already now; undefined where it is none, or not yet. Throws SourceError. */
export function knownNumber(expression: Expression): bigint | undefined {
  return numberBy(expression, fixedDistance);
}

/** The number that an expression is and stays, linker relaxation or not. Throws SourceError. */
export function finalNumber(expression: Expression): bigint | undefined {
  return numberBy(expression, finalDistance);
}

function numberBy(expression: Expression, distance: Distance): bigint | undefined {
  const value = evaluate(expression, distance);
  return value && !value.base ? value.offset : undefined;
}

/** The first symbol of an expression that no source defines. */
export function firstUndefined(expression: Expression, depth = 0): AssemblySymbol | undefined {
  if (depth > deepest) return undefined;
  switch (expression.kind) {
    case 'symbol': {
      const { definition, resolved } = expression.symbol;
      if (definition) return isPlace(definition) ? undefined : firstUndefined(definition, depth + 1);
      return resolved ? undefined : expression.symbol;
    }
    case 'unary':
      return firstUndefined(expression.operand, depth + 1);
    case 'binary':
      return firstUndefined(expression.left, depth + 1) ?? firstUndefined(expression.right, depth + 1);
    default:
      return undefined;
  }
}
