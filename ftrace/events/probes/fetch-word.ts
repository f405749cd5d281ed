import type { GuestMemory } from '../../../emulator/machine';
import { taskPid } from '../../tracing/trace-instance';
import type { FieldValues } from '../trace-event';

/** The hart at a probe, or the function at its return. */
export interface ProbeMoment {
  readonly memory: GuestMemory;
  /** a0 to a7 at the function's entry, or a tracepoint's arguments. */
  readonly args: readonly bigint[];
  readonly retval: bigint | undefined;
  readonly sp: bigint;
  /** Register x0-x31, where all are known: at a kprobe. */
  register(number: number): bigint | undefined;
  /** The fields of the event that an event probe is attached to. */
  readonly fields?: FieldValues;
}

/** A word of 64 bits that a probe fetches: the debugger does so (`evaluate`), or the engine (`writeWord`). */
export type FetchWord =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'register'; readonly number: number }
  | { readonly kind: 'sp' }
  | { readonly kind: 'retval' }
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'sum'; readonly word: FetchWord; readonly plus: bigint }
  /** So many bytes of memory, the low one first; 0 where they are not mapped. */
  | { readonly kind: 'memory'; readonly address: FetchWord; readonly size: number }
  /** Eight characters of a text in memory, the first low; of a text that does not end in `shortText` bytes, the engine has the others too. */
  | { readonly kind: 'characters'; readonly address: FetchWord; readonly from: number }
  /** Of the event that an event probe is attached to; 0 where that is a text. */
  | { readonly kind: 'field'; readonly name: string };

/** Bytes of a text, its end included, that are words of an event; what is longer follows them. Multiples of 8, as is the longest text. */
export const shortText = 32;
export const longestText = 256;

export function evaluate(word: FetchWord, moment: ProbeMoment): bigint {
  switch (word.kind) {
    case 'argument':
      return moment.args[word.index] ?? 0n;
    case 'register':
      return moment.register(word.number) ?? 0n;
    case 'sp':
      return moment.sp;
    case 'retval':
      return moment.retval ?? 0n;
    case 'constant':
      return BigInt.asUintN(64, word.value);
    case 'sum':
      return BigInt.asUintN(64, evaluate(word.word, moment) + word.plus);
    case 'memory':
      return loadBytes(moment.memory, evaluate(word.address, moment), word.size);
    case 'characters':
      return loadBytes(moment.memory, BigInt.asUintN(64, evaluate(word.address, moment) + BigInt(word.from)), 8);
    case 'field': {
      const value = fieldOf(moment, word.name);
      return typeof value === 'bigint' ? value : 0n;
    }
  }
}

/** The value of a field of the event that an event probe is attached to. */
export function fieldOf({ fields }: ProbeMoment, name: string): bigint | string {
  return name === 'common_pid' ? BigInt(taskPid) : (fields?.get(name) ?? 0n);
}

export function sumOf(word: FetchWord, plus: bigint): FetchWord {
  return { kind: 'sum', word, plus };
}

function loadBytes(memory: GuestMemory, address: bigint, size: number): bigint {
  const bytes = memory.read(address, size);
  return bytes.length < size ? 0n : bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
