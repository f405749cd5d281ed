import type { Program, ProgramSymbol } from '../../program/program';

/** Names of addresses as the kernel prints them (kernel/kallsyms.c), over the program and the trampolines. */
export class Symbols {
  private readonly names = new Map<bigint, string>();
  private readonly sizes = new Map<ProgramSymbol, bigint>();

  /** `labels` are found before the functions that hold them. */
  constructor(
    private readonly programs: readonly Program[],
    private readonly labels: readonly ProgramSymbol[] = [],
  ) {}

  /** `%ps`: the function that holds an address, or the address as the kernel prints one it has no symbol for. */
  name(address: bigint): string {
    if (address === 0n) return '0';
    let name = this.names.get(address);
    if (name === undefined) {
      name = this.functionAt(address)?.name ?? bare(address);
      this.names.set(address, name);
    }
    return name;
  }

  /** `%pS`: the same with offset and size, `vfs_read+0x4/0x380`. */
  withOffset(address: bigint): string {
    const symbol = this.symbolAt(address);
    if (!symbol) return bare(address);
    return `${symbol.name}+0x${(address - symbol.address).toString(16)}/0x${this.sizeOf(symbol).toString(16)}`;
  }

  /** The address of a symbol, of the program before those of the trampolines. */
  named(name: string): bigint | undefined {
    for (const { symbols } of this.programs) {
      const symbol = symbols.named(name);
      if (symbol) return symbol.address;
    }
    return undefined;
  }

  functionAt(address: bigint): ProgramSymbol | undefined {
    const label = this.labels.find((each) => address >= each.address && address < each.address + each.size);
    if (label) return label;
    for (const { symbols } of this.programs) {
      const symbol = symbols.functionAt(address);
      if (symbol) return symbol;
    }
    return undefined;
  }

  private symbolAt(address: bigint): ProgramSymbol | undefined {
    const code = this.functionAt(address);
    if (code) return code;
    for (const { symbols } of this.programs) {
      const object = symbols.nearest(address)?.symbol;
      if (object && object.kind === 'object' && address < object.address + object.size) return object;
    }
    return undefined;
  }

  /** Its size, or up to the next symbol where the program does not say. */
  private sizeOf(symbol: ProgramSymbol): bigint {
    const known = symbol.size > 0n ? symbol.size : this.sizes.get(symbol);
    if (known !== undefined) return known;
    let next: bigint | undefined;
    for (const { symbols } of this.programs) {
      for (const { address } of symbols.all) if (address > symbol.address && (next === undefined || address < next)) next = address;
    }
    const size = (next ?? symbol.address + 4n) - symbol.address;
    this.sizes.set(symbol, size);
    return size;
  }
}

function bare(address: bigint): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}
