import type { Location } from '../dwarf/location/location';
import type { Type } from '../types/type';

/** An object of the program, or a result of an expression: a type, and where its bytes are. */
export interface Value {
  readonly type: Type;
  readonly location: Location;
  /** The value is a part of what is at the location: it starts at that bit. */
  readonly from: number;
  /** Bits of a bit-field; else the type tells. */
  readonly bits?: number | undefined;
}

/** Guest state as values read and write it. */
export interface ValueMemory {
  /** Bytes from an address on, as many as are mapped. */
  read(address: bigint, length: number): Uint8Array;
  /** False where not all of it is mapped. */
  write(address: bigint, bytes: Uint8Array): boolean;
  /** A register of the value's frame by its DWARF number; undefined where it was not saved. */
  readRegister(register: number): bigint | undefined;
  /** Undefined once written; else why it cannot be. */
  writeRegister(register: number, value: bigint): string | undefined;
  /** `<main+4>` for an address of the program. */
  describe(address: bigint): string | undefined;
  /** What an optimised-out pointer points to: the value of an entry of `.debug_info`. */
  implicitTarget(die: number): Value | undefined;
  /** The value of a static member's entry. */
  staticMember(entry: object): Value | undefined;
  /** The code of a method's entry. */
  method(entry: object): Value | undefined;
  /** The offset of a virtual base in the object at an address. */
  dynamicOffset(entry: object, expression: Uint8Array, address: bigint): bigint | undefined;
}

export function inMemory(type: Type, address: bigint): Value {
  return { type, location: { kind: 'memory', address: BigInt.asUintN(64, address) }, from: 0 };
}

export function ofBytes(type: Type, bytes: Uint8Array): Value {
  return { type, location: { kind: 'value', bytes }, from: 0 };
}

/** Where a value is in memory; undefined where it is elsewhere or starts within a byte. */
export function addressOf({ location, from }: Value): bigint | undefined {
  return location.kind === 'memory' && from % 8 === 0 ? BigInt.asUintN(64, location.address + BigInt(from / 8)) : undefined;
}

/** A part of a value, from a byte on, of another type. */
export function partOf(value: Value, type: Type, offset: number): Value {
  const { location } = value;
  if (location.kind === 'memory' && value.from === 0) return inMemory(type, location.address + BigInt(offset));
  return { type, location, from: value.from + 8 * offset };
}
