import { type Distance, evaluate, type Value } from '../evaluate';
import type { Expression } from '../expression';
import type { Fixup } from '../fixups';
import { addressOf } from '../output-sections';
import { distanceInSection } from '../relax';
import { type Section, SHF_EXECINSTR } from '../section';
import { SHF_MERGE } from '../section-attributes';
import { AssemblySymbol } from '../symbols';

/** What an instruction that may be relaxed refers to. */
export interface Target {
  readonly address: bigint;
  /** Absent for numbers and the linker's own symbols. */
  readonly section: Section | undefined;
  /** A weak symbol that nobody defines, whose address is 0. */
  readonly isMissing: boolean;
  /** Bytes of the object from the address on, all of which must be in reach. */
  readonly size: bigint;
  /** It may move away later, or is code. */
  readonly isUnsteady: boolean;
}

/** The target by the addresses as they are now; undefined where there is none to rely on. */
export function targetOf({ expression }: Fixup): Target | undefined {
  const value = currentValue(expression);
  if (!value) return undefined;
  const { symbol, addend } = symbolOf(expression);
  const { offset, base } = value;
  if (symbol?.type === 'ifunc' || (!base && !symbol)) return undefined;
  if (base instanceof AssemblySymbol) {
    if (base.binding !== 'weak') return undefined;
    return { address: 0n, section: undefined, isMissing: true, size: 0n, isUnsteady: false };
  }
  return {
    address: BigInt.asIntN(64, (base ? addressOf(base) : 0n) + offset),
    section: base?.section,
    isMissing: false,
    size: symbol ? sizeFrom(symbol, addend) : 0n,
    isUnsteady: base ? (base.section.attributes.flags & (SHF_EXECINSTR | SHF_MERGE)) !== 0 : isEndOfCode(symbol),
  };
}

/** The place of the `auipc` to which a `%pcrel_lo` refers. */
export function upperPartOf({
  expression,
}: Fixup): { readonly section: Section; readonly fragment: number; readonly offset: number } | undefined {
  const base = currentValue(expression)?.base;
  return base instanceof AssemblySymbol ? undefined : base;
}

/** An expression with an error has no value here; the error is reported where it is written. */
function currentValue(expression: Expression): Value | undefined {
  try {
    return evaluate(expression, distance);
  } catch {
    return undefined;
  }
}

const distance: Distance = (from, to) => addressOf(to) - addressOf(from);

/** The symbol that an expression names, and what it adds to it. */
function symbolOf(expression: Expression): { readonly symbol: AssemblySymbol | undefined; readonly addend: bigint } {
  if (expression.kind === 'symbol') {
    const { symbol } = expression;
    const isElsewhere = !symbol.definition && symbol.resolved instanceof AssemblySymbol;
    return { symbol: isElsewhere ? (symbol.resolved as AssemblySymbol) : symbol, addend: 0n };
  }
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-')) {
    const right = currentValue(expression.right);
    const { symbol, addend } = symbolOf(expression.left);
    if (right && !right.base) return { symbol, addend: expression.operator === '+' ? addend + right.offset : addend - right.offset };
  }
  return { symbol: undefined, addend: 0n };
}

function sizeFrom(symbol: AssemblySymbol, addend: bigint): bigint {
  if (!symbol.size || (symbol.type === 'function' && symbol.binding !== 'unset' && symbol.binding !== 'local')) return 0n;
  const size = evaluateSize(symbol.size);
  return addend < 0n || addend > size ? 0n : size - addend;
}

function evaluateSize(size: Expression): bigint {
  try {
    const value = evaluate(size, distanceInSection);
    return value && !value.base ? value.offset : 0n;
  } catch {
    return 0n;
  }
}

/** The names that the linker gives the ends of the code. */
function isEndOfCode(symbol: AssemblySymbol | undefined): boolean {
  return symbol !== undefined && /^(_?_?etext|__executable_start)$/.test(symbol.name);
}
