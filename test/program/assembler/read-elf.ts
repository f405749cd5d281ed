/** Just enough of ELF64 to look into the programs of these tests. */
export interface TestSection {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly size: bigint;
  /** Empty for a section without bytes in the file. */
  readonly bytes: Uint8Array;
}

export interface TestSymbol {
  readonly name: string;
  readonly value: bigint;
  readonly size: bigint;
  readonly type: number;
  readonly binding: number;
}

export function readElfFile(image: Uint8Array): { sections: TestSection[]; symbols: TestSymbol[] } {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const start = Number(view.getBigUint64(40, true));
  const headers = Array.from({ length: view.getUint16(60, true) }, (_, index) => {
    const at = start + 64 * index;
    const type = view.getUint32(at + 4, true);
    const offset = Number(view.getBigUint64(at + 24, true));
    const size = view.getBigUint64(at + 32, true);
    return {
      nameOffset: view.getUint32(at, true),
      type,
      flags: view.getBigUint64(at + 8, true),
      address: view.getBigUint64(at + 16, true),
      size,
      bytes: type === 8 ? new Uint8Array(0) : image.subarray(offset, offset + Number(size)),
    };
  });
  const text = (bytes: Uint8Array, offset: number) => new TextDecoder().decode(bytes.subarray(offset, bytes.indexOf(0, offset)));
  const names = headers[view.getUint16(62, true)]!.bytes;
  const sections = headers.map(({ nameOffset, ...rest }) => ({ ...rest, name: text(names, nameOffset) }));
  return { sections, symbols: readSymbols(sections, text) };
}

function readSymbols(sections: readonly TestSection[], text: (bytes: Uint8Array, offset: number) => string): TestSymbol[] {
  const table = sections.find(({ name }) => name === '.symtab');
  const strings = sections.find(({ name }) => name === '.strtab');
  if (!table || !strings) return [];
  const view = new DataView(table.bytes.buffer, table.bytes.byteOffset, table.bytes.byteLength);
  return Array.from({ length: table.bytes.length / 24 }, (_, index) => {
    const at = 24 * index;
    return {
      name: text(strings.bytes, view.getUint32(at, true)),
      value: view.getBigUint64(at + 8, true),
      size: view.getBigUint64(at + 16, true),
      type: view.getUint8(at + 4) & 0xf,
      binding: view.getUint8(at + 4) >> 4,
    };
  });
}
