/** Where the parts of a case program are. All addresses fit in 31 bits, so that lui and addiw make them. */
export const codeAddress = 0x10000;
export const controlAddress = 0x2000_0000;
export const inputAddress = 0x2001_0000;
export const outputAddress = 0x2004_0000;

/** Memory that loads and stores go to, two cache blocks: it lies across the border of two pages. */
export const memoryWindow = { address: 0x2000_8000 - 64, size: 128 } as const;

/** Register contents that each variant starts from. */
export const casesPerVariant = 64;

/**
 * The state of the hart in bytes, as it is loaded before a case and saved after each instruction: x0-x31, f0-f31, fcsr, the memory
 * window. In the place of x0 is the return address of the call that saved it, which tells where the instruction had led.
 */
export const stateAt = { x: 0, f: 256, fcsr: 512, memory: 520 } as const;
export const stateSize = stateAt.memory + memoryWindow.size;

/** Jumps under test go less far than this, in bytes. */
export const reachOfJumps = 6000;

/** A program takes no more variants when its code or output has as many bytes: a jal must reach all of the code. */
export const enough = { code: 900_000, output: 32_000_000 } as const;
