/** Places in the table of keys: a power of two. Half of them may be taken. */
export const tableBits = 18;
export const tableSize = 1 << tableBits;
/** Multipliers that spread the lower halves of a key's two values over the table; odd. */
export const keySpread = { first: 0x9e3779b1 | 0, second: 0x85ebca6b | 0 } as const;

/** A place of the table, in bytes: 0 as its first value where it is free. */
export const entryField = { first: 0, second: 8, group: 16, tag: 20, isThere: 24 } as const;
export const entrySize = 32;

export const groupCount = 256;
/** Bytes of records: they stay in the processor's caches until they are taken. */
export const recordsSize = 1 << 17;

/** Where the parts of the recorder are behind its start in linear memory, in bytes. */
export const recorderField = {
  /** Records written and not taken, 4 bytes. */
  count: 0,
  /** 1 while the table holds every key, 4 bytes. */
  isComplete: 4,
  /** The action of each group, 4 bytes. */
  groups: 64,
  records: 4096,
  table: 4096 + recordsSize,
} as const;

/** Bytes of linear memory, which the operating system commits as they are touched. */
export const recorderSize = recorderField.table + tableSize * entrySize;
