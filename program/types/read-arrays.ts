import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { type ArrayType, type DynamicCount, strip, type Type } from './type';

/** The array of an entry: one dimension for each of its subranges, nested. */
export function readArray(entry: Entry, element: () => Type): Type {
  const dimensions = entry.children.filter(({ tag }) => tag === Tag.subrange_type || tag === Tag.enumeration_type);
  const isVector = entry.flag(At.GNU_vector);
  const nest = (index: number): Type => {
    if (index >= dimensions.length) return element();
    const dimension = dimensions[index]!;
    let number: Type | undefined;
    return {
      kind: 'array',
      count: countOf(dimension),
      lowerBound: dimension.raw(At.lower_bound)?.value instanceof Uint8Array ? 0 : Number(dimension.constant(At.lower_bound) ?? 0n),
      isVector,
      get element() {
        if (!isVector) return nest(index + 1);
        number ??= asNumber(nest(index + 1));
        return number;
      },
    };
  };
  if (dimensions.length > 0) return nest(0);
  return {
    kind: 'array',
    count: undefined,
    lowerBound: 0,
    isVector,
    get element() {
      return element();
    },
  };
}

/** Elements of a vector are numbers, also those of a character's type. */
function asNumber(type: Type): Type {
  const bare = strip(type);
  if (bare.kind !== 'base' || !/char$/.test(bare.encoding)) return type;
  return { ...bare, encoding: bare.encoding === 'signed-char' ? 'signed' : 'unsigned' };
}

function countOf(dimension: Entry): ArrayType['count'] {
  const lower = Number(dimension.constant(At.lower_bound) ?? 0n);
  const count = boundOf(dimension, At.count);
  if (count !== undefined) return typeof count === 'bigint' ? sane(count) : count;
  const upper = boundOf(dimension, At.upper_bound);
  if (typeof upper === 'bigint') return sane(BigInt.asIntN(64, upper) - BigInt(lower) + 1n);
  return upper && { evaluate: (context) => plus(upper.evaluate(context), 1 - lower) };
}

function sane(count: bigint): number {
  return count < 0n || count > BigInt(Number.MAX_SAFE_INTEGER) ? 0 : Number(count);
}

function plus(count: number | undefined, more: number): number | undefined {
  return count === undefined ? undefined : Math.max(0, count + more);
}

/**
 * A bound is a number, an expression, or a variable that the compiler has made for it. Of an array whose variable the compiler has then
 * dropped gdb shows the first element.
 */
function boundOf(dimension: Entry, attribute: number): bigint | DynamicCount | undefined {
  const raw = dimension.raw(attribute);
  if (!raw) return undefined;
  const variable = orNothing(() => dimension.reference(attribute));
  if (variable && !variable.has(At.location) && !variable.has(At.const_value)) return attribute === At.count ? 1n : 0n;
  if (variable) return { evaluate: (context) => numberOf(context.variableValue(variable)) };
  if (raw.value instanceof Uint8Array) {
    const expression = raw.value;
    return { evaluate: (context) => numberOf(context.evaluateExpression(dimension, expression)) };
  }
  return dimension.constant(attribute);
}

function numberOf(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(BigInt.asIntN(64, value));
}
