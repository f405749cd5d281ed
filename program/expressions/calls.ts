import type { CallOperand } from '../frames/call-layout';
import { doubleType, isFloat, pointerTo, sizeOf } from '../types/base-types';
import { type FunctionType, strip, type Type } from '../types/type';
import { addressOf, type Value } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { asClass, isSameType } from './base-casts';
import type { Callee } from './callees';
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
export function callOf({ value, self, list }: Callee, operands: Operands, at: number): FunctionCall {
  const pointer = operands.decayed(value);
  const bare = strip(pointer.type);
  const type = bare.kind === 'pointer' ? strip(bare.target) : bare;
  if (type.kind !== 'function') {
    if (pointer.type === wordType) return fail('What it takes and returns is not known: cast it to a pointer to its function type', at);
    return fail(`Only functions are called, and this is ${described(value.type)}`, at);
  }
  hasSize(type.result, at);
  const wanted = type.parameters.length - (self === undefined ? 0 : 1);
  const isFixed = type.isPrototyped && !type.isVariadic;
  if ((type.isPrototyped && list.length < wanted) || (isFixed && list.length > wanted)) {
    return fail(`It takes ${wanted}${type.isVariadic ? ' arguments or more' : wanted === 1 ? ' argument' : ' arguments'}`, at);
  }
  return {
    address: operands.address(pointer, at),
    result: type.result,
    operands: [
      ...(self ? [objectOperand(self, at, operands)] : []),
      ...list.map((argument, index) => operandOf(type, self ? index + 1 : index, argument, operands)),
    ],
  };
}

/** The address of an object, or of a copy of one that is in no memory. */
function objectOperand(self: Value, at: number, operands: Operands): CallOperand {
  const address = addressOf(self);
  const bytes = address === undefined ? operands.bytes(self, at) : bytesOfNumber(address, 8);
  return { type: pointerTo(self.type), bytes, isNamed: true, isPointee: address === undefined };
}

function operandOf(type: FunctionType, index: number, { value, at }: Argument, operands: Operands): CallOperand {
  const parameter = type.isPrototyped ? type.parameters[index] : undefined;
  const isNamed = parameter !== undefined || !type.isVariadic;
  const source = operands.held(operands.referred(value));
  const bare = parameter && strip(parameter);
  if (bare?.kind === 'pointer' && (bare.flavour === '&' || bare.flavour === '&&')) {
    const part = partFor(bare.target, source, operands);
    const address = addressOf(part);
    if (isSameType(bare.target, part.type) && address !== undefined && part.bits === undefined)
      return { ...parts(pointerValue(bare.target, address), at, operands), isNamed, isPointee: false };
    return { type: parameter!, bytes: operands.bytesFor(bare.target, part, at), isNamed, isPointee: true };
  }
  // A text, or another array that is in no memory.
  if (strip(source.type).kind === 'array' && addressOf(source) === undefined) {
    return { type: pointerTo(source.type), bytes: operands.bytes(source, at), isNamed, isPointee: true };
  }
  if (parameter) {
    passedByValue(parameter, at);
    return { type: parameter, bytes: operands.bytesFor(parameter, partFor(parameter, source, operands), at), isNamed, isPointee: false };
  }
  const own = promoted(source, at, operands);
  passedByValue(own.type, at);
  return { ...parts(own, at, operands), isNamed, isPointee: false };
}

/** Of an object of a class that is derived from what is wanted that part, else the object. */
function partFor(wanted: Type, source: Value, operands: Operands): Value {
  return asClass(source, wanted, operands.memory) ?? source;
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

/** An object that its class copies by a constructor of its own is not passed: that is not called here. */
function passedByValue(type: Type, at: number): void {
  const bare = strip(type);
  if (bare.kind === 'record' && bare.isByAddress)
    fail(`${described(type)} is a class that copies by its constructor, and is not passed here by its value`, at);
  hasSize(type, at);
}

function hasSize(type: Type, at: number): void {
  if (strip(type).kind !== 'void' && sizeOf(type) === undefined) fail(`The size of ${described(type)} is not known`, at);
}
