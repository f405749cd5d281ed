import type { ProgramSymbol, SymbolTable } from '../program';
import { lastAtOrBelow } from '../sorted';

/** What a file's symbol table has for people. */
export interface FileSymbols {
  /** By the section that they are defined in; undefined has the absolute ones. */
  readonly bySection: ReadonlyMap<number | undefined, readonly ProgramSymbol[]>;
  /** Offsets in the block of thread-local storage; undefined where several variables have that name. */
  readonly threadLocals: ReadonlyMap<string, bigint | undefined>;
}

/** A section in memory: addresses from `address` up to, not including, `end`. */
export interface SectionRange {
  readonly index: number;
  readonly address: bigint;
  readonly end: bigint;
  readonly execute: boolean;
}

/** Makes the queries of a symbol table, each in O(log n); the first of them reads the symbols. */
export function makeSymbolTable(read: () => FileSymbols, ranges: () => readonly SectionRange[]): SymbolTable {
  let made: SymbolTable | undefined;
  const table = () => {
    made ??= indexed(read(), ranges());
    return made;
  };
  return {
    get all() {
      return table().all;
    },
    named: (name) => table().named(name),
    threadLocal: (name) => table().threadLocal(name),
    functionAt: (address) => table().functionAt(address),
    nearest: (address) => table().nearest(address),
  };
}

function indexed({ bySection, threadLocals }: FileSymbols, ranges: readonly SectionRange[]): SymbolTable {
  const sorted = new Map([...bySection].map(([section, own]) => [section, sortedByAddress(own)]));
  const all = sortedByAddress([...sorted.values()].flat());
  let byName: ReadonlyMap<string, ProgramSymbol> | undefined;
  let searches = 0;
  const sections = ranges.map((range) => new SectionSymbols(range, sorted.get(range.index) ?? []));
  sections.sort((a, b) => (a.range.address < b.range.address ? -1 : 1));
  const sectionAt = (address: bigint): SectionSymbols | undefined => {
    const section = lastAtOrBelow(sections, address, ({ range }) => range.address);
    return section && address < section.range.end ? section : undefined;
  };
  return {
    all,
    named(name) {
      if (!byName && ++searches <= mostSearches) return search(all, name);
      byName ??= indexNames(all);
      return byName.get(name);
    },
    threadLocal: (name) => threadLocals.get(name),
    functionAt: (address) => sectionAt(address)?.functionAt(address),
    nearest: (address) => sectionAt(address)?.nearest(address),
  };
}

/** The symbols of one section, one per address: the one people would name. */
class SectionSymbols {
  private readonly symbols: readonly ProgramSymbol[];
  private readonly functions: readonly ProgramSymbol[];

  constructor(
    readonly range: SectionRange,
    /** Sorted by address. */
    own: readonly ProgramSymbol[],
  ) {
    this.symbols = onePerAddress(own);
    this.functions = withoutInnerLabels(onePerAddress(own.filter((symbol) => isFunction(symbol, range))));
  }

  functionAt(address: bigint): ProgramSymbol | undefined {
    const symbol = lastAtOrBelow(this.functions, address, startOf);
    if (!symbol) return undefined;
    return symbol.size === 0n || address < symbol.address + symbol.size ? symbol : undefined;
  }

  nearest(address: bigint): { symbol: ProgramSymbol; offset: bigint } | undefined {
    const symbol = lastAtOrBelow(this.symbols, address, startOf);
    return symbol && { symbol, offset: address - symbol.address };
  }
}

/** A global label in code without a type is a function too, as in gdb: hand-written start code has often no `.type`. */
function isFunction(symbol: ProgramSymbol, range: SectionRange): boolean {
  return symbol.kind === 'function' || (range.execute && symbol.kind === 'other' && symbol.global);
}

/** Leaves out the labels that lie within a function whose size is known. */
function withoutInnerLabels(functions: readonly ProgramSymbol[]): ProgramSymbol[] {
  let end = 0n;
  return functions.filter((symbol) => {
    if (symbol.kind === 'other' && symbol.address < end) return false;
    if (symbol.size > 0n) end = symbol.address + symbol.size;
    return true;
  });
}

function onePerAddress(sorted: readonly ProgramSymbol[]): ProgramSymbol[] {
  return sorted.filter((symbol, index) => sorted[index - 1]?.address !== symbol.address);
}

/** Most addresses differ as numbers already, which compare much faster than bigints do. */
function sortedByAddress(symbols: readonly ProgramSymbol[]): ProgramSymbol[] {
  return [...symbols].sort((a, b) => Number(a.address) - Number(b.address) || byAddress(a, b));
}

/** Names that are looked through the symbols for, before an index is made: a program starts with few. */
const mostSearches = 8;

function search(all: readonly ProgramSymbol[], name: string): ProgramSymbol | undefined {
  let found: ProgramSymbol | undefined;
  for (const symbol of all) {
    if (symbol.name === name && (!found || (symbol.global && !found.global))) found = symbol;
  }
  return found;
}

function indexNames(all: readonly ProgramSymbol[]): ReadonlyMap<string, ProgramSymbol> {
  const byName = new Map<string, ProgramSymbol>();
  for (const symbol of all) {
    const known = byName.get(symbol.name);
    if (!known || (symbol.global && !known.global)) byName.set(symbol.name, symbol);
  }
  return byName;
}

/**
 * By address; at the same address functions first, then objects, sized before unsized, global before local ones. Of the names of
 * one function gdb takes the last by the alphabet (minsyms.c, `compare_minimal_symbols`).
 */
function byAddress(a: ProgramSymbol, b: ProgramSymbol): number {
  if (a.address !== b.address) return a.address < b.address ? -1 : 1;
  return rank(a) - rank(b) || (a.name < b.name ? 1 : -1);
}

function rank({ kind, size, global }: ProgramSymbol): number {
  const isSized = size > 0n;
  return { function: 0, object: 4, other: 8 }[kind] + (isSized ? 0 : 2) + (global ? 0 : 1);
}

function startOf(symbol: ProgramSymbol): bigint {
  return symbol.address;
}
