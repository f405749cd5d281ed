import type { Abbreviation } from './abbreviations';
import type { RawValue } from './attribute-forms';
import { At, Form, Tag } from './constants';
import { orNothing } from './or-nothing';
import type { Unit } from './unit';

/**
 * A debugging information entry (DWARF 5, section 2.1): a function, a variable, a type. Its attributes are read when asked for; one
 * that is corrupt counts as not there.
 */
export class Entry {
  private own: Entry[] | undefined;
  private values: readonly RawValue[] | undefined;
  /** Its code, kept by those who read it. */
  codeRanges: readonly { readonly start: bigint; readonly end: bigint }[] | undefined;

  constructor(
    readonly unit: Unit,
    /** Where it is in `.debug_info`. */
    readonly offset: number,
    private readonly shape: Abbreviation,
    readonly parent: Entry | undefined,
    private readonly attributesAt: number,
  ) {}

  get tag(): number {
    return this.shape.tag;
  }

  get children(): readonly Entry[] {
    return this.own ?? childless;
  }

  /** Adds a child; for the unit that parses it. */
  adopt(child: Entry): void {
    if (this.own) this.own.push(child);
    else this.own = [child];
  }

  get hasChildren(): boolean {
    return this.shape.hasChildren;
  }

  has(attribute: number): boolean {
    return this.shape.attributes.some((each) => each.attribute === attribute);
  }

  /** The value as it is in the file; undefined where the entry has no such attribute. */
  raw(attribute: number): RawValue | undefined {
    const index = this.shape.attributes.findIndex((each) => each.attribute === attribute);
    if (index < 0) return undefined;
    this.values ??= orNothing(() => this.unit.readAttributes(this.attributesAt, this.shape)) ?? [];
    return this.values[index];
  }

  text(attribute: number): string | undefined {
    const raw = this.raw(attribute);
    return raw && orNothing(() => this.unit.text(raw));
  }

  /** GCC says the name that a class without one has by its typedef in its linkage name only. */
  get name(): string | undefined {
    return this.text(At.name) ?? (this.isClass ? nameOfMangledType(this.text(At.linkage_name)) : undefined);
  }

  private get isClass(): boolean {
    return this.tag === Tag.class_type || this.tag === Tag.structure_type || this.tag === Tag.union_type;
  }

  /** A constant as its form has it: data forms are unsigned. */
  constant(attribute: number): bigint | undefined {
    const value = this.raw(attribute)?.value;
    return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(value) : undefined;
  }

  /** A constant that counts something. */
  number(attribute: number): number | undefined {
    const value = this.constant(attribute);
    return value === undefined ? undefined : Number(value);
  }

  flag(attribute: number): boolean {
    const value = this.raw(attribute)?.value;
    return value !== undefined && value !== 0;
  }

  address(attribute: number): bigint | undefined {
    const raw = this.raw(attribute);
    return raw && orNothing(() => this.unit.address(raw));
  }

  /** The bytes of a location expression or block. */
  block(attribute: number): Uint8Array | undefined {
    const value = this.raw(attribute)?.value;
    return value instanceof Uint8Array ? value : undefined;
  }

  reference(attribute: number): Entry | undefined {
    const raw = this.raw(attribute);
    return raw && orNothing(() => this.unit.entryOf(raw));
  }

  /**
   * The entry that has an attribute: this one or what it completes, its abstract instance or its declaration (DWARF 5, sections
   * 2.13.2 and 3.3.8).
   */
  holderOf(attribute: number): Entry | undefined {
    let entry: Entry | undefined = this;
    for (let depth = 0; entry && depth < deepestOrigin; depth++) {
      if (entry.has(attribute)) return entry;
      entry = entry.origin;
    }
    return undefined;
  }

  /** What this entry completes. */
  get origin(): Entry | undefined {
    return this.reference(At.abstract_origin) ?? this.reference(At.specification);
  }

  /** The name, also where only what it completes has it. */
  get fullName(): string | undefined {
    return (this.holderOf(At.name) ?? this).name;
  }

  /** The entry of its type; undefined where that is void. */
  get type(): Entry | undefined {
    return this.holderOf(At.type)?.reference(At.type);
  }

  /** Where its code ends, which may be given as a size. */
  get highPc(): bigint | undefined {
    const raw = this.raw(At.high_pc);
    const low = this.address(At.low_pc);
    if (!raw || low === undefined) return undefined;
    const isAddress = raw.form === Form.addr || this.unit.isAddressIndex(raw.form);
    if (isAddress) return this.address(At.high_pc);
    return typeof raw.value === 'bigint' || typeof raw.value === 'number' ? low + BigInt(raw.value) : undefined;
  }
}

/** The last name of a type as the linker has it: `t2` of `N1X2t2E` (Itanium C++ ABI, "Mangling"). */
function nameOfMangledType(mangled: string | undefined): string | undefined {
  const end = mangled?.startsWith('N') ? mangled.length - 1 : mangled?.length;
  const tail = mangled?.slice(0, end).slice(-longestName);
  for (const { 0: length, index } of tail?.matchAll(/(?<!\d)\d+/g) ?? []) {
    const name = tail!.slice(index + length.length);
    if (name.length === Number(length)) return name;
  }
  return undefined;
}

const longestName = 1000;
const childless: readonly Entry[] = [];
/** An inlined copy of an out-of-line copy of a declaration has three; a corrupt file has cycles. */
const deepestOrigin = 8;
