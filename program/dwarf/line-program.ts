import type { ByteReader } from '../elf/byte-reader';
import type { LineHeader } from './line-header';

/** The registers of the line program's machine (DWARF 5, section 6.2.2). */
export class LineState {
  /** The address is this, which the program has set, and what it has advanced since: that is a number, as programs advance often. */
  base = 0n;
  advance = 0;
  /** A number of the header's table. */
  file = 1;
  line = 1;
  column = 0;
  prologueEnd = false;
  /** Of the code that the next row starts, where one line has several blocks. */
  discriminator = 0;
  /** This or an earlier row of the same line has a discriminator. */
  hasDiscriminator = false;

  constructor(
    public isStatement: boolean,
    /** Where the sequence's first opcode is in the section. */
    readonly startsAt: number,
  ) {}

  advanceLine(by: number): void {
    this.line = (this.line + by) | 0;
    if (by !== 0) this.hasDiscriminator = this.discriminator !== 0;
  }

  /** After a row. */
  forgetMarks(): void {
    this.prologueEnd = false;
    this.discriminator = 0;
  }

  get address(): bigint {
    return BigInt.asUintN(64, this.base + BigInt(this.advance));
  }
}

/** What is told while a line program runs; the state goes on changing. */
export interface LineVisitor {
  row(state: LineState): void;
  /** A sequence has ended before the state's address. True ends the program. */
  end(state: LineState): boolean;
}

/**
 * Runs a unit's line program (DWARF 5, sections 6.2.2 and 6.2.5) from an opcode where a sequence starts, the first one unless another
 * is named. Throws ProgramError where it is corrupt; what was told before that is good.
 */
export function runLineProgram(reader: ByteReader, header: LineHeader, visitor: LineVisitor, from = header.programStart): void {
  const { opcodeBase, lineBase, lineRange, minimumInstructionLength: scale, opcodeLengths, end } = header;
  const special = (opcode: number): number => {
    if (lineRange === 0) throw reader.error('a line table has a line range of 0');
    return Math.floor((opcode - opcodeBase) / lineRange) * scale;
  };
  reader.seek(from);
  let state = new LineState(header.defaultIsStatement, from);
  while (reader.offset < end) {
    const opcode = reader.u8();
    if (opcode >= opcodeBase) {
      state.advance += special(opcode);
      state.advanceLine(lineBase + ((opcode - opcodeBase) % lineRange));
      visitor.row(state);
      state.forgetMarks();
      continue;
    }
    switch (opcode) {
      case 0: {
        const length = reader.ulebAsNumber();
        const next = reader.offset + length;
        if (length === 0 || next > end) throw reader.error('an extended opcode leaves its unit');
        const extended = reader.u8();
        if (extended === DW_LNE_set_address) {
          if (length !== 9) throw reader.error(`an address of ${length - 1} bytes is not one of riscv64`);
          state.base = reader.address();
          state.advance = 0;
        }
        if (extended === DW_LNE_set_discriminator) {
          state.discriminator = reader.ulebAsNumber();
          if (state.discriminator !== 0) state.hasDiscriminator = true;
        }
        reader.seek(next);
        if (extended === DW_LNE_end_sequence) {
          if (visitor.end(state)) return;
          state = new LineState(header.defaultIsStatement, next);
        }
        break;
      }
      case DW_LNS_copy:
        visitor.row(state);
        state.forgetMarks();
        break;
      case DW_LNS_advance_pc:
        state.advance += reader.ulebAsNumber() * scale;
        break;
      case DW_LNS_advance_line:
        state.advanceLine(reader.slebAsNumber());
        break;
      case DW_LNS_set_file:
        state.file = reader.ulebAsNumber();
        break;
      case DW_LNS_set_column:
        state.column = reader.ulebAsNumber();
        break;
      case DW_LNS_negate_stmt:
        state.isStatement = !state.isStatement;
        break;
      case DW_LNS_set_basic_block:
      case DW_LNS_set_epilogue_begin:
        break;
      case DW_LNS_const_add_pc:
        state.advance += special(255);
        break;
      case DW_LNS_fixed_advance_pc:
        state.advance += reader.u16();
        break;
      case DW_LNS_set_prologue_end:
        state.prologueEnd = true;
        break;
      default:
        for (let operands = opcodeLengths[opcode]!; operands > 0; operands--) reader.skipLeb();
    }
    if (!Number.isSafeInteger(state.advance)) throw reader.error('a line program advances too far');
  }
}

const DW_LNE_end_sequence = 1;
const DW_LNE_set_address = 2;
const DW_LNE_set_discriminator = 4;
const DW_LNS_copy = 1;
const DW_LNS_advance_pc = 2;
const DW_LNS_advance_line = 3;
const DW_LNS_set_file = 4;
const DW_LNS_set_column = 5;
const DW_LNS_negate_stmt = 6;
const DW_LNS_set_basic_block = 7;
const DW_LNS_const_add_pc = 8;
const DW_LNS_fixed_advance_pc = 9;
const DW_LNS_set_prologue_end = 10;
const DW_LNS_set_epilogue_begin = 11;
