import type { ByteReader } from '../../elf/byte-reader';
import { Form } from './constants';

/** The shape of entries: what of them `.debug_abbrev` has once for many (DWARF 5, section 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeShape[];
}

export interface AttributeShape {
  readonly attribute: number;
  readonly form: number;
  /** The value itself, of form implicit_const. */
  readonly constant?: bigint;
}

/** The abbreviations that start at an offset, by code. Throws ProgramError where they are corrupt. */
export function readAbbreviations(reader: ByteReader, offset: number): Map<number, Abbreviation> {
  reader.seek(offset);
  const abbreviations = new Map<number, Abbreviation>();
  for (let code = reader.ulebAsNumber(); code !== 0; code = reader.ulebAsNumber()) {
    const tag = reader.ulebAsNumber();
    const hasChildren = reader.u8() !== 0;
    const attributes = readShapes(reader);
    if (!abbreviations.has(code)) abbreviations.set(code, { tag, hasChildren, attributes });
    if (reader.atEnd) break;
  }
  return abbreviations;
}

function readShapes(reader: ByteReader): AttributeShape[] {
  const attributes: AttributeShape[] = [];
  for (;;) {
    const attribute = reader.ulebAsNumber();
    const form = reader.ulebAsNumber();
    if (form === Form.implicit_const) attributes.push({ attribute, form, constant: reader.sleb() });
    else if (attribute !== 0 || form !== 0) attributes.push({ attribute, form });
    else return attributes;
  }
}
