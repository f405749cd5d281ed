/** Indirect jumps that have places, and targets of each of them; bytes of an entry: the jump's address and the target's. */
export const seenJumps = { jumps: 64, targets: 128, entrySize: 8 } as const;

/** Counters of arithmetic that is not plain, of 4 bytes, behind the jumps. */
export const seenCounters = 1 << 12;
export const seenCountersAt = seenJumps.jumps * seenJumps.targets * seenJumps.entrySize;

/** Bytes of all that the interpreter notes (`Seen`). */
export const seenSize = seenCountersAt + 4 * seenCounters;
