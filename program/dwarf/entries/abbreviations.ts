import type { ByteReader } from '../../elf/byte-reader';
import { type FormContext, fixedSize } from './attribute-forms';
import { Form } from './constants';

/** The shape of entries: what of them `.debug_abbrev` has once for many (DWARF 5, section 7.5.3). */
export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly AttributeShape[];
  /** Bytes that the values of all attributes take; undefined where that depends on the values. */
  readonly size: number | undefined;
}

export interface AttributeShape {
  readonly attribute: number;
  readonly form: number;
  /** The value itself, of form implicit_const. */
  readonly constant?: bigint;
}

/** The abbreviations that start at an offset, for units of a kind; read as far as the one that is asked for. */
export class Abbreviations {
  private readonly known = new Map<number, Abbreviation>();
  private ended = false;

  constructor(
    private readonly reader: ByteReader,
    offset: number,
    private readonly context: FormContext,
  ) {
    reader.seek(offset);
  }

  /** The one of a code; undefined where there is none. Throws ProgramError where they are corrupt. */
  of(code: number): Abbreviation | undefined {
    while (!this.ended && !this.known.has(code)) this.readNext();
    return this.known.get(code);
  }

  private readNext(): void {
    const reader = this.reader;
    const code = reader.ulebAsNumber();
    if (code === 0) {
      this.ended = true;
      return;
    }
    const tag = reader.ulebAsNumber();
    const hasChildren = reader.u8() !== 0;
    const attributes = readShapes(reader);
    if (!this.known.has(code)) this.known.set(code, { tag, hasChildren, attributes, size: sizeOf(attributes, this.context) });
    if (reader.atEnd) this.ended = true;
  }
}

function sizeOf(attributes: readonly AttributeShape[], context: FormContext): number | undefined {
  let sum = 0;
  for (const { form } of attributes) {
    const size = fixedSize(form, context);
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
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
