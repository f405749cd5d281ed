import type { MemoryRegion } from '../emulator/machine';
import type { Program } from '../program/program';
import { inReach } from './call-site';

export const pageSize = 4096n;

/**
 * Addresses where `size` bytes are free, best first: below the program, above everything, then the ends of the gaps between
 * regions, away from a heap that grows upwards. A page on either side stays unmapped, and so does the first page. Only places
 * from which every call site is in reach.
 */
export function placesFor(regions: readonly MemoryRegion[], size: bigint, program: Program): bigint[] {
  const sorted = [...regions].sort((one, other) => (one.address < other.address ? -1 : 1));
  const belows = sorted.map((region) => region.address - pageSize - size);
  const last = sorted.at(-1);
  const above = last ? last.address + last.size + pageSize : pageSize;
  return [...belows.slice(0, 1), above, ...belows.slice(1)].filter(
    (address) => address >= pageSize && isFree(address, size, sorted) && reachesAll(address, size, program),
  );
}

function isFree(address: bigint, size: bigint, regions: readonly MemoryRegion[]): boolean {
  return regions.every((region) => address + size + pageSize <= region.address || region.address + region.size + pageSize <= address);
}

function reachesAll(address: bigint, size: bigint, program: Program): boolean {
  const first = program.callSites[0];
  const last = program.callSites.at(-1);
  if (!first || !last) return true;
  return [first, last].every((site) => inReach(site.address, address) && inReach(site.address, address + size));
}
