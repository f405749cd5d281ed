import type { ByteReader } from '../elf/byte-reader';
import { readUnitLength } from './line-header';

/** The sections that tell where a compiler was started. */
export interface UnitSections {
  readonly info: ByteReader | undefined;
  readonly abbreviations: ByteReader | undefined;
  readonly strings: ByteReader | undefined;
}

/**
 * The compilation folder (DW_AT_comp_dir) of each line table, by the table's offset in `.debug_line`. Line tables before version 5
 * do not have it themselves; their units are of DWARF 2 to 4. Throws ProgramError where the sections are corrupt.
 */
export function readCompilationFolders({ info, abbreviations, strings }: UnitSections): Map<number, string> {
  const folders = new Map<number, string>();
  while (info && abbreviations && !info.atEnd) {
    const { end, offsetSize } = readUnitLength(info);
    const version = info.u16();
    if (version >= 2 && version <= 4) {
      abbreviations.seek(readOffset(info, offsetSize));
      const reader = new AttributeReader(info, info.u8(), offsetSize, version, strings);
      const { table, folder } = readUnitEntry(reader, abbreviations);
      if (table !== undefined && folder !== undefined) folders.set(table, folder);
    }
    info.seek(end);
  }
  return folders;
}

const DW_AT_stmt_list = 0x10;
const DW_AT_comp_dir = 0x1b;

/** Reads the unit's first entry, whose abbreviation is the first of its table in practice, and is looked for in any case. */
function readUnitEntry(reader: AttributeReader, abbreviations: ByteReader): { table?: number; folder?: string } {
  const code = reader.info.ulebAsNumber();
  if (code === 0) return {};
  const found: { table?: number; folder?: string } = {};
  for (const { attribute, form } of findAbbreviation(abbreviations, code)) {
    const value = reader.read(form);
    if (attribute === DW_AT_stmt_list && typeof value === 'number') found.table = value;
    if (attribute === DW_AT_comp_dir && typeof value === 'string') found.folder = value;
  }
  return found;
}

interface AttributeForm {
  readonly attribute: number;
  readonly form: number;
}

function findAbbreviation(abbreviations: ByteReader, wanted: number): AttributeForm[] {
  for (;;) {
    const code = abbreviations.ulebAsNumber();
    if (code === 0) throw abbreviations.error(`there is no abbreviation ${wanted}`);
    abbreviations.uleb();
    abbreviations.u8();
    const attributes: AttributeForm[] = [];
    for (;;) {
      const attribute = abbreviations.ulebAsNumber();
      const form = abbreviations.ulebAsNumber();
      if (attribute === 0 && form === 0) break;
      attributes.push({ attribute, form });
    }
    if (code === wanted) return attributes;
  }
}

const DW_FORM_block2 = 0x03;
const DW_FORM_block4 = 0x04;
const DW_FORM_data4 = 0x06;
const DW_FORM_data8 = 0x07;
const DW_FORM_string = 0x08;
const DW_FORM_block = 0x09;
const DW_FORM_block1 = 0x0a;
const DW_FORM_strp = 0x0e;
const DW_FORM_sec_offset = 0x17;
const DW_FORM_exprloc = 0x18;

/** Bytes of the forms of a fixed size (DWARF 4, section 7.5.4) that are skipped. */
const fixedSizes = new Map([
  [0x05, 2],
  [0x0b, 1],
  [0x0c, 1],
  [0x11, 1],
  [0x12, 2],
  [0x13, 4],
  [0x14, 8],
  [0x19, 0],
  [0x20, 8],
]);
/** Forms of a LEB128: sdata, udata, ref_udata. */
const lebForms = new Set([0x0d, 0x0f, 0x15]);
const DW_FORM_addr = 0x01;
const DW_FORM_ref_addr = 0x10;

class AttributeReader {
  constructor(
    readonly info: ByteReader,
    private readonly addressSize: number,
    private readonly offsetSize: 4 | 8,
    private readonly version: number,
    private readonly strings: ByteReader | undefined,
  ) {}

  /** The value of a text or of an offset in another section; undefined for any other, which is skipped. */
  read(form: number): string | number | undefined {
    const { info } = this;
    switch (form) {
      case DW_FORM_string:
        return info.text();
      case DW_FORM_strp: {
        const offset = readOffset(info, this.offsetSize);
        this.strings?.seek(offset);
        return this.strings?.text();
      }
      case DW_FORM_sec_offset:
        return readOffset(info, this.offsetSize);
      case DW_FORM_data4:
        return info.u32();
      case DW_FORM_data8:
        return Number(info.u64());
      default:
        this.skip(form);
        return undefined;
    }
  }

  private skip(form: number): void {
    const { info } = this;
    const fixed = fixedSizes.get(form);
    if (fixed !== undefined) info.take(fixed);
    else if (lebForms.has(form)) info.uleb();
    else if (form === DW_FORM_addr) info.take(this.addressSize);
    else if (form === DW_FORM_ref_addr) info.take(this.version === 2 ? this.addressSize : this.offsetSize);
    else if (form === DW_FORM_block1) info.take(info.u8());
    else if (form === DW_FORM_block2) info.take(info.u16());
    else if (form === DW_FORM_block4) info.take(info.u32());
    else if (form === DW_FORM_block || form === DW_FORM_exprloc) info.take(info.ulebAsNumber());
    else throw info.error(`the form 0x${form.toString(16)} is not known`);
  }
}

function readOffset(reader: ByteReader, offsetSize: 4 | 8): number {
  return offsetSize === 8 ? reader.u64AsNumber() : reader.u32();
}
