import type { Executable } from '../../program/program';
import { hex, pageSize } from '../linear-memory';

const mebibyte = 1n << 20n;
/** Where RAM starts on QEMU's virt machine, and on most others. */
export const ramStart = 0x8000_0000n;
/** What a program that is linked elsewhere gets behind each of its parts. */
const roomBehind = 16n * mebibyte;
/** Room for regions that are not the program's, behind its memory. */
const roomForOthers = 16n * mebibyte;
const window = 1n << 32n;

export interface Area {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
}

/** The memory of a bare machine. Addresses and sizes are whole pages. */
export interface MemoryPlan {
  readonly base: bigint;
  readonly size: number;
  readonly areas: readonly Area[];
  /** Behind the program's last byte: the rest of that area is free. */
  readonly heap: bigint;
}

/**
 * RAM from 0x80000000 on, and memory for the parts of the program outside it; for a program that has no part in RAM, as one that a
 * linker script has placed in flash and RAM of another board, memory around its parts alone. Throws RangeError where it does not fit.
 */
export function planMemory({ name, segments }: Executable, mebibytes: number): MemoryPlan {
  if (!Number.isInteger(mebibytes) || mebibytes < 1)
    throw new RangeError(`${name}: memory of ${mebibytes} MiB is not a whole number above 0`);
  const spans = joined(segments.flatMap(({ address, loadAddress, size }) => [spanOf(address, size), spanOf(loadAddress, size)]));
  const ram = { start: ramStart, end: ramStart + BigInt(mebibytes) * mebibyte };
  const inRam = (span: Span) => span.start < ram.end && ram.start < span.end;
  const tooLong = spans.find((span) => inRam(span) && span.end > ram.end);
  if (tooLong) {
    throw new RangeError(
      `${name}: its memory from ${hex(tooLong.start)} to ${hex(tooLong.end)} is more than ${mebibytes} MiB of RAM at ${hex(ram.start)}`,
    );
  }
  // A linker may put the ELF header before the code, and so below RAM.
  const outside = spans.flatMap((span) => (inRam(span) ? below(span, ram.start) : [span]));
  const areas = spans.some(inRam)
    ? [areaOf('RAM', ram), ...outside.map((span) => areaOf('program', span))]
    : outside.map((span, index) => areaOf('program', withRoom(span, outside[index + 1]?.start)));
  const base = areas.map(({ address }) => address).reduce(least);
  const end = areas.map(({ address, size }) => address + size).reduce(greatest) + roomForOthers;
  if (end - base >= window || end > 1n << 64n) {
    throw new RangeError(`${name}: its memory from ${hex(base)} to ${hex(end - roomForOthers)} is more than 4 GiB`);
  }
  const heap = segments.map(({ address, size }) => address + size).reduce(greatest);
  return { base, size: Number(end - base), areas, heap: (heap + 15n) & -16n };
}

interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

function spanOf(address: bigint, size: bigint): Span {
  const page = BigInt(pageSize);
  return { start: (address / page) * page, end: ((address + size + page - 1n) / page) * page };
}

/** By address, those that touch made one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((left, right) => (left.start < right.start ? -1 : 1))) {
    const last = result.at(-1);
    if (last && span.start <= last.end) result[result.length - 1] = { start: last.start, end: greatest(last.end, span.end) };
    else result.push(span);
  }
  return result;
}

function withRoom({ start, end }: Span, next: bigint | undefined): Span {
  return { start, end: next === undefined ? end + roomBehind : least(end + roomBehind, next) };
}

/** The part of a span below an address. */
function below({ start }: Span, end: bigint): Span[] {
  return start < end ? [{ start, end }] : [];
}

function areaOf(name: string, { start, end }: Span): Area {
  return { name, address: start, size: end - start };
}

function least(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function greatest(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
