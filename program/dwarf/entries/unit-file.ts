import type { ByteReader } from '../../elf/byte-reader';
import { lastAtOrBelow } from '../../sorted';
import type { Entry } from './entry';
import { indexNames, type NameIndex } from './name-index';
import { orNothing } from './or-nothing';
import { Unit, type UnitHost } from './unit';
import { readUnitHeader, type UnitHeader } from './unit-header';

/** Sections by the names that they have in a linked program. */
export interface SectionReaders {
  /** A new reader; undefined where there is no such section. */
  reader(name: string): ByteReader | undefined;
}

/**
 * The units of one file: of the program, or of what is split from one unit of it. Headers are read when first asked; a unit's entries
 * are parsed when something in it is. What is corrupt counts as not there.
 */
export class UnitFile implements UnitHost {
  private list: readonly Unit[] | undefined;
  private oldTypes: readonly Unit[] | undefined;
  private signatures: ReadonlyMap<bigint, Unit> | undefined;
  private names: NameIndex | undefined;
  private oldTypeNames: NameIndex | undefined;

  constructor(
    private readonly sections: SectionReaders,
    readonly skeleton?: Unit,
  ) {}

  /** Those of `.debug_info`, in the order of their offsets. */
  get units(): readonly Unit[] {
    this.list ??= this.readUnits('.debug_info');
    return this.list;
  }

  reader(section: string): ByteReader | undefined {
    return this.sections.reader(section);
  }

  entryAt(offset: number): Entry | undefined {
    return entryIn(this.units, offset);
  }

  typeOf(signature: bigint): Entry | undefined {
    this.signatures ??= this.readSignatures();
    const unit = this.signatures.get(signature);
    const offset = unit?.header.type?.offset;
    return offset === undefined ? undefined : orNothing(() => unit?.entryAt(offset));
  }

  /** Entries of functions, variables, types, enumerators and namespaces with a name, outside of functions. */
  named(name: string): readonly Entry[] {
    this.names ??= indexNames(this.units);
    const found = this.names.offsetsOf(name).flatMap((offset) => this.entryAt(offset) ?? []);
    if (this.oldTypeUnits.length === 0) return found;
    this.oldTypeNames ??= indexNames(this.oldTypeUnits);
    return [...found, ...this.oldTypeNames.offsetsOf(name).flatMap((offset) => entryIn(this.oldTypeUnits, offset) ?? [])];
  }

  /** All names that `named` knows and that start with a text, at most `limit` of them. */
  namesFrom(start: string, limit: number): readonly string[] {
    this.names ??= indexNames(this.units);
    return this.names.startingWith(start, limit);
  }

  private readUnits(section: UnitHeader['section']): Unit[] {
    const units: Unit[] = [];
    orNothing(() => {
      const reader = this.reader(section);
      while (reader && !reader.atEnd) {
        const header = readUnitHeader(reader, section);
        if ('version' in header) units.push(new Unit(header, this));
        reader.seek(header.end);
      }
    });
    return units;
  }

  /** Before version 5 types with a unit of their own are in a section of their own. */
  private get oldTypeUnits(): readonly Unit[] {
    this.oldTypes ??= this.readUnits('.debug_types');
    return this.oldTypes;
  }

  private readSignatures(): Map<bigint, Unit> {
    const all = [...this.units, ...this.oldTypeUnits];
    return new Map(all.flatMap((unit) => (unit.header.type ? [[unit.header.type.signature, unit] as const] : [])));
  }
}

function entryIn(units: readonly Unit[], offset: number): Entry | undefined {
  const unit = lastAtOrBelow(units, offset, (each) => each.offset);
  return orNothing(() => unit?.entryAt(offset));
}
