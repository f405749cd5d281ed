import { hartAt } from '../linear-memory';
import { type F64, f64, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Local } from '../wasm/function-body';
import { numbersIn, type RegisterSet } from './register-set';

const zero = i32.constant(0);

/** The registers of the hart in locals of a region's function. A floating-point register is a double with the register's 64 bits. */
export class HartLocals {
  readonly #body: FunctionBody;
  readonly #x: (Local<'i64'> | undefined)[] = [];
  readonly #f: (Local<'f64'> | undefined)[] = [];

  constructor(body: FunctionBody) {
    this.#body = body;
  }

  x(register: number): I64 {
    return register === 0 ? i64.constant(0n) : get(this.#xLocal(register));
  }

  f(register: number): F64 {
    return get(this.#fLocal(register));
  }

  setX(register: number, value: I64): void {
    if (register !== 0) this.#body.set(this.#xLocal(register), value);
  }

  setF(register: number, value: F64): void {
    this.#body.set(this.#fLocal(register), value);
  }

  /** Reads these registers from linear memory. */
  load({ x, f }: RegisterSet): void {
    for (const register of numbersIn(x)) this.setX(register, i64.load(zero, hartAt.x + register * 8));
    for (const register of numbersIn(f)) this.setF(register, f64.load(zero, hartAt.f + register * 8));
  }

  /** Writes these registers to linear memory. */
  store({ x, f }: RegisterSet): void {
    for (const register of numbersIn(x)) this.#body.store64(zero, this.x(register), hartAt.x + register * 8);
    for (const register of numbersIn(f)) this.#body.storeF64(zero, this.f(register), hartAt.f + register * 8);
  }

  #xLocal(register: number): Local<'i64'> {
    this.#x[register] ??= this.#body.local('i64');
    return this.#x[register];
  }

  #fLocal(register: number): Local<'f64'> {
    this.#f[register] ??= this.#body.local('f64');
    return this.#f[register];
  }
}
