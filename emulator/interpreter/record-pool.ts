import { type Decode, decoderFor } from '../../riscv/decode';
import type { Instruction } from '../../riscv/instruction';
import type { Isa } from '../../riscv/isa-string';
import { type LinearMemory, pageSize, permissionBits, recordSize, recordsPerPage } from '../linear-memory';
import { type Decoded, decodedFrom } from './decoded';
import { recordField, specialHandler } from './record';

const pageRecordBytes = recordsPerPage * recordSize;
/** Instructions decoded ahead of the one that is needed. */
const decodedAhead = 64;
/** Instruction words whose meaning is known at once. */
const mostWords = 1 << 16;

/** The decoded instructions of a machine, by guest page. Offsets are those of the guest's window. */
export class RecordPool {
  readonly #memory: LinearMemory;
  readonly #stops: ReadonlySet<number>;
  readonly #isa: Isa;
  readonly #decode: Decode;
  readonly #leaves: (instruction: Instruction) => boolean;
  readonly #regions: ReadonlyMap<number, number>;
  /** The places in the pool that are free, and the pages (by number) that are decoded. */
  #free: number[];
  /** From here on nothing in the pool was ever used: it is zero, and takes no memory of the host. */
  #fresh: number;
  readonly #decoded = new Set<number>();
  readonly #words = new Map<number, Decoded | undefined>();

  /**
   * `stops` holds the offsets with a breakpoint or hook, `regions` the slots of the regions by the offsets where they begin; what is
   * not of the ISA is illegal; `leaves` tells the instructions that the engine must not execute.
   */
  constructor(
    memory: LinearMemory,
    stops: ReadonlySet<number>,
    regions: ReadonlyMap<number, number>,
    isa: Isa,
    leaves: (instruction: Instruction) => boolean = () => false,
  ) {
    this.#memory = memory;
    this.#stops = stops;
    this.#regions = regions;
    this.#isa = isa;
    this.#decode = decoderFor(isa);
    this.#leaves = leaves;
    this.#free = placesOf(memory);
    this.#fresh = memory.poolAt;
  }

  /** Decodes from an offset to the next jump. False where the first instruction cannot be fetched. */
  decodeFrom(start: number): boolean {
    let offset = start;
    for (let count = 0; count < decodedAhead; count += 1) {
      const word = this.fetchWord(offset);
      if (word < 0) return count > 0;
      const at = this.#recordAt(offset);
      if (count > 0 && this.#memory.halfwords[at >> 1] !== specialHandler.notDecoded) return true;
      const decoded = this.#decodedWord(word);
      this.#write(at, offset, word, decoded);
      if (!decoded || neverFallsThrough(decoded.instruction)) return true;
      const next = offset + decoded.instruction.length;
      if (pageOf(next) !== pageOf(offset)) return true;
      offset = next;
    }
    return true;
  }

  /** The instruction word at an even offset; -1 where a byte of it cannot be fetched. */
  fetchWord(offset: number): number {
    if (!this.#executable(offset)) return -1;
    const { guestView } = this.#memory;
    const low = guestView.getUint16(offset, true);
    if ((low & 3) !== 3) return low;
    return this.#executable(offset + 2) ? (low | (guestView.getUint16(offset + 2, true) << 16)) >>> 0 : -1;
  }

  /** Whether the instruction at an even offset is decoded. */
  isDecoded(offset: number): boolean {
    const records = this.#memory.pageTable[pageOf(offset)];
    if (!records) return false;
    return this.#memory.halfwords[(records + (offset % pageSize) * (recordSize / 2)) >> 1] !== specialHandler.notDecoded;
  }

  /** The word of the instruction that was decoded at an offset. */
  wordAt(offset: number): number {
    return Math.max(this.fetchWord(offset), 0);
  }

  /**
   * The instruction of a word, the same one each time; undefined where there is none that the engine executes without looking where it
   * goes.
   */
  instructionOf(word: number): Instruction | undefined {
    const decoded = word < 0 ? undefined : this.#decodedWord(word);
    return decoded?.isExecuted && !decoded.goesAstray ? decoded.instruction : undefined;
  }

  /** Forgets the instructions that have a byte in these `length` bytes. */
  drop(offset: number, length: number): void {
    if (length <= 0) return;
    const first = offset - (offset % 2) - 2;
    const end = offset + length;
    for (let page = Math.max(pageOf(first), 0); page * pageSize < end; page += 1) {
      const records = this.#memory.pageTable[page];
      if (!records) continue;
      const from = Math.max(first - page * pageSize, 0) / 2;
      const to = Math.min(Math.ceil((end - page * pageSize) / 2), pageSize / 2);
      for (let index = from; index < to; index += 1) this.#forget(records + index * recordSize);
    }
  }

  /** Forgets all code. */
  flush(): void {
    for (const page of this.#decoded) this.#release(page);
    this.#words.clear();
  }

  /** Forgets all code in pages that the guest can write. */
  dropWritable(): void {
    for (const page of this.#decoded) {
      if (this.#memory.permissionsOf(page * pageSize) & permissionBits.write) this.#release(page);
    }
    // An instruction at the end of a page may go on in one that is writable.
    for (const page of this.#decoded) {
      const next = (page + 1) * pageSize;
      if (this.#memory.permissionsOf(next) & permissionBits.write) this.drop(next, 1);
    }
  }

  /** Forgets these whole pages: their permissions have changed. */
  dropPages(offset: number, length: number): void {
    for (const page of this.#decoded) {
      if (page * pageSize >= offset && page * pageSize < offset + length) this.#release(page);
    }
    this.drop(offset, 1);
  }

  /** Brings the record at an offset, if it is decoded, in line with whether there is a stop or a region. */
  update(offset: number): void {
    const records = this.#memory.pageTable[pageOf(offset)];
    if (!records || offset % 2 !== 0) return;
    const at = records + (offset % pageSize) * (recordSize / 2);
    if (this.#memory.halfwords[at >> 1] !== specialHandler.notDecoded) this.#mark(at, offset);
  }

  /** Puts the handler in force, that of the instruction or one that stands before it. A region at a stop is that of its native hook. */
  #mark(at: number, offset: number): void {
    const { halfwords, poolAt, slotsAt } = this.#memory;
    const slot = this.#regions.get(offset) ?? 0;
    halfwords[(slotsAt + (at - poolAt) / (recordSize / 2)) >> 1] = slot;
    const original = halfwords[(at + recordField.original) >> 1]!;
    const isStop = this.#stops.has(offset);
    if (slot > 0) halfwords[at >> 1] = isStop ? specialHandler.hookRegion : specialHandler.region;
    else halfwords[at >> 1] = isStop ? specialHandler.stop : original;
  }

  #executable(offset: number): boolean {
    return offset < this.#memory.size && (this.#memory.permissionsOf(offset) & permissionBits.execute) !== 0;
  }

  #decodedWord(word: number): Decoded | undefined {
    // As a small integer, which the engine finds at once.
    const key = word | 0;
    const known = this.#words.get(key);
    if (known || this.#words.has(key)) return known;
    const instruction = this.#decode(word);
    const decoded = instruction && decodedFrom(instruction, this.#isa, this.#leaves(instruction));
    if (this.#words.size >= mostWords) this.#words.clear();
    this.#words.set(key, decoded);
    return decoded;
  }

  #write(at: number, offset: number, word: number, decoded: Decoded | undefined): void {
    const { halfwords, words } = this.#memory;
    if (decoded?.isExecuted) this.#fill(at >> 1, offset, decoded);
    else {
      words[(at + recordField.immediate) >> 2] = word;
      halfwords[(at + recordField.original) >> 1] = specialHandler.illegal;
    }
    this.#mark(at, offset);
  }

  /** Fills the record at that halfword. */
  #fill(half: number, offset: number, { instruction, handler, nearHandler, rd, rs1, rs2, immediate, extra }: Decoded): void {
    const { halfwords, words } = this.#memory;
    const isNear = nearHandler !== handler && pageOf(offset + instruction.immediate) === pageOf(offset);
    halfwords[half + recordField.rd / 2] = rd;
    halfwords[half + recordField.rs1 / 2] = rs1;
    halfwords[half + recordField.rs2 / 2] = rs2;
    words[(half + recordField.immediate / 2) >> 1] = isNear ? immediate * (recordSize / 2) : immediate;
    halfwords[half + recordField.plainMask / 2] = extra;
    halfwords[half + recordField.original / 2] = isNear ? nearHandler : handler;
  }

  /** Where the record of an offset is; makes room for its page where it has none. */
  #recordAt(offset: number): number {
    const page = pageOf(offset);
    const records = this.#memory.pageTable[page] || this.#allocate(page);
    return records + (offset % pageSize) * (recordSize / 2);
  }

  #forget(at: number): void {
    const { halfwords, poolAt, slotsAt } = this.#memory;
    halfwords[at >> 1] = specialHandler.notDecoded;
    halfwords[(slotsAt + (at - poolAt) / (recordSize / 2)) >> 1] = 0;
  }

  #allocate(page: number): number {
    if (this.#free.length === 0) this.flush();
    const place = this.#free.pop()!;
    const { bytes, halfwords, pageTable, poolAt, slotsAt } = this.#memory;
    if (place < this.#fresh) {
      bytes.fill(0, place, place + pageRecordBytes);
      const slots = slotsAt + (place - poolAt) / (recordSize / 2);
      bytes.fill(0, slots, slots + recordsPerPage * 2);
    } else this.#fresh = place + pageRecordBytes;
    for (let behind = pageSize / 2; behind < recordsPerPage; behind += 1) {
      halfwords[(place + behind * recordSize) >> 1] = specialHandler.pageEnd;
    }
    pageTable[page] = place;
    this.#decoded.add(page);
    return place;
  }

  #release(page: number): void {
    this.#free.push(this.#memory.pageTable[page]!);
    this.#memory.pageTable[page] = 0;
    this.#decoded.delete(page);
  }
}

function neverFallsThrough({ meaning }: Instruction): boolean {
  return meaning === 'jal' || meaning === 'jalr';
}

function pageOf(offset: number): number {
  return Math.floor(offset / pageSize);
}

function placesOf({ poolAt, codePages }: LinearMemory): number[] {
  return Array.from({ length: codePages }, (_, index) => poolAt + index * pageRecordBytes).reverse();
}
