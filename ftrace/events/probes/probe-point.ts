import type { CallStacks } from '../../call-stacks';
import type { Ftrace } from '../../ftrace';
import type { HookTable } from '../../hook-table';
import type { Symbols } from '../../output/symbols';
import type { EventTable, Lateness, TraceEvent } from '../trace-event';
import type { FetchContext } from './fetch-expression';
import type { FetchWord, ProbeMoment } from './fetch-word';
import type { NativeEvent } from './native-fetch';

export interface ProbeContext {
  readonly ftrace: Ftrace;
  readonly events: EventTable;
  readonly symbols: Symbols;
  readonly hooks: HookTable;
  readonly stacks: CallStacks;
}

/** What a probe's event has before its arguments. */
export interface PlaceValues {
  /** Of an entry. */
  readonly __probe_ip?: bigint;
  /** Of a return. */
  readonly __probe_func?: bigint;
  readonly __probe_ret_ip?: bigint;
}
/** Gets the records of its events that the engine has made, as `RingBuffer` keeps them. */
export type TakeEvents = (bytes: Uint8Array, count: number) => void;
export type Fire = (moment: ProbeMoment, place: PlaceValues) => void;

/** A place where a probe's event happens. */
export interface ProbePoint {
  /** The line of `dynamic_events` up to the colon, and the place in it. */
  readonly prefix: string;
  readonly place: string;
  /** The event that it is attached to, which must stay as long as it does. */
  readonly base?: TraceEvent;
  /** What its arguments may be. */
  readonly fetch: Omit<FetchContext, 'symbols' | 'programName' | 'isReturn'>;
  /** Where it happened, as the trace shows it. */
  show(values: PlaceValues): string;
  /** `lateness`: what it takes for `fire` to be called when the moment is long over, but for the memory of that. */
  activate(fire: Fire, take: TakeEvents, lateness: () => Lateness): void;
  /** Whether the engine can fetch a word there; absent where it never can record the event. */
  readonly canFetch?: (word: FetchWord) => boolean;
  /** Where the hart stands when the engine walks the stack, where that is not the place of the event. */
  readonly standsAt?: bigint;
  /** Whether the engine can walk the stack from there. */
  readonly canWalk?: boolean;
  /** While it is active: lets the engine record events by itself, or with undefined has each fired. Absent where it never can. */
  record?(event: NativeEvent | undefined): void;
  /** Hits that the engine has passed over, as they do not pass the filter. */
  readonly passedOver?: number;
  deactivate(): void;
}

export const argumentRegisters = 8;
export const [ra, sp, a0] = [1, 2, 10];

/** `(vfs_read+0x4/0x380)`, or of a return `(ksys_read+0x6a/0xf0 <- vfs_read)`. */
export function placeText({ __probe_ip, __probe_func, __probe_ret_ip }: PlaceValues, symbols: Symbols): string {
  return __probe_ip === undefined
    ? `(${symbols.withOffset(__probe_ret_ip ?? 0n)} <- ${symbols.name(__probe_func ?? 0n)})`
    : `(${symbols.withOffset(__probe_ip)})`;
}
