import type { CallOperand } from '../frames/call-layout';
import { doubleType, isFloat, pointerTo, sizeOf } from '../types/base-types';
import { type FunctionType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, type Value } from '../values/value';
import { wordType } from './numbers';
import { described, fail, numberValue, type Operands, pointerValue } from './operands';

/** A call that an expression asks for, its arguments converted. */
export interface FunctionCall {
  readonly address: bigint;
  readonly result: Type;
  readonly operands: readonly CallOperand[];
}

/** An argument, and where its expression starts. */
export interface Argument {
  readonly value: Value;
  readonly at: number;
}

/** The call of what a value names or points to. `self` is the object that a method is called on. Throws ExpressionError. */
export function callOf(callee: Value, self: bigint | undefined, list: readonly Argument[], operands: Operands, at: number): FunctionCall {
  const pointer = operands.decayed(callee);
  const bare = strip(pointer.type);
  const type = bare.kind === 'pointer' ? strip(bare.target) : bare;
  if (type.kind !== 'function') {
    if (pointer.type === wordType) return fail('What it takes and returns is not known: cast it to a pointer to its function type', at);
    return fail(`Only functions are called, and this is ${described(callee.type)}`, at);
  }
  passedByValue(type.result, at);
  const all = self === undefined ? list : [{ value: pointerValue(type.result, self), at }, ...list];
  const wanted = type.parameters.length - (self === undefined ? 0 : 1);
  const isFixed = type.isPrototyped && !type.isVariadic;
  if ((type.isPrototyped && list.length < wanted) || (isFixed && list.length > wanted)) {
    return fail(`It takes ${wanted}${type.isVariadic ? ' arguments or more' : wanted === 1 ? ' argument' : ' arguments'}`, at);
  }
  return {
    address: operands.address(pointer, at),
    result: type.result,
    operands: all.map((argument, index) => operandOf(type, index, argument, operands)),
  };
}

function operandOf(type: FunctionType, index: number, { value, at }: Argument, operands: Operands): CallOperand {
  const parameter = type.isPrototyped ? type.parameters[index] : undefined;
  const isNamed = parameter !== undefined || !type.isVariadic;
  const source = operands.held(operands.referred(value));
  const bare = parameter && strip(parameter);
  if (bare?.kind === 'pointer' && (bare.flavour === '&' || bare.flavour === '&&')) {
    const address = addressOf(source);
    const isOfType = typeName(strip(bare.target)) === typeName(strip(source.type));
    if (isOfType && address !== undefined && source.bits === undefined)
      return { ...parts(pointerValue(bare.target, address), at, operands), isNamed, isPointee: false };
    return { type: parameter!, bytes: operands.bytesFor(bare.target, source, at), isNamed, isPointee: true };
  }
  // A text, or another array that is in no memory.
  if (strip(source.type).kind === 'array' && addressOf(source) === undefined) {
    return { type: pointerTo(source.type), bytes: operands.bytes(source, at), isNamed, isPointee: true };
  }
  if (parameter) {
    passedByValue(parameter, at);
    return { type: parameter, bytes: operands.bytesFor(parameter, source, at), isNamed, isPointee: false };
  }
  const own = promoted(source, at, operands);
  passedByValue(own.type, at);
  return { ...parts(own, at, operands), isNamed, isPointee: false };
}

/** The default argument promotions (C17, 6.5.2.2). */
function promoted(source: Value, at: number, operands: Operands): Value {
  const value = operands.decayed(source);
  const { kind } = strip(value.type);
  if (isFloat(value.type) && (sizeOf(value.type) ?? 8) < 8) {
    return numberValue({ type: doubleType, number: operands.number(value, at).number });
  }
  return kind === 'base' || kind === 'enum' ? numberValue(operands.promotedNumber(value, at)) : value;
}

function parts({ type, ...rest }: Value, at: number, operands: Operands) {
  return { type, bytes: operands.bytes({ type, ...rest }, at) };
}

/** Whether a class may lie in registers its debug information does not always tell. */
function passedByValue(type: Type, at: number): void {
  const bare = strip(type);
  if (bare.kind === 'record' && bare.isCplusplus && bare.methods.length > 0)
    fail(`${described(type)} is a class with methods, which is not passed here by its value`, at);
  if (bare.kind !== 'void' && sizeOf(type) === undefined) fail(`The size of ${described(type)} is not known`, at);
}
