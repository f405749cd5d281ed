import type { ByteReader } from '../elf/byte-reader';
import type { LineHeader } from './line-header';

/** A row as the line program makes it; `file` is a number of the header's table. */
export interface RawRow {
  readonly address: bigint;
  readonly file: number;
  readonly line: number;
  readonly column: number;
  readonly isStatement: boolean;
  readonly prologueEnd: boolean;
}

/** Rows of consecutive addresses; the code of the last one ends before `end`. */
export interface Sequence {
  readonly rows: readonly RawRow[];
  readonly end: bigint;
}

/**
 * Runs a unit's line program (DWARF 5, sections 6.2.2 and 6.2.5) and hands over each finished sequence. Throws ProgramError
 * where it is corrupt; sequences handed over before that are good.
 */
export function runLineProgram(reader: ByteReader, header: LineHeader, found: (sequence: Sequence) => void): void {
  let state = initialState(header);
  let rows: RawRow[] = [];
  const append = (): void => {
    const { address, file, line, column, isStatement, prologueEnd } = state;
    rows.push({ address, file, line, column, isStatement, prologueEnd });
    state.prologueEnd = false;
  };
  const advance = (operation: number | bigint): void => {
    state.address = BigInt.asUintN(64, state.address + BigInt(operation) * header.minimumInstructionLength);
  };
  const adjusted = (opcode: number): number => opcode - header.opcodeBase;
  const special = (opcode: number): number => {
    if (header.lineRange === 0) throw reader.error('a line table has a line range of 0');
    return Math.floor(adjusted(opcode) / header.lineRange);
  };

  reader.seek(header.programStart);
  while (reader.offset < header.end) {
    const opcode = reader.u8();
    if (opcode >= header.opcodeBase) {
      advance(special(opcode));
      state.line += header.lineBase + (adjusted(opcode) % header.lineRange);
      append();
      continue;
    }
    switch (opcode) {
      case 0: {
        const length = reader.ulebAsNumber();
        const next = reader.offset + length;
        if (length === 0 || next > header.end) throw reader.error('an extended opcode leaves its unit');
        const extended = reader.u8();
        if (extended === DW_LNE_end_sequence) {
          found({ rows, end: state.address });
          rows = [];
          state = initialState(header);
        } else if (extended === DW_LNE_set_address) {
          if (length !== 9) throw reader.error(`an address of ${length - 1} bytes is not one of riscv64`);
          state.address = reader.u64();
        }
        reader.seek(next);
        break;
      }
      case DW_LNS_copy:
        append();
        break;
      case DW_LNS_advance_pc:
        advance(reader.uleb());
        break;
      case DW_LNS_advance_line:
        state.line += Number(BigInt.asIntN(32, reader.sleb()));
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
        advance(special(255));
        break;
      case DW_LNS_fixed_advance_pc:
        state.address = BigInt.asUintN(64, state.address + BigInt(reader.u16()));
        break;
      case DW_LNS_set_prologue_end:
        state.prologueEnd = true;
        break;
      default:
        for (let operands = header.opcodeLengths[opcode]!; operands > 0; operands--) reader.uleb();
    }
  }
}

const DW_LNE_end_sequence = 1;
const DW_LNE_set_address = 2;
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

function initialState(header: LineHeader): { -readonly [Key in keyof RawRow]: RawRow[Key] } {
  return { address: 0n, file: 1, line: 1, column: 0, isStatement: header.defaultIsStatement, prologueEnd: false };
}
