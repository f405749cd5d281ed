import { encodeLeb128 } from '../leb128';
import { addressOf } from '../output-sections';
import { sizeOfSection } from '../relax';
import { distanceInside } from '../relocate';
import type { Section } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { isPlace } from '../symbols';
import { appendString, splitPath } from './debug-line';
import { debugSection } from './debug-sections';

const [DW_TAG_compile_unit, DW_TAG_subprogram] = [0x11, 0x2e];
const [DW_AT_name, DW_AT_stmt_list, DW_AT_low_pc, DW_AT_high_pc, DW_AT_language] = [0x03, 0x10, 0x11, 0x12, 0x13];
const [DW_AT_comp_dir, DW_AT_producer, DW_AT_external, DW_AT_ranges] = [0x1b, 0x25, 0x3f, 0x55];
const [DW_FORM_addr, DW_FORM_data2, DW_FORM_data8, DW_FORM_string, DW_FORM_flag, DW_FORM_sec_offset] = [0x01, 0x05, 0x07, 0x08, 0x0c, 0x17];
const DW_LANG_Mips_Assembler = 0x8001;
const [DW_RLE_end_of_list, DW_RLE_start_length] = [0, 7];

/** One compile unit (DWARF 5, section 3.1) with the source's name, its ranges of code and its functions. */
export function writeInfo(source: SourceAssembler, lines: Section): Section[] {
  const abbreviations = abbreviationSection();
  const ranges = rangeSection(source);
  const info = debugSection('.debug_info');
  const { fixed } = info;
  const { span } = source;
  const reference = (section: Section, size: number, offset = 0) => {
    info.fixups.push({
      kind: 'data',
      place: info.here(),
      size,
      expression: { kind: 'place', place: { section, fragment: 0, offset } },
      span,
    });
    fixed.skip(size);
  };
  fixed.append32(0);
  fixed.append16(5);
  fixed.append(Uint8Array.of(1, 8));
  reference(abbreviations, 4);
  const { directory, name } = splitPath(source.path);
  fixed.append(Uint8Array.of(1));
  reference(lines, 4);
  appendString(fixed, name);
  appendString(fixed, directory);
  appendString(fixed, 'riscv-ftrace');
  fixed.append16(DW_LANG_Mips_Assembler);
  fixed.appendValue(0n, 8);
  reference(ranges, 4, rangeListOffset);
  for (const symbol of source.symbols.all) {
    const { definition, size } = symbol;
    if (symbol.type !== 'function' || !definition || !isPlace(definition) || !definition.section.isCode) continue;
    fixed.appendByte(2);
    appendString(fixed, symbol.name);
    fixed.appendValue(addressOf(definition), 8);
    const known = size ? distanceInside(size) : 0;
    if (known !== undefined) fixed.appendNumber(known, 8);
    else {
      info.fixups.push({ kind: 'data', place: info.here(), size: 8, expression: size!, span });
      fixed.skip(8);
    }
    fixed.appendByte(symbol.binding === 'global' || symbol.binding === 'weak' ? 1 : 0);
  }
  fixed.append(Uint8Array.of(0));
  new DataView(fixed.bytes.buffer, fixed.bytes.byteOffset).setUint32(0, fixed.length - 4, true);
  return [info, abbreviations, ranges];
}

function abbreviationSection(): Section {
  const section = debugSection('.debug_abbrev');
  const add = (code: number, tag: number, children: boolean, attributes: readonly (readonly [number, number])[]) => {
    const pairs = attributes.flatMap(([name, form]) => [...encodeLeb128(BigInt(name), false), form]);
    section.fixed.append(Uint8Array.of(code, tag, children ? 1 : 0, ...pairs, 0, 0));
  };
  add(1, DW_TAG_compile_unit, true, [
    [DW_AT_stmt_list, DW_FORM_sec_offset],
    [DW_AT_name, DW_FORM_string],
    [DW_AT_comp_dir, DW_FORM_string],
    [DW_AT_producer, DW_FORM_string],
    [DW_AT_language, DW_FORM_data2],
    [DW_AT_low_pc, DW_FORM_addr],
    [DW_AT_ranges, DW_FORM_sec_offset],
  ]);
  add(2, DW_TAG_subprogram, false, [
    [DW_AT_name, DW_FORM_string],
    [DW_AT_low_pc, DW_FORM_addr],
    [DW_AT_high_pc, DW_FORM_data8],
    [DW_AT_external, DW_FORM_flag],
  ]);
  section.fixed.append(Uint8Array.of(0));
  return section;
}

/** The bytes of a range list table's header (DWARF 5, section 7.28) without an offset table. */
const rangeListOffset = 12;

function rangeSection(source: SourceAssembler): Section {
  const section = debugSection('.debug_rnglists');
  const { fixed } = section;
  fixed.append32(0);
  fixed.append16(5);
  fixed.append(Uint8Array.of(8, 0));
  fixed.append32(0);
  for (const code of source.sections.values()) {
    const size = sizeOfSection(code);
    if (!code.isCode || size === 0) continue;
    fixed.append(Uint8Array.of(DW_RLE_start_length));
    section.fixups.push({
      kind: 'data',
      place: section.here(),
      size: 8,
      expression: { kind: 'place', place: { section: code, fragment: 0, offset: 0 } },
      span: source.span,
    });
    fixed.skip(8);
    fixed.append(encodeLeb128(BigInt(size), false));
  }
  fixed.append(Uint8Array.of(DW_RLE_end_of_list));
  new DataView(fixed.bytes.buffer, fixed.bytes.byteOffset).setUint32(0, fixed.length - 4, true);
  return section;
}
