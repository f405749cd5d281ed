import { doubleType, floatType, isScalar, pointerTo, sizeOf } from '../types/base-types';
import { type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { dereferenced } from '../values/parts';
import { addressOf, ofBytes, partOf, type Value, type ValueMemory } from '../values/value';
import { bytesOfNumber, numberOfBytes, readBytes } from '../values/value-bytes';
import { castAddress } from './base-casts';
import { type Complex, complexNumber, complexType, complexValue, convertComplex, decodeComplex, isComplexZero, partType } from './complex';
import { ExpressionError } from './expression-error';
import { isNullMember, memberPointerType, nullMember } from './member-pointers';
import { decodeNumber, encodeNumber, isFloatRegisterType, isZero, type NumberValue, promoted } from './numbers';
import { elementsOf, type VectorType, vectorType, widened } from './vectors';

/** Values as operators take them: as numbers, addresses, or the bytes of a type. `at` is the place that messages point to. */
export class Operands {
  /** Types alone are wanted: values that are not there are zeros. */
  isUnevaluated = false;

  constructor(readonly memory: ValueMemory) {}

  truth(value: Value, at: number): boolean {
    const source = this.referred(value);
    const member = memberPointerType(source.type);
    if (member) return !isNullMember(member, this.number(source, at).number as bigint);
    const isObject = source.location.kind === 'pointer' || (strip(source.type).kind === 'array' && addressOf(source) === undefined);
    if (vectorType(source.type) || isUnion(source.type)) return this.bytes(source, at).some(Boolean);
    if (isObject) return true;
    const complex = this.complex(source, at);
    return complex ? !isComplexZero(complex) : !isZero(this.number(source, at).number);
  }

  /** The number of a scalar; an array or function counts as its address. */
  number(value: Value, at: number): NumberValue {
    const source = this.decayed(value);
    if (!isScalar(source.type)) return fail(`A number or pointer is wanted, and this is ${described(source.type)}`, at);
    const bytes = this.bytes(source, at);
    return { type: source.type, number: decodeNumber(source.type, bytes, source.bits) };
  }

  promotedNumber(value: Value, at: number): NumberValue {
    return promoted(this.number(value, at), this.referred(value).bits);
  }

  address(value: Value, at: number): bigint {
    const { number } = this.number(value, at);
    return typeof number === 'bigint' ? BigInt.asUintN(64, number) : fail('An address must be an integer', at);
  }

  /** Undefined for what is no complex number. */
  complex(value: Value, at: number): Complex | undefined {
    const type = complexType(value.type);
    return type && decodeComplex(type, this.bytes(value, at));
  }

  /** The elements of a vector, or of the vector that a scalar becomes. */
  elements(value: Value, type: VectorType, at: number): readonly NumberValue[] {
    const own = vectorType(value.type);
    return own ? elementsOf(own, this.bytes(value, at)) : widened(this.number(value, at), type);
  }

  bytes(value: Value, at: number): Uint8Array {
    const result = readBytes(value, this.memory);
    if ('bytes' in result) return result.bytes;
    return this.isUnevaluated ? new Uint8Array(sizeOf(value.type) ?? 0) : fail(missingText(result.missing), at);
  }

  /** The bytes of a value converted to a type, as by assignment. */
  bytesFor(type: Type, value: Value, at: number): Uint8Array {
    const target = strip(type);
    if (isScalar(target)) {
      const source = this.scalar(value, type, at);
      if (target.kind === 'pointer') return bytesOfNumber(this.pointerBits(target, source, at), sizeOf(type) ?? 8);
      return encodeNumber(this.number(source, at), type);
    }
    const source = this.referred(value);
    const complex = complexType(type);
    if (complex) {
      const number = this.complex(source, at) ?? complexNumber(this.number(source, at));
      return this.bytes(complexValue(convertComplex(number, complex)), at);
    }
    const size = sizeOf(type);
    const bytes = this.bytes(source, at);
    if (target.kind === 'array' && !target.isVector && strip(source.type).kind === 'array' && size !== undefined) {
      const [from, to] = [strip(source.type), target].map((each) => each.kind === 'array' && sizeOf(each.element));
      if (from !== to) fail(`${described(source.type)} cannot become ${described(type)}`, at);
      if (bytes.length > size) fail(`${described(source.type)} does not fit into ${described(type)}`, at);
      const padded = new Uint8Array(size);
      padded.set(bytes);
      return padded;
    }
    const [isVector, wasVector] = [vectorType(type) !== undefined, vectorType(source.type) !== undefined];
    if (bytes.length !== size || isVector !== wasVector || target.kind !== strip(source.type).kind)
      fail(`${described(source.type)} cannot become ${described(type)}`, at);
    return bytes;
  }

  /** A copy of the value as it is now. */
  read(value: Value, at: number): Value {
    const source = this.referred(value);
    const bytes = this.bytes(source, at);
    if (source.bits === undefined) return ofBytes(source.type, bytes);
    return ofBytes(source.type, encodeNumber({ type: source.type, number: decodeNumber(source.type, bytes, source.bits) }, source.type));
  }

  referred(value: Value): Value {
    return dereferenced(value, this.memory);
  }

  /** An array as a pointer to its first element, a function as a pointer to it. */
  decayed(value: Value): Value {
    const source = this.held(this.referred(value));
    const type = strip(source.type);
    const address = addressOf(source);
    if (address === undefined) return source;
    if (type.kind === 'array' && !type.isVector) return pointerValue(type.element, address);
    return type.kind === 'function' ? pointerValue(type, address) : source;
  }

  /** Of a floating-point register the number that it holds, told by the ones above it (ISA manual, "NaN Boxing"); any other value as it is. */
  held(value: Value): Value {
    if (!isFloatRegisterType(value.type)) return value;
    const result = readBytes(value, this.memory);
    const isSingle = 'bytes' in result && numberOfBytes(result.bytes) >> 32n === 0xffff_ffffn;
    return partOf(value, isSingle ? floatType : doubleType, 0);
  }

  /** Of a complex number what is real, of a vector its bits. */
  private scalar(value: Value, target: Type, at: number): Value {
    const source = this.decayed(value);
    const complex = this.complex(source, at);
    if (complex) {
      const type = partType(complex.type);
      return ofBytes(type, encodeNumber({ type, number: complex.real }, type));
    }
    const vector = vectorType(source.type);
    const bytes = vector && this.bytes(source, at);
    if (bytes && bytes.length !== sizeOf(target)) fail(`${described(source.type)} cannot become ${described(target)}`, at);
    return bytes ? ofBytes({ kind: 'base', name: '', size: bytes.length, encoding: 'unsigned' }, bytes) : source;
  }

  /** The bits of a pointer that a value becomes; zero is the null pointer, which to a data member is not of zeros. */
  private pointerBits(target: PointerType, value: Value, at: number): bigint {
    const source = strip(value.type);
    if (target.flavour === 'member') {
      const number = this.number(value, at).number as bigint;
      return number === 0n && source.kind !== 'pointer' ? nullMember(target) : number;
    }
    const address = this.address(value, at);
    if (source.kind !== 'pointer' || source.flavour !== '*' || target.flavour !== '*') return address;
    return castAddress(address, source.target, target.target, this.memory);
  }
}

/** gdb takes a union for true where a bit of it is set. */
function isUnion(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'record' && bare.keyword === 'union' && !isFloatRegisterType(bare);
}

export function missingText(missing: string): string {
  if (/^[A-Z]/.test(missing)) return missing;
  return missing === 'not saved' ? 'Its register is not saved: a function called since may have changed it' : `Its value is ${missing}`;
}

export function pointerValue(target: Type, address: bigint): Value {
  return ofBytes(pointerTo(target), bytesOfNumber(address, 8));
}

export function numberValue(value: NumberValue): Value {
  return ofBytes(value.type, encodeNumber(value, value.type));
}

export function described(type: Type): string {
  return `"${typeName(type)}"`;
}

export function fail(problem: string, at: number): never {
  throw new ExpressionError(problem, at);
}
