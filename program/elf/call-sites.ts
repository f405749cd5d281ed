import type { CallSite, ProgramSymbol, RefusedCallSite, Segment, SymbolTable } from '../program';
import { ProgramError } from '../program-error';
import { countAtOrBelow, lastAtOrBelow } from '../sorted';
import { ByteReader } from './byte-reader';
import { type ElfFile, sectionBytes } from './elf-file';
import { readRelativeRelocations } from './relative-relocations';

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
export function readCallSites(file: ElfFile, segments: readonly Segment[], symbols: SymbolTable, notes: string[]): CallSites {
  const entries = readEntries(file, notes);
  if (entries.length === 0) return { callSites: [], refusedCallSites: [] };
  const functions = symbols.all.filter(({ kind }) => kind === 'function');
  const sites = new Map<bigint, CallSite | RefusedCallSite>();
  const lead = functions.length === 0 ? leadOf(entries, file.entry, segments) : 0n;
  for (const entry of entries) {
    const site = lead > 0n ? { name: `0x${(entry + lead).toString(16)}`, address: entry + lead } : callSiteOf(entry, functions, segments);
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
/** Bytes before a function that a kernel from 6.16 on asks for. */
const opsPointerSize = 8n;
/** Nops that may stand before a symbol, in bytes; the kernel asks for 8. */
const largestLead = 64n;
const nop = 0x13;
const compressedNop = 1;

function readEntries(file: ElfFile, notes: string[]): bigint[] {
  const entries: bigint[] = [];
  const relocations = readRelativeRelocations(file);
  for (const section of file.sections.filter(({ name }) => name === sectionName)) {
    try {
      const reader = new ByteReader(sectionBytes(file, section), `${file.name}: section ${sectionName}`, file.bias);
      while (!reader.atEnd) {
        const relocated = relocations.get(section.address + BigInt(reader.offset));
        const written = reader.address();
        entries.push(relocated ?? written);
      }
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

/**
 * How many bytes of nops stand before each function of a program without symbols: 8 where calls go to 8 bytes behind the entries,
 * and not to the entries. One flag holds for all functions of a program, so that those which nobody calls directly are like the others.
 */
function leadOf(entries: readonly bigint[], start: bigint, segments: readonly Segment[]): bigint {
  const long = entries.filter((entry) => {
    const code = codeAt(segments, entry, callSiteSize + opsPointerSize);
    return code !== undefined && areNops(code);
  });
  if (long.length < entries.length) return 0n;
  const targets = callTargets(segments).add(start);
  const called = (lead: bigint) => entries.filter((entry) => targets.has(entry + lead)).length;
  return called(opsPointerSize) > called(0n) ? opsPointerSize : 0n;
}

/** Where `jal` and pairs of `auipc` and `jalr` of the code go to. */
function callTargets(segments: readonly Segment[]): Set<bigint> {
  const targets = new Set<bigint>();
  for (const { address, bytes } of segments.filter(({ permissions }) => permissions.execute)) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = 0; offset + 4 <= bytes.length; offset += 2) {
      const word = view.getUint32(offset, true);
      const at = address + BigInt(offset);
      if ((word & 0x7f) === 0x6f) targets.add(at + BigInt(jumpOffset(word)));
      if ((word & 0x7f) !== 0x17 || offset + 8 > bytes.length) continue;
      const next = view.getUint32(offset + 4, true);
      const isSameRegister = ((next >>> 15) & 31) === ((word >>> 7) & 31);
      if ((next & 0x707f) === 0x67 && isSameRegister) targets.add(at + BigInt((word & ~0xfff) + (next >> 20)));
    }
  }
  return targets;
}

/** The immediate of a `jal` (ISA manual, J-type). */
function jumpOffset(word: number): number {
  return ((word >> 31) << 20) | (word & 0xff000) | (((word >>> 20) & 1) << 11) | (((word >>> 21) & 0x3ff) << 1);
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
    if (offset + 2 > bytes.length) return false;
    if (view.getUint16(offset, true) === compressedNop) offset += 2;
    else if (offset + 4 <= bytes.length && view.getUint32(offset, true) === nop) offset += 4;
    else return false;
  }
  return true;
}
