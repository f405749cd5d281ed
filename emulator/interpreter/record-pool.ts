import { type Encoding, encodingsFor, type FindEncoding, instructionIn, registerIn } from '../../riscv/decode';
import type { Instruction } from '../../riscv/instruction';
import type { Isa } from '../../riscv/isa-string';
import { gather } from '../../riscv/pieces';
import { dynamicRounding } from '../../riscv/rounding';
import { flag, rounding } from '../float/routine-types';
import { type LinearMemory, pageSize, permissionBits, recordSize, recordsPerPage } from '../linear-memory';
import { floatCsrs, isLegalCsrAccess } from '../semantics/csr-file';
import { handlerNumber } from './handlers';
import { recordField, specialHandler } from './record';
import { RecordPlan, type RegisterPlan } from './record-plan';

const pageRecordBytes = recordsPerPage * recordSize;
/** Instructions decoded ahead of the one that is needed. */
const decodedAhead = 64;
/** Words whose instruction is known at once. */
const mostInstructions = 1 << 16;

/** When a branch was last taken, and when it last was not, as `hartAt.looks` was then; 0 for never. */
export interface WayTimes {
  readonly taken: number;
  readonly passed: number;
}

/** The decoded instructions of a machine, by guest page. Offsets are those of the guest's window. */
export class RecordPool {
  readonly #memory: LinearMemory;
  readonly #stops: ReadonlySet<number>;
  readonly #isa: Isa;
  readonly #find: FindEncoding;
  readonly #leaves: ((instruction: Instruction) => boolean) | undefined;
  readonly #regions: ReadonlyMap<number, number>;
  /** The places in the pool that are free, and the pages (by number) that are decoded. */
  #free: number[];
  /** From here on nothing in the pool was ever used: it is zero, and takes no memory of the host. */
  #fresh: number;
  readonly #decoded = new Set<number>();
  /** By page that the program can write, the words that were decoded by where they are: it may have written others since. */
  readonly #words = new Map<number, Map<number, number>>();
  readonly #plans = new Map<Encoding, RecordPlan>();
  readonly #instructions = new Map<number, Instruction | 'none'>();

  /**
   * `stops` holds the offsets with a breakpoint or hook, `regions` the slots of the regions by the offsets where they begin; what is
   * not of the ISA is illegal; `leaves` tells the instructions that the engine must not execute.
   */
  constructor(
    memory: LinearMemory,
    stops: ReadonlySet<number>,
    regions: ReadonlyMap<number, number>,
    isa: Isa,
    leaves?: (instruction: Instruction) => boolean,
  ) {
    this.#memory = memory;
    this.#stops = stops;
    this.#regions = regions;
    this.#isa = isa;
    this.#find = encodingsFor(isa);
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
      if (this.#memory.halfwords[at >> 1] !== specialHandler.notDecoded) return true;
      const plan = this.#planOf(word);
      this.#write(at, offset, word, plan);
      if (this.#isWritable(offset)) this.#noteWord(offset, word);
      if (!plan || plan.isLast) return true;
      const next = offset + plan.encoding.length;
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

  /** The same as it was decoded, if it is: what the program has written to its code since is not seen before `fence.i`. */
  decodedWord(offset: number): number {
    return this.#words.get(pageOf(offset))?.get(offset) ?? this.fetchWord(offset);
  }

  /** The bytes of [start, end) with the instructions as they were decoded. */
  decodedBytes(start: number, end: number): Uint8Array {
    const bytes = this.#memory.guest.slice(start, end);
    for (let page = pageOf(start); page <= pageOf(end - 1); page += 1) {
      const words = this.#words.get(page);
      if (!words) continue;
      const view = new DataView(bytes.buffer);
      for (const [offset, word] of words) {
        if (offset < start || offset + 2 > end) continue;
        view.setUint16(offset - start, word & 0xffff, true);
        if ((word & 3) === 3 && offset + 4 <= end) view.setUint16(offset - start + 2, word >>> 16, true);
      }
    }
    return bytes;
  }

  /** Whether the instruction at an even offset is decoded. */
  isDecoded(offset: number): boolean {
    const records = this.#memory.pageTable[pageOf(offset)];
    if (!records) return false;
    return this.#memory.halfwords[(records + (offset % pageSize) * (recordSize / 2)) >> 1] !== specialHandler.notDecoded;
  }

  /** When the branch at an even offset last went each way, if it is decoded. */
  wayTimesAt(offset: number): WayTimes {
    const records = this.#memory.pageTable[pageOf(offset)];
    if (!records) return { taken: 0, passed: 0 };
    const at = records + (offset % pageSize) * (recordSize / 2);
    const { halfwords } = this.#memory;
    return { taken: halfwords[(at + recordField.taken) >> 1]!, passed: halfwords[(at + recordField.passed) >> 1]! };
  }

  /** The word of the instruction that was decoded at an offset. */
  wordAt(offset: number): number {
    return Math.max(this.decodedWord(offset), 0);
  }

  /**
   * The instruction of a word, the same one each time; undefined where there is none that the engine executes without looking where it
   * goes.
   */
  instructionOf(word: number): Instruction | undefined {
    if (word < 0) return undefined;
    // As a small integer, which the engine finds at once.
    const key = word | 0;
    const known = this.#instructions.get(key);
    if (known) return known === 'none' ? undefined : known;
    const plan = this.#planOf(word);
    const instruction = plan && instructionIn(word, plan.encoding);
    const executed = instruction && this.#executes(instruction) && !(plan.isRelative && this.#goesAstray(instruction.immediate));
    if (this.#instructions.size >= mostInstructions) this.#instructions.clear();
    this.#instructions.set(key, executed ? instruction : 'none');
    return executed ? instruction : undefined;
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
      const words = this.#words.get(page);
      for (let index = from; index < to; index += 1) {
        this.#forget(records + index * recordSize);
        words?.delete(page * pageSize + index * 2);
      }
    }
  }

  /** Forgets all code. */
  flush(): void {
    for (const page of this.#decoded) this.#release(page);
    this.#instructions.clear();
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

  #noteWord(offset: number, word: number): void {
    const page = pageOf(offset);
    const words = this.#words.get(page) ?? new Map<number, number>();
    this.#words.set(page, words.set(offset, word));
  }

  #isWritable(offset: number): boolean {
    return ((this.#memory.permissionsOf(offset) | this.#memory.permissionsOf(offset + 2)) & permissionBits.write) !== 0;
  }

  #executable(offset: number): boolean {
    return offset < this.#memory.size && (this.#memory.permissionsOf(offset) & permissionBits.execute) !== 0;
  }

  #planOf(word: number): RecordPlan | undefined {
    const encoding = this.#find(word);
    if (!encoding) return undefined;
    let plan = this.#plans.get(encoding);
    if (!plan) {
      plan = new RecordPlan(encoding);
      this.#plans.set(encoding, plan);
    }
    return plan;
  }

  /** Whether the engine executes it; else it is illegal, or the environment's. */
  #executes(instruction: Instruction): boolean {
    return !this.#leaves?.(instruction) && isLegalCsrAccess(instruction, this.#isa) && isLegalRounding(instruction.roundingMode);
  }

  /** Whether it leads to where no instruction can begin: between words, without compressed code. */
  #goesAstray(distance: number): boolean {
    return distance % 4 !== 0 && !this.#isa.has('C');
  }

  #write(at: number, offset: number, word: number, plan: RecordPlan | undefined): void {
    if (!plan || !this.#fill(at, offset, word, plan)) {
      this.#memory.words[(at + recordField.immediate) >> 2] = word;
      this.#memory.halfwords[(at + recordField.original) >> 1] = specialHandler.illegal;
    }
    this.#mark(at, offset);
  }

  /** Fills a record; false where the engine does not execute the instruction. */
  #fill(at: number, offset: number, word: number, plan: RecordPlan): boolean {
    const { fields } = plan.encoding;
    const { halfwords, words } = this.#memory;
    if (this.#leaves?.(instructionIn(word, plan.encoding))) return false;
    let { handler } = plan;
    let immediate = fields.immediate ? gather(word, fields.immediate) : 0;
    if (plan.isRelative && pageOf(offset + immediate) === pageOf(offset) && !this.#goesAstray(immediate)) {
      handler = immediate > 0 ? plan.forward : plan.backward;
      immediate *= recordSize / 2;
    } else if (plan.usesCsr) {
      const found = this.#fillCsr(at, instructionIn(word, plan.encoding));
      if (found === undefined) return false;
      handler = found;
    } else if (fields.roundingMode) {
      const roundingMode = gather(word, fields.roundingMode);
      if (!isLegalRounding(roundingMode)) return false;
      this.#memory.bytes[at + recordField.plainMask] = plainMask(roundingMode);
      this.#memory.bytes[at + recordField.roundingMode] = roundingMode;
    }
    if (plan.isBranch) {
      halfwords[(at + recordField.taken) >> 1] = 0;
      halfwords[(at + recordField.passed) >> 1] = 0;
    } else halfwords[(at + recordField.rd) >> 1] = placeOf(word, plan.rd);
    halfwords[(at + recordField.rs1) >> 1] = placeOf(word, plan.rs1);
    halfwords[(at + recordField.rs2) >> 1] = placeOf(word, plan.rs2);
    words[(at + recordField.immediate) >> 2] = plan.rs3 ? placeOf(word, plan.rs3) : immediate;
    halfwords[(at + recordField.original) >> 1] = handler;
    return true;
  }

  /** Fills what only an instruction with a CSR has, and gives its handler; undefined where the engine does not execute it. */
  #fillCsr(at: number, instruction: Instruction): number | undefined {
    if (!isLegalCsrAccess(instruction, this.#isa)) return undefined;
    const { meaning, length, csr } = instruction;
    const inFcsr = floatCsrs.get(csr);
    if (inFcsr) {
      this.#memory.bytes[at + recordField.csrShift] = inFcsr.shift;
      this.#memory.bytes[at + recordField.csrMask] = inFcsr.mask;
    }
    return handlerNumber(meaning, length, 'none', inFcsr ? 'float' : 'counter');
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
    this.#words.delete(page);
  }
}

function placeOf(word: number, { field, first, zero }: RegisterPlan): number {
  const register = registerIn(word, field);
  return register === 0 ? zero : first + register * 8;
}

/** False for the rounding modes 5 and 6, which are reserved. */
function isLegalRounding(roundingMode: number): boolean {
  return roundingMode <= rounding.nearestMaximum || roundingMode === dynamicRounding;
}

/** The bits of fcsr that are 1, and no more than NX, where an instruction of this rounding mode is plain (`Emitter.isPlain`). */
function plainMask(roundingMode: number): number {
  if (roundingMode === dynamicRounding) return 0xe0 | flag.inexact;
  return roundingMode === rounding.nearestEven ? flag.inexact : 0;
}

function pageOf(offset: number): number {
  return Math.floor(offset / pageSize);
}

function placesOf({ poolAt, codePages }: LinearMemory): number[] {
  return Array.from({ length: codePages }, (_, index) => poolAt + index * pageRecordBytes).reverse();
}
