import { seenSize } from './interpreter/seen-layout';
import { chunkBits, mostLentChunks, recorderSize } from './recorder/recorder-layout';

/** The page of Linux on RISC-V, the unit of permissions and of decoded code. */
export const pageSize = 4096;

/** Page permission bits. A page that is not mapped has none of them; a mapped one has at least `mapped`. */
export const permissionBits = { read: 1, write: 2, execute: 4, mapped: 8 } as const;

/** Kinds of managing cache blocks, as bits. */
export const cacheControl = { invalidate: 1, clean: 2, zero: 4 } as const;

/** Where the state of the hart is in linear memory, in bytes. Registers are 8 bytes each. */
export const hartAt = {
  x: 0,
  /** Takes what is written to x0. */
  scratch: 256,
  pc: 264,
  /** Instructions retired when the engine was last left. */
  instret: 272,
  /** While the engine runs: what `instret` will be when its fuel is used up. */
  end: 280,
  reservation: 288,
  /** The address that an access could not reach, or the word of an illegal instruction. */
  faultValue: 296,
  /** Instructions that the engine may still execute, 4 bytes. */
  fuel: 304,
  /** What its mode forbids of managing cache blocks, as bits of `cacheControl`; 4 bytes. */
  forbidden: 308,
  /** When the pc is at no decoded instruction: the one that went there, or 0 where the engine started there. */
  from: 312,
  /** f0-f31. */
  f: 512,
  /** fflags in bits 4-0 and frm in bits 7-5, 4 bytes. */
  fcsr: 768,
  /** Where a region was left by a jump: the offset of the jump in the guest's window, 4 bytes. */
  jumpFrom: 3072,
  /** Why a region was left for the interpreter: a number of `regionExit`, 4 bytes. */
  regionExit: 3076,
  /** How often regions were left, for each number of `regionExit`: counts of 8 bytes. */
  regionExits: 3080,
  /** Where a region called something and the hart is to come back to, for the interpreter in the place of a region. */
  returnTo: 3192,
  /** Why the interpreter came back to the host in the place of a region: a value of `exit`, 4 bytes. */
  stopped: 3200,
  /** How often the translator has looked at hot code, up to 65,535: by that the interpreter dates the ways of branches. 4 bytes. */
  looks: 3204,
  /** While the engine runs: the records whose stop or region does not count the next time, or 0; 4 bytes each. */
  passedStop: 3208,
  passedRegion: 3212,
} as const;

/** How many counters there are for code that may become hot; a place of code has the one that its record's address says. */
export const hotCounters = 1 << 14;

/** How many cells there are for where the accesses of regions are expected (`RunCells`), and bytes of each. */
export const runCells = 1 << 13;
export const runCellSize = 16;

/** A decoded instruction takes 16 bytes; a page has one for each halfword and two that stand behind its end. */
export const recordSize = 16;
export const recordsPerPage = pageSize / 2 + 2;

const wasmPageSize = 65536;
const wasmMaximumPages = 65536;
/** How far beside the value of a register an access can be. */
const reachOfDisplacements = 2048;

export interface WindowOptions {
  /** The lowest guest address and the number of bytes, multiples of 4096. */
  readonly base: bigint;
  readonly size: number;
  /** How many pages of code can be decoded at once. */
  readonly codePages: number;
  /** Whether it is noted which pages are written, for those who compare machines; the interpreter is slower then. */
  readonly notesWrites?: boolean;
}

/**
 * The one WebAssembly memory of a machine: the hart's state, a permission byte for each guest page, the table and pool of
 * decoded pages, the slots of regions, counters, cells, what the interpreter has seen, the recorder, the guest's window, and chunks for
 * records. The operating system commits what is touched, so its size costs little.
 */
export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  readonly base: bigint;
  readonly #signedBase: number;
  readonly size: number;
  readonly codePages: number;
  /** Size in 64 KiB pages of WebAssembly. */
  readonly wasmPages: number;
  readonly permissionsAt = pageSize;
  readonly pageTableAt: number;
  readonly poolAt: number;
  /** For each record of the pool the slot of the region that begins there, or 0, 2 bytes. */
  readonly slotsAt: number;
  readonly hotCountersAt: number;
  readonly runCellsAt: number;
  /** What the interpreter has noted for the translator (`Seen`). */
  readonly seenAt: number;
  /** What native hooks know and have recorded (`Recorder`). */
  readonly recorderAt: number;
  readonly windowAt: number;
  /**
   * Whether a register that holds an address of the window less a displacement has no upper half, so that its lower half and a constant
   * offset make the address in linear memory.
   */
  readonly isLow: boolean;
  /** What makes the lower half of a guest address an offset in the window, by addition in 32 bits. */
  readonly fromBase: number;
  /** Where there is a byte for each guest page that is written, if that is noted: behind the window. */
  readonly writtenAt: number | undefined;
  /** Chunks for records, beside those that groups of the recorder have, and how many of them. */
  readonly chunksAt: number;
  readonly chunks: number;

  /** One permission byte for each guest page, and a 0 behind the last. */
  readonly permissions: Uint8Array;
  /** For each guest page the address of its records, or 0. */
  readonly pageTable: Uint32Array;
  /** For each guest page 1 where it was written, by the interpreter or from outside; whoever looks makes it 0 again. */
  readonly written: Uint8Array | undefined;
  /** All of it. */
  readonly bytes: Uint8Array;
  readonly halfwords: Uint16Array;
  readonly words: Int32Array;
  readonly doublewords: BigUint64Array;
  /** The x registers. */
  readonly x: BigUint64Array;
  /** The guest's window. */
  readonly guest: Uint8Array;
  readonly guestView: DataView;

  /** Throws RangeError where the window does not fit in a WebAssembly memory (4 GiB). */
  constructor({ base, size, codePages, notesWrites = false }: WindowOptions) {
    this.base = base;
    this.#signedBase = Number(BigInt.asIntN(64, base));
    this.size = size;
    this.codePages = codePages;
    const pages = size / pageSize;
    this.pageTableAt = alignUp(this.permissionsAt + pages + 1, pageSize);
    this.poolAt = alignUp(this.pageTableAt + pages * 4, pageSize);
    this.slotsAt = alignUp(this.poolAt + codePages * recordsPerPage * recordSize, pageSize);
    this.hotCountersAt = alignUp(this.slotsAt + codePages * recordsPerPage * 2, pageSize);
    this.runCellsAt = alignUp(this.hotCountersAt + hotCounters * 4, pageSize);
    this.seenAt = alignUp(this.runCellsAt + runCells * runCellSize, pageSize);
    this.recorderAt = alignUp(this.seenAt + seenSize, pageSize);
    this.windowAt = alignUp(this.recorderAt + recorderSize, wasmPageSize);
    this.isLow = isLow(this);
    this.fromBase = Number(BigInt.asIntN(32, -base));
    this.writtenAt = notesWrites ? this.windowAt + size : undefined;
    this.chunksAt = alignUp(this.windowAt + size + (notesWrites ? pages : 0), wasmPageSize);
    const left = wasmMaximumPages * wasmPageSize - this.chunksAt;
    if (left < 0) throw new RangeError(`a guest window of ${size} bytes at ${hex(base)} does not fit in the 4 GiB of a WebAssembly memory`);
    this.chunks = Math.min(mostLentChunks, left >>> chunkBits);
    this.wasmPages = (this.chunksAt + this.chunks * 2 ** chunkBits) / wasmPageSize;
    this.memory = new WebAssembly.Memory({ initial: this.wasmPages, maximum: this.wasmPages });
    const { buffer } = this.memory;
    this.permissions = new Uint8Array(buffer, this.permissionsAt, pages + 1);
    this.pageTable = new Uint32Array(buffer, this.pageTableAt, pages);
    this.written = this.writtenAt === undefined ? undefined : new Uint8Array(buffer, this.writtenAt, pages);
    this.bytes = new Uint8Array(buffer);
    this.halfwords = new Uint16Array(buffer);
    this.words = new Int32Array(buffer);
    this.doublewords = new BigUint64Array(buffer);
    this.x = this.doublewords.subarray(hartAt.x >> 3, (hartAt.x >> 3) + 32);
    this.guest = new Uint8Array(buffer, this.windowAt, size);
    this.guestView = new DataView(buffer, this.windowAt, size);
  }

  /** The offset of a guest address in the window, or -1 outside it. */
  offsetOf(address: bigint): number {
    const offset = Number(address - this.base);
    return offset >= 0 && offset < this.size ? offset : -1;
  }

  addressOf(offset: number): bigint {
    return this.base + BigInt(offset);
  }

  /** The same as a signed number, which is one that needs no bigint unless the window is in the middle of all addresses. */
  signedAddressOf(offset: number): number | bigint {
    const address = this.#signedBase + offset;
    return Number.isSafeInteger(address) && Number.isSafeInteger(this.#signedBase) ? address : this.addressOf(offset);
  }

  /** Notes that bytes of the window were written from outside, where that is noted. */
  noteWritten(offset: number, length: number): void {
    if (length > 0) this.written?.fill(1, Math.floor(offset / pageSize), Math.floor((offset + length - 1) / pageSize) + 1);
  }

  /** Makes bytes of the window zeros. Pages that are zeros stay as they are: the operating system has no memory for what never was written. */
  clear(start: number, end: number): void {
    for (let at = start, next: number; at < end; at = next) {
      next = Math.min(end, alignUp(at + 1, pageSize));
      if (!this.#isZero(at, next)) this.guest.fill(0, at, next);
    }
  }

  /** Whether all doublewords of the window with bytes in [start, end) are 0. */
  #isZero(start: number, end: number): boolean {
    const { doublewords, windowAt } = this;
    const last = Math.floor((windowAt + end - 1) / 8);
    for (let index = Math.floor((windowAt + start) / 8); index <= last; index += 1) if (doublewords[index] !== 0n) return false;
    return true;
  }

  /** The permission bits of the page that holds an offset of the window. */
  permissionsOf(offset: number): number {
    return this.permissions[Math.floor(offset / pageSize)] ?? 0;
  }
}

function isLow({ base, size, windowAt }: Pick<LinearMemory, 'base' | 'size' | 'windowAt'>): boolean {
  const first = base - BigInt(reachOfDisplacements);
  const last = base + BigInt(size + reachOfDisplacements);
  return first >= 0n && last <= 2n ** 32n && BigInt(windowAt) >= base + BigInt(reachOfDisplacements);
}

export function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
