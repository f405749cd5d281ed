/** An operator such as `%pcrel_hi(symbol)`: RISC-V ELF psABI, chapter "Relocations", and GNU as manual, "RISC-V Assembler Modifiers". */
export interface RelocationDoc {
  readonly name: string;
  readonly prose: string;
  /** Where it may stand: the upper 20 bits of lui or auipc, or the lower 12 of a load, a store or an addition. */
  readonly part: 'upper' | 'lower' | 'marker';
}

// biome-ignore format: one row per line.
const rows: readonly (readonly [name: string, part: RelocationDoc['part'], prose: string])[] = [
  ['hi', 'upper', 'The upper 20 bits of an absolute address, for lui; %lo adds the rest.'],
  ['lo', 'lower', 'The lower 12 bits of an absolute address.'],
  ['pcrel_hi', 'upper', 'The upper 20 bits of the distance from this auipc to the symbol.'],
  ['pcrel_lo', 'lower', 'The lower 12 bits of the distance that the auipc at that label began.'],
  ['got_pcrel_hi', 'upper', "The distance to the symbol's entry in the global offset table."],
  ['tprel_hi', 'upper', 'The upper 20 bits of the offset of a thread-local variable from tp.'],
  ['tprel_lo', 'lower', 'The lower 12 bits of the offset of a thread-local variable from tp.'],
  ['tprel_add', 'marker', 'Marks the addition of tp, which the linker may take away.'],
  ['tls_ie_pcrel_hi', 'upper', 'The distance to the table entry that holds the offset of a thread-local variable from tp.'],
  ['tls_gd_pcrel_hi', 'upper', 'The distance to the table entry that __tls_get_addr takes.'],
];

export const relocationDocs: readonly RelocationDoc[] = rows.map(([name, part, prose]) => ({ name, part, prose }));

export function relocationDoc(name: string): RelocationDoc | undefined {
  return relocationDocs.find((doc) => doc.name === name);
}
