import { intType, longType, pointerTo, sizeOf } from '../types/base-types';
import { type BaseEncoding, strip } from '../types/type';
import { addressOf, inMemory, partOf, type Value } from '../values/value';
import type { Arithmetic } from './arithmetic';
import type { Argument } from './calls';
import { dataAddressType, wordType } from './numbers';
import { described, fail, type Operands, pointerValue } from './operands';

/** Objects and their addresses: `*`, `&` and `[]`. */
export class Places {
  constructor(
    private readonly operands: Operands,
    private readonly arithmetic: Arithmetic,
    /** Numbers are whole words. */
    private readonly isAssembly: boolean,
  ) {}

  /** What `*` gives: of a whole number, the int at that address, as gdb's; in assembly the doubleword. */
  target(value: Value, at: number): Value {
    const { operands } = this;
    const list = operands.referred(value);
    const listType = strip(list.type);
    // One that is in no memory: of a literal, of a register.
    if (listType.kind === 'array' && !listType.isVector && addressOf(list) === undefined) return partOf(list, listType.element, 0);
    const pointer = operands.decayed(value);
    const type = strip(pointer.type);
    if (type.kind === 'pointer') {
      if (type.flavour === 'member') return fail('A pointer to a member needs an object: write object.*pointer', at);
      if (pointer.type === dataAddressType) return inMemory(longType, operands.address(pointer, at));
      if (strip(type.target).kind === 'void') return fail('"*" takes no pointer to void: cast it first', at);
      const { location } = pointer;
      const implicit = location.kind === 'pointer' ? operands.memory.implicitTarget(location.die) : undefined;
      if (location.kind === 'pointer' && !operands.isUnevaluated) {
        return implicit ? partOf(implicit, type.target, Number(location.offset)) : fail('What it points to is optimized out', at);
      }
      return inMemory(type.target, operands.address(pointer, at));
    }
    const isInteger = type.kind === 'base' && addressEncodings.has(type.encoding);
    if (!isInteger) return fail(`"*" takes a pointer, and this is ${described(value.type)}`, at);
    return inMemory(this.isAssembly || type === wordType ? wordType : intType, operands.address(pointer, at));
  }

  /** What `&` gives; `isName` where it is of a name. `at` is the operand's place. */
  address(value: Value, isName: boolean, at: number): Value {
    const referred = this.operands.referred(value);
    // A reference that is optimised out, or that the compiler has removed.
    if (referred !== value && addressOf(referred) === undefined) return { ...value, type: pointerTo(referred.type) };
    if (referred.type === wordType && isName) return referred;
    const address = addressOf(referred);
    if (address !== undefined && referred.bits === undefined) return pointerValue(referred.type, address);
    if (referred.bits !== undefined) return fail('A bit-field has no address', at);
    const { location } = referred;
    if (location.kind === 'register') return fail('It is in a register and has no address', at);
    if (location.kind === 'missing' && this.operands.isUnevaluated) return pointerValue(referred.type, 0n);
    if (location.kind === 'missing') return fail(`It is ${location.reason} and has no address`, at);
    return fail('"&" takes a symbol or an object in memory', at);
  }

  /** What `holder[position]` gives; `at` is the place of the bracket. */
  element(holder: Value, { value: position, at: positionAt }: Argument, at: number): Value {
    const { operands } = this;
    const type = strip(holder.type);
    const { number } = operands.number(position, positionAt);
    if (typeof number !== 'bigint') return fail('An index must be an integer', positionAt);
    if (type.kind === 'array') {
      const size = sizeOf(type.element);
      if (size === undefined) return fail('The size of its elements is not known', at);
      if (number > farthest || number < -farthest) return fail('The index is too large', positionAt);
      const isOutside = number < type.lowerBound || (typeof type.count === 'number' && number >= type.lowerBound + type.count);
      if (isOutside && addressOf(holder) === undefined)
        return fail('The index is outside of the array, which is not in memory', positionAt);
      return partOf(holder, type.element, Number(number - BigInt(type.lowerBound)) * size);
    }
    if (type.kind === 'pointer') return this.target(this.arithmetic.binary('+', holder, position, at), at);
    if (strip(operands.decayed(position).type).kind === 'pointer')
      return this.target(this.arithmetic.binary('+', position, holder, at), at);
    return fail(`Only arrays and pointers can be indexed, and this is ${described(holder.type)}`, at);
  }
}

/** Whole numbers that may be an address. */
const addressEncodings: ReadonlySet<BaseEncoding> = new Set(['signed', 'unsigned', 'signed-char', 'unsigned-char']);

/** Elements beyond which nothing is. */
const farthest = 1n << 48n;
