import { isScalar, pointerTo, sizeOf } from '../types/base-types';
import { type PointerType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { dereferenced } from '../values/parts';
import { addressOf, ofBytes, type Value, type ValueMemory } from '../values/value';
import { bytesOfNumber, readBytes } from '../values/value-bytes';
import { castAddress } from './base-casts';
import { type Complex, complexNumber, complexType, complexValue, convertComplex, decodeComplex, isComplexZero, partType } from './complex';
import { ExpressionError } from './expression-error';
import { isNullMember, memberPointerType, nullMember } from './member-pointers';
import { decodeNumber, encodeNumber, isZero, type NumberValue, promoted } from './numbers';
import { elementsOf, type VectorType, vectorType, widened } from './vectors';

/** Values as operators take them: as numbers, addresses, or the bytes of a type. `at` is the place that messages point to. */
export class Operands {
  constructor(readonly memory: ValueMemory) {}

  truth(value: Value, at: number): boolean {
    const source = this.referred(value);
    const member = memberPointerType(source.type);
    if (member) return !isNullMember(member, this.number(source, at).number as bigint);
    if (vectorType(source.type)) return this.bytes(source, at).some((byte) => byte !== 0);
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
    return 'bytes' in result ? result.bytes : fail(missingText(result.missing), at);
  }

  /** The bytes of a value converted to a type, as by assignment. */
  bytesFor(type: Type, value: Value, at: number): Uint8Array {
    const target = strip(type);
    if (isScalar(target)) {
      const source = this.scalar(value, at);
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
    if (vectorType(type) && bytes.length === size) return bytes;
    if (bytes.length !== size || target.kind !== strip(source.type).kind)
      fail(`${described(source.type)} cannot become ${described(type)}`, at);
    return bytes;
  }

  /** A copy of the value as it is now. */
  read(value: Value, at: number): Value {
    const source = this.referred(value);
    return ofBytes(source.type, this.bytes(source, at));
  }

  referred(value: Value): Value {
    return dereferenced(value, this.memory);
  }

  /** An array as a pointer to its first element, a function as a pointer to it. */
  decayed(value: Value): Value {
    const source = this.referred(value);
    const type = strip(source.type);
    const address = addressOf(source);
    if (address === undefined) return source;
    if (type.kind === 'array' && !type.isVector) return pointerValue(type.element, address);
    return type.kind === 'function' ? pointerValue(type, address) : source;
  }

  /** Of a complex number what is real, of a vector its bits. */
  private scalar(value: Value, at: number): Value {
    const source = this.decayed(value);
    const complex = this.complex(source, at);
    if (complex) {
      const type = partType(complex.type);
      return ofBytes(type, encodeNumber({ type, number: complex.real }, type));
    }
    const vector = vectorType(source.type);
    const bytes = vector && this.bytes(source, at);
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
