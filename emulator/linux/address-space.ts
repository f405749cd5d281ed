import type { Permissions, Program, Segment } from '../../program/program';
import type { FlatMemory } from '../flat-memory';
import { hex, pageSize } from '../linear-memory';

const mebibyte = 2 ** 20;
const stackSize = 8 * mebibyte;
/** Unmapped pages below the stack: Linux's stack_guard_gap. */
const guardSize = mebibyte;
/** Room for regions that are neither the program's nor its heap or stack. */
const roomForOthers = 16 * mebibyte;

/** Where the parts of a process are. Addresses and sizes are whole pages. */
export interface AddressSpace {
  readonly base: bigint;
  readonly size: number;
  readonly heap: bigint;
  readonly heapSize: number;
  readonly stack: bigint;
  readonly stackSize: number;
}

/**
 * From the lowest segment up: the program, the heap (at most `heapMebibytes`), room for others, a guard, the stack. Throws
 * RangeError where a program has no segments or they are too far apart for one window.
 */
export function planAddressSpace(program: Program, heapMebibytes: number): AddressSpace {
  const { segments } = program;
  if (segments.length === 0) throw new RangeError(`${program.name}: there is no segment to load`);
  const ends = segments.map((one) => one.address + one.size);
  const base = roundDown(segments[0]!.address);
  const heap = roundUp(ends.sort((left, right) => (left < right ? -1 : 1)).at(-1)!);
  const heapSize = heapMebibytes * mebibyte;
  const size = Number(heap - base) + heapSize + roomForOthers + guardSize + stackSize;
  if (size > 2 ** 32) {
    throw new RangeError(
      `${program.name}: segments from ${hex(base)} to ${hex(heap)} with a heap of ${heapMebibytes} MiB are more than 4 GiB`,
    );
  }
  return { base, size, heap, heapSize, stack: base + BigInt(size - stackSize), stackSize };
}

/** Maps and fills the program's segments and the stack. */
export function load(memory: FlatMemory, program: Program, space: AddressSpace): void {
  for (const { address, size, permissions } of pageRuns(program.segments)) memory.map({ name: 'program', address, size, permissions });
  for (const { address, bytes } of program.segments) memory.write(address, bytes);
  const permissions = { read: true, write: true, execute: false };
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
