import { ByteReader } from '../../elf/byte-reader';
import { ProgramError } from '../../program-error';
import { type Location, type MissingReason, optimizedOut, type Piece, type Place } from './location';
import { Op } from './operations';
import { binaryOperations, shiftOperations, unaryOperations } from './stack-arithmetic';
import { bytesOf, convert, generic, genericType, integerOf, type StackType, type StackValue, signedOf } from './stack-value';

/** What an expression may ask of the frame that it is evaluated in. Undefined answers make the object missing. */
export interface LocationContext {
  /** A register by its DWARF number. */
  register(register: number): bigint | undefined;
  /** Guest memory: an unsigned load. */
  load(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined;
  /** The canonical frame address. */
  cfa?(): bigint | undefined;
  /** The value of the function's DW_AT_frame_base. */
  frameBase?(): bigint | undefined;
  /** Where the thread's copy of an offset of thread-local storage is. */
  threadLocal?(offset: bigint): bigint | undefined;
  readonly objectAddress?: bigint | undefined;
  /** What the expression's unit knows; undefined for frame tables. */
  readonly unit?: LocationUnit | undefined;
  /** The value that an expression had when the function was entered, found through the caller. */
  entryValue?(expression: Uint8Array): bigint | undefined;
  /** The value of the parameter that a call site's entry describes. */
  parameterValue?(die: number): bigint | undefined;
  /** The value of the variable that an entry describes. */
  variableValue?(die: number): bigint | undefined;
}

export interface LocationUnit {
  readonly version: number;
  readonly offsetSize: 4 | 8;
  /** Where the unit starts in `.debug_info`. */
  readonly offset: number;
  /** What is added to the addresses of its expressions. */
  readonly bias: bigint;
  /** An address by its index in `.debug_addr`. */
  addressAt(index: number): bigint;
  /** The base type at an offset from the unit's start. */
  baseTypeAt(offset: number): StackType;
  /** The location expression of an entry of `.debug_info`, for DW_OP_call. */
  expressionAt(die: number): Uint8Array | undefined;
}

/**
 * Evaluates a location expression (DWARF 5, sections 2.5 and 2.6). What cannot be known is `missing`; an expression that is corrupt
 * or of an operation that is not known is too, with the cause. `initial` is what the stack starts with.
 */
export function evaluateLocation(expression: Uint8Array, context: LocationContext, initial: readonly bigint[] = []): Location {
  if (expression.length === 0) return optimizedOut;
  return attempt(() => new Evaluation(context, initial).location(expression));
}

/** The number that an expression computes, as for DW_AT_upper_bound or a rule of a frame table. */
export function evaluateNumber(expression: Uint8Array, context: LocationContext, initial: readonly bigint[] = []): bigint | undefined {
  const result = attempt(() => {
    const evaluation = new Evaluation(context, initial);
    const location = evaluation.location(expression);
    return location.kind === 'value' || location.kind === 'memory' ? evaluation.result : { kind: 'missing' as const, reason: '' };
  });
  return typeof result === 'bigint' ? result : undefined;
}

/** Operations that one expression may run: loops end there. */
const mostSteps = 10_000;
const largestStack = 1_000;
const deepestCall = 20;

class Missing extends Error {
  constructor(readonly reason: MissingReason) {
    super(reason);
  }
}

function attempt<Result>(evaluate: () => Result): Result | Place {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Missing) return { kind: 'missing', reason: error.reason };
    if (error instanceof ProgramError) return { kind: 'missing', reason: error.message };
    throw error;
  }
}

class Evaluation {
  private readonly stack: StackValue[];
  private readonly pieces: Piece[] = [];
  /** The place of the object or piece, where an operation has named one that is no address. */
  private place: Place | undefined;
  private steps = 0;
  private depth = 0;

  constructor(
    private readonly context: LocationContext,
    initial: readonly bigint[],
  ) {
    this.stack = initial.map(generic);
  }

  /** The top of the stack as a number. */
  get result(): bigint {
    return signExtended(this.top());
  }

  location(expression: Uint8Array): Location {
    this.run(expression);
    if (this.pieces.length > 0) return { kind: 'pieces', pieces: this.pieces };
    return this.place ?? { kind: 'memory', address: BigInt.asUintN(64, signExtended(this.top())) };
  }

  private run(expression: Uint8Array): void {
    const reader = new ByteReader(expression, 'a location expression', this.context.unit?.bias);
    while (!reader.atEnd) {
      if (++this.steps > mostSteps) throw new Missing('its location expression does not end');
      this.execute(reader.u8(), reader);
      if (this.stack.length > largestStack) throw new Missing('its location expression fills the stack');
    }
  }

  private execute(op: number, reader: ByteReader): undefined {
    if (op >= Op.lit0 && op <= Op.lit31) return this.push(BigInt(op - Op.lit0));
    if (op >= Op.reg0 && op <= Op.reg31) return this.name({ kind: 'register', register: op - Op.reg0 });
    if (op >= Op.breg0 && op <= Op.breg31) return this.push(this.register(op - Op.breg0) + reader.sleb());
    if (this.executeConstant(op, reader) || this.executeStack(op, reader) || this.executePlace(op, reader)) return;
    if (this.executeTyped(op, reader) || this.executeFlow(op, reader)) return;
    const unary = unaryOperations.get(op);
    if (unary) {
      this.stack.push(unary(this.pop()));
      return;
    }
    const shift = shiftOperations.get(op);
    const binary = shift ?? binaryOperations.get(op);
    if (!binary) throw new Missing(`its location uses operation 0x${op.toString(16)}, which is not known`);
    const right = this.pop();
    const left = this.pop();
    const result = binary(left, shift ? right : sameType(right, left));
    if (!result) throw new Missing('its location divides by zero');
    this.stack.push(result);
  }

  private executeConstant(op: number, reader: ByteReader): boolean {
    const value = this.constant(op, reader);
    if (value === undefined) return false;
    this.push(value);
    return true;
  }

  private constant(op: number, reader: ByteReader): bigint | undefined {
    switch (op) {
      case Op.addr:
        return reader.address();
      case Op.const8u:
      case Op.const8s:
        return reader.u64();
      case Op.const1u:
        return BigInt(reader.u8());
      case Op.const1s:
        return BigInt.asIntN(8, BigInt(reader.u8()));
      case Op.const2u:
        return BigInt(reader.u16());
      case Op.const2s:
        return BigInt.asIntN(16, BigInt(reader.u16()));
      case Op.const4u:
        return BigInt(reader.u32());
      case Op.const4s:
        return BigInt.asIntN(32, BigInt(reader.u32()));
      case Op.constu:
        return reader.uleb();
      case Op.consts:
        return reader.sleb();
      case Op.addrx:
      case Op.constx:
      case Op.GNU_addr_index:
      case Op.GNU_const_index:
        return this.unit.addressAt(reader.ulebAsNumber());
      default:
        return undefined;
    }
  }

  private executeStack(op: number, reader: ByteReader): boolean {
    const { stack } = this;
    switch (op) {
      case Op.dup:
        stack.push(this.top());
        return true;
      case Op.drop:
        this.pop();
        return true;
      case Op.over:
        stack.push(this.pick(1));
        return true;
      case Op.pick:
        stack.push(this.pick(reader.u8()));
        return true;
      case Op.swap:
        stack.splice(-2, 2, this.pick(0), this.pick(1));
        return true;
      case Op.rot:
        stack.splice(-3, 3, this.pick(0), this.pick(2), this.pick(1));
        return true;
      case Op.plus_uconst: {
        const value = this.pop();
        stack.push(integerOf(value.bits + reader.uleb(), value.type));
        return true;
      }
      default:
        return false;
    }
  }

  /** Operations that read the frame or say where the object is. */
  private executePlace(op: number, reader: ByteReader): boolean {
    switch (op) {
      case Op.regx:
        this.name({ kind: 'register', register: reader.ulebAsNumber() });
        return true;
      case Op.bregx:
        this.push(this.register(reader.ulebAsNumber()) + reader.sleb());
        return true;
      case Op.fbreg:
        this.push(known(this.context.frameBase?.()) + reader.sleb());
        return true;
      case Op.call_frame_cfa:
        this.push(known(this.context.cfa?.(), 'the frame is not known'));
        return true;
      case Op.push_object_address:
        this.push(known(this.context.objectAddress));
        return true;
      case Op.form_tls_address:
      case Op.GNU_push_tls_address:
        this.push(known(this.context.threadLocal?.(signedOf(this.pop())), 'thread-local storage is not set up yet'));
        return true;
      case Op.piece:
        this.piece(8 * reader.ulebAsNumber(), 0);
        return true;
      case Op.bit_piece:
        this.piece(reader.ulebAsNumber(), reader.ulebAsNumber());
        return true;
      case Op.implicit_value:
        this.name({ kind: 'value', bytes: reader.slice(reader.ulebAsNumber()) });
        return true;
      case Op.stack_value:
        this.name({ kind: 'value', bytes: bytesOf(this.top()) });
        return true;
      case Op.implicit_pointer:
      case Op.GNU_implicit_pointer:
        this.name({ kind: 'pointer', die: reader.offsetOf(this.unit.offsetSize), offset: reader.sleb() });
        return true;
      case Op.entry_value:
      case Op.GNU_entry_value:
        this.entryValue(reader.slice(reader.ulebAsNumber()));
        return true;
      case Op.GNU_parameter_ref:
        this.push(known(this.context.parameterValue?.(this.unit.offset + reader.u32())));
        return true;
      case Op.GNU_variable_value:
        this.push(known(this.context.variableValue?.(reader.offsetOf(this.unit.offsetSize))));
        return true;
      default:
        return false;
    }
  }

  /** The value of a register that has a type is one of that type. */
  private entryValue(expression: Uint8Array): void {
    const value = known(this.context.entryValue?.(expression));
    const reader = new ByteReader(expression, 'a location expression');
    const op = reader.u8();
    const isTyped = op === Op.regval_type || op === Op.GNU_regval_type;
    if (isTyped) reader.skipLeb();
    this.stack.push(isTyped ? integerOf(value, this.unit.baseTypeAt(reader.ulebAsNumber())) : generic(value));
  }

  private executeTyped(op: number, reader: ByteReader): boolean {
    switch (op) {
      case Op.deref:
        this.push(this.load(this.pop().bits, 8));
        return true;
      case Op.deref_size:
        this.push(this.load(this.pop().bits, reader.u8()));
        return true;
      case Op.deref_type:
      case Op.GNU_deref_type: {
        const size = reader.u8();
        const type = this.unit.baseTypeAt(reader.ulebAsNumber());
        this.stack.push({ bits: this.load(this.pop().bits, size), type });
        return true;
      }
      case Op.regval_type:
      case Op.GNU_regval_type: {
        const bits = this.register(reader.ulebAsNumber());
        this.stack.push(integerOf(bits, this.unit.baseTypeAt(reader.ulebAsNumber())));
        return true;
      }
      case Op.const_type:
      case Op.GNU_const_type: {
        const type = this.unit.baseTypeAt(reader.ulebAsNumber());
        const bits = reader.slice(reader.u8()).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
        this.stack.push(integerOf(bits, type));
        return true;
      }
      case Op.convert:
      case Op.GNU_convert:
        this.stack.push(convert(this.pop(), this.typeAt(reader.ulebAsNumber())));
        return true;
      case Op.reinterpret:
      case Op.GNU_reinterpret:
        this.stack.push(integerOf(this.pop().bits, this.typeAt(reader.ulebAsNumber())));
        return true;
      default:
        return false;
    }
  }

  private executeFlow(op: number, reader: ByteReader): boolean {
    switch (op) {
      case Op.nop:
      case Op.GNU_uninit:
        return true;
      case Op.skip:
        this.jump(reader, true);
        return true;
      case Op.bra:
        this.jump(reader, this.pop().bits !== 0n);
        return true;
      case Op.call2:
        this.call(this.unit.offset + reader.u16());
        return true;
      case Op.call4:
        this.call(this.unit.offset + reader.u32());
        return true;
      case Op.call_ref:
        this.call(reader.offsetOf(this.unit.offsetSize));
        return true;
      default:
        return false;
    }
  }

  private jump(reader: ByteReader, isTaken: boolean): void {
    const distance = (reader.u16() << 16) >> 16;
    if (isTaken) reader.seek(reader.offset + distance);
  }

  private call(die: number): void {
    const expression = this.unit.expressionAt(die);
    if (!expression) return;
    if (++this.depth > deepestCall) throw new Missing('its location expression calls itself');
    this.run(expression);
    this.depth--;
  }

  /** Ends a piece: of the place that was named, or of memory at the top of the stack; of nothing where there is neither. */
  private piece(bits: number, from: number): void {
    const address = this.stack.pop();
    const place: Place = this.place ?? (address ? { kind: 'memory', address: address.bits } : optimizedOut);
    this.pieces.push({ place, bits, from });
    this.place = undefined;
  }

  private name(place: Place): undefined {
    this.place = place;
  }

  private push(value: bigint): undefined {
    this.stack.push(generic(value));
  }

  private pop(): StackValue {
    const value = this.stack.pop();
    if (!value) throw new Missing('its location expression finds its stack empty');
    return value;
  }

  private top(): StackValue {
    return this.pick(0);
  }

  private pick(index: number): StackValue {
    const value = this.stack[this.stack.length - 1 - index];
    if (!value) throw new Missing('its location expression finds its stack empty');
    return value;
  }

  private register(register: number): bigint {
    return known(this.context.register(register), 'not saved');
  }

  private load(address: bigint, size: number): bigint {
    if (size !== 1 && size !== 2 && size !== 4 && size !== 8) throw new Missing(`its location reads ${size} bytes at once`);
    return known(this.context.load(address, size), `Cannot access memory at address 0x${address.toString(16)}`);
  }

  private get unit(): LocationUnit {
    if (!this.context.unit) throw new Missing('its location refers to a unit where there is none');
    return this.context.unit;
  }

  private typeAt(offset: number): StackType {
    return offset === 0 ? genericType : this.unit.baseTypeAt(offset);
  }
}

function known<Value>(value: Value | undefined, reason: MissingReason = 'optimized out'): Value {
  if (value === undefined) throw new Missing(reason);
  return value;
}

function signExtended(value: StackValue): bigint {
  return value.type.encoding === 'signed' ? signedOf(value) : value.bits;
}

/** Compilers mix the generic type with integers of its size. */
function sameType(value: StackValue, like: StackValue): StackValue {
  return value.type.encoding === like.type.encoding && value.type.size === like.type.size ? value : convert(value, like.type);
}
