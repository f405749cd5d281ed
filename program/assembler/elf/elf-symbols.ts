import { SourceError } from '../diagnostics';
import { type Distance, evaluate } from '../evaluate';
import { addressOf, type OutputSection } from '../output-sections';
import type { Relocator } from '../relocate';
import { type Place, type Section, SHF_TLS } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { AssemblySymbol, isPlace } from '../symbols';

/** A row of the symbol table, with the numbers of ELF. */
export interface ElfSymbol {
  readonly name: string;
  readonly value: bigint;
  /** In bytes. */
  readonly size: bigint;
  readonly type: number;
  /** 0 local, 1 global, 2 weak. */
  readonly binding: number;
  readonly visibility: number;
  readonly section: OutputSection | 'absolute' | 'undefined';
}

const types = { none: 0, object: 1, function: 2, tls: 6, common: 1, ifunc: 10 } as const;
const fileType = 4;
/** STO_RISCV_VARIANT_CC (RISC-V ELF psABI, section "Symbol Table"). */
const variantCall = 0x80;
const bindings = { unset: 0, local: 0, global: 1, weak: 2 } as const;
const visibilities = { default: 0, internal: 1, hidden: 2, protected: 3 } as const;

/** All symbols, the local ones first, source by source, each source under a symbol of type FILE. */
export function symbolTableOf(
  sources: readonly SourceAssembler[],
  globals: ReadonlyMap<string, AssemblySymbol>,
  outputs: readonly OutputSection[],
  relocator: Relocator,
): ElfSymbol[] {
  const outputOf = new Map<Section, OutputSection>();
  for (const output of outputs) for (const { section } of output.inputs) outputOf.set(section, output);
  const rows = (symbol: AssemblySymbol) => relocator.attempt(() => [rowOf(symbol, outputOf, relocator)]) ?? [];
  const locals: ElfSymbol[] = [];
  for (const source of sources) {
    const common = { value: 0n, size: 0n, binding: 0, visibility: 0 };
    locals.push({ ...common, name: source.path.replace(/^.*[/\\]/s, ''), type: fileType, section: 'absolute' });
    for (const symbol of source.symbols.all) {
      if (symbol.definition && bindings[symbol.binding] === 0 && !symbol.isTemporary) locals.push(...rows(symbol));
    }
    for (const section of source.sections.values()) {
      for (const { place, kind } of section.contents) {
        const output = outputOf.get(section);
        if (output && section.isCode)
          locals.push({ ...common, name: kind === 'code' ? '$x' : '$d', value: addressOf(place), type: 0, section: output });
      }
    }
  }
  return [...locals, ...[...globals.values()].flatMap(rows), ...undefinedWeak(sources)];
}

function rowOf(symbol: AssemblySymbol, outputOf: ReadonlyMap<Section, OutputSection>, relocator: Relocator): ElfSymbol {
  const place = placeOf(symbol);
  const model = symbol.type === 'none' ? original(symbol) : symbol;
  const isThreadLocal = place !== undefined && (place.section.attributes.flags & SHF_TLS) !== 0;
  return {
    name: symbol.name,
    value: BigInt.asUintN(64, relocator.addressOfSymbol(symbol) - (isThreadLocal ? relocator.threadStart : 0n)),
    size: sizeOf(symbol.size ? symbol : model, relocator),
    type: isThreadLocal ? types.tls : types[model.type],
    binding: bindings[symbol.binding],
    visibility: visibilities[symbol.visibility] | (symbol.isVariantCall ? variantCall : 0),
    section: (place && outputOf.get(place.section)) ?? 'absolute',
  };
}

/** The symbol whose name `.set` gave another name to, which lends it its type and size. */
function original(symbol: AssemblySymbol): AssemblySymbol {
  let found = symbol;
  for (let depth = 0; depth < 100; depth++) {
    const { definition, resolved } = found;
    if (definition && !isPlace(definition) && definition.kind === 'symbol') found = definition.symbol;
    else if (!definition && resolved instanceof AssemblySymbol) found = resolved;
    else break;
  }
  return found;
}

function placeOf(symbol: AssemblySymbol): Place | undefined {
  const { definition } = symbol;
  if (!definition || isPlace(definition)) return definition;
  const base = evaluate(definition, distance)?.base;
  return base instanceof AssemblySymbol ? undefined : base;
}

function sizeOf({ size, definedAt }: AssemblySymbol, relocator: Relocator): bigint {
  if (!size) return 0n;
  const value = relocator.value(size, definedAt!);
  if (value < 0n) throw new SourceError(definedAt!, `the size ${value} of this symbol is negative`);
  return value;
}

const distance: Distance = (from, to) => addressOf(to) - addressOf(from);

/** Weak symbols that are used and that nobody defines stay in the table as undefined. */
function undefinedWeak(sources: readonly SourceAssembler[]): ElfSymbol[] {
  const names = new Set<string>();
  for (const source of sources) {
    for (const symbol of source.symbols.all)
      if (symbol.binding === 'weak' && !symbol.definition && !symbol.resolved) names.add(symbol.name);
  }
  return [...names].map((name) => ({ name, value: 0n, size: 0n, type: 0, binding: bindings.weak, visibility: 0, section: 'undefined' }));
}
