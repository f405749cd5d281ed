import { isFloat, isSigned, sizeOf } from '../types/base-types';
import { type ArrayType, strip, type Type } from '../types/type';
import { ofBytes, type Value } from '../values/value';
import { ExpressionError } from './expression-error';
import { convertNumber, decodeNumber, encodeNumber, type NumberValue, operate, toDouble } from './numbers';
import type { BinaryOperator } from './syntax';

/** A vector of a GNU extension: `__attribute__((vector_size(16)))`. */
export type VectorType = ArrayType & { readonly count: number };

export function vectorType(type: Type): VectorType | undefined {
  const bare = strip(type);
  return bare.kind === 'array' && bare.isVector && typeof bare.count === 'number'
    ? { ...bare, element: bare.element, count: bare.count }
    : undefined;
}

/** The elements of a vector from its bytes. */
export function elementsOf(type: VectorType, bytes: Uint8Array): readonly NumberValue[] {
  const size = sizeOf(type.element) ?? 1;
  return Array.from({ length: type.count }, (_, index) => {
    return { type: type.element, number: decodeNumber(type.element, bytes.subarray(index * size, (index + 1) * size)) };
  });
}

/** A scalar as a vector of so many equal elements, which must have its value where they are shorter. */
export function widened(scalar: NumberValue, type: VectorType): readonly NumberValue[] {
  const element = convertNumber(scalar, type.element);
  const isShorter = (sizeOf(type.element) ?? 0) < (sizeOf(scalar.type) ?? 0);
  const isCut = isShorter && toDouble(element.number) !== toDouble(scalar.number);
  if (isCut) throw new ExpressionError('The number does not fit into the elements of the vector');
  return Array.from({ length: type.count }, () => element);
}

/** An operator on two vectors, by element. Elements keep their type: nothing is promoted. */
export function onVectors(
  operator: BinaryOperator,
  type: VectorType,
  left: readonly NumberValue[],
  other: VectorType,
  right: readonly NumberValue[],
): Value {
  if (!isAlike(type, other)) throw new ExpressionError('The vectors have different types');
  return vectorOf(
    type,
    left.map((each, index) => operate(operator, each, right[index]!)),
  );
}

export function vectorOf(type: VectorType, elements: readonly NumberValue[]): Value {
  return ofBytes(type, Uint8Array.from(elements.flatMap((each) => [...encodeNumber(each, type.element)])));
}

function isAlike(a: VectorType, b: VectorType): boolean {
  return (
    a.count === b.count &&
    sizeOf(a.element) === sizeOf(b.element) &&
    isFloat(a.element) === isFloat(b.element) &&
    isSigned(a.element) === isSigned(b.element)
  );
}
