import type { TraceableFunction } from './ftrace-ops';

/** A set of functions that is not to be changed. */
export type ReadonlyFunctionSet = Pick<FunctionSet, 'size' | 'has' | 'hasIndex' | typeof Symbol.iterator>;

/** Functions of one program, a byte for each that there is: a filter may hold every function of a large one. In the order of their addresses. */
export class FunctionSet {
  private readonly members: Uint8Array;
  private count = 0;

  /** `all` are those that can be traced, each at its index. */
  constructor(
    private readonly all: readonly TraceableFunction[],
    functions: Iterable<TraceableFunction> = [],
  ) {
    this.members = new Uint8Array(all.length);
    this.addAll(functions);
  }

  get size(): number {
    return this.count;
  }

  has({ index }: TraceableFunction): boolean {
    return this.members[index] === 1;
  }

  hasIndex(index: number): boolean {
    return this.members[index] === 1;
  }

  add({ index }: TraceableFunction): void {
    if (this.members[index] === 1) return;
    this.members[index] = 1;
    this.count++;
  }

  addAll(functions: Iterable<TraceableFunction>): void {
    for (const each of functions) this.add(each);
  }

  copy(): FunctionSet {
    const copy = new FunctionSet(this.all);
    copy.members.set(this.members);
    copy.count = this.count;
    return copy;
  }

  delete({ index }: TraceableFunction): void {
    if (this.members[index] !== 1) return;
    this.members[index] = 0;
    this.count--;
  }

  clear(): void {
    this.members.fill(0);
    this.count = 0;
  }

  *[Symbol.iterator](): Generator<TraceableFunction> {
    for (let index = this.members.indexOf(1); index >= 0; index = this.members.indexOf(1, index + 1)) yield this.all[index]!;
  }
}

/** Of no function, of any program. */
export const noFunctions: ReadonlyFunctionSet = new FunctionSet([]);
