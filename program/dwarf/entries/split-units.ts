import { ByteReader } from '../../elf/byte-reader';
import { readElfSections } from '../../elf/elf-file';
import { baseName, joinPath } from '../../paths';
import { DebugSections } from '../debug-sections';
import { At } from './constants';
import { orNothing } from './or-nothing';
import { contributionsOf } from './package-index';
import type { Unit } from './unit';
import { type SectionReaders, UnitFile } from './unit-file';

/** Files with debug information beside the program. */
export interface DebugFiles {
  /** The folder of the program. */
  readonly folder: string;
  /** What reads a file, at once; undefined where there is none. */
  open(path: string): (() => Uint8Array | undefined) | undefined;
}

/**
 * What compilers have split from units (`-gsplit-dwarf`; DWARF 5, section 7.3.2, and GNU's form before it): in a `.dwo` file for each,
 * or all in one `.dwp` beside the program. Files are read when something in them is asked for.
 */
export class SplitUnits {
  private readonly known = new Map<Unit, UnitFile | undefined>();
  private package: SplitFile | undefined;
  private hasLooked = false;

  /** `program` is the base name of the program's file. */
  constructor(
    private readonly sections: SectionReaders,
    private readonly program: string,
    private readonly files: DebugFiles,
  ) {}

  /** What is split from a unit; undefined where nothing is, and where it is not there. */
  fileOf(skeleton: Unit): UnitFile | undefined {
    if (!this.known.has(skeleton))
      this.known.set(
        skeleton,
        orNothing(() => this.find(skeleton)),
      );
    return this.known.get(skeleton);
  }

  /** What is missing, for people; undefined where nothing is. */
  note(units: readonly Unit[]): string | undefined {
    const missing = units.filter((unit) => nameOf(unit) !== undefined && !this.fileOf(unit));
    if (missing.length === 0) return undefined;
    const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    const name = nameOf(missing[0]!)!;
    return `${this.program}: the debug information of variables, types and functions is in ${name}${others}, which is not there or of another build`;
  }

  private find(skeleton: Unit): UnitFile | undefined {
    const name = nameOf(skeleton);
    const id = idOf(skeleton);
    if (name === undefined || id === undefined) return undefined;
    const packed = this.packageFile?.contribution(id);
    if (packed) return this.unitsOf(packed, skeleton, id);
    const { folder } = this.files;
    const compiledIn = joinPath(folder, skeleton.root.text(At.comp_dir) ?? '');
    for (const path of new Set([joinPath(compiledIn, name), joinPath(folder, name), joinPath(folder, baseName(name))])) {
      const bytes = this.files.open(path)?.();
      const found = bytes && orNothing(() => this.unitsOf(new SplitFile(bytes, baseName(path)), skeleton, id));
      if (found) return found;
    }
    return undefined;
  }

  private get packageFile(): SplitFile | undefined {
    if (this.hasLooked) return this.package;
    this.hasLooked = true;
    const name = `${this.program}.dwp`;
    const bytes = this.files.open(joinPath(this.files.folder, name))?.();
    this.package = bytes && orNothing(() => new SplitFile(bytes, name));
    return this.package;
  }

  private unitsOf(split: SectionReaders, skeleton: Unit, id: bigint): UnitFile | undefined {
    const own = { reader: (name: string) => (linked.has(name) ? this.sections : split).reader(name) };
    const file = new UnitFile(own, skeleton);
    const [unit] = file.units.filter((each) => !each.header.type);
    return unit && idOf(unit) === id ? file : undefined;
  }
}

/** What stays in the program, as it has addresses. */
const linked: ReadonlySet<string> = new Set(['.debug_addr', '.debug_ranges']);

/** A file whose sections have the names of a program's, and `.dwo` behind them. */
class SplitFile implements SectionReaders {
  private readonly sections: DebugSections;

  constructor(image: Uint8Array, name: string) {
    this.sections = new DebugSections(readElfSections(image, name));
  }

  reader(name: string): ByteReader | undefined {
    return this.sections.reader(`${name}.dwo`);
  }

  /** What a package has of one unit. */
  contribution(id: bigint): SectionReaders | undefined {
    const index = this.sections.reader('.debug_cu_index');
    const parts = index && contributionsOf(index, id);
    if (!parts) return undefined;
    return {
      reader: (name) => {
        const whole = this.reader(name);
        const part = parts.get(name);
        if (!whole || !part) return whole;
        whole.seek(part.offset);
        return new ByteReader(whole.slice(part.size), whole.what);
      },
    };
  }
}

function nameOf(skeleton: Unit): string | undefined {
  return orNothing(() => skeleton.root.text(At.dwo_name) ?? skeleton.root.text(At.GNU_dwo_name));
}

function idOf(unit: Unit): bigint | undefined {
  return unit.header.splitId ?? unit.root.constant(At.GNU_dwo_id);
}
