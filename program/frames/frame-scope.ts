import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { contains, isWithoutSize, rangesOf } from '../dwarf/entries/ranges';
import { evaluateLocation, evaluateNumber, type LocationContext } from '../dwarf/location/evaluate-location';
import { type Location, optimizedOut } from '../dwarf/location/location';
import { expressionAt } from '../dwarf/location/location-list';
import { sizeOf } from '../types/base-types';
import type { TypeReader } from '../types/read-types';
import type { CountContext, PointerType, Type } from '../types/type';
import type { Value } from '../values/value';
import { callValue, parameterOfCall } from './call-sites';
import type { CalledFunctions } from './call-targets';
import type { TailCalls } from './tail-calls';

/** One activation of a function, as the debug information's expressions ask of it. */
export interface FrameAccess {
  readonly pc: bigint;
  /** The pc is that of the next instruction; else it is a return address. */
  readonly exact: boolean;
  /** A register by its DWARF number: x0-x31 are 0-31, f0-f31 32-63. */
  register(register: number): bigint | undefined;
  cfa(): bigint | undefined;
  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined;
  /** Where the thread's copy of thread-local storage is, by the offset that the program has for it. */
  threadLocal(offset: bigint): bigint | undefined;
  /** The activation that called it. */
  caller(): FrameScope | undefined;
  /**
   * Where a parameter's argument is while nothing of the function has run but its call site: the debug information already means what
   * the prologue will have made of it. Undefined later, and where that is not known.
   */
  argument(parameter: Entry): Location | undefined;
}

/** What frames ask of the program as a whole. */
export interface FramesProgram {
  readonly types: TypeReader;
  readonly functions: CalledFunctions;
  readonly tailCalls: TailCalls;
  /** The offset of a variable in thread-local storage, by its symbol; undefined where it is elsewhere. */
  threadLocalOf(entry: Entry): bigint | undefined;
}

/** A frame with the debug information of its function: where its variables are. */
export class FrameScope implements CountContext {
  private base: { readonly address: bigint | undefined } | undefined;
  private depth = 0;

  constructor(
    readonly program: FramesProgram,
    readonly access: FrameAccess,
    /** The out-of-line function; undefined where its code is not described, as for globals. */
    readonly functionEntry: Entry | undefined,
  ) {}

  /** An address inside of the instruction that goes on: for a return address, of the call before it. */
  get address(): bigint {
    return this.access.exact ? this.access.pc : this.access.pc - 1n;
  }

  /** Where the function starts. */
  get start(): bigint | undefined {
    return this.program.functions.startOf(this.address);
  }

  /** The function's entry and those of blocks and inlined functions in it that have the frame's address, from the outside in. */
  get blocks(): readonly Entry[] {
    return blocksAt(this.functionEntry, this.address);
  }

  /** The value of a variable, parameter or constant. */
  valueOf(entry: Entry): Value {
    const type = this.resolve(this.program.types.typeOf(entry));
    return { type, location: this.locationOf(entry, type), from: 0 };
  }

  /** The type with the counts of its arrays of variable length, also of one that it refers to. */
  resolve(type: Type): Type {
    if (type.kind === 'typedef' || type.kind === 'qualified' || (type.kind === 'pointer' && isReference(type))) {
      const target = this.resolve(type.target);
      return target === type.target ? type : { ...type, target };
    }
    if (type.kind !== 'array') return type;
    const element = this.resolve(type.element);
    if (element === type.element && (typeof type.count === 'number' || type.count === undefined)) return type;
    // A count that cannot be told stays one that a frame tells.
    const count = typeof type.count === 'object' ? (saneCount(type.count.evaluate(this)) ?? type.count) : type.count;
    return { ...type, element, count };
  }

  evaluateExpression(entry: Entry, expression: Uint8Array, objectAddress?: bigint): bigint | undefined {
    const initial = objectAddress === undefined ? [] : [objectAddress];
    return evaluateNumber(expression, { ...this.context(entry), objectAddress }, initial);
  }

  variableValue(entry: Entry): bigint | undefined {
    if (this.depth > deepest) return undefined;
    this.depth++;
    try {
      const { location } = this.valueOf(entry);
      const size = sizeOf(this.program.types.typeOf(entry)) ?? 8;
      return this.read(location, size);
    } finally {
      this.depth--;
    }
  }

  /** What expressions of an entry's unit are evaluated with. */
  context(entry: Entry): LocationContext {
    const { access } = this;
    return {
      register: (register) => access.register(register),
      load: (address, size) => access.load(address, size),
      cfa: () => access.cfa(),
      frameBase: () => this.frameBase(),
      threadLocal: (offset) => access.threadLocal(offset),
      unit: entry.unit,
      entryValue: (expression) => callValue(this, expression),
      parameterValue: (die) => parameterOfCall(this, die),
      variableValue: (die) => {
        const variable = orNothing(() => entry.unit.entryAt(die));
        return variable && this.variableValue(variable);
      },
    };
  }

  private locationOf(entry: Entry, type: Type): Location {
    const located = entry.has(At.location) || entry.has(At.const_value) ? entry : (entry.holderOf(At.const_value) ?? entry);
    const argument = entry.tag === Tag.formal_parameter ? this.access.argument(entry) : undefined;
    if (argument) return argument;
    const constant = constantOf(located, type);
    if (constant) return { kind: 'value', bytes: constant };
    const expression = orNothing(() => expressionAt(located, At.location, this.address));
    if (expression) return evaluateLocation(expression, this.context(located));
    const offset = located.has(At.location) ? undefined : this.program.threadLocalOf(located);
    const address = offset === undefined ? undefined : this.access.threadLocal(offset);
    return address === undefined ? optimizedOut : { kind: 'memory', address };
  }

  private frameBase(): bigint | undefined {
    this.base ??= { address: this.evaluateFrameBase() };
    return this.base.address;
  }

  private evaluateFrameBase(): bigint | undefined {
    const { functionEntry: holder } = this;
    const expression = holder && orNothing(() => expressionAt(holder, At.frame_base, this.address));
    if (!holder || !expression) return undefined;
    const location = evaluateLocation(expression, { ...this.context(holder), frameBase: () => undefined });
    if (location.kind === 'register') return this.access.register(location.register);
    return location.kind === 'memory' ? location.address : this.read(location, 8);
  }

  /** A small integer at a location. */
  private read(location: Location, size: number): bigint | undefined {
    if (location.kind === 'register') return this.access.register(location.register);
    if (location.kind === 'value') return location.bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (location.kind !== 'memory' || (size !== 1 && size !== 2 && size !== 4 && size !== 8)) return undefined;
    return this.access.load(location.address, size);
  }
}

/** The entry of a function and those of blocks and inlined functions in it that have an address, from the outside in. */
export function blocksAt(functionEntry: Entry | undefined, address: bigint): Entry[] {
  const blocks: Entry[] = [];
  for (let current = functionEntry; current; current = blockIn(current, address)) blocks.push(current);
  return blocks;
}

/** Variables whose types need variables whose types need variables. */
const deepest = 5;

function isReference({ flavour }: PointerType): boolean {
  return flavour === '&' || flavour === '&&';
}

function saneCount(count: number | undefined): number | undefined {
  return count === undefined || count < 0 || count > Number.MAX_SAFE_INTEGER ? undefined : count;
}

/** A block of an entry that has the address; what has no code of its own, as a scope that a compiler has emptied, is looked into. */
function blockIn(entry: Entry, address: bigint): Entry | undefined {
  for (const child of entry.children) {
    if (!isBlock(child)) continue;
    if (contains(rangesOf(child), address)) return child;
    const inner = hasNoCode(child) ? blockIn(child, address) : undefined;
    if (inner) return inner;
  }
  return undefined;
}

/** A scope of the source that says nothing of code: what is in it counts to what it is in. */
export function hasNoCode(entry: Entry): boolean {
  if (entry.tag !== Tag.lexical_block || entry.has(At.ranges)) return false;
  return !entry.has(At.low_pc) || isWithoutSize(entry);
}

function isBlock({ tag }: Entry): boolean {
  return tag === Tag.lexical_block || tag === Tag.inlined_subroutine;
}

/** The bytes of DW_AT_const_value in the variable's type. */
function constantOf(entry: Entry, type: Type): Uint8Array | undefined {
  const raw = orNothing(() => entry.raw(At.const_value));
  if (!raw) return undefined;
  if (raw.value instanceof Uint8Array) return raw.value;
  if (typeof raw.value === 'string') return new TextEncoder().encode(`${raw.value}\0`);
  const bytes = new Uint8Array(Math.min(16, sizeOf(type) ?? 8));
  let rest = BigInt(raw.value);
  for (let index = 0; index < bytes.length; index++, rest >>= 8n) bytes[index] = Number(rest & 0xffn);
  return bytes;
}
