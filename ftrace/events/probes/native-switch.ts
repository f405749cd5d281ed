import { GroupWriter } from '../../../emulator/recorder/hooks';
import { type HookKey, halvesOf, placeOfKey } from '../../../emulator/recorder/key-lookup';
import type { HookWriting } from '../../../emulator/recorder/native-hook';
import type { Recorder } from '../../../emulator/recorder/recorder';
import { entryField } from '../../../emulator/recorder/recorder-layout';
import { type I64, i32, i64 } from '../../../emulator/wasm/expression';
import type { GroupSwitch } from '../../native-tracers';
import type { TraceEvent } from '../trace-event';
import { type NativeFilter, writeFilter } from './native-filter';
import type { RecordedEvent } from './recorded-event';

/**
 * What a trigger of an event does to an instance of the graph tracer: the engine does it at once, as the graph tracer takes the return
 * addresses only of calls that it records. The debugger does the same again when it takes the event's record.
 */
export interface NativeSwitch extends GroupSwitch {
  /** Of its trigger. */
  readonly number: number;
  readonly to: boolean;
  readonly filter: NativeFilter | undefined;
}

/** Has no end, as a number of times. */
const unlimited = 2n ** 64n - 1n;

/** The key of the word that says how often the trigger of that number still may. */
function leftKey(number: number): HookKey {
  return { first: halvesOf(BigInt(number)), second: halvesOf(0x200n) };
}

/**
 * What the triggers of an event do that way, in turn; the engine is told how often each still may. Undefined where the engine cannot
 * tell what passes their filters.
 */
export function nativeSwitches(event: TraceEvent, { filterOf }: RecordedEvent, recorder: Recorder): readonly NativeSwitch[] | undefined {
  const switches: NativeSwitch[] = [];
  for (const { instance, filter: condition, tracing } of event.graphSwitches) {
    const { number, to, left } = tracing;
    const filter = condition && filterOf(condition);
    const { engineSwitch } = instance;
    if (!engineSwitch || (condition && !filter)) return undefined;
    if (!recorder.setWord(leftKey(number), Number.isSafeInteger(left) ? BigInt(left) : unlimited)) return undefined;
    switches.push({ ...engineSwitch, number, to, filter });
  }
  return switches;
}

export function areSame(some: readonly NativeSwitch[], others: readonly NativeSwitch[]): boolean {
  const isSame = (one: NativeSwitch, other: NativeSwitch | undefined) =>
    one.number === other?.number && one.group === other.group && one.users === other.users;
  return some.length === others.length && some.every((one, index) => isSame(one, others[index]));
}

/** Writes doing it of an event with these words. */
export function writeSwitch(writing: HookWriting, { number, to, filter, group, users }: NativeSwitch, words: readonly I64[]): void {
  const { body, memory } = writing;
  const instance = new GroupWriter(writing, i32.constant(group));
  const place = i32.constant(placeOfKey(memory, leftKey(number)));
  const left = i64.load(place, entryField.hits);
  const bits = i32.constant(users);
  const isOther = i32.ne(i32.and(instance.users('off'), bits), to ? i32.constant(0) : bits);
  const may = i32.and(isOther, i64.ne(left, i64.constant(0)));
  body.if(filter ? i32.and(may, writeFilter(filter, words)) : may, () => {
    const off = instance.users('off');
    instance.setUsers('off', to ? i32.and(off, i32.constant(~users)) : i32.or(off, bits));
    instance.setUsers('special', i32.or(instance.users('special'), bits));
    body.store64(place, i64.sub(left, i64.constant(1)), entryField.hits);
  });
}
