import type { ByteReader } from '../../elf/byte-reader';

/** A part of a section. */
export interface Contribution {
  readonly offset: number;
  readonly size: number;
}

/**
 * Where a `.dwp` file has what belongs to the unit of that id, by section; undefined where it has no such unit. `index` reads
 * `.debug_cu_index` (DWARF 5, section 7.3.5.3; version 2 is GNU's). Throws ProgramError where it is corrupt.
 */
export function contributionsOf(index: ByteReader, id: bigint): ReadonlyMap<string, Contribution> | undefined {
  index.seek(0);
  const version = index.u16();
  index.take(2);
  const names = sectionNames.get(version);
  if (!names) throw index.error(`the version ${version} of its index is not known`, 0);
  const [columns, units, slots] = [index.u32(), index.u32(), index.u32()];
  const row = rowOf(index, id, slots);
  if (row === undefined || row === 0 || row > units) return undefined;
  const table = headerSize + 12 * slots;
  const contributions = new Map<string, Contribution>();
  for (let column = 0; column < columns; column++) {
    const at = (line: number) => {
      index.seek(table + 4 * (line * columns + column));
      return index.u32();
    };
    const name = names[at(0)];
    if (name !== undefined) contributions.set(name, { offset: at(row), size: at(units + row) });
  }
  return contributions;
}

const headerSize = 16;

/** Of the hash table, whose slots are few enough to look through. */
function rowOf(index: ByteReader, id: bigint, slots: number): number | undefined {
  for (let slot = 0; slot < slots; slot++) {
    index.seek(headerSize + 8 * slot);
    if (index.u64() !== id) continue;
    index.seek(headerSize + 8 * slots + 4 * slot);
    const row = index.u32();
    if (row !== 0) return row;
  }
  return undefined;
}

/** Sections by number (DW_SECT), by the version of the index. */
const sectionNames: ReadonlyMap<number, readonly (string | undefined)[]> = new Map([
  [2, [undefined, '.debug_info', '.debug_types', '.debug_abbrev', '.debug_line', '.debug_loc', '.debug_str_offsets']],
  [
    5,
    [
      undefined,
      '.debug_info',
      undefined,
      '.debug_abbrev',
      '.debug_line',
      '.debug_loclists',
      '.debug_str_offsets',
      undefined,
      '.debug_rnglists',
    ],
  ],
]);
