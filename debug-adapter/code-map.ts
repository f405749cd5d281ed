import type { DebugInfo } from '../program/debug-info';
import { symbolText } from '../program/frames/function-name';
import type { LineRow, Program, ProgramSymbol, StatementPlace } from '../program/program';
import { hex } from './format';

/** Symbols and lines of all code in the guest: the program's own, and the trampoline's beside it. */
export class CodeMap {
  constructor(readonly programs: readonly Program[]) {}

  /** The one that has the code at an address; the program itself where neither does. */
  programAt(address: bigint): Program {
    return (
      this.programs.find(({ segments }) => segments.some((each) => address >= each.address && address < each.address + each.size)) ??
      this.programs[0]!
    );
  }

  lineAt(address: bigint): { row: LineRow; end: bigint } | undefined {
    return this.first((program) => program.lines.at(address));
  }

  functionAt(address: bigint): ProgramSymbol | undefined {
    return this.first((program) => program.symbols.functionAt(address));
  }

  named(name: string): ProgramSymbol | undefined {
    return this.first((program) => program.symbols.named(name));
  }

  functionsNamed(name: string): ProgramSymbol[] {
    return this.programs.flatMap(({ symbols, debugInfo }) => {
      const named = symbols.all.filter((symbol) => symbol.name === name && symbol.kind === 'function');
      if (named.length > 0) return [...named, ...symbols.all.filter((symbol) => isCloneOf(name, symbol, debugInfo))];
      // A C++ function, or one whose symbol a compiler has named after it.
      return debugInfo.functionsNamed(name).flatMap((address) => symbols.functionAt(address) ?? []);
    });
  }

  /** Where breakpoints go on the functions of a name, and on their code that is inlined into others. */
  functionBreakpoints(name: string): { readonly outOfLine: readonly bigint[]; readonly inlined: readonly bigint[] } {
    const outOfLine = this.functionsNamed(name).map((symbol) => this.breakpointAddress(symbol) ?? symbol.address);
    const inlined = this.programs.flatMap(({ debugInfo }) => debugInfo.inlinedStartsNamed(name, outOfLine));
    return { outOfLine, inlined: inlined.filter((address) => !outOfLine.includes(address)) };
  }

  /** Where a breakpoint on a line goes: the first line at or after it that has code; of a column, the statement that starts there. */
  addressesOf(path: string, line: number, column?: number): { line: number; column?: number; addresses: readonly bigint[] } | undefined {
    return this.first(({ lines }) => lines.addressesOf(path, line, column));
  }

  statementsIn(path: string, from: number, to: number): readonly StatementPlace[] {
    return this.first(({ lines }) => (lines.paths.includes(path) ? lines.statementsIn(path, from, to) : undefined)) ?? [];
  }

  /** Where a function's first statement is: after its call site and prologue. */
  bodyAddress(symbol: ProgramSymbol | undefined): bigint | undefined {
    return symbol && this.ownerOf(symbol)?.lines.bodyAddress(symbol);
  }

  /** Where a breakpoint on a function goes. */
  breakpointAddress(symbol: ProgramSymbol | undefined): bigint | undefined {
    return symbol && this.ownerOf(symbol)?.lines.breakpointAddress(symbol);
  }

  private ownerOf(symbol: ProgramSymbol): Program | undefined {
    return this.programs.find((program) => program.symbols.functionAt(symbol.address)?.name === symbol.name);
  }

  /** `<fib+8>`, or undefined where no symbol is near. */
  describe(address: bigint): string | undefined {
    const near = this.first((program) => {
      const found = program.symbols.nearest(address);
      return found && { ...found, program };
    });
    if (!near) return undefined;
    const { symbol, offset, program } = near;
    const isBehind = symbol.kind === 'object' ? offset >= symbol.size : offset > symbol.size;
    if (symbol.size > 0n && isBehind) return undefined;
    const name = symbolText(symbol, (start) => program.debugInfo.functionOf(start));
    return offset === 0n ? `<${name}>` : `<${name}+${offset}>`;
  }

  /** `0x10108 <fib+8>`. */
  address(address: bigint): string {
    const symbol = this.describe(address);
    return symbol ? `${hex(address)} ${symbol}` : hex(address);
  }

  private first<T>(ask: (program: Program) => T | undefined): T | undefined {
    for (const program of this.programs) {
      const found = ask(program);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** A copy that a compiler has made of a function for some of its calls: `f.constprop.0`, `f.part.0`. */
function isCloneOf(name: string, symbol: ProgramSymbol, debugInfo: DebugInfo): boolean {
  if (symbol.kind !== 'function' || !symbol.name.startsWith(`${name}.`)) return false;
  return debugInfo.functionOf(symbol.address)?.fullName === name;
}
