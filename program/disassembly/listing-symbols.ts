import { ByteReader } from '../elf/byte-reader';
import { type ElfFile, SHT_SYMTAB, sectionBytes } from '../elf/elf-file';

/** A symbol as the ELF file has it. */
export interface ListingSymbol {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  readonly type: number;
  readonly binding: number;
  /** The section it is defined in; those above 0xff00 are none. */
  readonly section: number;
}

const typeObject = 1;
const typeFunction = 2;
const typeSection = 3;
const typeFile = 4;
const bindingLocal = 0;
const bindingGlobal = 1;
const undefinedSection = 0;
const commonSection = 0xfff2;

/**
 * The symbols of a program in the order in which objdump prefers them (binutils, objdump.c: remove_useless_symbols and
 * compare_symbols), with the mapping symbols (RISC-V ELF psABI, "Mapping Symbol") apart.
 */
export class ListingSymbols {
  readonly all: readonly ListingSymbol[];
  readonly #mapping: readonly ListingSymbol[];

  /** Throws ProgramError where the symbol table cannot be read. */
  constructor(file: ElfFile) {
    const useful = readAll(file).filter(
      ({ name, type, section }) =>
        name !== '' && type !== typeSection && type !== typeFile && section !== undefinedSection && section !== commonSection,
    );
    const sorted = useful.sort(inOrder);
    this.all = sorted.filter(({ name }) => !isMapping(name));
    this.#mapping = sorted.filter(({ name }) => isMapping(name));
  }

  /** Where instructions begin (`$x`) and where data does (`$d`), by address. */
  mappingOf(section: number): readonly ListingSymbol[] {
    return this.#mapping.filter((symbol) => symbol.section === section);
  }

  named(name: string): ListingSymbol | undefined {
    return this.all.find((symbol) => symbol.name === name);
  }

  /** The symbol that an address is shown with, whatever its section; of several at one place the first, or that of the section. */
  nearest(address: bigint, section: number): ListingSymbol | undefined {
    const { all } = this;
    let [low, high] = [0, all.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.address <= address) low = middle;
      else high = middle;
    }
    while (low > 0 && all[low - 1]!.address === all[low]!.address) low -= 1;
    for (let index = low; index < all.length && all[index]!.address === all[low]!.address; index += 1) {
      if (all[index]!.section === section) return all[index];
    }
    return all[low];
  }

  /** Whether the symbol that an address is shown with is that of an object at this place of the section. */
  isObjectAt(address: bigint, section: number): boolean {
    const symbol = this.nearest(address, section);
    return symbol?.address === address && symbol.section === section && symbol.type === typeObject;
  }

  /** `main`, `main+0x10`, or `main-0x10` for what lies before the first symbol; undefined where there are none. */
  describe(address: bigint, section: number): string | undefined {
    const symbol = this.nearest(address, section);
    if (!symbol || symbol.address === address) return symbol?.name;
    const distance = address - symbol.address;
    return distance < 0n ? `${symbol.name}-0x${(-distance).toString(16)}` : `${symbol.name}+0x${distance.toString(16)}`;
  }
}

function isMapping(name: string): boolean {
  return /^\$[xd]/.test(name) && /^\$(x|d|xrv.*|[xd]\..*)$/.test(name);
}

function readAll(file: ElfFile): ListingSymbol[] {
  const table = file.sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = table && file.sections[table.link];
  if (!table || !strings) return [];
  const reader = new ByteReader(sectionBytes(file, table), `${file.name}: section ${table.name}`);
  const names = new ByteReader(sectionBytes(file, strings), `${file.name}: section ${strings.name}`);
  return Array.from({ length: Math.floor(reader.size / 24) }, () => {
    const nameOffset = reader.u32();
    const info = reader.u8();
    reader.u8();
    const section = reader.u16();
    const address = reader.u64();
    const size = reader.u64();
    names.seek(nameOffset);
    return { name: names.text(), address, size, type: info & 15, binding: info >> 4, section };
  });
}

function inOrder(a: ListingSymbol, b: ListingSymbol): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return (
    first(isFileLike(b.name), isFileLike(a.name)) ||
    first(a.type === typeFunction, b.type === typeFunction) ||
    first(a.type === typeObject, b.type === typeObject) ||
    first(a.binding === bindingGlobal, b.binding === bindingGlobal) ||
    first(a.binding !== bindingLocal, b.binding !== bindingLocal) ||
    (a.size === b.size ? 0 : a.size > b.size ? -1 : 1) ||
    first(!a.name.startsWith('.'), !b.name.startsWith('.')) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

function first(a: boolean, b: boolean): number {
  return Number(b) - Number(a);
}

function isFileLike(name: string): boolean {
  return /..*\.[oa]$/.test(name);
}
