import type { Diagnostics, Span } from './diagnostics';
import { Section } from './section';
import { attributesOf } from './section-attributes';
import type { SourceAssembler } from './source-assembler';
import { AssemblySymbol } from './symbols';

export interface ResolvedSymbols {
  /** For each global or weak name the symbol that defines it. */
  readonly globals: ReadonlyMap<string, AssemblySymbol>;
  /** Memory for the symbols that `.comm` asked for and nobody defined. */
  readonly commons: readonly Section[];
}

/** Finds the definition of each symbol that its source leaves to others, with the rules of GNU ld for strong, weak and common ones. */
export function resolveSymbols(sources: readonly SourceAssembler[], diagnostics: Diagnostics): ResolvedSymbols {
  const globals = new Map<string, AssemblySymbol>();
  for (const source of sources) nameSections(source);
  const shared: AssemblySymbol[] = [];
  const missing: AssemblySymbol[] = [];
  for (const { symbols } of sources) {
    for (const symbol of symbols.all) {
      if (!symbol.definition) missing.push(symbol);
      else if (symbol.binding === 'global' || symbol.binding === 'weak') shared.push(symbol);
    }
  }
  for (const symbol of shared) {
    const other = globals.get(symbol.name);
    if (!other || (other.binding === 'weak' && symbol.binding === 'global')) globals.set(symbol.name, symbol);
    else if (other.binding === 'global' && symbol.binding === 'global') {
      diagnostics.error(symbol.definedAt!, `'${symbol.name}' is already defined in ${placeText(other.definedAt!)}`);
    }
  }
  const commons = allocateCommons(missing, globals);
  for (const symbol of missing) {
    if (symbol.definition || symbol.resolved) continue;
    const found = globals.get(symbol.name);
    if (found && found !== symbol && symbol.binding !== 'local') symbol.resolved = found;
  }
  return { globals, commons };
}

/** The name of a section stands for its start where no symbol has that name. */
function nameSections({ symbols, sections }: SourceAssembler): void {
  for (const [name, section] of sections) {
    const symbol = symbols.find(name);
    if (!symbol || symbol.definition) continue;
    symbol.resolved = new AssemblySymbol(name);
    symbol.resolved.definition = { section, fragment: 0, offset: 0 };
    section.isReferenced = true;
  }
}

/** The largest size and alignment asked for under each name, one after the other. */
function allocateCommons(symbols: readonly AssemblySymbol[], globals: Map<string, AssemblySymbol>): Section[] {
  const wanted = new Map<string | AssemblySymbol, { symbol: AssemblySymbol; size: number; alignment: number }>();
  for (const symbol of symbols) {
    const { common } = symbol;
    if (!common || (symbol.binding !== 'local' && globals.has(symbol.name))) continue;
    const key = symbol.binding === 'local' ? symbol : symbol.name;
    const before = wanted.get(key);
    const size = Math.max(common.size, before?.size ?? 0);
    wanted.set(key, { symbol: before?.symbol ?? symbol, size, alignment: Math.max(common.alignment, before?.alignment ?? 1) });
  }
  return [...wanted.values()].map(({ symbol, size, alignment }) => {
    const name = symbol.common?.isThreadLocal ? '.tbss' : '.bss';
    const section = new Section(name, attributesOf(name));
    section.align(alignment);
    symbol.definition = section.here();
    symbol.size ??= { kind: 'constant', value: BigInt(size) };
    section.fixed.skip(size);
    if (symbol.binding !== 'local') globals.set(symbol.name, symbol);
    return section;
  });
}

function placeText({ path, line }: Span): string {
  return `${path}:${line}`;
}
