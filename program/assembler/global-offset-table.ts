import type { Expression } from './expression';
import type { FixupKind } from './fixups';
import { type Place, Section } from './section';
import { attributesOf } from './section-attributes';
import { AssemblySymbol } from './symbols';

/** What a fixup finds in the table: an address, an offset from `tp`, or the two words that `__tls_get_addr` takes. */
type Entry = 'address' | 'thread offset' | 'module and offset';

const entryOf: Partial<Record<FixupKind, Entry>> = {
  got_hi20: 'address',
  got_pair: 'address',
  tls_got_hi20: 'thread offset',
  tls_got_pair: 'thread offset',
  tls_gd_hi20: 'module and offset',
  tls_gd_pair: 'module and offset',
};

/**
 * The `.got` for code that reads addresses from it (`la` after `.option pic`, `%got_pcrel_hi`, `la.tls.ie`, `la.tls.gd`): one entry
 * for each kind and symbol, after those that GNU ld keeps for the dynamic linker, a `.got.plt` of two and one of the table itself. Such
 * fixups then point to the table.
 */
export function offsetTable(sections: readonly Section[]): Section[] {
  const table = new Section('.got', attributesOf('.got'));
  const slots = new Map<Entry, Map<unknown, Place>>();
  for (const { fixups } of sections) {
    for (let index = 0; index < fixups.length; index++) {
      const fixup = fixups[index]!;
      const entry = entryOf[fixup.kind];
      if (!entry) continue;
      const places = slots.get(entry) ?? new Map<unknown, Place>();
      slots.set(entry, places);
      const key = keyOf(fixup.expression);
      let place = places.get(key);
      if (!place) {
        place = addEntry(table, entry, fixup);
        places.set(key, place);
      }
      const kind = fixup.kind.endsWith('hi20') ? 'pcrel_hi20' : 'pair_i';
      fixups[index] = { ...fixup, kind, expression: { kind: 'place', place } };
    }
  }
  table.align(8);
  return slots.size > 0 ? [table] : [];
}

function addEntry(table: Section, entry: Entry, { expression, span }: Section['fixups'][number]): Place {
  if (table.fixed.length === 0) {
    table.fixed.appendValue(unresolved, 8);
    table.fixed.skip(tableStart);
  }
  const place = table.here();
  if (entry === 'module and offset') table.fixed.appendValue(programModule, 8);
  const kind = entry === 'address' ? 'data' : entry === 'thread offset' ? 'tprel' : 'dtprel';
  table.fixups.push({ kind, place: table.here(), size: 8, expression, span });
  table.fixed.skip(8);
  return place;
}

/** What stands where the dynamic linker would put the address of its resolver. */
const unresolved = 0xffffffffffffffffn;

/** Where the table itself begins in `.got`, behind the two words of `.got.plt`, in bytes. */
export const tableStart = 16;

/** The number of the program itself among the modules of the dynamic linker. */
const programModule = 1n;

function keyOf(expression: Expression): unknown {
  if (expression.kind !== 'symbol') return expression;
  const { symbol } = expression;
  if (symbol.resolved instanceof AssemblySymbol) return symbol.resolved;
  return symbol.binding === 'unset' && !symbol.definition ? symbol.name : symbol;
}
