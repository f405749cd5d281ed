import type { Span } from './diagnostics';
import type { Expression } from './expression';
import type { Place } from './section';

export type SymbolType = 'none' | 'object' | 'function' | 'tls' | 'common' | 'ifunc';
export type Visibility = 'default' | 'internal' | 'hidden' | 'protected';

/** A name in one source, defined there or elsewhere. */
export class AssemblySymbol {
  binding: 'unset' | 'local' | 'global' | 'weak' = 'unset';
  visibility: Visibility = 'default';
  /** It does not follow the calling convention (`.variant_cc`). */
  isVariantCall = false;
  type: SymbolType = 'none';
  size: Expression | undefined;
  /** The label's place, or the value that `.set` gave. */
  definition: Place | Expression | undefined;
  definedAt: Span | undefined;
  /** Whether `.set` may define it again. */
  isVariable = false;
  /** Memory asked for by `.comm`, made where no source defines the symbol. Sizes in bytes. */
  common: { readonly size: number; readonly alignment: number; readonly isThreadLocal: boolean } | undefined;
  /** What the linker found for a symbol that this source does not define. */
  resolved: AssemblySymbol | { readonly address: bigint } | undefined;

  /** `number` is that of a numeric label such as `1:`, whose name is made up. */
  constructor(
    readonly name: string,
    readonly number?: number,
  ) {}

  /** Names that stay out of the symbol table: `.L` labels and numeric labels. */
  get isTemporary(): boolean {
    return this.number !== undefined || this.name.startsWith('.L');
  }

  get isDefined(): boolean {
    return this.definition !== undefined;
  }
}

export function isPlace(definition: Place | Expression): definition is Place {
  return 'section' in definition;
}

/** The symbols of one source by name, and its numeric labels. */
export class SymbolTable {
  private readonly byName = new Map<string, AssemblySymbol>();
  private readonly occurrences = new Map<number, number>();

  get all(): Iterable<AssemblySymbol> {
    return this.byName.values();
  }

  get(name: string): AssemblySymbol {
    let symbol = this.byName.get(name);
    if (!symbol) {
      symbol = new AssemblySymbol(name);
      this.byName.set(name, symbol);
    }
    return symbol;
  }

  find(name: string): AssemblySymbol | undefined {
    return this.byName.get(name);
  }

  /** The symbol for the next definition of the numeric label `number:`. */
  nextNumeric(number: number): AssemblySymbol {
    const count = (this.occurrences.get(number) ?? 0) + 1;
    this.occurrences.set(number, count);
    return this.occurrence(number, count);
  }

  /** What `1b` or `1f` means here; undefined where there is no such label before. */
  numeric(number: number, direction: 'b' | 'f'): AssemblySymbol | undefined {
    const count = this.occurrences.get(number) ?? 0;
    if (direction === 'b') return count === 0 ? undefined : this.occurrence(number, count);
    return this.occurrence(number, count + 1);
  }

  /** The label `number:` that is defined as the `count`th; its name is one that no source can write. */
  private occurrence(number: number, count: number): AssemblySymbol {
    const name = `${number}\0${count}`;
    let symbol = this.byName.get(name);
    if (!symbol) {
      symbol = new AssemblySymbol(name, number);
      this.byName.set(name, symbol);
    }
    return symbol;
  }
}
