import type { ByteReader } from '../../elf/byte-reader';
import { ProgramError } from '../../program-error';
import type { LocationUnit } from '../location/evaluate-location';
import type { StackType } from '../location/stack-value';
import { type Abbreviation, Abbreviations } from './abbreviations';
import { type FormContext, type RawValue, readForm, skipForm } from './attribute-forms';
import { At, Encoding, Form, Tag } from './constants';
import { Entry } from './entry';
import { orNothing } from './or-nothing';
import type { UnitHeader } from './unit-header';

/** What a unit reads from beside its own bytes. */
export interface UnitHost {
  /** Of units that are split from the program: the unit that the program has for them. */
  readonly skeleton?: Unit | undefined;
  /** A new reader of a section; undefined where there is none. */
  reader(section: string): ByteReader | undefined;
  /** The entry at an offset of `.debug_info`. */
  entryAt(offset: number): Entry | undefined;
  /** The type of a type unit by its signature. */
  typeOf(signature: bigint): Entry | undefined;
}

/** A unit of `.debug_info`: its entries are parsed when asked for, and kept. */
export class Unit implements LocationUnit, FormContext {
  private shapes: Abbreviations | undefined;
  private parsed: ParsedUnit | undefined;
  private first: Entry | undefined;
  /** For values that are read at once: texts, offsets and addresses, of which there are many. */
  private readonly readers = new Map<string, ByteReader | undefined>();

  constructor(
    readonly header: UnitHeader,
    private readonly host: UnitHost,
  ) {}

  get version(): number {
    return this.header.version;
  }
  get addressSize(): number {
    return this.header.addressSize;
  }
  get offsetSize(): 4 | 8 {
    return this.header.offsetSize;
  }
  get offset(): number {
    return this.header.offset;
  }

  /** What says where the unit's code, addresses and lines are: itself, or the skeleton that the program has of it. */
  get linked(): Unit {
    return this.host.skeleton ?? this;
  }

  get isSplit(): boolean {
    return this.host.skeleton !== undefined;
  }

  /** The address that its offsets start from, until a list names another. */
  get baseAddress(): bigint {
    return this.linked.root.address(At.low_pc) ?? this.bias;
  }

  /** What is added to the addresses in its sections, where the program is position-independent. */
  get bias(): bigint {
    return this.linked.info().bias;
  }

  /** The entry at an offset of the `.debug_info` that the unit is in. */
  entryInFile(offset: number): Entry | undefined {
    return this.host.entryAt(offset);
  }

  /** The unit's own entry, without its children. Throws ProgramError where it is corrupt. */
  get root(): Entry {
    this.first ??= this.readEntry(this.info(), undefined);
    if (!this.first) throw new ProgramError('a unit has no entry');
    return this.first;
  }

  /** The unit's own entry with everything below it. */
  get tree(): Entry {
    return this.parse().root;
  }

  /** The entry that starts at an offset of `.debug_info`. */
  entryAt(offset: number): Entry | undefined {
    return this.parse().byOffset.get(offset);
  }

  get isCplusplus(): boolean {
    return cplusplusLanguages.has(this.root.number(At.language) ?? 0);
  }

  /** It describes an assembler's source, which has no types. */
  get isAssembly(): boolean {
    return orNothing(() => this.root.number(At.language)) === assemblerLanguage;
  }

  /** A reader at the unit's first entry. */
  info(): ByteReader {
    const reader = this.host.reader(this.header.section)!;
    reader.seek(this.header.entriesAt);
    return reader;
  }

  section(name: string): ByteReader | undefined {
    return this.host.reader(name);
  }

  /** The shape of an abbreviation code. Throws ProgramError where there is none. */
  shapeOf(code: number, reader: ByteReader): Abbreviation {
    this.shapes ??= this.openShapes();
    const shape = this.shapes.of(code);
    if (!shape) throw reader.error(`there is no abbreviation ${code}`);
    return shape;
  }

  readAttributes(at: number, shape: Abbreviation): RawValue[] {
    const reader = this.info();
    reader.seek(at);
    return shape.attributes.map(({ form, constant }) => readForm(reader, form, this, constant));
  }

  skipAttributes(reader: ByteReader, shape: Abbreviation): void {
    if (shape.size !== undefined) reader.take(shape.size);
    else for (const { form } of shape.attributes) skipForm(reader, form, this);
  }

  text({ form, value }: RawValue): string | undefined {
    if (typeof value === 'string') return value;
    if (typeof value !== 'number') return undefined;
    if (form === Form.strp) return this.textAt('.debug_str', value);
    if (form === Form.line_strp) return this.textAt('.debug_line_str', value);
    return stringIndexForms.has(form) ? this.textOfIndex(value) : undefined;
  }

  isAddressIndex(form: number): boolean {
    return addressIndexForms.has(form);
  }

  address({ form, value }: RawValue): bigint | undefined {
    if (form === Form.addr && typeof value === 'bigint') return value;
    return this.isAddressIndex(form) && typeof value === 'number' ? this.addressAt(value) : undefined;
  }

  addressAt(index: number): bigint {
    const { root } = this.linked;
    const base = root.number(At.addr_base) ?? root.number(At.GNU_addr_base) ?? (this.version >= 5 ? 8 : 0);
    const reader = this.shared('.debug_addr');
    if (!reader) throw new ProgramError('it refers to .debug_addr, which the file does not have');
    reader.seek(base + index * this.addressSize);
    return reader.address();
  }

  entryOf({ form, value }: RawValue): Entry | undefined {
    if (form === Form.ref_sig8) return typeof value === 'bigint' ? this.host.typeOf(value) : undefined;
    if (typeof value !== 'number') return undefined;
    if (form === Form.ref_addr) return this.host.entryAt(value);
    return localReferences.has(form) ? this.entryAt(this.offset + value) : undefined;
  }

  baseTypeAt(offset: number): StackType {
    const entry = this.entryAt(this.offset + offset);
    const size = entry?.number(At.byte_size);
    if (entry?.tag !== Tag.base_type || size === undefined || size < 1 || size > 16) throw new ProgramError('it names no base type');
    const encoding = entry.number(At.encoding);
    if (encoding === Encoding.float) return { size, encoding: 'float' };
    return { size, encoding: encoding === Encoding.signed || encoding === Encoding.signed_char ? 'signed' : 'unsigned' };
  }

  expressionAt(die: number): Uint8Array | undefined {
    return this.host.entryAt(die)?.block(At.location);
  }

  private openShapes(): Abbreviations {
    const reader = this.host.reader('.debug_abbrev');
    if (!reader) throw new ProgramError('there is no section .debug_abbrev');
    return new Abbreviations(reader, this.header.abbreviationsAt, this);
  }

  private textOfIndex(index: number): string | undefined {
    const base = this.root.number(At.str_offsets_base) ?? (this.version < 5 ? 0 : this.offsetSize === 8 ? 16 : 8);
    const offsets = this.shared('.debug_str_offsets');
    if (!offsets) return undefined;
    offsets.seek(base + index * this.offsetSize);
    return this.textAt('.debug_str', offsets.offsetOf(this.offsetSize));
  }

  private textAt(section: string, offset: number): string | undefined {
    const reader = this.shared(section);
    reader?.seek(offset);
    return reader?.text();
  }

  private shared(section: string): ByteReader | undefined {
    if (!this.readers.has(section)) this.readers.set(section, this.host.reader(section));
    return this.readers.get(section);
  }

  private parse(): ParsedUnit {
    this.parsed ??= this.parseEntries();
    return this.parsed;
  }

  private parseEntries(): ParsedUnit {
    const reader = this.info();
    const byOffset = new Map<number, Entry>();
    let parent: Entry | undefined;
    while (reader.offset < this.header.end) {
      const entry = this.readEntry(reader, parent);
      if (!entry) parent = parent?.parent;
      else {
        byOffset.set(entry.offset, entry);
        parent?.adopt(entry);
        if (entry.hasChildren) parent = entry;
      }
      if (!parent) break;
    }
    const root = byOffset.get(this.header.entriesAt);
    if (!root) throw new ProgramError('a unit has no entry');
    return { root, byOffset };
  }

  /** Reads the entry at the reader and leaves it after its attributes; undefined at the end of a list of children. */
  private readEntry(reader: ByteReader, parent: Entry | undefined): Entry | undefined {
    const { offset } = reader;
    const code = reader.ulebAsNumber();
    if (code === 0) return undefined;
    const shape = this.shapeOf(code, reader);
    const entry = new Entry(this, offset, shape, parent, reader.offset);
    this.skipAttributes(reader, shape);
    return entry;
  }
}

interface ParsedUnit {
  readonly root: Entry;
  readonly byOffset: ReadonlyMap<number, Entry>;
}

const stringIndexForms: ReadonlySet<number> = new Set([Form.strx, Form.strx1, Form.strx2, Form.strx3, Form.strx4, Form.GNU_str_index]);
const addressIndexForms: ReadonlySet<number> = new Set([
  Form.addrx,
  Form.addrx1,
  Form.addrx2,
  Form.addrx3,
  Form.addrx4,
  Form.GNU_addr_index,
]);
const localReferences: ReadonlySet<number> = new Set([Form.ref1, Form.ref2, Form.ref4, Form.ref8, Form.ref_udata]);
/** DW_LANG_Mips_Assembler, which GNU as and LLVM use for any. */
const assemblerLanguage = 0x8001;
/** DW_LANG_C_plus_plus and its later standards. */
const cplusplusLanguages: ReadonlySet<number> = new Set([0x04, 0x1a, 0x21, 0x2b, 0x3a]);
