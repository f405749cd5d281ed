import type { ByteReader } from '../elf/byte-reader';

/** The header of one unit's line program (DWARF 5, section 6.2.4; versions 2 to 4 too). */
export interface LineHeader {
  readonly version: number;
  /** Where the unit and where its line program start, as offsets in the section; the program ends with the unit. */
  readonly offset: number;
  readonly programStart: number;
  readonly end: number;
  readonly minimumInstructionLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Number of LEB128 operands by opcode, for standard opcodes that are not known. */
  readonly opcodeLengths: readonly number[];
  /** Folders by number; number 0 is the compilation folder, undefined where only `.debug_info` has it (before version 5). */
  readonly folders: readonly (string | undefined)[];
  /** Files by the number that the line program uses. */
  readonly files: readonly (LineFile | undefined)[];
}

export interface LineFile {
  readonly name: string;
  readonly folder: number;
}

/** Texts that line tables of version 5 refer to. */
export interface StringSections {
  readonly lineStrings: ByteReader | undefined;
  readonly strings: ByteReader | undefined;
}

/** Where the unit at the reader's offset ends, and whether it is of the 64-bit format. Leaves the reader after the length. */
export function readUnitLength(reader: ByteReader): { end: number; offsetSize: 4 | 8 } {
  const start = reader.offset;
  const length = reader.u32();
  const wide = length === 0xffffffff;
  if (!wide && length >= 0xfffffff0) throw reader.error(`a unit length of 0x${length.toString(16)} is reserved`, start);
  const size = wide ? reader.u64AsNumber() : length;
  if (size > reader.size - reader.offset) throw reader.error('a unit is longer than its section', start);
  return { end: reader.offset + size, offsetSize: wide ? 8 : 4 };
}

/** Reads a header after its unit length. Throws ProgramError where it is corrupt or of another version. */
export function readLineHeader(reader: ByteReader, offset: number, end: number, offsetSize: 4 | 8, strings: StringSections): LineHeader {
  const version = reader.u16();
  if (version < 2 || version > 5) throw reader.error(`line tables of version ${version} are not known`, reader.offset - 2);
  if (version >= 5) reader.take(2);
  const headerLength = readOffset(reader, offsetSize);
  const programStart = reader.offset + headerLength;
  if (programStart > end) throw reader.error('a line table header is longer than its unit', reader.offset);
  const minimumInstructionLength = reader.u8();
  if (version >= 4) reader.u8();
  const defaultIsStatement = reader.u8() !== 0;
  const lineBase = (reader.u8() << 24) >> 24;
  const lineRange = reader.u8();
  const opcodeBase = reader.u8();
  const opcodeLengths = [0];
  for (let opcode = 1; opcode < opcodeBase; opcode++) opcodeLengths.push(reader.u8());
  const tables = version >= 5 ? readEntryTables(reader, offsetSize, strings) : readOldTables(reader);
  return {
    version,
    offset,
    programStart,
    end,
    minimumInstructionLength,
    defaultIsStatement,
    lineBase,
    lineRange,
    opcodeBase,
    opcodeLengths,
    ...tables,
  };
}

type Tables = Pick<LineHeader, 'folders' | 'files'>;

function readOldTables(reader: ByteReader): Tables {
  const folders: (string | undefined)[] = [undefined];
  for (let folder = reader.text(); folder !== ''; folder = reader.text()) folders.push(folder);
  const files: (LineFile | undefined)[] = [undefined];
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    const folder = reader.ulebAsNumber();
    reader.uleb();
    reader.uleb();
    files.push({ name, folder });
  }
  return { folders, files };
}

function readEntryTables(reader: ByteReader, offsetSize: 4 | 8, strings: StringSections): Tables {
  const folders = readEntries(reader, offsetSize, strings).map(({ name }) => name);
  const files = readEntries(reader, offsetSize, strings);
  return { folders, files };
}

/** Content types and forms (DWARF 5, sections 7.22 and 7.5.6). */
const DW_LNCT_path = 1;
const DW_LNCT_directory_index = 2;
const DW_FORM_data2 = 0x05;
const DW_FORM_data4 = 0x06;
const DW_FORM_data8 = 0x07;
const DW_FORM_string = 0x08;
const DW_FORM_block = 0x09;
const DW_FORM_data1 = 0x0b;
const DW_FORM_strp = 0x0e;
const DW_FORM_udata = 0x0f;
const DW_FORM_data16 = 0x1e;
const DW_FORM_line_strp = 0x1f;

function readEntries(reader: ByteReader, offsetSize: 4 | 8, strings: StringSections): LineFile[] {
  const formats: { content: number; form: number }[] = [];
  for (let left = reader.u8(); left > 0; left--) formats.push({ content: reader.ulebAsNumber(), form: reader.ulebAsNumber() });
  const countOffset = reader.offset;
  const count = reader.ulebAsNumber();
  if (count > reader.size - reader.offset || (count > 0 && formats.length === 0)) {
    throw reader.error(`a table of ${count} entries does not fit`, countOffset);
  }
  return Array.from({ length: count }, () => {
    let name = '';
    let folder = 0;
    for (const { content, form } of formats) {
      const value = readForm(reader, form, offsetSize, strings);
      if (content === DW_LNCT_path && typeof value === 'string') name = value;
      if (content === DW_LNCT_directory_index && typeof value === 'number') folder = value;
    }
    return { name, folder };
  });
}

function readForm(reader: ByteReader, form: number, offsetSize: 4 | 8, strings: StringSections): string | number | undefined {
  switch (form) {
    case DW_FORM_string:
      return reader.text();
    case DW_FORM_line_strp:
      return textAt(reader, readOffset(reader, offsetSize), strings.lineStrings, '.debug_line_str');
    case DW_FORM_strp:
      return textAt(reader, readOffset(reader, offsetSize), strings.strings, '.debug_str');
    case DW_FORM_udata:
      return reader.ulebAsNumber();
    case DW_FORM_data1:
      return reader.u8();
    case DW_FORM_data2:
      return reader.u16();
    case DW_FORM_data4:
      return reader.u32();
    case DW_FORM_data8:
      reader.take(8);
      return undefined;
    case DW_FORM_data16:
      reader.take(16);
      return undefined;
    case DW_FORM_block:
      reader.take(reader.ulebAsNumber());
      return undefined;
    default:
      throw reader.error(`the form 0x${form.toString(16)} is not known in a line table`);
  }
}

function textAt(reader: ByteReader, offset: number, section: ByteReader | undefined, name: string): string {
  if (!section) throw reader.error(`it refers to ${name}, which the file does not have`);
  section.seek(offset);
  return section.text();
}

function readOffset(reader: ByteReader, offsetSize: 4 | 8): number {
  return offsetSize === 8 ? reader.u64AsNumber() : reader.u32();
}
