import { type Bytes, lengthOfUnsigned } from './bytes';
import {
  type Expression,
  encode,
  type F64,
  type I32,
  type I64,
  type Indirect,
  i32,
  isFolded,
  localGet,
  opcode,
  type ValueType,
} from './expression';

const valueTypeCode = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c } as const satisfies Record<ValueType, number>;

export interface Local<T extends ValueType> {
  readonly type: T;
  readonly index: number;
}

/** Where a branch goes: out of a block, or back to the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** Writes the body of a function: statements from first to last, with structured control flow. */
export class FunctionBody {
  readonly #code: Bytes;
  readonly #start: number;
  #end = 0;
  readonly #localTypes: ValueType[] = [];
  readonly #parameterCount: number;
  readonly #free: Local<ValueType>[] = [];
  /** The locals that are held in the scopes that there are, those of outer ones first. */
  readonly #inScope: Local<ValueType>[] = [];
  readonly #scopes: number[] = [];
  #depth = 0;

  /** The instructions are written to the end of `code`. */
  constructor(parameters: readonly ValueType[], code: Bytes) {
    this.#code = code;
    this.#start = code.length;
    this.#parameterCount = parameters.length;
  }

  local<T extends ValueType>(type: T): Local<T> {
    this.#localTypes.push(type);
    return { type, index: this.#parameterCount + this.#localTypes.length - 1 };
  }

  /** Runs `write`; locals that `hold` makes inside are free for others afterwards. */
  scope(write: () => void): void {
    this.enterScope();
    write();
    this.leaveScope();
  }

  /** The same for what is written between these two. */
  enterScope(): void {
    this.#scopes.push(this.#inScope.length);
  }

  leaveScope(): void {
    const start = this.#scopes.pop()!;
    if (start === this.#inScope.length) return;
    for (let index = start; index < this.#inScope.length; index += 1) this.#free.push(this.#inScope[index]!);
    this.#inScope.length = start;
  }

  /** Evaluates the expression now, once, and gives its value for any number of uses in this scope. */
  hold<T extends ValueType>(value: Expression<T>): Expression<T> {
    const local = this.#held(value.type);
    this.set(local, value);
    return get(local);
  }

  /** Evaluates one of two expressions now, as a condition says, and gives its value for any number of uses in this scope. */
  choose<T extends ValueType>(condition: I32, value: Expression<T>, otherwise: Expression<T>): Expression<T> {
    const local = this.#held(value.type);
    this.if(
      condition,
      () => this.set(local, value),
      () => this.set(local, otherwise),
    );
    return get(local);
  }

  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    encode(value, this.#code);
    this.#code.instruction(opcode.localSet, local.index);
  }

  /** Reads a local of 64 bits from a constant address. */
  loadLocal(local: Local<'i64' | 'f64'>, address: number): void {
    const code = this.#code;
    code.constant(opcode.i32Constant, address);
    code.access(local.type === 'i64' ? opcode.i64Load : opcode.f64Load, 3, 0);
    code.instruction(opcode.localSet, local.index);
  }

  /** Writes a local of 64 bits to a constant address. */
  storeLocal(local: Local<'i64' | 'f64'>, address: number): void {
    const code = this.#code;
    code.constant(opcode.i32Constant, address);
    code.instruction(opcode.localGet, local.index);
    code.access(local.type === 'i64' ? opcode.i64Store : opcode.f64Store, 3, 0);
  }

  /** Where the next instruction is written. */
  get place(): number {
    return this.#code.length;
  }

  /** Writes what was written between two places once more: statements that neither branch nor set locals. */
  repeat(start: number, end: number): void {
    this.#code.repeat(start, end);
  }

  store(address: I32, value: I32, offset = 0): void {
    this.#store(0x36, 2, address, value, offset);
  }

  store64(address: I32, value: I64, offset = 0): void {
    this.#store(opcode.i64Store, 3, address, value, offset);
  }

  storeF64(address: I32, value: F64, offset = 0): void {
    this.#store(opcode.f64Store, 3, address, value, offset);
  }

  /** Stores the lower 1, 2, 4 or 8 bytes. */
  storeLow(bytes: 1 | 2 | 4 | 8, address: I32, value: I64, offset = 0): void {
    const alignment = 31 - Math.clz32(bytes);
    this.#store(bytes === 8 ? opcode.i64Store : opcode.i64Store8 + alignment, alignment, address, value, offset);
  }

  block(write: (end: Label) => void): void {
    write(this.enterBlock());
    this.leaveBlock();
  }

  /** The same for what is written between these two; gives the label of where that ends. */
  enterBlock(): Label {
    return this.#enter(0x02);
  }

  leaveBlock(): void {
    this.#leave();
  }

  loop(write: (start: Label) => void): void {
    write(this.#enter(0x03));
    this.#leave();
  }

  if(condition: I32, write: () => void, otherwise?: () => void): void {
    encode(condition, this.#code);
    this.#enter(0x04);
    write();
    if (otherwise) {
      this.#code.byte(0x05);
      otherwise();
    }
    this.#leave();
  }

  branch(label: Label): void {
    this.#code.instruction(0x0c, this.#distance(label));
  }

  branchIf(label: Label, condition: I32): void {
    encode(condition, this.#code);
    this.#code.instruction(0x0d, this.#distance(label));
  }

  /** Branches to `labels[index]`, or to `otherwise` where there is none. */
  branchTable(labels: readonly Label[], otherwise: Label, index: I32): void {
    encode(index, this.#code);
    this.#code.instruction(0x0e, labels.length);
    for (const label of labels) this.#code.unsigned(this.#distance(label));
    this.#code.unsigned(this.#distance(otherwise));
  }

  return(...values: readonly Expression[]): void {
    for (const value of values) encode(value, this.#code);
    this.#code.byte(0x0f);
  }

  /** Evaluates an expression for what it does and drops its value. */
  drop(value: Expression): void {
    encode(value, this.#code);
    this.#code.byte(0x1a);
  }

  /** Calls the function with this index and puts its results into the locals. */
  call(results: readonly Local<ValueType>[], functionIndex: number, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    this.#code.instruction(0x10, functionIndex);
    this.#take(results);
  }

  /** The same for the function at `slot` of a table. */
  callIndirect(results: readonly Local<ValueType>[], { table, type }: Indirect, slot: I32, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    encode(slot, this.#code);
    this.#code.instruction(0x11, type);
    this.#code.unsigned(table);
    this.#take(results);
  }

  /** Calls the function with this index in the place of this one, which gives what that gives, where the engine can (`canTailCall`). */
  tailCall(functionIndex: number, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    this.#code.instruction(0x12, functionIndex);
  }

  /** The same for the function at `slot` of a table. */
  tailCallIndirect({ table, type }: Indirect, slot: I32, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    encode(slot, this.#code);
    this.#code.instruction(0x13, type);
    this.#code.unsigned(table);
  }

  unreachable(): void {
    this.#code.byte(0x00);
  }

  /** Ends the function. */
  end(): void {
    this.#code.byte(0x0b);
    this.#end = this.#code.length;
  }

  /** Bytes of the instructions that were written so far. */
  get written(): number {
    return this.#code.length - this.#start;
  }

  /** Bytes of its entry in the code section. */
  get size(): number {
    const size = this.#sizeWithin;
    return lengthOfUnsigned(size) + size;
  }

  /** Writes its entry of the code section: size, locals, instructions. */
  encode(module: Bytes): void {
    module.unsigned(this.#sizeWithin);
    module.unsigned(this.#localTypes.length);
    for (const type of this.#localTypes) {
      module.byte(1);
      module.byte(valueTypeCode[type]);
    }
    module.bytes(this.#code.view(this.#start, this.#end));
  }

  get #sizeWithin(): number {
    const count = this.#localTypes.length;
    return lengthOfUnsigned(count) + 2 * count + this.#end - this.#start;
  }

  /** A local that is free again after the scope. */
  #held<T extends ValueType>(type: T): Local<T> {
    const free = this.#free;
    let found = 0;
    while (found < free.length && free[found]!.type !== type) found += 1;
    const local = found === free.length ? this.local(type) : (free.splice(found, 1)[0] as Local<T>);
    this.#inScope.push(local);
    return local;
  }

  #enter(structure: number): Label {
    const noResult = 0x40;
    this.#code.instruction(structure, noResult);
    this.#depth += 1;
    return { depth: this.#depth };
  }

  #leave(): void {
    this.#depth -= 1;
    this.#code.byte(0x0b);
  }

  #take(results: readonly Local<ValueType>[]): void {
    for (let index = results.length - 1; index >= 0; index -= 1) this.#code.instruction(opcode.localSet, results[index]!.index);
  }

  #store(store: number, alignment: number, address: I32, value: Expression, offset: number): void {
    const folds = isFolded(address, offset);
    encode(folds ? i32.constant(address.immediate + offset) : address, this.#code);
    encode(value, this.#code);
    this.#code.access(store, alignment, folds ? 0 : offset);
  }

  #distance(label: Label): number {
    return this.#depth - label.depth;
  }
}

export function get<T extends ValueType>(local: Local<T>): Expression<T> {
  return localGet(local.type, local.index);
}

export function writeTypes(bytes: Bytes, types: readonly ValueType[]): void {
  bytes.unsigned(types.length);
  for (const type of types) bytes.byte(valueTypeCode[type]);
}
