import { hartAt } from '../linear-memory';
import { type Expression, type F64, type I64, i64, type ValueType } from '../wasm/expression';
import { type FunctionBody, get, type Local } from '../wasm/function-body';
import { keyOf, lowestIn, type RegisterSet } from './register-set';

interface Held<T extends ValueType> {
  readonly local: Local<T>;
  readonly value: Expression<T>;
}

const zero64 = i64.constant(0);

/** The registers of the hart in locals of a region's function. A floating-point register is a double with the register's 64 bits. */
export class HartLocals {
  readonly #body: FunctionBody;
  readonly #x: (Held<'i64'> | undefined)[] = [];
  readonly #f: (Held<'f64'> | undefined)[] = [];
  /** Where sets were written to linear memory before: the same is written for them again. */
  readonly #stores = new Map<number | string, { readonly start: number; readonly end: number }>();

  constructor(body: FunctionBody) {
    this.#body = body;
  }

  x(register: number): I64 {
    return register === 0 ? zero64 : this.#heldX(register).value;
  }

  f(register: number): F64 {
    return this.#heldF(register).value;
  }

  setX(register: number, value: I64): void {
    if (register !== 0) this.#body.set(this.#heldX(register).local, value);
  }

  setF(register: number, value: F64): void {
    this.#body.set(this.#heldF(register).local, value);
  }

  /** Reads these registers from linear memory. */
  load({ x, f }: RegisterSet): void {
    for (let rest = x; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      this.#body.loadLocal(this.#heldX(register).local, hartAt.x + register * 8);
    }
    for (let rest = f; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      this.#body.loadLocal(this.#heldF(register).local, hartAt.f + register * 8);
    }
  }

  /** Writes these registers to linear memory. */
  store(set: RegisterSet): void {
    if (set.x === 0 && set.f === 0) return;
    const key = keyOf(set);
    const known = this.#stores.get(key);
    if (known) {
      this.#body.repeat(known.start, known.end);
      return;
    }
    const start = this.#body.place;
    for (let rest = set.x; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      this.#body.storeLocal(this.#heldX(register).local, hartAt.x + register * 8);
    }
    for (let rest = set.f; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      this.#body.storeLocal(this.#heldF(register).local, hartAt.f + register * 8);
    }
    this.#stores.set(key, { start, end: this.#body.place });
  }

  #heldX(register: number): Held<'i64'> {
    this.#x[register] ??= this.#held('i64');
    return this.#x[register];
  }

  #heldF(register: number): Held<'f64'> {
    this.#f[register] ??= this.#held('f64');
    return this.#f[register];
  }

  #held<T extends ValueType>(type: T): Held<T> {
    const local = this.#body.local(type);
    return { local, value: get(local) };
  }
}
