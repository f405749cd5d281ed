import type { Extension } from './instruction-row';
import { rows } from './rows';

/** The letter of a format in mnemonics: half, single and double precision. */
type Suffix = 'h' | 's' | 'd';

interface FloatFormat<S extends Suffix> {
  readonly suffix: S;
  /** The fmt field (bits 26-25) in place. */
  readonly fmt: number;
  readonly prose: string;
}

const half: FloatFormat<'h'> = { suffix: 'h', fmt: 2 << 25, prose: 'half precision' };
const single: FloatFormat<'s'> = { suffix: 's', fmt: 0, prose: 'single precision' };
const double: FloatFormat<'d'> = { suffix: 'd', fmt: 1 << 25, prose: 'double precision' };

/** F: Volume I, chapter "F Extension for Single-Precision Floating-Point". */
// biome-ignore format: one row per line.
const f = [
  ...rows('F', [
    ['flw', 'I', 0x00002007, 0x0000707f, ['frd', 'load(rs1)'], 'Loads a single (4 bytes) and boxes it.'],
    ['fsw', 'S', 0x00002027, 0x0000707f, ['frs2', 'store(rs1)'], 'Stores the low word (4 bytes) of frs2.'],
    ['fmv.x.w', 'R', 0xe0000053, 0xfff0707f, ['rd', 'frs1'], 'Copies the low word of frs1 to rd, sign-extended.'],
    ['fmv.w.x', 'R', 0xf0000053, 0xfff0707f, ['frd', 'rs1'], 'Copies the low word of rs1 to frd and boxes it.'],
  ]),
  ...computing('F', single),
];

/** D: Volume I, chapter "D Extension for Double-Precision Floating-Point". */
// biome-ignore format: one row per line.
const d = [
  ...rows('D', [
    ['fld', 'I', 0x00003007, 0x0000707f, ['frd', 'load(rs1)'], 'Loads a double (8 bytes).'],
    ['fsd', 'S', 0x00003027, 0x0000707f, ['frs2', 'store(rs1)'], 'Stores the doubleword (8 bytes) in frs2.'],
    ['fmv.x.d', 'R', 0xe2000053, 0xfff0707f, ['rd', 'frs1'], 'Copies the bits of frs1 to rd.'],
    ['fmv.d.x', 'R', 0xf2000053, 0xfff0707f, ['frd', 'rs1'], 'Copies the bits of rs1 to frd.'],
    ['fcvt.s.d', 'R', 0x40100053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Rounds a double to single precision.'],
    ['fcvt.d.s', 'R', 0x42000053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Widens a single to double precision, exactly.'],
  ]),
  ...computing('D', double),
];

/** Zfhmin and Zfh: Volume I, chapter "Zfh and Zfhmin Extensions for Half-Precision Floating-Point". */
// biome-ignore format: one row per line.
const zfh = [
  ...rows('Zfhmin', [
    ['flh', 'I', 0x00001007, 0x0000707f, ['frd', 'load(rs1)'], 'Loads a half (2 bytes) and boxes it.'],
    ['fsh', 'S', 0x00001027, 0x0000707f, ['frs2', 'store(rs1)'], 'Stores the low halfword (2 bytes) of frs2.'],
    ['fmv.x.h', 'R', 0xe4000053, 0xfff0707f, ['rd', 'frs1'], 'Copies the low halfword of frs1 to rd, sign-extended.'],
    ['fmv.h.x', 'R', 0xf4000053, 0xfff0707f, ['frd', 'rs1'], 'Copies the low halfword of rs1 to frd and boxes it.'],
    ['fcvt.s.h', 'R', 0x40200053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Widens a half to single precision, exactly.'],
    ['fcvt.h.s', 'R', 0x44000053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Rounds a single to half precision.'],
  ]),
  ...rows('Zfhmin', [
    ['fcvt.d.h', 'R', 0x42200053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Widens a half to double precision, exactly.'],
    ['fcvt.h.d', 'R', 0x44100053, 0xfff0007f, ['frd', 'frs1', 'rounding'], 'Rounds a double to half precision.'],
  ], ['D']),
  ...computing('Zfh', half),
];

/** Zfa for RV64: Volume I, chapter "Zfa Extension for Additional Floating-Point Instructions". */
// biome-ignore format: one row per line.
const zfa = [
  ...rows('Zfa', [
    ['fcvtmod.w.d', 'R', 0xc2801053, 0xfff0707f, ['rd', 'frs1', 'towards zero'], 'Converts a double to an integer towards zero, modulo 2^32, sign-extended.'],
  ], ['D']),
  ...additional(half, ['Zfh']),
  ...additional(single, []),
  ...additional(double, ['D']),
];

/** Every 32-bit instruction of F, D, Zfh and Zfa. */
export const floatRows = [...f, ...d, ...zfh, ...zfa];

/** What each format has. */
// biome-ignore format: one row per line.
function computing<S extends Suffix>(extension: 'F' | 'D' | 'Zfh', { suffix, fmt, prose }: FloatFormat<S>) {
  return rows(extension, [
    [`fadd.${suffix}`, 'R', 0x00000053 + fmt, 0xfe00007f, ['frd', 'frs1', 'frs2', 'rounding'], `Adds frs1 and frs2, in ${prose}.`],
    [`fsub.${suffix}`, 'R', 0x08000053 + fmt, 0xfe00007f, ['frd', 'frs1', 'frs2', 'rounding'], `Subtracts frs2 from frs1, in ${prose}.`],
    [`fmul.${suffix}`, 'R', 0x10000053 + fmt, 0xfe00007f, ['frd', 'frs1', 'frs2', 'rounding'], `Multiplies frs1 by frs2, in ${prose}.`],
    [`fdiv.${suffix}`, 'R', 0x18000053 + fmt, 0xfe00007f, ['frd', 'frs1', 'frs2', 'rounding'], `Divides frs1 by frs2, in ${prose}.`],
    [`fsqrt.${suffix}`, 'R', 0x58000053 + fmt, 0xfff0007f, ['frd', 'frs1', 'rounding'], `Square root of frs1, in ${prose}.`],
    [`fmadd.${suffix}`, 'R4', 0x00000043 + fmt, 0x0600007f, ['frd', 'frs1', 'frs2', 'frs3', 'rounding'], `Product of frs1 and frs2, plus frs3, rounded once to ${prose}.`],
    [`fmsub.${suffix}`, 'R4', 0x00000047 + fmt, 0x0600007f, ['frd', 'frs1', 'frs2', 'frs3', 'rounding'], `Product of frs1 and frs2, less frs3, rounded once to ${prose}.`],
    [`fnmsub.${suffix}`, 'R4', 0x0000004b + fmt, 0x0600007f, ['frd', 'frs1', 'frs2', 'frs3', 'rounding'], `Takes the product of frs1 and frs2 from frs3, rounded once to ${prose}.`],
    [`fnmadd.${suffix}`, 'R4', 0x0000004f + fmt, 0x0600007f, ['frd', 'frs1', 'frs2', 'frs3', 'rounding'], `Takes frs3 from minus the product of frs1 and frs2, rounded once to ${prose}.`],
    [`fsgnj.${suffix}`, 'R', 0x20000053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `Takes frs1 with the sign of frs2, in ${prose}.`],
    [`fsgnjn.${suffix}`, 'R', 0x20001053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `Takes frs1 with the opposite of the sign of frs2, in ${prose}.`],
    [`fsgnjx.${suffix}`, 'R', 0x20002053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `Takes frs1 with the exclusive or of both signs, in ${prose}.`],
    [`fmin.${suffix}`, 'R', 0x28000053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `The lesser of frs1 and frs2, in ${prose}; of a number and a NaN the number.`],
    [`fmax.${suffix}`, 'R', 0x28001053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `The greater of frs1 and frs2, in ${prose}; of a number and a NaN the number.`],
    [`feq.${suffix}`, 'R', 0xa0002053 + fmt, 0xfe00707f, ['rd', 'frs1', 'frs2'], `Puts 1 in rd when frs1 equals frs2, in ${prose}, else 0.`],
    [`flt.${suffix}`, 'R', 0xa0001053 + fmt, 0xfe00707f, ['rd', 'frs1', 'frs2'], `Puts 1 in rd when frs1 is less than frs2, in ${prose}, else 0; a NaN is an invalid operation.`],
    [`fle.${suffix}`, 'R', 0xa0000053 + fmt, 0xfe00707f, ['rd', 'frs1', 'frs2'], `Puts 1 in rd when frs1 is at most frs2, in ${prose}, else 0; a NaN is an invalid operation.`],
    [`fclass.${suffix}`, 'R', 0xe0001053 + fmt, 0xfff0707f, ['rd', 'frs1'], `Sets the one bit of rd that says what kind of number of ${prose} frs1 is.`],
    [`fcvt.w.${suffix}`, 'R', 0xc0000053 + fmt, 0xfff0007f, ['rd', 'frs1', 'rounding'], `Converts from ${prose} to a signed word, sign-extended.`],
    [`fcvt.wu.${suffix}`, 'R', 0xc0100053 + fmt, 0xfff0007f, ['rd', 'frs1', 'rounding'], `Converts from ${prose} to an unsigned word, sign-extended.`],
    [`fcvt.l.${suffix}`, 'R', 0xc0200053 + fmt, 0xfff0007f, ['rd', 'frs1', 'rounding'], `Converts from ${prose} to a signed doubleword.`],
    [`fcvt.lu.${suffix}`, 'R', 0xc0300053 + fmt, 0xfff0007f, ['rd', 'frs1', 'rounding'], `Converts from ${prose} to an unsigned doubleword.`],
    [`fcvt.${suffix}.w`, 'R', 0xd0000053 + fmt, 0xfff0007f, ['frd', 'rs1', 'rounding'], `Converts a signed word to ${prose}.`],
    [`fcvt.${suffix}.wu`, 'R', 0xd0100053 + fmt, 0xfff0007f, ['frd', 'rs1', 'rounding'], `Converts an unsigned word to ${prose}.`],
    [`fcvt.${suffix}.l`, 'R', 0xd0200053 + fmt, 0xfff0007f, ['frd', 'rs1', 'rounding'], `Converts a signed doubleword to ${prose}.`],
    [`fcvt.${suffix}.lu`, 'R', 0xd0300053 + fmt, 0xfff0007f, ['frd', 'rs1', 'rounding'], `Converts an unsigned doubleword to ${prose}.`],
  ]);
}

/** What Zfa adds to each format. */
// biome-ignore format: one row per line.
function additional<S extends Suffix>({ suffix, fmt, prose }: FloatFormat<S>, alsoNeeds: readonly Extension[]) {
  return rows('Zfa', [
    [`fli.${suffix}`, 'R', 0xf0100053 + fmt, 0xfff0707f, ['frd', 'float constant'], `Loads one of 32 constants of ${prose}.`],
    [`fminm.${suffix}`, 'R', 0x28002053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `The lesser of frs1 and frs2, in ${prose}; a NaN where either is one.`],
    [`fmaxm.${suffix}`, 'R', 0x28003053 + fmt, 0xfe00707f, ['frd', 'frs1', 'frs2'], `The greater of frs1 and frs2, in ${prose}; a NaN where either is one.`],
    [`fround.${suffix}`, 'R', 0x40400053 + fmt, 0xfff0007f, ['frd', 'frs1', 'rounding'], `Rounds to an integer of ${prose}; does not raise inexact.`],
    [`froundnx.${suffix}`, 'R', 0x40500053 + fmt, 0xfff0007f, ['frd', 'frs1', 'rounding'], `Rounds to an integer of ${prose} and raises inexact where that changes it.`],
    [`fleq.${suffix}`, 'R', 0xa0004053 + fmt, 0xfe00707f, ['rd', 'frs1', 'frs2'], `Puts 1 in rd when frs1 is at most frs2, in ${prose}, else 0; a quiet NaN is no exception.`],
    [`fltq.${suffix}`, 'R', 0xa0005053 + fmt, 0xfe00707f, ['rd', 'frs1', 'frs2'], `Puts 1 in rd when frs1 is less than frs2, in ${prose}, else 0; a quiet NaN is no exception.`],
  ], alsoNeeds);
}
