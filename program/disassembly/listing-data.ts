import type { ListingSymbol } from './listing-symbols';

type Show = (view: DataView, at: number) => { readonly text: string; readonly length: number };

const directives = { 1: '.byte', 2: '.short', 4: '.word' } as const;

/**
 * How the bytes at an address are shown where a mapping symbol has said that they are data: by the word, up to the next mapping
 * symbol of the section or the end of what is left (binutils, riscv-dis.c, riscv_data_length).
 */
export function dataAt(mapping: readonly ListingSymbol[], address: bigint, left: number): Show {
  const next = mapping.find((symbol) => symbol.address > address);
  const room = Math.min(4, left, next ? Number(next.address - address) : 4);
  const length = room === 3 ? 2 : (room as 1 | 2 | 4);
  return (view, at) => {
    const value = length === 4 ? view.getUint32(at, true) : length === 2 ? view.getUint16(at, true) : view.getUint8(at);
    return { text: `${directives[length]}\t0x${value.toString(16).padStart(length * 2, '0')}`, length };
  };
}
