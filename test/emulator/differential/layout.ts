/** Where the parts of a case program are. All addresses fit in 31 bits, so that lui and addiw make them. */
export const codeAddress = 0x10000;
export const controlAddress = 0x2000_0000;
export const inputAddress = 0x2001_0000;
export const outputAddress = 0x2002_0000;

/** Memory that loads and stores go to: it lies across the border of two pages. */
export const memoryWindow = { address: 0x2000_8000 - 32, size: 64 } as const;

/** Register contents that each variant starts from, and what is kept of a case: x0-x31 and the memory window. */
export const casesPerVariant = 64;
export const caseSize = 32 * 8 + memoryWindow.size;

/** Jumps under test go less far than this, in bytes. */
export const reachOfJumps = 6000;
