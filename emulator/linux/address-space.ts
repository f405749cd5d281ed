import type { Executable, Permissions, Segment } from '../../program/program';
import type { FlatMemory } from '../flat-memory';
import { hex, pageSize } from '../linear-memory';

const mebibyte = 2 ** 20;
const largestStack = 8 * mebibyte;
/** Unmapped pages below the stack: Linux's stack_guard_gap. */
const guardSize = mebibyte;
/**
 * Room for regions that are neither the program's nor its heap, mappings or stack, at least. What the program takes with it is a multiple
 * of it: programs whose sizes differ a little have windows of one size, and so one interpreter, which may have been kept.
 */
const roomForOthers = 16 * mebibyte;
/** What the window can be at most: the engine's tables share the 4 GiB of a WebAssembly memory with it. */
const largestWindow = 2 ** 32 - 256 * mebibyte;

/** Where the parts of a process are. Addresses and sizes are whole pages. */
export interface AddressSpace {
  readonly base: bigint;
  readonly size: number;
  /** Where the heap starts, and the room kept for it to grow into. */
  readonly heap: bigint;
  readonly heapSize: number;
  /** The end of the room for mappings, which are made downwards from it. */
  readonly mappingsEnd: bigint;
  readonly stack: bigint;
  readonly stackSize: number;
  /** The most bytes of memory that the process may have, everything counted. */
  readonly limit: number;
}

/**
 * From the lowest segment up: the program, the heap, room for others and for mappings, a guard, the stack. Throws RangeError where
 * a program has no segments, they are too far apart for one window, or they take more than `mebibytes` of memory.
 */
export function planAddressSpace(program: Executable, mebibytes: number): AddressSpace {
  const { segments, name } = program;
  if (segments.length === 0) throw new RangeError(`${name}: there is no segment to load`);
  const limit = mebibytes * mebibyte;
  const stackSize = Math.min(largestStack, Math.floor(limit / 4 / pageSize) * pageSize);
  const ends = segments.map((one) => one.address + one.size);
  const base = roundDown(segments[0]!.address);
  const heap = roundUp(ends.reduce((left, right) => (left > right ? left : right)));
  const taken = pageRuns(segments).reduce((sum, { size }) => sum + size, 0n);
  if (taken + BigInt(stackSize) > BigInt(limit)) {
    const needed = (taken + BigInt(stackSize + mebibyte - 1)) / BigInt(mebibyte);
    throw new RangeError(`${name}: its segments and stack take ${needed} MiB, more than the ${mebibytes} MiB of memory it may have`);
  }
  const fixed = Math.ceil((Number(heap - base) + roomForOthers) / roomForOthers) * roomForOthers + guardSize + stackSize;
  const room = Math.min(2 * limit, largestWindow - fixed);
  if (room < limit) {
    throw new RangeError(
      `${name}: segments from ${hex(base)} to ${hex(heap)} and ${mebibytes} MiB of memory do not fit in a window of less than 4 GiB`,
    );
  }
  const size = fixed + Math.floor(room / pageSize) * pageSize;
  const stack = base + BigInt(size - stackSize);
  return { base, size, heap, heapSize: limit, mappingsEnd: stack - BigInt(guardSize), stack, stackSize, limit };
}

/** Maps and fills the program's segments and the stack. */
export function load(memory: FlatMemory, program: Executable, space: AddressSpace): void {
  for (const { address, size, permissions } of pageRuns(program.segments)) memory.map({ name: 'program', address, size, permissions });
  for (const { address, bytes } of program.segments) memory.write(address, bytes);
  const permissions = { read: true, write: true, execute: program.hasCodeOnStack === true };
  memory.map({ name: 'stack', address: space.stack, size: BigInt(space.stackSize), permissions });
  memory.reserve(space.heap, BigInt(space.heapSize));
  memory.reserve(space.stack - BigInt(guardSize), BigInt(guardSize));
}

/** The pages of the segments, in runs of equal permissions; a page that two segments share has the permissions of both. */
function pageRuns(segments: readonly Segment[]): { address: bigint; size: bigint; permissions: Permissions }[] {
  const occupied = segments.filter((one) => one.size > 0n);
  const edges = occupied.flatMap((one) => [roundDown(one.address), roundUp(one.address + one.size)]);
  const inner = occupied.flatMap((one) => [roundUp(one.address), roundDown(one.address + one.size)]);
  const borders = [...new Set([...edges, ...inner])].sort((left, right) => (left < right ? -1 : 1));
  return borders.slice(0, -1).flatMap((address, index) => {
    const end = borders[index + 1]!;
    const covering = occupied.filter((one) => roundDown(one.address) < end && address < roundUp(one.address + one.size));
    if (covering.length === 0) return [];
    const any = (key: keyof Permissions) => covering.some((one) => one.permissions[key]);
    return [{ address, size: end - address, permissions: { read: any('read'), write: any('write'), execute: any('execute') } }];
  });
}

function roundDown(address: bigint): bigint {
  return address - (address % BigInt(pageSize));
}

function roundUp(address: bigint): bigint {
  return roundDown(address + BigInt(pageSize - 1));
}
