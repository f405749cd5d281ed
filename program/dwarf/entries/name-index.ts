import type { ByteReader } from '../../elf/byte-reader';
import { ProgramError } from '../../program-error';
import { countAtOrBelow, lastAtOrBelow } from '../../sorted';
import type { Abbreviation } from './abbreviations';
import { readForm, skipForm } from './attribute-forms';
import { canonicalName } from './canonical-name';
import { At, Form, Tag } from './constants';
import type { Unit } from './unit';

/** Instances of one template that are looked through. */
const mostInstances = 20_000;

/** Where entries of a name are in `.debug_info`. */
export class NameIndex {
  /** Most names have one entry, which then needs no list. */
  private readonly offsets = new Map<string, number | number[]>();
  private sorted: readonly string[] | undefined;

  add(name: string, offset: number): void {
    const known = this.offsets.get(name);
    if (known === undefined) this.offsets.set(name, offset);
    else if (typeof known === 'number') this.offsets.set(name, [known, offset]);
    else known.push(offset);
  }

  /** A name with template arguments is one in gdb's writing, which is not the compiler's. */
  offsetsOf(name: string): readonly number[] {
    const bracket = name.indexOf('<');
    if (bracket <= 0) return this.offsetsOfExact(name);
    const wanted = canonicalName(name);
    const alike = this.startingWith(name.slice(0, bracket + 1), mostInstances);
    return alike.filter((each) => canonicalName(each) === wanted).flatMap((each) => this.offsetsOfExact(each));
  }

  private offsetsOfExact(name: string): readonly number[] {
    const known = this.offsets.get(name) ?? [];
    return typeof known === 'number' ? [known] : known;
  }

  startingWith(start: string, limit: number): readonly string[] {
    this.sorted ??= [...this.offsets.keys()].sort((a, b) => (a < b ? -1 : 1));
    const found: string[] = [];
    const first = firstNotBelow(this.sorted, start);
    for (let index = first; found.length < limit && this.sorted[index]?.startsWith(start); index++) found.push(this.sorted[index]!);
    return found;
  }
}

function firstNotBelow(names: readonly string[], start: string): number {
  const ranks = (name: string) => (name < start ? 0 : 1);
  return countAtOrBelow(names, 0, ranks);
}

/**
 * Reads through the units without making entries of them: functions' insides and types' members are passed over. What they complete may
 * be in others of `all`.
 */
export function indexNames(units: readonly Unit[], all = units): NameIndex {
  const index = new NameIndex();
  for (const unit of units) {
    try {
      new Scan(unit, all, index).run();
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
    }
  }
  return index;
}

const named: ReadonlySet<number> = new Set([
  Tag.subprogram,
  Tag.variable,
  Tag.base_type,
  Tag.structure_type,
  Tag.class_type,
  Tag.union_type,
  Tag.enumeration_type,
  Tag.enumerator,
  Tag.typedef,
  Tag.namespace,
  Tag.unspecified_type,
]);
/** What has names of the program inside. */
const open: ReadonlySet<number> = new Set([
  Tag.compile_unit,
  Tag.partial_unit,
  Tag.type_unit,
  Tag.namespace,
  Tag.enumeration_type,
  Tag.structure_type,
  Tag.class_type,
  Tag.union_type,
]);

class Scan {
  private readonly reader: ByteReader;

  constructor(
    private readonly unit: Unit,
    private readonly units: readonly Unit[],
    private readonly index: NameIndex,
  ) {
    this.reader = unit.info();
  }

  run(): void {
    const { reader, unit } = this;
    /** Depth of the entries that are in something closed; 0 where all names count. */
    let closed = 0;
    let depth = 0;
    while (reader.offset < unit.header.end) {
      const { offset } = reader;
      const code = reader.ulebAsNumber();
      if (code === 0) {
        depth--;
        if (closed > 0) closed--;
        if (depth <= 0) return;
        continue;
      }
      const shape = unit.shapeOf(code, reader);
      const next = this.read(offset, shape, closed === 0);
      if (!shape.hasChildren) {
        if (depth === 0) return;
        continue;
      }
      if (next !== undefined && !open.has(shape.tag)) {
        reader.seek(next);
        continue;
      }
      depth++;
      if (closed > 0 || !open.has(shape.tag)) closed++;
    }
  }

  /** Reads an entry's attributes and returns where its sibling is, if it says so. */
  private read(offset: number, shape: Abbreviation, counts: boolean): number | undefined {
    const { reader, unit } = this;
    const wanted = counts && named.has(shape.tag);
    if (shape.size !== undefined && !wanted && !shape.hasChildren) {
      reader.take(shape.size);
      return undefined;
    }
    let name: string | undefined;
    let completes: number | undefined;
    let sibling: number | undefined;
    for (const { attribute, form } of shape.attributes) {
      if (wanted && attribute === At.name) name = unit.text(readForm(reader, form, unit));
      else if (wanted && (attribute === At.specification || attribute === At.abstract_origin)) completes = this.target(form);
      else if (attribute === At.sibling) sibling = this.target(form);
      else skipForm(reader, form, unit);
    }
    if (wanted && name === undefined && completes !== undefined) name = this.nameAt(completes);
    if (name !== undefined) this.index.add(name, offset);
    return sibling !== undefined && sibling > offset && sibling <= unit.header.end ? sibling : undefined;
  }

  /** The offset that a reference leads to. */
  private target(form: number, reader = this.reader, unit = this.unit): number | undefined {
    const { value } = readForm(reader, form, unit);
    if (typeof value !== 'number') return undefined;
    return form === Form.ref_addr ? value : unit.offset + value;
  }

  /** The name of an entry, or of what that completes: an instance leads to its function, and that to its declaration. */
  private nameAt(offset: number, depth = 0): string | undefined {
    // What is optimised when linking completes entries of other units.
    const isHere = offset >= this.unit.offset && offset < this.unit.header.end;
    const unit = isHere ? this.unit : lastAtOrBelow(this.units, offset, offsetOf);
    if (depth > 3 || !unit || offset < unit.header.entriesAt || offset >= unit.header.end) return undefined;
    const reader = isHere ? this.reader : unit.info();
    const back = reader.offset;
    reader.seek(offset);
    let name: string | undefined;
    let completes: number | undefined;
    const shape = unit.shapeOf(reader.ulebAsNumber(), reader);
    for (const { attribute, form } of shape.attributes) {
      if (attribute === At.name) name = unit.text(readForm(reader, form, unit));
      else if (attribute === At.specification || attribute === At.abstract_origin) completes = this.target(form, reader, unit);
      else skipForm(reader, form, unit);
    }
    reader.seek(back);
    return name ?? (completes === undefined ? undefined : this.nameAt(completes, depth + 1));
  }
}

function offsetOf({ offset }: Unit): number {
  return offset;
}
