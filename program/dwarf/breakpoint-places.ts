import { callSiteSize } from '../elf/call-sites';
import type { CallSite, LineRow, ProgramSymbol, SymbolTable } from '../program';
import { lastAtOrBelow } from '../sorted';
import type { SequenceRows } from './sequence-rows';

/** What must be known of the code to say where a breakpoint belongs. */
export interface CodePlaces {
  readonly symbols: SymbolTable;
  readonly callSites: readonly CallSite[];
  /** What tells the blocks of the code apart: the innermost one at an address. */
  readonly blockAt: (address: bigint) => object | undefined;
  readonly isInlined: (address: bigint) => boolean;
  readonly isKnownInPrologue: (address: bigint) => boolean;
}

/** Where breakpoints go: after the prologue of a function, never into the bytes of a call site. */
export class BreakpointPlaces {
  constructor(
    private readonly code: SequenceRows,
    private readonly places: CodePlaces,
  ) {}

  /**
   * The lowest address in each innermost block, as gdb does (linespec.c, `create_sals_line_offset`): a `for` line has code before and
   * after its loop, and stops once; a line that is inlined several times stops in each. What is in the prologue of a function goes to
   * the end of that.
   */
  onePerBlock(addresses: readonly bigint[]): bigint[] {
    const { symbols, blockAt } = this.places;
    const chosen = new Map<unknown, bigint>();
    for (const address of addresses) {
      const symbol = symbols.functionAt(address);
      const key = blockAt(address) ?? symbol?.address ?? address;
      if (!chosen.has(key)) chosen.set(key, symbol && address <= this.afterCallSite(symbol.address) ? this.ofFunction(symbol) : address);
    }
    return [...new Set(chosen.values())].sort(ascending);
  }

  /**
   * Where a breakpoint on a function goes, as for gdb: to its body or, where its variables are known in the prologue too, to its start
   * (symtab.c, `skip_prologue_sal`).
   */
  ofFunction(symbol: ProgramSymbol): bigint {
    const start = this.afterCallSite(symbol.address);
    return this.places.isKnownInPrologue(start) ? start : this.bodyOf(symbol);
  }

  /**
   * The row marked as the end of the prologue, else (GCC marks none) where gdb takes the body to start (symtab.c,
   * `skip_prologue_using_sal`): at the function's start where two lines start there, else at the second line, past lines that are
   * before the first in the source. In assembly at its first instruction.
   */
  bodyOf(symbol: ProgramSymbol): bigint {
    const start = this.afterCallSite(symbol.address);
    const rows = this.rowsOf(symbol).filter(({ line, continues }) => line !== 0 && !continues);
    if (!rows[0] || isAssembly(rows[0].path)) return start;
    const prologueEnd = rows.find((row) => row.prologueEnd && row.address >= start);
    if (prologueEnd) return prologueEnd.address;
    const first = rows.findIndex(({ address }) => address >= start);
    if (first < 0 || rows[first + 1]?.address === rows[first]!.address) return start;
    let prologue = rows[first]!;
    for (const { address } of rows.slice(first + 1)) {
      if (address === prologue.address) continue;
      const { row } = this.code.spanAt(address)!;
      const isMovedIn = row.line < prologue.line && row.path === prologue.path && !this.places.isInlined(address);
      if (!isMovedIn) return address;
      prologue = row;
    }
    return prologue.address;
  }

  private rowsOf({ address: start, size }: ProgramSymbol): LineRow[] {
    if (size > 0n) return this.code.rowsIn(start, start + size);
    const { symbols } = this.places;
    return this.code.rowsFrom(start, (address) => symbols.functionAt(address)?.address === start);
  }

  private afterCallSite(address: bigint): bigint {
    const site = lastAtOrBelow(this.places.callSites, address, (each) => each.address);
    return site && address < site.address + callSiteSize ? site.address + callSiteSize : address;
  }
}

function isAssembly(path: string): boolean {
  return /\.(s|asm)$/i.test(path);
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
