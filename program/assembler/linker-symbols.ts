import { tableStart } from './global-offset-table';
import type { OutputSection } from './output-sections';
import type { SourceAssembler } from './source-assembler';
import { AssemblySymbol } from './symbols';

/**
 * Gives the symbols that nobody defines, but GNU ld does, their addresses (its default script for elf64lriscv), anew where it has done so
 * before. Returns them all.
 */
export function provideLinkerSymbols(sources: readonly SourceAssembler[], loaded: readonly OutputSection[]): ReadonlyMap<string, bigint> {
  const provided = new Map<string, bigint>();
  const start = (output: OutputSection | undefined) => output?.address;
  const end = (output: OutputSection | undefined) => (output ? output.address + BigInt(output.size) : undefined);
  const withBits = loaded.filter(({ hasBits }) => hasBits);
  const named = (name: string) => loaded.find((output) => output.name === name);
  const set = (value: bigint, ...names: string[]) => {
    for (const name of names) provided.set(name, value);
  };
  const all = end(loaded.at(-1)) ?? 0n;
  const dataEnd = end(withBits.at(-1)) ?? 0n;
  const bssEnd = (all + 7n) & -8n;
  set(end(named('.text')) ?? 0n, 'etext', '_etext', '__etext');
  set(dataEnd, 'edata', '_edata');
  set(start(loaded.find(({ hasBits }) => !hasBits)) ?? dataEnd, '__bss_start');
  set(bssEnd, 'end', '_end', '__BSS_END__');
  set(start(loaded[0]) ?? 0n, '__executable_start');
  const data = start(named('.data')) ?? dataEnd;
  const small = start(named('.sdata')) ?? dataEnd;
  set(data, '__DATA_BEGIN__');
  set(small, '__SDATA_BEGIN__');
  set(minimum(small + 0x800n, maximum(data + 0x800n, bssEnd - 0x800n)), globalPointer);
  const table = named('.got');
  if (table) set(table.address + BigInt(tableStart), '_GLOBAL_OFFSET_TABLE_');
  for (const kind of ['preinit', 'init', 'fini']) {
    const output = named(`.${kind}_array`);
    set(start(output) ?? dataEnd, `__${kind}_array_start`);
    set(end(output) ?? dataEnd, `__${kind}_array_end`);
  }
  for (const source of sources) {
    for (const symbol of source.symbols.all) {
      const address = provided.get(symbol.name);
      if (address !== undefined && !symbol.definition && !(symbol.resolved instanceof AssemblySymbol)) symbol.resolved = { address };
    }
  }
  return provided;
}

/** The name of the address that `gp` is set to. */
export const globalPointer = '__global_pointer$';

const minimum = (a: bigint, b: bigint) => (a < b ? a : b);
const maximum = (a: bigint, b: bigint) => (a > b ? a : b);
