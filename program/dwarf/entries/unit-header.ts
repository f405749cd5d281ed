import type { ByteReader } from '../../elf/byte-reader';
import { readUnitLength } from '../line-header';

/** A unit's header (DWARF 5, section 7.5.1; versions 2 to 4 too). Offsets are in the section. */
export interface UnitHeader {
  readonly section: '.debug_info' | '.debug_types';
  readonly offset: number;
  readonly end: number;
  readonly version: number;
  readonly offsetSize: 4 | 8;
  readonly addressSize: number;
  readonly abbreviationsAt: number;
  readonly entriesAt: number;
  /** Of a skeleton and of what is split from it: what both have (DWARF 5, section 7.5.1.2). */
  readonly splitId?: bigint;
  /** Of a type unit: its signature, and where its type is. */
  readonly type?: { readonly signature: bigint; readonly offset: number };
}

/** Unit types that have a signature and a type, and those that have an id. */
const DW_UT_type = 0x02;
const DW_UT_split_type = 0x06;
const DW_UT_skeleton = 0x04;
const DW_UT_split_compile = 0x05;

/** Reads the header at the reader; only where it ends, if it is of another version. Throws ProgramError where it is corrupt. */
export function readUnitHeader(reader: ByteReader, section: UnitHeader['section']): UnitHeader | { readonly end: number } {
  const { offset } = reader;
  const { end, offsetSize } = readUnitLength(reader);
  const version = reader.u16();
  if (version < 2 || version > 5) return { end };
  const unitType = version >= 5 ? reader.u8() : section === '.debug_types' ? DW_UT_type : 1;
  const abbreviationsAt = version >= 5 ? undefined : reader.offsetOf(offsetSize);
  const addressSize = reader.u8();
  const base = { section, offset, end, version, offsetSize, addressSize, abbreviationsAt: abbreviationsAt ?? reader.offsetOf(offsetSize) };
  if (unitType === DW_UT_skeleton || unitType === DW_UT_split_compile) {
    const splitId = reader.u64();
    return { ...base, splitId, entriesAt: reader.offset };
  }
  if (unitType !== DW_UT_type && unitType !== DW_UT_split_type) return { ...base, entriesAt: reader.offset };
  const signature = reader.u64();
  const type = { signature, offset: offset + reader.offsetOf(offsetSize) };
  return { ...base, type, entriesAt: reader.offset };
}
