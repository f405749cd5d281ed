import { call, type Expression, type ValueType } from '../wasm/expression';
import { type FunctionBody, get } from '../wasm/function-body';
import type { ModuleFunction } from '../wasm/module';

type Parameters<P extends readonly ValueType[]> = { [K in keyof P]: Expression<P[K]> };

/** A function of a library, as others of it call it. */
export type LibraryFunction<P extends readonly ValueType[], R extends ValueType> = (...operands: Parameters<P>) => Expression<R>;

/** Functions of one module that call each other: each is defined before those that call it. */
export class Library {
  readonly functions: ModuleFunction[] = [];
  /** Whether they may rely on `relaxedMultiplyAdd` to round once. */
  readonly fuses: boolean;

  constructor(fuses: boolean) {
    this.fuses = fuses;
  }

  /** Adds a function; `write` is given what was passed for each parameter. */
  define<const P extends readonly ValueType[], R extends ValueType>(
    name: string,
    parameters: P,
    result: R,
    write: (body: FunctionBody, ...values: Parameters<P>) => void,
  ): LibraryFunction<P, R> {
    const index = this.functions.length;
    const values = parameters.map((type, at) => get({ type, index: at })) as Parameters<P>;
    this.functions.push({
      name,
      parameters,
      results: [result],
      write: (body) => {
        write(body, ...values);
        body.unreachable();
      },
    });
    return (...operands) => call(result, index, ...(operands as readonly Expression[]));
  }
}
