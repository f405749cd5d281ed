import type { ByteReader } from '../../elf/byte-reader';
import { countAtOrBelow, lastAtOrBelow } from '../../sorted';
import type { DebugSections } from '../debug-sections';
import { At, Tag } from './constants';
import type { Entry } from './entry';
import { indexNames, type NameIndex } from './name-index';
import { orNothing } from './or-nothing';
import { type CodeRange, rangesOf } from './ranges';
import { Unit, type UnitHost } from './unit';
import { readUnitHeader, type UnitHeader } from './unit-header';

/**
 * All entries of `.debug_info`. Headers are read when first asked; a unit's entries are parsed when something in it is. What is
 * corrupt counts as not there.
 */
export class DebugEntries implements UnitHost {
  private list: readonly Unit[] | undefined;
  private code: readonly UnitCode[] | undefined;
  private signatures: Map<bigint, Unit> | undefined;
  private names: NameIndex | undefined;
  private oldTypes: readonly Unit[] | undefined;
  private oldTypeNames: NameIndex | undefined;
  private readonly unitNames = new Map<Unit, NameIndex>();
  private readonly functions = new Map<Unit, readonly FunctionCode[]>();

  constructor(private readonly sections: DebugSections) {}

  /** Those of `.debug_info`, in the order of their offsets. */
  get units(): readonly Unit[] {
    this.list ??= this.readUnits('.debug_info');
    return this.list;
  }

  reader(section: string): ByteReader | undefined {
    return this.sections.reader(section);
  }

  entryAt(offset: number): Entry | undefined {
    const unit = lastAtOrBelow(this.units, offset, (each) => each.offset);
    return orNothing(() => unit?.entryAt(offset));
  }

  typeOf(signature: bigint): Entry | undefined {
    this.signatures ??= this.readSignatures();
    const unit = this.signatures.get(signature);
    const offset = unit?.header.type?.offset;
    return offset === undefined ? undefined : orNothing(() => unit?.entryAt(offset));
  }

  /** The unit that has the code at an address. */
  unitAt(address: bigint): Unit | undefined {
    this.code ??= this.indexCode();
    const found = lastAtOrBelow(this.code, address, startOf);
    return found && address < found.end ? found.unit : undefined;
  }

  /** The function whose out-of-line code is at an address, its innermost one where functions are nested. */
  functionAt(address: bigint): Entry | undefined {
    const unit = this.unitAt(address);
    const functions = unit ? this.functionsOf(unit) : [];
    // Nested and split functions overlap: the one that starts last is the innermost.
    for (let index = countAtOrBelow(functions, address, startOf) - 1; index >= 0; index--) {
      const { end, entry, reach } = functions[index]!;
      if (address < end) return entry;
      if (reach <= address) return undefined;
    }
    return undefined;
  }

  /** The function whose code starts at an address or, where a compiler leaves its call site out, a little after it. */
  functionFrom(address: bigint, latest: bigint): Entry | undefined {
    let unit: Unit | undefined;
    for (let place = address; !unit && place <= latest; place += 2n) unit = this.unitAt(place);
    const functions = unit ? this.functionsOf(unit) : [];
    const next = functions[countAtOrBelow(functions, address - 1n, startOf)];
    return next && next.start <= latest ? next.entry : undefined;
  }

  /** Entries of functions, variables, types, enumerators and namespaces with a name, outside of functions. */
  named(name: string): readonly Entry[] {
    this.names ??= indexNames(this.units);
    const found = this.names.offsetsOf(name).flatMap((offset) => this.entryAt(offset) ?? []);
    if (this.oldTypeUnits.length === 0) return found;
    this.oldTypeNames ??= indexNames(this.oldTypeUnits);
    const types = this.oldTypeNames.offsetsOf(name).flatMap((offset) => {
      const unit = lastAtOrBelow(this.oldTypeUnits, offset, (each) => each.offset);
      return orNothing(() => unit?.entryAt(offset)) ?? [];
    });
    return [...found, ...types];
  }

  /** The same, of one unit. */
  namedIn(unit: Unit, name: string): readonly Entry[] {
    let names = this.unitNames.get(unit);
    if (!names) {
      names = indexNames([unit]);
      this.unitNames.set(unit, names);
    }
    return names.offsetsOf(name).flatMap((offset) => this.entryAt(offset) ?? []);
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

  private indexCode(): UnitCode[] {
    const code = this.units.flatMap((unit) => this.codeOf(unit).map(({ start, end }) => ({ start, end, unit })));
    return code.filter(({ start }) => start > 0n).sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  }

  /** What the unit says of itself; where it says nothing, its functions. */
  private codeOf(unit: Unit): readonly CodeRange[] {
    if (unit.header.type) return [];
    return (
      orNothing(() => {
        const { root } = unit;
        if (root.tag !== Tag.compile_unit) return [];
        const ranges = rangesOf(root);
        return ranges.length > 0 || !root.hasChildren || saysWhere(root) ? ranges : this.functionsOf(unit);
      }) ?? []
    );
  }

  private functionsOf(unit: Unit): readonly FunctionCode[] {
    let functions = this.functions.get(unit);
    if (!functions) {
      functions = orNothing(() => collectFunctions(unit)) ?? [];
      this.functions.set(unit, functions);
    }
    return functions;
  }
}

interface UnitCode extends CodeRange {
  readonly unit: Unit;
}

interface FunctionCode extends CodeRange {
  readonly entry: Entry;
  /** The highest end of this one and those before it. */
  readonly reach: bigint;
}

function startOf({ start }: CodeRange): bigint {
  return start;
}

function saysWhere(root: Entry): boolean {
  return root.has(At.ranges) || root.has(At.high_pc);
}

function collectFunctions(unit: Unit): FunctionCode[] {
  const found: { start: bigint; end: bigint; entry: Entry }[] = [];
  const pending: Entry[] = [unit.tree];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (entry.tag === Tag.subprogram) for (const range of rangesOf(entry)) found.push({ ...range, entry });
    if (mayHoldFunctions.has(entry.tag)) pending.push(...entry.children);
  }
  found.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let reach = 0n;
  return found.map((each) => {
    reach = each.end > reach ? each.end : reach;
    return { ...each, reach };
  });
}

const mayHoldFunctions: ReadonlySet<number> = new Set([
  Tag.compile_unit,
  Tag.partial_unit,
  Tag.namespace,
  Tag.subprogram,
  Tag.lexical_block,
  Tag.structure_type,
  Tag.class_type,
]);
