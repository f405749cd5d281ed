import { rows } from './rows';

/** Volume I, chapter "B Extension for Bit Manipulation", one section for each extension. */

// biome-ignore format: one row per line.
const zba = rows('Zba', [
  ['add.uw', 'R', 0x0800003b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds the zero-extended lower word of rs1 to rs2.'],
  ['sh1add', 'R', 0x20002033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds rs1, shifted left by 1, to rs2.'],
  ['sh2add', 'R', 0x20004033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds rs1, shifted left by 2, to rs2.'],
  ['sh3add', 'R', 0x20006033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds rs1, shifted left by 3, to rs2.'],
  ['sh1add.uw', 'R', 0x2000203b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds the zero-extended lower word of rs1, shifted left by 1, to rs2.'],
  ['sh2add.uw', 'R', 0x2000403b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds the zero-extended lower word of rs1, shifted left by 2, to rs2.'],
  ['sh3add.uw', 'R', 0x2000603b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds the zero-extended lower word of rs1, shifted left by 3, to rs2.'],
  ['slli.uw', 'I', 0x0800101b, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Shifts the zero-extended lower word of rs1 left by the immediate.'],
]);

// biome-ignore format: one row per line.
const zbb = rows('Zbb', [
  ['andn', 'R', 0x40007033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'And of rs1 and the inverse of rs2, bit by bit.'],
  ['orn', 'R', 0x40006033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Or of rs1 and the inverse of rs2, bit by bit.'],
  ['xnor', 'R', 0x40004033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The inverse of the exclusive or of rs1 and rs2, bit by bit.'],
  ['clz', 'R', 0x60001013, 0xfff0707f, ['rd', 'rs1'], 'Counts the zeros above the highest 1 of rs1; 64 when there is none.'],
  ['ctz', 'R', 0x60101013, 0xfff0707f, ['rd', 'rs1'], 'Counts the zeros below the lowest 1 of rs1; 64 when there is none.'],
  ['cpop', 'R', 0x60201013, 0xfff0707f, ['rd', 'rs1'], 'Counts the bits of rs1 that are 1.'],
  ['clzw', 'R', 0x6000101b, 0xfff0707f, ['rd', 'rs1'], 'Counts the zeros above the highest 1 of the lower word of rs1; 32 when there is none.'],
  ['ctzw', 'R', 0x6010101b, 0xfff0707f, ['rd', 'rs1'], 'Counts the zeros below the lowest 1 of the lower word of rs1; 32 when there is none.'],
  ['cpopw', 'R', 0x6020101b, 0xfff0707f, ['rd', 'rs1'], 'Counts the bits of the lower word of rs1 that are 1.'],
  ['max', 'R', 0x0a006033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The greater of rs1 and rs2, both signed.'],
  ['maxu', 'R', 0x0a007033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The greater of rs1 and rs2, both unsigned.'],
  ['min', 'R', 0x0a004033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The lesser of rs1 and rs2, both signed.'],
  ['minu', 'R', 0x0a005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The lesser of rs1 and rs2, both unsigned.'],
  ['sext.b', 'R', 0x60401013, 0xfff0707f, ['rd', 'rs1'], 'Sign-extends the lowest byte of rs1.'],
  ['sext.h', 'R', 0x60501013, 0xfff0707f, ['rd', 'rs1'], 'Sign-extends the lowest halfword (2 bytes) of rs1.'],
  ['zext.h', 'R', 0x0800403b, 0xfff0707f, ['rd', 'rs1'], 'Keeps the lowest halfword (2 bytes) of rs1, zero-extended.'],
  ['rol', 'R', 0x60001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Rotates rs1 left by the low 6 bits of rs2.'],
  ['ror', 'R', 0x60005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Rotates rs1 right by the low 6 bits of rs2.'],
  ['rori', 'I', 0x60005013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Rotates rs1 right by the immediate.'],
  ['rolw', 'R', 0x6000103b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Rotates the lower word of rs1 left by the low 5 bits of rs2 and sign-extends the result.'],
  ['rorw', 'R', 0x6000503b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Rotates the lower word of rs1 right by the low 5 bits of rs2 and sign-extends the result.'],
  ['roriw', 'I', 0x6000501b, 0xfe00707f, ['rd', 'rs1', 'shamt5'], 'Rotates the lower word of rs1 right by the immediate and sign-extends the result.'],
  ['orc.b', 'R', 0x28705013, 0xfff0707f, ['rd', 'rs1'], 'Puts 255 in each byte of rd whose byte in rs1 is not 0, and 0 in the others.'],
  ['rev8', 'R', 0x6b805013, 0xfff0707f, ['rd', 'rs1'], 'Reverses the order of the 8 bytes of rs1.'],
]);

// biome-ignore format: one row per line.
const zbc = rows('Zbc', [
  ['clmul', 'R', 0x0a001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Lower 64 bits of the carry-less product of rs1 and rs2.'],
  ['clmulh', 'R', 0x0a003033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Upper 64 bits of the carry-less product of rs1 and rs2.'],
  ['clmulr', 'R', 0x0a002033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Bits 126 to 63 of the carry-less product of rs1 and rs2.'],
]);

// biome-ignore format: one row per line.
const zbs = rows('Zbs', [
  ['bclr', 'R', 0x48001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Copies rs1 with the bit that the low 6 bits of rs2 name made 0.'],
  ['bclri', 'I', 0x48001013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Copies rs1 with the bit that the immediate names made 0.'],
  ['bext', 'R', 0x48005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'The bit of rs1 that the low 6 bits of rs2 name, 0 or 1.'],
  ['bexti', 'I', 0x48005013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'The bit of rs1 that the immediate names, 0 or 1.'],
  ['binv', 'R', 0x68001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Copies rs1 with the bit that the low 6 bits of rs2 name inverted.'],
  ['binvi', 'I', 0x68001013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Copies rs1 with the bit that the immediate names inverted.'],
  ['bset', 'R', 0x28001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Copies rs1 with the bit that the low 6 bits of rs2 name made 1.'],
  ['bseti', 'I', 0x28001013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Copies rs1 with the bit that the immediate names made 1.'],
]);

/** Zba, Zbb, Zbc and Zbs. */
export const bitManipulationRows = [...zba, ...zbb, ...zbc, ...zbs];
