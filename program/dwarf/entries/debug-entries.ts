import { countAtOrBelow, lastAtOrBelow } from '../../sorted';
import { At, Tag } from './constants';
import type { Entry } from './entry';
import { indexNames, type NameIndex } from './name-index';
import { orNothing } from './or-nothing';
import { type CodeRange, isWithoutSize, rangesOf } from './ranges';
import type { SplitUnits } from './split-units';
import type { Unit } from './unit';
import { type SectionReaders, UnitFile } from './unit-file';

/** All entries of a program: those of `.debug_info`, and those that compilers have put into files of their own. */
export class DebugEntries {
  private readonly file: UnitFile;
  private code: readonly UnitCode[] | undefined;
  private readonly unitNames = new Map<Unit, NameIndex>();
  private readonly functions = new Map<Unit, readonly FunctionCode[]>();

  constructor(
    sections: SectionReaders,
    private readonly splits?: SplitUnits,
    /** Where the function that starts at an address ends, as its symbol has it. */
    private readonly endOf: (start: bigint) => bigint | undefined = () => undefined,
  ) {
    this.file = new UnitFile(sections);
  }

  /** Those of `.debug_info`, in the order of their offsets; for a unit that is split its skeleton. */
  get units(): readonly Unit[] {
    return this.file.units;
  }

  /** The same with what is split from them. */
  get wholeUnits(): readonly Unit[] {
    return this.units.map((unit) => this.whole(unit));
  }

  entryAt(offset: number): Entry | undefined {
    return this.file.entryAt(offset);
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
    return this.files.flatMap((file) => file.named(name));
  }

  /** The same, of one unit. */
  namedIn(unit: Unit, name: string): readonly Entry[] {
    const whole = this.whole(unit);
    let names = this.unitNames.get(whole);
    if (!names) {
      names = indexNames([whole], whole === unit ? this.units : [whole]);
      this.unitNames.set(whole, names);
    }
    return names.offsetsOf(name).flatMap((offset) => orNothing(() => whole.entryAt(offset)) ?? []);
  }

  /** All names that `named` knows and that start with a text, at most `limit` of them. */
  namesFrom(start: string, limit: number): readonly string[] {
    const names = new Set(this.files.flatMap((file) => file.namesFrom(start, limit)));
    return [...names].slice(0, limit);
  }

  private get files(): readonly UnitFile[] {
    return [this.file, ...this.units.flatMap((unit) => this.splits?.fileOf(unit) ?? [])];
  }

  private whole(unit: Unit): Unit {
    return this.splits?.fileOf(unit)?.units[0] ?? unit;
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
        if (root.tag !== Tag.compile_unit && root.tag !== Tag.skeleton_unit) return [];
        const ranges = rangesOf(root);
        return ranges.length > 0 || saysWhere(root) || !this.whole(unit).root.hasChildren ? ranges : this.functionsOf(unit);
      }) ?? []
    );
  }

  private functionsOf(unit: Unit): readonly FunctionCode[] {
    let functions = this.functions.get(unit);
    if (!functions) {
      functions = orNothing(() => collectFunctions(this.whole(unit), this.endOf)) ?? [];
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

function collectFunctions(unit: Unit, endOf: (start: bigint) => bigint | undefined): FunctionCode[] {
  const found: { start: bigint; end: bigint; entry: Entry }[] = [];
  const pending: Entry[] = [unit.tree];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (entry.tag === Tag.subprogram && isWithoutSize(entry)) takeSize(entry, endOf);
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

/** GNU as for RISC-V leaves sizes to the linker, which does not see what is split: its symbol says how long the function is. */
function takeSize(entry: Entry, endOf: (start: bigint) => bigint | undefined): void {
  const start = entry.address(At.low_pc);
  const end = start === undefined ? undefined : endOf(start);
  if (start !== undefined && end !== undefined && end > start) entry.codeRanges = [{ start, end }];
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
