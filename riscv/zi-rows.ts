import { rows } from './rows';

/** Volume I, chapter "Zihintpause"; the word is a fence that orders nothing. */
const zihintpause = rows('Zihintpause', [['pause', 'I', 0x0100000f, 0xffffffff, [], 'A hint that the program waits in a loop.']]);

/** Volume I, chapter "CMO Extensions", section "Zicbop"; the words are `ori` with destination x0. */
// biome-ignore format: one row per line.
const zicbop = rows('Zicbop', [
  ['prefetch.i', 'S', 0x00006013, 0x01f07fff, ['prefetch(rs1)'], 'A hint that instructions at rs1 plus the offset will be fetched.'],
  ['prefetch.r', 'S', 0x00106013, 0x01f07fff, ['prefetch(rs1)'], 'A hint that data at rs1 plus the offset will be read.'],
  ['prefetch.w', 'S', 0x00306013, 0x01f07fff, ['prefetch(rs1)'], 'A hint that data at rs1 plus the offset will be written.'],
]);

/** Hints whose words are base instructions too: they must be looked for before those. */
export const beforeTheBase = [...zihintpause, ...zicbop];

/** Volume I, chapter "CMO Extensions", section "Zicbom". */
// biome-ignore format: one row per line.
const zicbom = rows('Zicbom', [
  ['cbo.inval', 'I', 0x0000200f, 0xfff07fff, ['(rs1)'], 'Drops the cache block that holds the address in rs1.'],
  ['cbo.clean', 'I', 0x0010200f, 0xfff07fff, ['(rs1)'], 'Writes the cache block that holds the address in rs1 back to memory.'],
  ['cbo.flush', 'I', 0x0020200f, 0xfff07fff, ['(rs1)'], 'Writes the cache block that holds the address in rs1 back to memory and drops it.'],
]);

/** Volume I, chapter "CMO Extensions", section "Zicboz". */
const zicboz = rows('Zicboz', [
  ['cbo.zero', 'I', 0x0040200f, 0xfff07fff, ['(rs1)'], 'Fills the aligned 64 bytes that hold the address in rs1 with zeros.'],
]);

/** Volume I, chapter "Zicond". */
// biome-ignore format: one row per line.
const zicond = rows('Zicond', [
  ['czero.eqz', 'R', 0x0e005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Copies rs1, or puts 0 in rd when rs2 is zero.'],
  ['czero.nez', 'R', 0x0e007033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Copies rs1, or puts 0 in rd when rs2 is not zero.'],
]);

/** Zicbom, Zicboz and Zicond. */
export const ziRows = [...zicbom, ...zicboz, ...zicond];
