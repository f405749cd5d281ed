import { sizedParts, unsigned } from './binary';
import { type Expression, encode, type F64, type I32, type I64, type ValueType } from './expression';

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
  readonly #code: number[] = [];
  readonly #localTypes: ValueType[] = [];
  readonly #parameterCount: number;
  readonly #free: Local<ValueType>[] = [];
  #scope: Local<ValueType>[] = [];
  #depth = 0;

  constructor(parameters: readonly ValueType[]) {
    this.#parameterCount = parameters.length;
  }

  local<T extends ValueType>(type: T): Local<T> {
    this.#localTypes.push(type);
    return { type, index: this.#parameterCount + this.#localTypes.length - 1 };
  }

  /** Runs `write`; locals that `hold` makes inside are free for others afterwards. */
  scope(write: () => void): void {
    const outer = this.#scope;
    this.#scope = [];
    write();
    this.#free.push(...this.#scope);
    this.#scope = outer;
  }

  /** Evaluates the expression now, once, and gives its value for any number of uses in this scope. */
  hold<T extends ValueType>(value: Expression<T>): Expression<T> {
    const found = this.#free.findIndex((local) => local.type === value.type);
    const local = found < 0 ? this.local(value.type) : (this.#free.splice(found, 1)[0] as Local<T>);
    this.#scope.push(local);
    this.set(local, value);
    return get(local);
  }

  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    encode(value, this.#code);
    this.#emit([0x21], unsigned(local.index));
  }

  store(address: I32, value: I32, offset = 0): void {
    this.#store(0x36, 2, address, value, offset);
  }

  store64(address: I32, value: I64, offset = 0): void {
    this.#store(0x37, 3, address, value, offset);
  }

  storeF64(address: I32, value: F64, offset = 0): void {
    this.#store(0x39, 3, address, value, offset);
  }

  /** Stores the lower 1, 2, 4 or 8 bytes. */
  storeLow(bytes: 1 | 2 | 4 | 8, address: I32, value: I64, offset = 0): void {
    const [opcode, alignment] = ({ 1: [0x3c, 0], 2: [0x3d, 1], 4: [0x3e, 2], 8: [0x37, 3] } as const)[bytes];
    this.#store(opcode, alignment, address, value, offset);
  }

  block(write: (end: Label) => void): void {
    this.#structure(0x02, write);
  }

  loop(write: (start: Label) => void): void {
    this.#structure(0x03, write);
  }

  if(condition: I32, write: () => void, otherwise?: () => void): void {
    encode(condition, this.#code);
    this.#structure(0x04, () => {
      write();
      if (!otherwise) return;
      this.#emit([0x05]);
      otherwise();
    });
  }

  branch(label: Label): void {
    this.#emit([0x0c], this.#distance(label));
  }

  branchIf(label: Label, condition: I32): void {
    encode(condition, this.#code);
    this.#emit([0x0d], this.#distance(label));
  }

  /** Branches to `labels[index]`, or to `otherwise` where there is none. */
  branchTable(labels: readonly Label[], otherwise: Label, index: I32): void {
    const distances = labels.flatMap((label) => this.#distance(label));
    encode(index, this.#code);
    this.#emit([0x0e], unsigned(labels.length), distances, this.#distance(otherwise));
  }

  return(...values: readonly Expression[]): void {
    for (const value of values) encode(value, this.#code);
    this.#emit([0x0f]);
  }

  /** Evaluates an expression for what it does and drops its value. */
  drop(value: Expression): void {
    encode(value, this.#code);
    this.#emit([0x1a]);
  }

  /** Calls the function with this index and puts its results into the locals. */
  call(results: readonly Local<ValueType>[], functionIndex: number, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    this.#emit([0x10], unsigned(functionIndex));
    this.#take(results);
  }

  /** Calls the function at `slot` of the table, which has the type with this index. */
  callIndirect(results: readonly Local<ValueType>[], typeIndex: number, slot: I32, ...operands: readonly Expression[]): void {
    for (const operand of operands) encode(operand, this.#code);
    encode(slot, this.#code);
    this.#emit([0x11], unsigned(typeIndex), [0x00]);
    this.#take(results);
  }

  unreachable(): void {
    this.#emit([0x00]);
  }

  /** The code section's entry, in parts: size, locals, instructions. */
  encode(): (readonly number[])[] {
    const locals = this.#localTypes.flatMap((type) => [1, valueTypeCode[type]]);
    return sizedParts([unsigned(this.#localTypes.length).concat(locals), this.#code, [0x0b]]);
  }

  #structure(opcode: number, write: (label: Label) => void): void {
    const noResult = 0x40;
    this.#emit([opcode, noResult]);
    this.#depth += 1;
    write({ depth: this.#depth });
    this.#depth -= 1;
    this.#emit([0x0b]);
  }

  #take(results: readonly Local<ValueType>[]): void {
    for (const local of [...results].reverse()) this.#emit([0x21], unsigned(local.index));
  }

  #store(opcode: number, alignment: number, address: I32, value: Expression, offset: number): void {
    encode(address, this.#code);
    encode(value, this.#code);
    this.#emit([opcode, alignment], unsigned(offset));
  }

  #distance(label: Label): number[] {
    return unsigned(this.#depth - label.depth);
  }

  #emit(...parts: readonly (readonly number[])[]): void {
    for (const part of parts) for (let index = 0; index < part.length; index += 1) this.#code.push(part[index]!);
  }
}

export function get<T extends ValueType>(local: Local<T>): Expression<T> {
  return { type: local.type, operands: [], instruction: [0x20, ...unsigned(local.index)] };
}

export function typeCodes(types: readonly ValueType[]): number[][] {
  return types.map((type) => [valueTypeCode[type]]);
}
