import { alignmentOf, sizeOf } from '../types/base-types';
import { type RecordType, strip, type Type } from '../types/type';

/** A scalar of an argument in a register: fa0-fa7 or a0-a7 by number, and the bytes of the argument that it has. */
export interface ArgumentPart {
  readonly file: 'f' | 'x';
  readonly register: number;
  readonly offset: number;
  readonly size: number;
}

/** Where the calling convention puts an argument (RISC-V psABI, "Procedure Calling Convention"). */
export interface ArgumentPlace {
  /** Numbers of a0-a7 that have it; empty where it is on the stack or has parts. */
  readonly registers: readonly number[];
  /** The register has the address of it. */
  readonly isReference: boolean;
  /** Its scalars, where one of them is in an f register. */
  readonly parts?: readonly ArgumentPart[];
}

/** Registers for arguments: a0-a7, and fa0-fa7. */
const registerCount = 8;
export const wordSize = 8;

/** Places the arguments of one function, in order. */
export class ArgumentPlaces {
  private nextFloat = 0;

  /** `next` is the first of a0-a7 that is free; `floatSize` the bytes that the ABI passes in an f register, 0 for lp64. */
  constructor(
    private next: number,
    private readonly floatSize: number,
  ) {}

  place(type: Type): ArgumentPlace {
    const size = sizeOf(type) ?? wordSize;
    const bare = strip(type);
    if (size > 2 * wordSize || (bare.kind === 'record' && bare.isByAddress)) return { registers: this.take(1), isReference: true };
    const parts = this.floatParts(type);
    if (parts) return { registers: [], isReference: false, parts };
    return { registers: this.take(Math.max(size > 0 ? 1 : 0, Math.ceil(size / wordSize))), isReference: false };
  }

  /** What `...` takes: floats as integers are, and what is aligned to two words in an even register and the next. */
  placeUnnamed(type: Type): ArgumentPlace {
    const size = sizeOf(type) ?? wordSize;
    if (size > 2 * wordSize) return { registers: this.take(1), isReference: true };
    if (alignmentOf(type) > wordSize && this.next % 2 === 1) this.next += 1;
    return { registers: this.take(Math.max(size > 0 ? 1 : 0, Math.ceil(size / wordSize))), isReference: false };
  }

  /** A float, two of them, or one and an integer, if registers of both kinds are left ("Hardware Floating-point Calling Convention"). */
  private floatParts(type: Type): ArgumentPart[] | undefined {
    const fields = this.floatSize > 0 ? flatten(type) : undefined;
    const floats = fields?.filter(({ isFloat }) => isFloat).length ?? 0;
    if (!fields || floats === 0 || fields.length > 2) return undefined;
    if (!fields.every(({ size, isFloat }) => size <= (isFloat ? this.floatSize : wordSize))) return undefined;
    if (this.nextFloat + floats > registerCount || this.next + fields.length - floats > registerCount) return undefined;
    return fields.map(({ isFloat, offset, size }) => {
      return { file: isFloat ? 'f' : 'x', register: isFloat ? this.nextFloat++ : this.next++, offset, size };
    });
  }

  private take(words: number): number[] {
    const first = this.next;
    this.next += words;
    return Array.from({ length: words }, (_, index) => first + index).filter((register) => register < registerCount);
  }
}

interface Field {
  readonly offset: number;
  readonly size: number;
  readonly isFloat: boolean;
}

/** The scalars that a value consists of, at most three of them; undefined for what is never in f registers, as a union. */
function flatten(type: Type, depth = 0): readonly Field[] | undefined {
  const bare = strip(type);
  if (depth > 10) return undefined;
  switch (bare.kind) {
    case 'base': {
      const half = bare.size / 2;
      if (bare.encoding === 'complex') return [0, half].map((offset) => ({ offset, size: half, isFloat: true }));
      return [{ offset: 0, size: bare.size, isFloat: bare.encoding === 'float' }];
    }
    case 'record':
      return flattenRecord(bare, depth);
    case 'array': {
      const element = flatten(bare.element, depth + 1);
      const count = typeof bare.count === 'number' ? bare.count : 3;
      const step = sizeOf(bare.element) ?? 0;
      return element && Array.from({ length: Math.min(3, count) }, (_, index) => moved(element, index * step)).flat();
    }
    default:
      return [{ offset: 0, size: sizeOf(bare) ?? wordSize, isFloat: false }];
  }
}

function flattenRecord(record: RecordType, depth: number): readonly Field[] | undefined {
  if (record.keyword === 'union') return undefined;
  const fields: Field[] = [];
  for (const { type, staticEntry, offset, bits } of record.members) {
    if (staticEntry) continue;
    const inner = flatten(type, depth + 1);
    if (!inner) return undefined;
    fields.push(...moved(inner, bits ? Math.floor(bits.offset / 8) : (offset ?? 0)));
    if (fields.length > 2) return fields;
  }
  return fields;
}

function moved(fields: readonly Field[], by: number): Field[] {
  return fields.map((field) => ({ ...field, offset: field.offset + by }));
}
