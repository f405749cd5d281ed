import { sizeOf } from '../../program/types/base-types';
import { voidType } from '../../program/types/type';
import { ofBytes, type Value, type ValueMemory } from '../../program/values/value';
import { readBytes } from '../../program/values/value-bytes';

/** gdb's convenience variables, `$name`, and its value history: `$` and `$$` for the last two, `$3` and `$$3` by number. */
export class Convenience {
  private readonly variables = new Map<string, Value>();
  private readonly history: Value[] = [];
  /** Of the history, the first ones, which are kept no more. */
  private forgotten = 0;

  /** By the name behind the first `$`. Undefined where nothing is known by it; void for what has no value yet. */
  value(name: string): Value | undefined {
    const [, isBack, digits] = /^(\$?)(\d*)$/.exec(name) ?? [];
    if (digits === undefined) return this.variables.get(name) ?? (name.startsWith('_') ? nothing : undefined);
    const back = isBack ? Number(digits === '' ? 1 : digits) : digits === '' ? 0 : undefined;
    const index = back === undefined ? Number(digits) - 1 - this.forgotten : this.history.length - 1 - back;
    return this.history[index] ?? (name === '' ? nothing : undefined);
  }

  set(name: string, value: Value): void {
    if (this.variables.size < mostKept || this.variables.has(name)) this.variables.set(name, value);
  }

  /** Adds a value to the history as it is now. */
  record(value: Value, memory: ValueMemory): void {
    const size = sizeOf(value.type);
    const result = size !== undefined && size <= largestKept ? readBytes(value, memory) : undefined;
    this.history.push(result && 'bytes' in result && value.bits === undefined ? ofBytes(value.type, result.bytes) : value);
    if (this.history.length <= mostKept) return;
    this.history.shift();
    this.forgotten += 1;
  }

  /** Names with a value, without the `$`. */
  get names(): readonly string[] {
    return [...this.variables.keys()];
  }
}

const nothing: Value = { type: voidType, location: { kind: 'missing', reason: 'void' }, from: 0 };
const mostKept = 10_000;
/** Bytes of a value that is kept; of a larger one its place is. */
const largestKept = 1 << 12;
