import type { Operands } from './encode';
import { instructionTable, type Mnemonic } from './instruction-table';
import type { OperandKind } from './operands';
import { dynamicRounding } from './rounding';

/** Another way to write one instruction: the operands that are written, in GNU's order, and the fields that are fixed. */
export interface Alias {
  readonly name: string;
  readonly operands: readonly OperandKind[];
  readonly meaning: Mnemonic;
  /** The fields of `meaning` that no operand gives. */
  readonly fixed: Operands;
  readonly prose: string;
  /** The compressed forms that GNU as takes for it; where it is absent, those that it takes for the meaning itself. */
  readonly compressed?: readonly Mnemonic[];
  /** Where it counts: some are only read by the assembler, some are only written by the disassembler. */
  readonly use: 'both' | 'assembly' | 'disassembly';
}

type Row = readonly [
  name: string,
  operands: readonly OperandKind[],
  meaning: Mnemonic,
  fixed: Operands,
  prose: string,
  more?: { readonly compressed?: readonly Mnemonic[]; readonly use?: Alias['use'] },
];

const [cycle, time, instret] = [0xc00, 0xc01, 0xc02];
const [fflags, frm, fcsr] = [1, 2, 3];
const immediateProse = 'The form with an immediate of the instruction of that name.';
const jump = { compressed: ['c.jr'] } as const;
const call = { compressed: ['c.jalr'] } as const;
const never = { compressed: [] } as const;
const assembly = { use: 'assembly' } as const;
/** Zihintntl: objdump shows the additions that they are. */
const hint = { compressed: [], use: 'assembly' } as const;
const disassembly = { use: 'disassembly' } as const;

/** Conversions that are always exact: GNU as gives them the first mode where none is written, and objdump knows no other. */
export const exactConversions: ReadonlySet<Mnemonic> = new Set<Mnemonic>(['fcvt.d.w', 'fcvt.d.wu', 'fcvt.d.s', 'fcvt.s.h', 'fcvt.d.h']);

/** The suffix of an atomic's mnemonic, by its bits aq|rl. */
export const orderingSuffixes = ['', '.rl', '.aq', '.aqrl'] as const;

const orderProse = [
  'Later accesses may come before it, earlier ones not after it.',
  'Earlier accesses may come after it, later ones not before it.',
  'No access may pass it.',
];

/** The aliases that GNU as takes. In disassembly the first that fits is shown. */
// biome-ignore format: one row per line.
export const aliases: readonly Alias[] = [
  ...rows([
    ['unimp', [], 'csrrw', { rd: 0, csr: cycle, rs1: 0 }, 'An instruction that is sure to be illegal.'],
    ['sbreak', [], 'ebreak', {}, 'An old name of ebreak.', assembly],
    ['scall', [], 'ecall', {}, 'An old name of ecall.', assembly],

    ['ret', [], 'jalr', { rd: 0, rs1: 1, immediate: 0 }, 'Returns: jumps to the address in ra.', jump],
    ['jr', ['rs1'], 'jalr', { rd: 0, immediate: 0 }, 'Jumps to the address in rs1.', jump],
    ['jr', ['load(rs1)'], 'jalr', { rd: 0 }, 'Jumps to rs1 plus the offset.', never],
    ['jr', ['rs1', 'immediate'], 'jalr', { rd: 0 }, 'Jumps to rs1 plus the immediate.', { ...never, ...assembly }],
    ['jalr', ['rs1'], 'jalr', { rd: 1, immediate: 0 }, 'Calls the address in rs1, with the return address in ra.', call],
    ['jalr', ['load(rs1)'], 'jalr', { rd: 1 }, 'Calls rs1 plus the offset, with the return address in ra.', never],
    ['jalr', ['rs1', 'immediate'], 'jalr', { rd: 1 }, 'Calls rs1 plus the immediate, with the return address in ra.', { ...never, ...assembly }],
    ['jalr', ['rd', 'rs1'], 'jalr', { immediate: 0 }, 'Jumps to the address in rs1 and puts the return address in rd.', never],
    ['jalr', ['rd', 'rs1', 'immediate'], 'jalr', {}, 'Jumps to rs1 plus the immediate and puts the return address in rd.', { ...never, ...assembly }],
    ['j', ['jump'], 'jal', { rd: 0 }, 'Jumps to the target.', { compressed: ['c.j'] }],
    ['jal', ['jump'], 'jal', { rd: 1 }, 'Calls the target, with the return address in ra.'],

    ['nop', [], 'addi', { rd: 0, rs1: 0, immediate: 0 }, 'Does nothing.'],
    ['li', ['rd', 'immediate'], 'addi', { rs1: 0 }, 'Loads a constant.', disassembly],
    ['mv', ['rd', 'rs1'], 'addi', { immediate: 0 }, 'Copies rs1 to rd.', { compressed: ['c.mv'] }],
    ['mv', ['rd', 'c.rs2'], 'c.mv', {}, 'Copies rs2 to rd.', disassembly],
    ['move', ['rd', 'rs1'], 'addi', { immediate: 0 }, 'Copies rs1 to rd.', { compressed: ['c.mv'], ...assembly }],
    ['zext.b', ['rd', 'rs1'], 'andi', { immediate: 255 }, 'Keeps the lowest byte of rs1, zero-extended.'],
    ['sext.w', ['rd', 'rs1'], 'addiw', { immediate: 0 }, 'Sign-extends the lower word of rs1.'],
    ['not', ['rd', 'rs1'], 'xori', { immediate: -1 }, 'Inverts every bit of rs1.', { compressed: ['c.not'] }],
    ['neg', ['rd', 'rs2'], 'sub', { rs1: 0 }, 'Negates rs2.'],
    ['negw', ['rd', 'rs2'], 'subw', { rs1: 0 }, 'Negates the lower word of rs2 and sign-extends the result.'],
    ['seqz', ['rd', 'rs1'], 'sltiu', { immediate: 1 }, 'Puts 1 in rd when rs1 is zero, else 0.'],
    ['snez', ['rd', 'rs2'], 'sltu', { rs1: 0 }, 'Puts 1 in rd when rs2 is not zero, else 0.'],
    ['sltz', ['rd', 'rs1'], 'slt', { rs2: 0 }, 'Puts 1 in rd when rs1 is negative, else 0.'],
    ['sgtz', ['rd', 'rs2'], 'slt', { rs1: 0 }, 'Puts 1 in rd when rs2 is greater than zero, else 0.'],
    ['sgt', ['rd', 'rs2', 'rs1'], 'slt', {}, 'Puts 1 in rd when the first source is greater than the second, both signed, else 0.', assembly],
    ['sgtu', ['rd', 'rs2', 'rs1'], 'sltu', {}, 'Puts 1 in rd when the first source is greater than the second, both unsigned, else 0.', assembly],

    ['add', ['rd', 'rs1', 'immediate'], 'addi', {}, immediateProse, { compressed: ['c.addi', 'c.addi4spn', 'c.addi16sp'] }],
    ['addw', ['rd', 'rs1', 'immediate'], 'addiw', {}, immediateProse],
    ['and', ['rd', 'rs1', 'immediate'], 'andi', {}, immediateProse],
    ['or', ['rd', 'rs1', 'immediate'], 'ori', {}, immediateProse],
    ['xor', ['rd', 'rs1', 'immediate'], 'xori', {}, immediateProse],
    ['slt', ['rd', 'rs1', 'immediate'], 'slti', {}, immediateProse, assembly],
    ['sltu', ['rd', 'rs1', 'immediate'], 'sltiu', {}, immediateProse, assembly],
    ['sll', ['rd', 'rs1', 'shamt6'], 'slli', {}, immediateProse],
    ['srl', ['rd', 'rs1', 'shamt6'], 'srli', {}, immediateProse],
    ['sra', ['rd', 'rs1', 'shamt6'], 'srai', {}, immediateProse],
    ['sllw', ['rd', 'rs1', 'shamt5'], 'slliw', {}, immediateProse],
    ['srlw', ['rd', 'rs1', 'shamt5'], 'srliw', {}, immediateProse],
    ['sraw', ['rd', 'rs1', 'shamt5'], 'sraiw', {}, immediateProse],

    ['zext.w', ['rd', 'rs1'], 'add.uw', { rs2: 0 }, 'Keeps the lower word (4 bytes) of rs1, zero-extended.', { compressed: ['c.zext.w'] }],
    ['ror', ['rd', 'rs1', 'shamt6'], 'rori', {}, immediateProse],
    ['rorw', ['rd', 'rs1', 'shamt5'], 'roriw', {}, immediateProse],
    ['bclr', ['rd', 'rs1', 'shamt6'], 'bclri', {}, immediateProse],
    ['bext', ['rd', 'rs1', 'shamt6'], 'bexti', {}, immediateProse],
    ['binv', ['rd', 'rs1', 'shamt6'], 'binvi', {}, immediateProse],
    ['bset', ['rd', 'rs1', 'shamt6'], 'bseti', {}, immediateProse],

    ['beqz', ['rs1', 'branch'], 'beq', { rs2: 0 }, 'Branches when rs1 is zero.'],
    ['bnez', ['rs1', 'branch'], 'bne', { rs2: 0 }, 'Branches when rs1 is not zero.'],
    ['blez', ['rs2', 'branch'], 'bge', { rs1: 0 }, 'Branches when rs2 is zero or negative.'],
    ['bgez', ['rs1', 'branch'], 'bge', { rs2: 0 }, 'Branches when rs1 is zero or positive.'],
    ['bltz', ['rs1', 'branch'], 'blt', { rs2: 0 }, 'Branches when rs1 is negative.'],
    ['bgtz', ['rs2', 'branch'], 'blt', { rs1: 0 }, 'Branches when rs2 is greater than zero.'],
    ['bgt', ['rs2', 'rs1', 'branch'], 'blt', {}, 'Branches when the first register is greater than the second, both signed.', assembly],
    ['ble', ['rs2', 'rs1', 'branch'], 'bge', {}, 'Branches when the first register is at most the second, both signed.', assembly],
    ['bgtu', ['rs2', 'rs1', 'branch'], 'bltu', {}, 'Branches when the first register is greater than the second, both unsigned.', assembly],
    ['bleu', ['rs2', 'rs1', 'branch'], 'bgeu', {}, 'Branches when the first register is at most the second, both unsigned.', assembly],

    ['fence', [], 'fence', { immediate: 0x0ff }, 'Orders all earlier accesses before all later ones.'],
    ['fence.tso', [], 'fence', { immediate: 0x833 }, 'Orders accesses as total store ordering does: earlier stores may pass later loads.'],

    ['ntl.p1', [], 'add', { rd: 0, rs1: 0, rs2: 2 }, 'A hint that the next access is not repeated soon: keep it out of the innermost cache.', hint],
    ['ntl.pall', [], 'add', { rd: 0, rs1: 0, rs2: 3 }, 'A hint that the next access is not repeated soon: keep it out of the private caches.', hint],
    ['ntl.s1', [], 'add', { rd: 0, rs1: 0, rs2: 4 }, 'A hint that the next access is not repeated soon: keep it out of the innermost shared cache.', hint],
    ['ntl.all', [], 'add', { rd: 0, rs1: 0, rs2: 5 }, 'A hint that the next access is not repeated soon: keep it out of all caches.', hint],
    ['c.ntl.p1', [], 'c.add', { rd: 0, rs1: 0, rs2: 2 }, 'A hint that the next access is not repeated soon: keep it out of the innermost cache.', hint],
    ['c.ntl.pall', [], 'c.add', { rd: 0, rs1: 0, rs2: 3 }, 'A hint that the next access is not repeated soon: keep it out of the private caches.', hint],
    ['c.ntl.s1', [], 'c.add', { rd: 0, rs1: 0, rs2: 4 }, 'A hint that the next access is not repeated soon: keep it out of the innermost shared cache.', hint],
    ['c.ntl.all', [], 'c.add', { rd: 0, rs1: 0, rs2: 5 }, 'A hint that the next access is not repeated soon: keep it out of all caches.', hint],
    ['frflags', ['rd'], 'csrrs', { rs1: 0, csr: fflags }, 'Reads the floating-point exception flags.'],
    ['fsflags', ['rs1'], 'csrrw', { rd: 0, csr: fflags }, 'Writes rs1 to the floating-point exception flags.'],
    ['fsflags', ['rd', 'rs1'], 'csrrw', { csr: fflags }, 'Writes rs1 to the floating-point exception flags and puts the old ones in rd.'],
    ['fsflagsi', ['uimm5'], 'csrrwi', { rd: 0, csr: fflags }, 'Writes the immediate to the floating-point exception flags.', assembly],
    ['fsflagsi', ['rd', 'uimm5'], 'csrrwi', { csr: fflags }, 'Writes the immediate to the floating-point exception flags and puts the old ones in rd.'],
    ['frrm', ['rd'], 'csrrs', { rs1: 0, csr: frm }, 'Reads the rounding mode.'],
    ['fsrm', ['rs1'], 'csrrw', { rd: 0, csr: frm }, 'Makes rs1 the rounding mode.'],
    ['fsrm', ['rd', 'rs1'], 'csrrw', { csr: frm }, 'Makes rs1 the rounding mode and puts the old one in rd.'],
    ['fsrmi', ['uimm5'], 'csrrwi', { rd: 0, csr: frm }, 'Makes the immediate the rounding mode.', assembly],
    ['fsrmi', ['rd', 'uimm5'], 'csrrwi', { csr: frm }, 'Makes the immediate the rounding mode and puts the old one in rd.'],
    ['frcsr', ['rd'], 'csrrs', { rs1: 0, csr: fcsr }, 'Reads the rounding mode and the floating-point exception flags.'],
    ['fscsr', ['rs1'], 'csrrw', { rd: 0, csr: fcsr }, 'Writes rs1 to the rounding mode and the floating-point exception flags.'],
    ['fscsr', ['rd', 'rs1'], 'csrrw', { csr: fcsr }, 'Writes rs1 to the rounding mode and the floating-point exception flags and puts the old ones in rd.'],
    ['frsr', ['rd'], 'csrrs', { rs1: 0, csr: fcsr }, 'An old name of frcsr.', assembly],
    ['fssr', ['rs1'], 'csrrw', { rd: 0, csr: fcsr }, 'An old name of fscsr.', assembly],
    ['fssr', ['rd', 'rs1'], 'csrrw', { csr: fcsr }, 'An old name of fscsr.', assembly],

    ['rdcycle', ['rd'], 'csrrs', { rs1: 0, csr: cycle }, 'Reads the cycle counter.'],
    ['rdtime', ['rd'], 'csrrs', { rs1: 0, csr: time }, 'Reads the clock.'],
    ['rdinstret', ['rd'], 'csrrs', { rs1: 0, csr: instret }, 'Reads the count of retired instructions.'],
    ['csrr', ['rd', 'csr'], 'csrrs', { rs1: 0 }, 'Reads the CSR.'],
    ['csrwi', ['csr', 'uimm5'], 'csrrwi', { rd: 0 }, 'Writes the 5-bit immediate to the CSR.', assembly],
    ['csrsi', ['csr', 'uimm5'], 'csrrsi', { rd: 0 }, 'Sets the bits of the immediate in the CSR.', assembly],
    ['csrci', ['csr', 'uimm5'], 'csrrci', { rd: 0 }, 'Clears the bits of the immediate in the CSR.', assembly],
    ['csrw', ['csr', 'rs1'], 'csrrw', { rd: 0 }, 'Writes rs1 to the CSR.'],
    ['csrs', ['csr', 'rs1'], 'csrrs', { rd: 0 }, 'Sets the bits of rs1 in the CSR.'],
    ['csrc', ['csr', 'rs1'], 'csrrc', { rd: 0 }, 'Clears the bits of rs1 in the CSR.'],
    ['csrw', ['csr', 'uimm5'], 'csrrwi', { rd: 0 }, 'Writes the 5-bit immediate to the CSR.'],
    ['csrs', ['csr', 'uimm5'], 'csrrsi', { rd: 0 }, 'Sets the bits of the immediate in the CSR.'],
    ['csrc', ['csr', 'uimm5'], 'csrrci', { rd: 0 }, 'Clears the bits of the immediate in the CSR.'],
    ['csrrw', ['rd', 'csr', 'uimm5'], 'csrrwi', {}, immediateProse],
    ['csrrs', ['rd', 'csr', 'uimm5'], 'csrrsi', {}, immediateProse],
    ['csrrc', ['rd', 'csr', 'uimm5'], 'csrrci', {}, immediateProse],

    ['fmv.x.s', ['rd', 'frs1'], 'fmv.x.w', {}, 'An old name of fmv.x.w.', assembly],
    ['fmv.s.x', ['frd', 'rs1'], 'fmv.w.x', {}, 'An old name of fmv.w.x.', assembly],
    ...signs('h'),
    ...signs('s'),
    ...signs('d'),

    ['c.nop', [], 'c.nop', { immediate: 0 }, 'Does nothing.', assembly],
    ['c.slli64', ['rd=rs1'], 'c.slli', { immediate: 0 }, 'A hint: the shift by 0.'],
    ['c.srli64', ["rd'=rs1'"], 'c.srli', { immediate: 0 }, 'A hint: the shift by 0.'],
    ['c.srai64', ["rd'=rs1'"], 'c.srai', { immediate: 0 }, 'A hint: the shift by 0.'],
  ]),
  ...orderedAtomics(),
  ...roundings(),
];

/** The floating-point instructions without sources of different signs, and the comparisons with their sources exchanged. */
// biome-ignore format: one row per line.
function signs(format: 'h' | 's' | 'd'): Row[] {
  return [
    [`fmv.${format}`, ['frd', 'frs1=frs2'], `fsgnj.${format}`, {}, 'Copies frs1 to frd.'],
    [`fneg.${format}`, ['frd', 'frs1=frs2'], `fsgnjn.${format}`, {}, 'Changes the sign of frs1.'],
    [`fabs.${format}`, ['frd', 'frs1=frs2'], `fsgnjx.${format}`, {}, 'Absolute value of frs1.'],
    [`fgt.${format}`, ['rd', 'frs2', 'frs1'], `flt.${format}`, {}, 'Puts 1 in rd when the first source is greater than the second, else 0.', assembly],
    [`fge.${format}`, ['rd', 'frs2', 'frs1'], `fle.${format}`, {}, 'Puts 1 in rd when the first source is at least the second, else 0.', assembly],
    [`fgtq.${format}`, ['rd', 'frs2', 'frs1'], `fltq.${format}`, {}, 'Puts 1 in rd when the first source is greater than the second, else 0; a quiet NaN is no exception.', assembly],
    [`fgeq.${format}`, ['rd', 'frs2', 'frs1'], `fleq.${format}`, {}, 'Puts 1 in rd when the first source is at least the second, else 0; a quiet NaN is no exception.', assembly],
  ];
}

/** Every instruction that rounds, without a rounding mode: the mode is the one that frm holds. */
function roundings(): Alias[] {
  return instructionTable
    .filter((row) => row.operands.includes('rounding'))
    .map(({ mnemonic, operands, prose }) => ({
      name: mnemonic,
      operands: operands.filter((kind) => kind !== 'rounding'),
      meaning: mnemonic,
      fixed: { roundingMode: exactConversions.has(mnemonic) ? 0 : dynamicRounding },
      prose,
      use: 'both',
    }));
}

function orderedAtomics(): Alias[] {
  return instructionTable
    .filter((row) => row.extension === 'A')
    .flatMap(({ mnemonic, operands, prose }) =>
      orderProse.map((order, index) => ({
        name: mnemonic + orderingSuffixes[index + 1],
        operands,
        meaning: mnemonic,
        fixed: { immediate: index + 1 },
        prose: `${prose} ${order}`,
        use: 'both' as const,
      })),
    );
}

function rows(list: readonly Row[]): Alias[] {
  return list.map(([name, operands, meaning, fixed, prose, more]) => ({ name, operands, meaning, fixed, prose, use: 'both', ...more }));
}
