import { bitManipulationRows } from './bit-manipulation-rows';
import { floatRows } from './float-rows';
import type { Piece } from './pieces';
import { rows } from './rows';
import { beforeTheBase, ziRows } from './zi-rows';

const orderingBits: readonly Piece[] = [[26, 25, 0]];
const fenceBits: readonly Piece[] = [[31, 20, 0]];

/** RV64I: Volume I, chapters "RV32I" and "RV64I". */
// biome-ignore format: one row per line.
const rv64i = rows('I', [
  ['lui', 'U', 0x00000037, 0x0000007f, ['rd', 'upper'], 'Puts the 20-bit immediate in bits 31-12 of rd, sign-extended, with zeros below.'],
  ['auipc', 'U', 0x00000017, 0x0000007f, ['rd', 'upper'], 'Adds the 20-bit immediate, shifted left by 12, to the address of this instruction.'],
  ['jal', 'J', 0x0000006f, 0x0000007f, ['rd', 'jump'], 'Jumps to the target and puts the address of the next instruction in rd.'],
  ['jalr', 'I', 0x00000067, 0x0000707f, ['rd', 'load(rs1)'], 'Jumps to rs1 plus the offset, lowest bit cleared, and puts the return address in rd.'],
  ['beq', 'B', 0x00000063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 equals rs2.'],
  ['bne', 'B', 0x00001063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 differs from rs2.'],
  ['blt', 'B', 0x00004063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 is less than rs2, both signed.'],
  ['bge', 'B', 0x00005063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 is at least rs2, both signed.'],
  ['bltu', 'B', 0x00006063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 is less than rs2, both unsigned.'],
  ['bgeu', 'B', 0x00007063, 0x0000707f, ['rs1', 'rs2', 'branch'], 'Branches when rs1 is at least rs2, both unsigned.'],
  ['lb', 'I', 0x00000003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a byte and sign-extends it.'],
  ['lh', 'I', 0x00001003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a halfword (2 bytes) and sign-extends it.'],
  ['lw', 'I', 0x00002003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a word (4 bytes) and sign-extends it.'],
  ['ld', 'I', 0x00003003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a doubleword (8 bytes).'],
  ['lbu', 'I', 0x00004003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a byte and zero-extends it.'],
  ['lhu', 'I', 0x00005003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a halfword (2 bytes) and zero-extends it.'],
  ['lwu', 'I', 0x00006003, 0x0000707f, ['rd', 'load(rs1)'], 'Loads a word (4 bytes) and zero-extends it.'],
  ['sb', 'S', 0x00000023, 0x0000707f, ['rs2', 'store(rs1)'], 'Stores the lowest byte of rs2.'],
  ['sh', 'S', 0x00001023, 0x0000707f, ['rs2', 'store(rs1)'], 'Stores the lowest halfword (2 bytes) of rs2.'],
  ['sw', 'S', 0x00002023, 0x0000707f, ['rs2', 'store(rs1)'], 'Stores the lower word (4 bytes) of rs2.'],
  ['sd', 'S', 0x00003023, 0x0000707f, ['rs2', 'store(rs1)'], 'Stores the doubleword (8 bytes) in rs2.'],
  ['addi', 'I', 0x00000013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Adds the immediate to rs1; overflow wraps.'],
  ['slti', 'I', 0x00002013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Puts 1 in rd when rs1 is less than the immediate, both signed, else 0.'],
  ['sltiu', 'I', 0x00003013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Puts 1 in rd when rs1 is less than the sign-extended immediate, both unsigned, else 0.'],
  ['xori', 'I', 0x00004013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Exclusive or of rs1 and the immediate, bit by bit.'],
  ['ori', 'I', 0x00006013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Or of rs1 and the immediate, bit by bit.'],
  ['andi', 'I', 0x00007013, 0x0000707f, ['rd', 'rs1', 'immediate'], 'And of rs1 and the immediate, bit by bit.'],
  ['slli', 'I', 0x00001013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Shifts rs1 left by the immediate; zeros come in.'],
  ['srli', 'I', 0x00005013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Shifts rs1 right by the immediate; zeros come in.'],
  ['srai', 'I', 0x40005013, 0xfc00707f, ['rd', 'rs1', 'shamt6'], 'Shifts rs1 right by the immediate; copies of the sign come in.'],
  ['add', 'R', 0x00000033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds rs1 and rs2; overflow wraps.'],
  ['sub', 'R', 0x40000033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Subtracts rs2 from rs1; overflow wraps.'],
  ['sll', 'R', 0x00001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts rs1 left by the low 6 bits of rs2; zeros come in.'],
  ['slt', 'R', 0x00002033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Puts 1 in rd when rs1 is less than rs2, both signed, else 0.'],
  ['sltu', 'R', 0x00003033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Puts 1 in rd when rs1 is less than rs2, both unsigned, else 0.'],
  ['xor', 'R', 0x00004033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Exclusive or of rs1 and rs2, bit by bit.'],
  ['srl', 'R', 0x00005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts rs1 right by the low 6 bits of rs2; zeros come in.'],
  ['sra', 'R', 0x40005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts rs1 right by the low 6 bits of rs2; copies of the sign come in.'],
  ['or', 'R', 0x00006033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Or of rs1 and rs2, bit by bit.'],
  ['and', 'R', 0x00007033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'And of rs1 and rs2, bit by bit.'],
  ['fence', 'I', 0x0000000f, 0x0000707f, ['predecessor', 'successor'], 'Orders earlier accesses of the first set before later accesses of the second.'],
  ['ecall', 'I', 0x00000073, 0xffffffff, [], 'Calls the environment: under Linux, the system call in a7.'],
  ['ebreak', 'I', 0x00100073, 0xffffffff, [], 'Hands control to the debugger.'],
  ['addiw', 'I', 0x0000001b, 0x0000707f, ['rd', 'rs1', 'immediate'], 'Adds the immediate to rs1 in 32 bits and sign-extends the sum.'],
  ['slliw', 'I', 0x0000101b, 0xfe00707f, ['rd', 'rs1', 'shamt5'], 'Shifts the lower word of rs1 left by the immediate and sign-extends the result.'],
  ['srliw', 'I', 0x0000501b, 0xfe00707f, ['rd', 'rs1', 'shamt5'], 'Shifts the lower word of rs1 right, zeros coming in, and sign-extends the result.'],
  ['sraiw', 'I', 0x4000501b, 0xfe00707f, ['rd', 'rs1', 'shamt5'], 'Shifts the lower word of rs1 right by the immediate; copies of its sign come in.'],
  ['addw', 'R', 0x0000003b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Adds rs1 and rs2 in 32 bits and sign-extends the sum.'],
  ['subw', 'R', 0x4000003b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Subtracts rs2 from rs1 in 32 bits and sign-extends the difference.'],
  ['sllw', 'R', 0x0000103b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts the lower word of rs1 left by the low 5 bits of rs2 and sign-extends the result.'],
  ['srlw', 'R', 0x0000503b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts the lower word of rs1 right by the low 5 bits of rs2, zeros coming in; sign-extends.'],
  ['sraw', 'R', 0x4000503b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Shifts the lower word of rs1 right by the low 5 bits of rs2; copies of its sign come in.'],
]);

// biome-ignore format: one row per line.
const zifencei = rows('Zifencei', [['fence.i', 'I', 0x0000100f, 0x0000707f, [], 'Makes earlier stores visible to the instruction fetches of this hart.']]);

// biome-ignore format: one row per line.
const zicsr = rows('Zicsr', [
  ['csrrw', 'I', 0x00001073, 0x0000707f, ['rd', 'csr', 'rs1'], 'Writes rs1 to the CSR and puts its old value in rd.'],
  ['csrrs', 'I', 0x00002073, 0x0000707f, ['rd', 'csr', 'rs1'], 'Sets the bits of rs1 in the CSR and puts its old value in rd.'],
  ['csrrc', 'I', 0x00003073, 0x0000707f, ['rd', 'csr', 'rs1'], 'Clears the bits of rs1 in the CSR and puts its old value in rd.'],
  ['csrrwi', 'I', 0x00005073, 0x0000707f, ['rd', 'csr', 'uimm5'], 'Writes the 5-bit immediate to the CSR and puts its old value in rd.'],
  ['csrrsi', 'I', 0x00006073, 0x0000707f, ['rd', 'csr', 'uimm5'], 'Sets the bits of the immediate in the CSR and puts its old value in rd.'],
  ['csrrci', 'I', 0x00007073, 0x0000707f, ['rd', 'csr', 'uimm5'], 'Clears the bits of the immediate in the CSR and puts its old value in rd.'],
]);

// biome-ignore format: one row per line.
const m = rows('M', [
  ['mul', 'R', 0x02000033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Multiplies rs1 by rs2 and keeps the lower 64 bits of the product.'],
  ['mulh', 'R', 0x02001033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Upper 64 bits of the product of rs1 and rs2, both signed.'],
  ['mulhsu', 'R', 0x02002033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Upper 64 bits of the product of signed rs1 and unsigned rs2.'],
  ['mulhu', 'R', 0x02003033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Upper 64 bits of the product of rs1 and rs2, both unsigned.'],
  ['div', 'R', 0x02004033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Divides rs1 by rs2, signed, towards zero; by zero gives -1.'],
  ['divu', 'R', 0x02005033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Divides rs1 by rs2, unsigned; by zero gives all ones.'],
  ['rem', 'R', 0x02006033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Remainder of rs1 by rs2, signed, with the sign of rs1; by zero gives rs1.'],
  ['remu', 'R', 0x02007033, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Remainder of rs1 by rs2, unsigned; by zero gives rs1.'],
  ['mulw', 'R', 0x0200003b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Multiplies the lower words of rs1 and rs2 and sign-extends the lower 32 bits.'],
  ['divw', 'R', 0x0200403b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Divides the lower word of rs1 by that of rs2, signed; sign-extends the quotient.'],
  ['divuw', 'R', 0x0200503b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Divides the lower word of rs1 by that of rs2, unsigned; sign-extends the quotient.'],
  ['remw', 'R', 0x0200603b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Remainder of the lower words of rs1 and rs2, signed; sign-extends it.'],
  ['remuw', 'R', 0x0200703b, 0xfe00707f, ['rd', 'rs1', 'rs2'], 'Remainder of the lower words of rs1 and rs2, unsigned; sign-extends it.'],
]);

/** The bits aq (26) and rl (25) are free in each: the mnemonic then ends in `.aq`, `.rl` or `.aqrl`. */
// biome-ignore format: one row per line.
const a = rows('A', [
  ['lr.w', 'R', 0x1000202f, 0xf9f0707f, ['rd', '(rs1)'], 'Loads a word, sign-extends it, and reserves its address.'],
  ['sc.w', 'R', 0x1800202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Stores the lower word of rs2 if the reservation holds; rd is 0 when it stored, else 1.'],
  ['amoswap.w', 'R', 0x0800202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores rs2.'],
  ['amoadd.w', 'R', 0x0000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores its sum with rs2.'],
  ['amoxor.w', 'R', 0x2000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores its exclusive or with rs2.'],
  ['amoand.w', 'R', 0x6000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores its and with rs2.'],
  ['amoor.w', 'R', 0x4000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores its or with rs2.'],
  ['amomin.w', 'R', 0x8000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores the lesser of it and rs2, signed.'],
  ['amomax.w', 'R', 0xa000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores the greater of it and rs2, signed.'],
  ['amominu.w', 'R', 0xc000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores the lesser of it and rs2, unsigned.'],
  ['amomaxu.w', 'R', 0xe000202f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a word into rd and stores the greater of it and rs2, unsigned.'],
  ['lr.d', 'R', 0x1000302f, 0xf9f0707f, ['rd', '(rs1)'], 'Loads a doubleword and reserves its address.'],
  ['sc.d', 'R', 0x1800302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Stores rs2, a doubleword, if the reservation holds; rd is 0 when it stored, else 1.'],
  ['amoswap.d', 'R', 0x0800302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores rs2.'],
  ['amoadd.d', 'R', 0x0000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores its sum with rs2.'],
  ['amoxor.d', 'R', 0x2000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores its exclusive or with rs2.'],
  ['amoand.d', 'R', 0x6000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores its and with rs2.'],
  ['amoor.d', 'R', 0x4000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores its or with rs2.'],
  ['amomin.d', 'R', 0x8000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores the lesser of it and rs2, signed.'],
  ['amomax.d', 'R', 0xa000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores the greater of it and rs2, signed.'],
  ['amominu.d', 'R', 0xc000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores the lesser of it and rs2, unsigned.'],
  ['amomaxu.d', 'R', 0xe000302f, 0xf800707f, ['rd', 'rs2', '(rs1)'], 'Atomically loads a doubleword into rd and stores the greater of it and rs2, unsigned.'],
]);

/** Volume II, chapter "Machine-Level ISA", section "Machine-Mode Privileged Instructions". */
// biome-ignore format: one row per line.
const machineLevel = rows('Sm', [
  ['mret', 'I', 0x30200073, 0xffffffff, [], 'Returns from a trap handler in machine mode, to mepc and the mode in mstatus.MPP.'],
  ['wfi', 'I', 0x10500073, 0xffffffff, [], 'Waits until an interrupt is pending that is enabled in mie.'],
]);

/** Every 32-bit instruction. The hints that are encoded as base instructions come first. */
export const baseRows = [
  ...beforeTheBase,
  ...rv64i.map((row) => (row.mnemonic === 'fence' ? { ...row, packed: fenceBits } : row)),
  ...m,
  ...a.map((row) => ({ ...row, packed: orderingBits })),
  ...zicsr,
  ...zifencei,
  ...machineLevel,
  ...floatRows,
  ...ziRows,
  ...bitManipulationRows,
];

export type BaseMnemonic = (typeof baseRows)[number]['mnemonic'];
