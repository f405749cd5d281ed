import type { CallSite, ProgramSymbol, RefusedCallSite, Segment } from '../program';
import { ProgramError } from '../program-error';
import { countAtOrBelow, lastAtOrBelow } from '../sorted';
import { ByteReader } from './byte-reader';
import { type ElfFile, sectionBytes } from './elf-file';

export interface CallSites {
  readonly callSites: readonly CallSite[];
  readonly refusedCallSites: readonly RefusedCallSite[];
}

/** Size of a call site in bytes: `auipc t0` + `jalr t0`. */
export const callSiteSize = 8n;

/**
 * The call sites that `-fpatchable-function-entry` left: each entry of `__patchable_function_entries` is the address where a
 * function's nops start, which is before its symbol where the flag asks for nops there (GCC manual, the flag's description).
 */
export function readCallSites(file: ElfFile, segments: readonly Segment[], symbols: readonly ProgramSymbol[], notes: string[]): CallSites {
  const functions = symbols.filter(({ kind }) => kind === 'function');
  const sites = new Map<bigint, CallSite | RefusedCallSite>();
  for (const entry of readEntries(file, notes)) {
    const site = callSiteOf(entry, functions, segments);
    const reason = refusal(site, segments);
    sites.set(site.address, reason ? { ...site, reason } : site);
  }
  const sorted = [...sites.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
  return {
    callSites: sorted.filter((site) => !('reason' in site)),
    refusedCallSites: sorted.filter((site) => 'reason' in site),
  };
}

const sectionName = '__patchable_function_entries';
/** Nops that may stand before a symbol, in bytes; the kernel asks for 8. */
const largestLead = 64n;
const nop = 0x13;
const compressedNop = 1;

function readEntries(file: ElfFile, notes: string[]): bigint[] {
  const entries: bigint[] = [];
  for (const section of file.sections.filter(({ name }) => name === sectionName)) {
    try {
      const reader = new ByteReader(sectionBytes(file, section), `${file.name}: section ${sectionName}`);
      while (!reader.atEnd) entries.push(reader.u64());
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      notes.push(`${error.message}; functions named after that place cannot be traced`);
    }
  }
  return entries;
}

function callSiteOf(entry: bigint, functions: readonly ProgramSymbol[], segments: readonly Segment[]): CallSite {
  const holder = lastAtOrBelow(functions, entry, startOf);
  if (holder?.address === entry) return { name: nameAt(entry, functions), address: entry };
  const next = functions[countAtOrBelow(functions, entry, startOf)];
  const lead = next && next.address - entry <= largestLead ? codeAt(segments, entry, next.address - entry) : undefined;
  if (next && lead && areNops(lead)) return { name: nameAt(next.address, functions), address: next.address };
  const isInside = holder && entry < holder.address + holder.size;
  return { name: isInside ? nameAt(holder.address, functions) : `0x${entry.toString(16)}`, address: entry };
}

function startOf({ address }: ProgramSymbol): bigint {
  return address;
}

/** The first of the symbols at that address, which the symbol table has put in the order of preference. */
function nameAt(address: bigint, functions: readonly ProgramSymbol[]): string {
  return functions[countAtOrBelow(functions, address - 1n, (symbol) => symbol.address)]!.name;
}

function refusal({ name, address }: CallSite, segments: readonly Segment[]): string | undefined {
  const code = codeAt(segments, address, callSiteSize);
  if (!code) return `the call site at 0x${address.toString(16)} lies outside the program's code`;
  if (!areNops(code)) {
    return `${name} does not start with 8 bytes of nops: compile with -fpatchable-function-entry=4 (=2 without compressed instructions)`;
  }
  return undefined;
}

/** That many bytes of code from the file; undefined where not all of them are. */
function codeAt(segments: readonly Segment[], address: bigint, size: bigint): Uint8Array | undefined {
  const segment = lastAtOrBelow(segments, address, (each) => each.address);
  if (!segment?.permissions.execute || address - segment.address + size > BigInt(segment.bytes.length)) return undefined;
  const offset = Number(address - segment.address);
  return segment.bytes.subarray(offset, offset + Number(size));
}

function areNops(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset < bytes.length) {
    if (view.getUint16(offset, true) === compressedNop) offset += 2;
    else if (offset + 4 <= bytes.length && view.getUint32(offset, true) === nop) offset += 4;
    else return false;
  }
  return true;
}
