import { moreRecord } from '../../../emulator/recorder/more-words';
import { recordField, recordSize } from '../../record-layout';
import { endOfRecord, moreWords, wordsOfRecord } from '../../record-tails';
import type { EventDecoder } from '../../ring-buffer';
import { placeOfMore } from '../../stack-records';
import type { EventFilter } from '../event-filter';
import type { FieldValue, FieldValues, TraceEvent } from '../trace-event';
import type { FetchArgument } from './fetch-argument';
import { type FetchWord, shortText } from './fetch-word';
import { mostWords, type NativeEvent, ownWords } from './native-fetch';
import { type NativeFilter, nativeFilter } from './native-filter';

/** A probe's event that the engine records by itself, and what its records say. */
export interface RecordedEvent extends NativeEvent, EventDecoder {
  /** The same with a filter; undefined where the engine cannot tell what passes. */
  with(filter: EventFilter): NativeEvent | undefined;
  /** The filter by its words, for what is done of it. */
  filterOf(filter: EventFilter): NativeFilter | undefined;
  /** Whether its record may be followed by words of it. */
  readonly mayHaveMore: boolean;
  /** How many words of it follow its record that begins at `at`; what is behind them is none of its. */
  ownMore(halves: Uint32Array, at: number): number;
  /** Its values, of the words of its record and those that follow it, and what of those is none of its. */
  read(ip: bigint, words: BigUint64Array, more: readonly bigint[]): { readonly values: FieldValues; readonly rest: readonly bigint[] };
}

let nextDecoder = 1;

/**
 * The event of a probe at an entry, an instruction or a return, of whose words the first is where it returned to; undefined where the
 * engine cannot fetch its arguments.
 */
export function recordedEvent(
  event: TraceEvent,
  args: readonly FetchArgument[],
  isReturn: boolean,
  isFetched: (word: FetchWord) => boolean,
): RecordedEvent | undefined {
  const words = args.flatMap(({ made }) => made?.words ?? []);
  const before = isReturn ? 1 : 0;
  if (args.some(({ made }) => !made) || before + words.length > mostWords || !words.every(isFetched)) return undefined;
  const behind = Math.max(0, before + words.length - ownWords);
  const read = (ip: bigint, own: BigUint64Array, more: readonly bigint[]) => {
    const all = new Map<string, FieldValue>();
    if (isReturn) all.set('__probe_func', ip).set('__probe_ret_ip', own[0]!);
    else all.set('__probe_ip', ip);
    let [next, used] = [before, behind];
    const restOfText = () => {
      const start = used + 1;
      used = start + Number(more[used] ?? 0n);
      return more.slice(start, used);
    };
    for (const { name, made } of args) {
      const found: bigint[] = [];
      for (const end = next + made!.words.length; next < end; next += 1) found.push(next < ownWords ? own[next]! : more[next - ownWords]!);
      all.set(name, made!.value(found, restOfText));
    }
    return { values: all, rest: used === 0 ? more : more.slice(used) };
  };
  const wordOf = (name: string): number | undefined => {
    const index = args.findIndex((arg) => arg.name === name);
    if (index < 0 || !args[index]!.made!.isPlain) return undefined;
    return args.slice(0, index).reduce((sum, { made }) => sum + made!.words.length, 0);
  };
  const decoder = nextDecoder++;
  const filterOf = ({ term }: EventFilter) => term && nativeFilter(term, wordOf);
  const filtered = (wanted: EventFilter): NativeEvent | undefined => {
    const filter = isReturn ? undefined : filterOf(wanted);
    return filter && { decoder, words, filter };
  };
  const payload = (ip: bigint, own: BigUint64Array, more: readonly bigint[]) => event.payloadOf(read(ip, own, more).values);
  const mayHaveMore = behind > 0 || words.some(({ kind }) => kind === 'characters');
  const texts = words.flatMap(({ kind, ...word }, index) =>
    kind === 'characters' && 'from' in word && word.from === 0 ? [before + index] : [],
  );
  const ownMore = (halves: Uint32Array, at: number): number => {
    let used = behind;
    for (const text of texts) if (isLong(halves, at, text)) used += 1 + halves[placeOfMore(at, used)]!;
    return used;
  };
  return { decoder, words, with: filtered, filterOf, length: event.length, mayHaveMore, ownMore, read, payload };
}

/** Whether there is no end in the first characters of a text, which begin with that word of an event. */
function isLong(halves: Uint32Array, at: number, first: number): boolean {
  for (let index = first; index < first + shortText / 8; index += 1) {
    const place = index < ownWords ? at + recordField.regs / 4 + 2 * index : placeOfMore(at, index - ownWords);
    if (hasEnd(halves[place]!) || hasEnd(halves[place + 1]!)) return false;
  }
  return true;
}

function hasEnd(half: number): boolean {
  return ((half - 0x01010101) & ~half & 0x80808080) !== 0;
}

/** Of records of an event, with what follows them, those that pass a filter. */
export function passing(
  { read }: RecordedEvent,
  filter: EventFilter,
  bytes: Uint8Array,
  count: number,
): readonly [bytes: Uint8Array, count: number] {
  const words = new BigUint64Array(bytes.buffer, bytes.byteOffset, count * wordsOfRecord);
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, 2 * words.length);
  const kept = new Uint8Array(count * recordSize);
  let size = 0;
  for (let at = 0; at < words.length; ) {
    const end = endOfRecord(halves, at);
    const own = words.subarray(at + recordField.regs / 8, at + wordsOfRecord);
    if (filter.matches(read(words[at + recordField.ip / 8]!, own, moreWords(words.subarray(at, end))).values)) {
      kept.set(bytes.subarray(at * 8, end * 8), size);
      size += (end - at) * 8;
    }
    at = end;
  }
  return [kept, size / recordSize];
}

/** How many there are of records of events: those that follow one are part of it. */
export function countEvents(bytes: Uint8Array, count: number): number {
  const halves = new Uint32Array(bytes.buffer, bytes.byteOffset, (count * recordSize) / 4);
  let found = 0;
  for (let at = recordField.type / 4; at < halves.length; at += recordSize / 4) if (halves[at] !== moreRecord.type) found += 1;
  return found;
}
