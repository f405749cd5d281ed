import { type Method, noMember, type PointerType, type RecordType, strip, type Type } from '../types/type';
import { addressOf, inMemory, ofBytes, partOf, type Value, type ValueMemory } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { basePart } from './base-casts';
import { ExpressionError } from './expression-error';
import { methodsNamed, virtualFunction } from './methods';

const deepest = 50;

export function memberPointerType(type: Type): PointerType | undefined {
  const bare = strip(type);
  return bare.kind === 'pointer' && bare.flavour === 'member' ? bare : undefined;
}

/** A pointer to a member of a class or of its bases, `&Class::name`; undefined where none has that name, or where it is static. */
export function pointerToMember(record: RecordType, name: string, memory: ValueMemory): Value | undefined {
  const data = dataMember(record, name);
  if (data) return ofBytes(memberPointer(data.type, record, 8), bytesOfNumber(BigInt(data.offset), 8));
  const [found] = methodsNamed(record, name);
  if (!found || found.method.isStatic) return undefined;
  const { method, offset } = found;
  if (offset === undefined) throw new ExpressionError(`"${method.text}" is one of a virtual base, which has no pointer to it`);
  const code = method.slot === undefined ? codeOf(method, memory) : BigInt(8 * method.slot + 1);
  if (code === undefined) throw new ExpressionError(`"${method.text}" has no code of its own in this program`);
  const bytes = new Uint8Array(16);
  bytes.set(bytesOfNumber(code, 8));
  bytes.set(bytesOfNumber(BigInt(offset), 8), 8);
  return ofBytes(memberPointer(method.type, record, 16), bytes);
}

/** Whether a pointer to a member is null (Itanium C++ ABI, section 2.3). */
export function isNullMember(type: PointerType, number: bigint): boolean {
  return isOfFunction(type) ? BigInt.asUintN(64, number) === 0n : number === noMember;
}

export function nullMember(type: PointerType): bigint {
  return isOfFunction(type) ? 0n : noMember;
}

/** What `object.*pointer` is: a part of the object, or the function that would be called. */
export function memberOf(object: Value, type: PointerType, number: bigint, memory: ValueMemory): Value {
  if (isNullMember(type, number)) throw new ExpressionError('The pointer to a member is null');
  const holder = (type.holder && basePart(object, type.holder, memory)) ?? object;
  if (!isOfFunction(type)) return partOf(holder, type.target, Number(BigInt.asIntN(64, number)));
  const code = BigInt.asUintN(64, number);
  if ((code & 1n) === 0n) return inMemory(type.target, code);
  const address = addressOf(holder);
  if (address === undefined) throw new ExpressionError('A virtual function is found through an object in memory');
  return inMemory(type.target, virtualFunction(address + BigInt.asIntN(64, number >> 64n), Number(code - 1n), memory));
}

function isOfFunction(type: PointerType): boolean {
  return strip(type.target).kind === 'function';
}

function memberPointer(target: Type, holder: Type, size: number): PointerType {
  return { kind: 'pointer', flavour: 'member', size, target, holder };
}

function codeOf(method: Method, memory: ValueMemory): bigint | undefined {
  const value = memory.method(method.entry);
  return value && addressOf(value);
}

/** A member that is no function, with its distance from the start of the record. */
function dataMember(record: RecordType, name: string, depth = 0): { readonly type: Type; readonly offset: number } | undefined {
  if (depth > deepest) return undefined;
  for (const member of record.members) {
    if (member.isBase || member.name !== name || member.staticEntry) continue;
    if (member.bits) throw new ExpressionError('A bit-field has no pointer to it');
    if (member.offset !== undefined) return { type: member.type, offset: member.offset };
  }
  for (const { isBase, name: own, offset, type } of record.members) {
    const inner = strip(type);
    if (inner.kind !== 'record' || offset === undefined || (!isBase && own !== undefined)) continue;
    const found = dataMember(inner, name, depth + 1);
    if (found) return { type: found.type, offset: offset + found.offset };
  }
  return undefined;
}
