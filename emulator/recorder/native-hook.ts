/**
 * What the engine does by itself where the hart comes to a hook, so that nothing leaves WebAssembly. Values of two registers together
 * are looked up in the machine's table of keys (`Recorder`); the callback is called where that does not settle it.
 */
export type NativeHook = RecordingHook | TestingHook;

/** The registers whose values are looked up. */
type KeyRegisters = readonly [first: number, second: number];

/** Writes a record where the key is there and its group says so. */
export interface RecordingHook {
  readonly kind: 'record';
  /** What the action of a group names it by; not one of `groupAction`. */
  readonly id: number;
  readonly key: KeyRegisters;
  /** The memory that records are made of begins at the value of this register; all of it must be mapped. */
  readonly frame: { readonly register: number; readonly size: number };
  /** The record, in words of 8 bytes. */
  readonly words: readonly RecordWord[];
}

/** Puts 1 into a register where the key is there, else 0. */
export interface TestingHook {
  readonly kind: 'test';
  readonly key: KeyRegisters;
  readonly result: number;
}

export type RecordWord =
  /** Instructions retired before that one. */
  | { readonly kind: 'instret' }
  | { readonly kind: 'register'; readonly number: number }
  /** A word of the frame; or the address `plus` bytes above its start. */
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'above frame'; readonly plus: number }
  | { readonly kind: 'constant'; readonly value: bigint };

/** What a group's action may say beside a `RecordingHook.id`: call the callback, or do nothing. */
export const groupAction = { callback: 0, nothing: 1 } as const;
