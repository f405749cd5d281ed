/** Places in the table of keys: a power of two. Half of them may be taken. */
export const tableBits = 18;
export const tableSize = 1 << tableBits;
/** Multipliers that spread the lower halves of a key's two values over the table; odd. */
export const keySpread = { first: 0x9e3779b1 | 0, second: 0x85ebca6b | 0 } as const;

/** A place of the table, in bytes: 0 as its first value where it is free. Group, users and what follows have 2 bytes each. */
export const entryField = { first: 0, second: 8, hits: 16, group: 24, users: 26, isThere: 28, marks: 30 } as const;
export const entrySize = 32;

/** Groups, the one without actions included. */
export const groupCount = 64;
/**
 * What a group has: what is done where its keys are met, and where in linear memory its next record is to be, 4 bytes each; sets of its
 * users (`userSets`), 16 bits each; where the memory for its records ends, 4 bytes; and words of 8 bytes that its action and its callback
 * share.
 */
export const groupField = { action: 0, next: 4, users: 8, end: 28, words: 32 } as const;
export const groupWords = 4;
/**
 * The users of a group who want what is traced, a record of a call and of its return, and for whom a hit counts; for whom the callback
 * has to be called instead; whose calls have limits; who is switched off, so that there are no records for it; whose room for records has
 * an end; and who is in one of these or among the limited, and may be no more.
 */
export const userSets = ['wanting', 'entry', 'return', 'count', 'callback', 'limited', 'off', 'bounded', 'special'] as const;
export type UserSets = Readonly<Record<(typeof userSets)[number], number>>;
export const groupSize = 64;
/** Users of a group at most, and the words of 8 bytes that each of them has, of the one group whose users have any. */
export const mostUsers = 16;
export const userWords = 4;
/** What a group's action may say beside a `Recording.id`: call the callback, or do nothing. */
export const groupAction = { callback: 0, nothing: 1 } as const;
/** Bytes of the memory that a group's records are written to until they are taken, as a power of two. */
export const chunkBits = 17;
/**
 * How many more of these there are, for records that stay where they were written: a quarter of a million records of 136 bytes, as a ring
 * buffer has unless told, even where each holds little more than it must to be lent.
 */
export const mostLentChunks = 384;

const roomsAt = 16384;

/** Where the parts of the recorder are behind its start in linear memory, in bytes. */
export const recorderField = {
  /** 1 while the table holds every key, 4 bytes. */
  isComplete: 0,
  groups: 64,
  /** The words of users. */
  users: 8192,
  /** A chunk of each group, for its first records or for what its action and its callback share. */
  rooms: roomsAt,
  table: roomsAt + (groupCount << chunkBits),
} as const;

/** Bytes of linear memory, which the operating system commits as they are touched. */
export const recorderSize = recorderField.table + tableSize * entrySize;
