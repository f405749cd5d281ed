import { hartAt, type LinearMemory, permissionBits } from '../linear-memory';
import { type I32, type I64, i32, i64 } from '../wasm/expression';
import { type FunctionBody, get, type Local } from '../wasm/function-body';
import { encodeModule, type FunctionType } from '../wasm/module';
import { groupAction, type NativeHook, type RecordingHook, type RecordWord } from './native-hook';
import {
  entryField,
  entrySize,
  groupField,
  groupSize,
  keySpread,
  recorderField,
  recordsBits,
  tableBits,
  tableSize,
} from './recorder-layout';

/** Takes the instructions retired so far; gives 0 where the hook is done with, 1 where its callback has to be called. Registers are in linear memory. */
export const hookType: FunctionType = { parameters: ['i64'], results: ['i32'] };

const zero = i32.constant(0);
const one = i32.constant(1);
const retired = { type: 'i64', index: 0 } as const;

/** The function of a native hook of one machine. */
export function makeHookFunction(memory: LinearMemory, hook: NativeHook): unknown {
  const write = (body: FunctionBody) => new HookWriter(body, memory).write(hook);
  const bytes = encodeModule(memory.wasmPages, [{ name: 'hook', ...hookType, write }]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory: memory.memory } }).exports.hook;
}

class HookWriter {
  readonly #body: FunctionBody;
  readonly #memory: LinearMemory;
  /** Where the entry of the key is. */
  readonly #entry: Local<'i32'>;

  constructor(body: FunctionBody, memory: LinearMemory) {
    this.#body = body;
    this.#memory = memory;
    this.#entry = body.local('i32');
  }

  write(hook: NativeHook): void {
    if (hook.kind === 'test') {
      const answer = (value: I64) => {
        this.#body.store64(zero, value, hartAt.x + 8 * hook.result);
        this.#body.return(zero);
      };
      this.#find(hook.key, () => {
        this.#body.if(i32.load(zero, this.#memory.recorderAt + recorderField.isComplete), () => answer(i64.constant(0n)));
        this.#body.return(one);
      });
      answer(i64.load32U(get(this.#entry), entryField.isThere));
    } else {
      this.#find(hook.key, () => this.#body.return(one));
      this.#writeRecord(hook);
    }
    this.#body.unreachable();
  }

  /** Finds the entry of a key. */
  #find([first, second]: NativeHook['key'], notThere: () => void): void {
    const body = this.#body;
    const [one, other] = [first, second].map((register) => body.hold(i64.load(zero, hartAt.x + 8 * register))) as [I64, I64];
    const spread = i32.mul(i32.wrap(other), i32.constant(keySpread.second));
    const hash = i32.mul(i32.xor(i32.wrap(one), spread), i32.constant(keySpread.first));
    const index = body.local('i32');
    body.set(index, i32.shrU(hash, i32.constant(32 - tableBits)));
    body.block((found) => {
      body.loop((next) => {
        const place = i32.mul(get(index), i32.constant(entrySize));
        body.set(this.#entry, i32.add(place, i32.constant(this.#memory.recorderAt + recorderField.table)));
        const isFirst = i64.eq(i64.load(get(this.#entry), entryField.first), one);
        body.branchIf(found, i32.and(isFirst, i64.eq(i64.load(get(this.#entry), entryField.second), other)));
        body.if(i64.eqz(i64.load(get(this.#entry), entryField.first)), notThere);
        body.set(index, i32.and(i32.add(get(index), i32.constant(1)), i32.constant(tableSize - 1)));
        body.branch(next);
      });
    });
  }

  #writeRecord(hook: RecordingHook): void {
    const body = this.#body;
    const { base, size: windowSize, permissionsAt, recorderAt } = this.#memory;
    const size = 8 * hook.words.length;
    const number = body.hold(i32.load(get(this.#entry), entryField.group));
    const group = body.hold(i32.mul(number, i32.constant(groupSize)));
    const groups = recorderAt + recorderField.groups;
    const action = body.hold(i32.load(group, groups + groupField.action));
    body.if(i32.ne(action, i32.constant(hook.id)), () => body.return(i32.ne(action, i32.constant(groupAction.nothing))));
    const count = body.hold(i32.load(group, groups + groupField.count));
    body.if(i32.geU(count, i32.constant(Math.floor((1 << recordsBits) / size))), () => body.return(one));
    const start = body.hold(i64.load(zero, hartAt.x + 8 * hook.frame.register));
    const wide = body.hold(i64.sub(start, i64.constant(base)));
    body.if(i64.gtU(wide, i64.constant(BigInt(windowSize - hook.frame.size))), () => body.return(one));
    const frame = body.hold(i32.wrap(wide));
    const permissionsOf = (place: I32) => i32.load8U(i32.shrU(place, i32.constant(12)), permissionsAt);
    const both = i32.and(permissionsOf(frame), permissionsOf(i32.add(frame, i32.constant(hook.frame.size - 1))));
    body.if(i32.eqz(i32.and(both, i32.constant(permissionBits.mapped))), () => body.return(one));
    const record = body.hold(i32.add(i32.shl(number, i32.constant(recordsBits)), i32.mul(count, i32.constant(size))));
    hook.words.forEach((word, index) => {
      body.store64(record, this.#valueOf(word, start, frame), recorderAt + recorderField.records + 8 * index);
    });
    body.store64(get(this.#entry), i64.add(i64.load(get(this.#entry), entryField.hits), i64.constant(1n)), entryField.hits);
    body.store(group, i32.add(count, one), groups + groupField.count);
    body.return(zero);
  }

  #valueOf(word: RecordWord, start: I64, frame: I32): I64 {
    switch (word.kind) {
      case 'instret':
        return get(retired);
      case 'register':
        return i64.load(zero, hartAt.x + 8 * word.number);
      case 'frame':
        return i64.load(frame, this.#memory.windowAt + word.offset);
      case 'above frame':
        return i64.add(start, i64.constant(BigInt(word.plus)));
      case 'constant':
        return i64.constant(word.value);
    }
  }
}
