import type { BaseMnemonic } from './base-rows';
import type { Extension, Format, InstructionRow } from './instruction-row';
import type { OperandKind } from './operands';

type Row<M extends string> = readonly [
  M,
  Format,
  match: number,
  mask: number,
  operands: readonly OperandKind[],
  expandsTo: BaseMnemonic,
  prose: string,
  more?: Pick<InstructionRow, 'nonzero' | 'hint' | 'implied' | 'alsoNeeds'>,
];

const immediate = { nonzero: ['immediate'] } as const;
const rd = { nonzero: ['rd'] } as const;
const rs1 = { nonzero: ['rs1'] } as const;
const rs2 = { nonzero: ['rs2'] } as const;

/** RV64C without the floating-point loads and stores: Volume I, chapter "C", section "RVC Instruction Set Listings". */
// biome-ignore format: one row per line.
const c = rows('C', [
  ['c.addi4spn', 'CIW', 0x0000, 0xe003, ["rd'", 'sp', 'c.addi4spn'], 'addi', 'Adds a multiple of 4 to the stack pointer.', immediate],
  ['c.lw', 'CL', 0x4000, 0xe003, ["rd'", "c.word(rs1')"], 'lw', 'Loads a word (4 bytes) and sign-extends it.'],
  ['c.ld', 'CL', 0x6000, 0xe003, ["rd'", "c.double(rs1')"], 'ld', 'Loads a doubleword (8 bytes).'],
  ['c.sw', 'CS', 0xc000, 0xe003, ["rs2'", "c.word(rs1')"], 'sw', 'Stores the lower word (4 bytes) of rs2.'],
  ['c.sd', 'CS', 0xe000, 0xe003, ["rs2'", "c.double(rs1')"], 'sd', 'Stores the doubleword (8 bytes) in rs2.'],

  ['c.nop', 'CI', 0x0001, 0xef83, ['c.immediate'], 'addi', 'Does nothing.'],
  ['c.addi', 'CI', 0x0001, 0xe003, ['rd=rs1', 'c.immediate'], 'addi', 'Adds the immediate to rd; overflow wraps.', { ...rd, hint: ['immediate'] }],
  ['c.addiw', 'CI', 0x2001, 0xe003, ['rd=rs1', 'c.immediate'], 'addiw', 'Adds the immediate to rd in 32 bits and sign-extends the sum.', rd],
  ['c.li', 'CI', 0x4001, 0xe003, ['rd', 'c.immediate'], 'addi', 'Puts the sign-extended immediate in rd.', { hint: ['rd'] }],
  ['c.addi16sp', 'CI', 0x6101, 0xef83, ['sp,sp', 'c.addi16sp'], 'addi', 'Moves the stack pointer by a multiple of 16.', immediate],
  ['c.lui', 'CI', 0x6001, 0xe003, ['rd≠sp', 'c.upper'], 'lui', 'Puts the immediate in bits 17-12 of rd, sign-extended, with zeros below.', { ...immediate, hint: ['rd'] }],
  ['c.srli', 'CB', 0x8001, 0xec03, ["rd'=rs1'", 'c.shamt'], 'srli', 'Shifts rd right by the immediate; zeros come in.', { hint: ['immediate'] }],
  ['c.srai', 'CB', 0x8401, 0xec03, ["rd'=rs1'", 'c.shamt'], 'srai', 'Shifts rd right by the immediate; copies of the sign come in.', { hint: ['immediate'] }],
  ['c.andi', 'CB', 0x8801, 0xec03, ["rd'=rs1'", 'c.immediate'], 'andi', 'And of rd and the immediate, bit by bit.'],
  ['c.sub', 'CA', 0x8c01, 0xfc63, ["rd'=rs1'", "rs2'"], 'sub', 'Subtracts rs2 from rd; overflow wraps.'],
  ['c.xor', 'CA', 0x8c21, 0xfc63, ["rd'=rs1'", "rs2'"], 'xor', 'Exclusive or of rd and rs2, bit by bit.'],
  ['c.or', 'CA', 0x8c41, 0xfc63, ["rd'=rs1'", "rs2'"], 'or', 'Or of rd and rs2, bit by bit.'],
  ['c.and', 'CA', 0x8c61, 0xfc63, ["rd'=rs1'", "rs2'"], 'and', 'And of rd and rs2, bit by bit.'],
  ['c.subw', 'CA', 0x9c01, 0xfc63, ["rd'=rs1'", "rs2'"], 'subw', 'Subtracts rs2 from rd in 32 bits and sign-extends the difference.'],
  ['c.addw', 'CA', 0x9c21, 0xfc63, ["rd'=rs1'", "rs2'"], 'addw', 'Adds rd and rs2 in 32 bits and sign-extends the sum.'],
  ['c.j', 'CJ', 0xa001, 0xe003, ['c.jump'], 'jal', 'Jumps to the target.'],
  ['c.beqz', 'CB', 0xc001, 0xe003, ["rs1'", 'c.branch'], 'beq', 'Branches when rs1 is zero.'],
  ['c.bnez', 'CB', 0xe001, 0xe003, ["rs1'", 'c.branch'], 'bne', 'Branches when rs1 is not zero.'],

  ['c.slli', 'CI', 0x0002, 0xe003, ['rd=rs1', 'c.shamt'], 'slli', 'Shifts rd left by the immediate; zeros come in.', { hint: ['rd', 'immediate'] }],
  ['c.lwsp', 'CI', 0x4002, 0xe003, ['rd', 'c.lwsp(sp)'], 'lw', 'Loads a word (4 bytes) from the stack and sign-extends it.', rd],
  ['c.ldsp', 'CI', 0x6002, 0xe003, ['rd', 'c.ldsp(sp)'], 'ld', 'Loads a doubleword (8 bytes) from the stack.', rd],
  ['c.jr', 'CR', 0x8002, 0xf07f, ['c.rs1'], 'jalr', 'Jumps to the address in rs1.', rs1],
  ['c.mv', 'CR', 0x8002, 0xf003, ['rd', 'c.rs2'], 'add', 'Copies rs2 to rd.', { ...rs2, hint: ['rd'] }],
  ['c.ebreak', 'CR', 0x9002, 0xffff, [], 'ebreak', 'Hands control to the debugger.'],
  ['c.jalr', 'CR', 0x9002, 0xf07f, ['c.rs1'], 'jalr', 'Jumps to the address in rs1 and puts the return address in ra.', { ...rs1, implied: { rd: 1 } }],
  ['c.add', 'CR', 0x9002, 0xf003, ['rd=rs1', 'c.rs2'], 'add', 'Adds rs2 to rd; overflow wraps.', { ...rs2, hint: ['rd'] }],
  ['c.swsp', 'CSS', 0xc002, 0xe003, ['c.rs2', 'c.swsp(sp)'], 'sw', 'Stores the lower word (4 bytes) of rs2 on the stack.'],
  ['c.sdsp', 'CSS', 0xe002, 0xe003, ['c.rs2', 'c.sdsp(sp)'], 'sd', 'Stores the doubleword (8 bytes) in rs2 on the stack.'],
]);

/** Volume I, chapter "Zc", section "Zcb". */
// biome-ignore format: one row per line.
const zcb = rows('Zcb', [
  ['c.lbu', 'CL', 0x8000, 0xfc03, ["rd'", "c.byte(rs1')"], 'lbu', 'Loads a byte and zero-extends it.'],
  ['c.lhu', 'CL', 0x8400, 0xfc43, ["rd'", "c.half(rs1')"], 'lhu', 'Loads a halfword (2 bytes) and zero-extends it.'],
  ['c.lh', 'CL', 0x8440, 0xfc43, ["rd'", "c.half(rs1')"], 'lh', 'Loads a halfword (2 bytes) and sign-extends it.'],
  ['c.sb', 'CS', 0x8800, 0xfc03, ["rs2'", "c.byte(rs1')"], 'sb', 'Stores the lowest byte of rs2.'],
  ['c.sh', 'CS', 0x8c00, 0xfc43, ["rs2'", "c.half(rs1')"], 'sh', 'Stores the lowest halfword (2 bytes) of rs2.'],
  ['c.zext.b', 'CA', 0x9c61, 0xfc7f, ["rd'=rs1'"], 'andi', 'Keeps the lowest byte of rd, zero-extended.', { implied: { immediate: 255 } }],
  ['c.sext.b', 'CA', 0x9c65, 0xfc7f, ["rd'=rs1'"], 'sext.b', 'Sign-extends the lowest byte of rd.', { alsoNeeds: ['Zbb'] }],
  ['c.zext.h', 'CA', 0x9c69, 0xfc7f, ["rd'=rs1'"], 'zext.h', 'Keeps the lowest halfword (2 bytes) of rd, zero-extended.', { alsoNeeds: ['Zbb'] }],
  ['c.sext.h', 'CA', 0x9c6d, 0xfc7f, ["rd'=rs1'"], 'sext.h', 'Sign-extends the lowest halfword (2 bytes) of rd.', { alsoNeeds: ['Zbb'] }],
  ['c.zext.w', 'CA', 0x9c71, 0xfc7f, ["rd'=rs1'"], 'add.uw', 'Keeps the lower word (4 bytes) of rd, zero-extended.', { alsoNeeds: ['Zba'] }],
  ['c.not', 'CA', 0x9c75, 0xfc7f, ["rd'=rs1'"], 'xori', 'Inverts every bit of rd.', { implied: { immediate: -1 } }],
  ['c.mul', 'CA', 0x9c41, 0xfc63, ["rd'=rs1'", "rs2'"], 'mul', 'Multiplies rd by rs2 and keeps the lower 64 bits of the product.', { alsoNeeds: ['M'] }],
]);

/** Volume I, chapter "C", section "RVC Instruction Set Listings": what of it needs D. */
// biome-ignore format: one row per line.
const zcd = rows('Zcd', [
  ['c.fld', 'CL', 0x2000, 0xe003, ["frd'", "c.double(rs1')"], 'fld', 'Loads a double (8 bytes).'],
  ['c.fsd', 'CS', 0xa000, 0xe003, ["frs2'", "c.double(rs1')"], 'fsd', 'Stores the doubleword (8 bytes) in frs2.'],
  ['c.fldsp', 'CI', 0x2002, 0xe003, ['frd', 'c.ldsp(sp)'], 'fld', 'Loads a double (8 bytes) from the stack.'],
  ['c.fsdsp', 'CSS', 0xa002, 0xe003, ['c.frs2', 'c.sdsp(sp)'], 'fsd', 'Stores the doubleword (8 bytes) in frs2 on the stack.'],
]);

/** Every 16-bit instruction. */
export const compressedRows = [...c, ...zcd, ...zcb];

function rows<const M extends string>(extension: Extension, list: readonly Row<M>[]): InstructionRow<M, BaseMnemonic>[] {
  return list.map(([mnemonic, format, match, mask, operands, expandsTo, prose, more]) => ({
    mnemonic,
    extension,
    format,
    match,
    mask,
    operands,
    expandsTo,
    prose,
    ...more,
  }));
}
