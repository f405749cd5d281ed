import type { ByteReader } from '../../elf/byte-reader';
import { Form } from './constants';

/** What the reading of a form depends on. */
export interface FormContext {
  readonly version: number;
  readonly addressSize: number;
  readonly offsetSize: 4 | 8;
}

/**
 * An attribute's value as the entry has it, with its form, by which it is understood: an index, an offset and an address are all
 * numbers. Integers are bigint where they may need it.
 */
export interface RawValue {
  readonly form: number;
  readonly value: bigint | number | string | Uint8Array;
}

/** Reads a value. Throws ProgramError where its form is not known or its bytes are not all there. */
export function readForm(reader: ByteReader, form: number, context: FormContext, constant = 0n): RawValue {
  if (form === Form.indirect) {
    const actual = reader.ulebAsNumber();
    if (actual === Form.indirect) throw reader.error('a form is indirect twice');
    return readForm(reader, actual, context);
  }
  return { form, value: readValue(reader, form, context, constant) };
}

export function skipForm(reader: ByteReader, form: number, context: FormContext): void {
  const size = fixedSize(form, context);
  if (size !== undefined) reader.take(size);
  else if (lebForms.has(form)) reader.skipLeb();
  else if (form === Form.string) reader.skipText();
  else if (blockForms.has(form)) reader.take(blockSize(reader, form));
  else if (form === Form.indirect) skipForm(reader, reader.ulebAsNumber(), context);
  else throw unknownForm(reader, form);
}

/** Bytes of a form whose size does not depend on the value. */
export function fixedSize(form: number, { version, addressSize, offsetSize }: FormContext): number | undefined {
  if (form === Form.addr) return addressSize;
  if (form === Form.ref_addr) return version === 2 ? addressSize : offsetSize;
  return offsetForms.has(form) ? offsetSize : fixedSizes.get(form);
}

const fixedSizes: ReadonlyMap<number, number> = new Map<number, number>([
  [Form.data1, 1],
  [Form.data2, 2],
  [Form.data4, 4],
  [Form.data8, 8],
  [Form.data16, 16],
  [Form.flag, 1],
  [Form.flag_present, 0],
  [Form.implicit_const, 0],
  [Form.ref1, 1],
  [Form.ref2, 2],
  [Form.ref4, 4],
  [Form.ref8, 8],
  [Form.ref_sig8, 8],
  [Form.ref_sup4, 4],
  [Form.ref_sup8, 8],
  [Form.strx1, 1],
  [Form.strx2, 2],
  [Form.strx3, 3],
  [Form.strx4, 4],
  [Form.addrx1, 1],
  [Form.addrx2, 2],
  [Form.addrx3, 3],
  [Form.addrx4, 4],
]);
const offsetForms: ReadonlySet<number> = new Set([Form.sec_offset, Form.strp, Form.line_strp, Form.strp_sup]);
const lebForms: ReadonlySet<number> = new Set([
  Form.sdata,
  Form.udata,
  Form.ref_udata,
  Form.strx,
  Form.addrx,
  Form.loclistx,
  Form.rnglistx,
  Form.GNU_addr_index,
  Form.GNU_str_index,
]);
const blockForms: ReadonlySet<number> = new Set([Form.block, Form.block1, Form.block2, Form.block4, Form.exprloc]);

function blockSize(reader: ByteReader, form: number): number {
  switch (form) {
    case Form.block1:
      return reader.u8();
    case Form.block2:
      return reader.u16();
    case Form.block4:
      return reader.u32();
    default:
      return reader.ulebAsNumber();
  }
}

function readValue(reader: ByteReader, form: number, context: FormContext, constant: bigint): RawValue['value'] {
  if (blockForms.has(form)) return reader.slice(blockSize(reader, form));
  if (offsetForms.has(form)) return reader.offsetOf(context.offsetSize);
  switch (form) {
    case Form.addr:
      return context.addressSize === 8 ? reader.address() : BigInt(reader.u32());
    case Form.ref_addr:
      return fixedSize(form, context) === 8 ? reader.u64AsNumber() : reader.u32();
    case Form.string:
      return reader.text();
    case Form.sdata:
      return reader.sleb();
    case Form.udata:
      return reader.uleb();
    case Form.ref_udata:
    case Form.strx:
    case Form.addrx:
    case Form.loclistx:
    case Form.rnglistx:
    case Form.GNU_addr_index:
    case Form.GNU_str_index:
      return reader.ulebAsNumber();
    case Form.implicit_const:
      return constant;
    case Form.flag_present:
      return 1;
    case Form.data1:
    case Form.flag:
    case Form.ref1:
    case Form.strx1:
    case Form.addrx1:
      return reader.u8();
    case Form.data2:
    case Form.ref2:
    case Form.strx2:
    case Form.addrx2:
      return reader.u16();
    case Form.strx3:
    case Form.addrx3:
      return reader.u16() | (reader.u8() << 16);
    case Form.data4:
    case Form.ref4:
    case Form.ref_sup4:
    case Form.strx4:
    case Form.addrx4:
      return reader.u32();
    case Form.data8:
    case Form.ref_sig8:
      return reader.u64();
    case Form.ref8:
    case Form.ref_sup8:
      return reader.u64AsNumber();
    case Form.data16:
      return reader.slice(16);
    default:
      throw unknownForm(reader, form);
  }
}

function unknownForm(reader: ByteReader, form: number) {
  return reader.error(`the form 0x${form.toString(16)} is not known`);
}
