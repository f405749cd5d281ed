import { permissionBits } from '../linear-memory';
import { type I64, i32, i64 } from '../wasm/expression';
import type { Step } from './control-flow';
import type { HartLocals } from './hart-locals';
import { lowestIn, numbersIn, xBit } from './register-set';

/** What a register holds: a value that has a number, and how far beyond that. */
interface Name {
  readonly origin: number;
  readonly distance: number;
}

/** Bytes of memory at a named address, which are the lowest of what a register still holds or a local does. */
interface Slot extends Name {
  readonly size: number;
  readonly register: number | undefined;
  readonly kept: I64 | undefined;
  /** Nothing is above these bytes in what is held. */
  readonly isNarrow: boolean;
  /** The stack pointer or frame pointer led there: a local of a function, which is probably loaded again. */
  readonly isLocal: boolean;
}

/** What a load gives, as far as its region has itself stored that. */
export interface Found {
  readonly value: I64;
  /** The address at which memory holds this, where another register than that of the load has led there. */
  readonly where: I64 | undefined;
}

const stackPointer = 2;
const framePointer = 8;
/** Places in memory that are known at once. */
const mostSlots = 40;

/**
 * What the region itself has stored on the way to a place of its code, so that it need not be loaded: locals of functions, spilled
 * registers, and the frame that a trampoline saves and restores. Memory has it all the same. What was stored in pieces is put together: a
 * processor waits until all of them are in its cache. All that is known is beside one value, as what is beside another may be anywhere.
 */
export class StoredValues {
  readonly #hart: HartLocals;
  readonly #keep: (value: I64) => I64 | undefined;
  /** By register, for those of `named`, as bits. */
  #names: Name[] = [];
  #named = 0;
  /** By register, for those of `narrow`: the bytes that were loaded without sign, above which there is nothing. */
  #widths: number[] = [];
  #narrow = 0;
  #slots: Slot[] = [];
  /** The registers that slots may be in, as bits. */
  #holding = 0;
  #origins = { next: 0 };

  /** `keep` copies a value to a local of its own; undefined where there are too many. */
  constructor(hart: HartLocals, keep: (value: I64) => I64 | undefined) {
    this.#hart = hart;
    this.#keep = keep;
  }

  copy(): StoredValues {
    const copy = new StoredValues(this.#hart, this.#keep);
    copy.#names = this.#names.slice();
    copy.#named = this.#named;
    copy.#widths = this.#widths.slice();
    copy.#narrow = this.#narrow;
    copy.#slots = this.#slots.slice();
    copy.#holding = this.#holding;
    copy.#origins = this.#origins;
    return copy;
  }

  /** The doubleword at an offset from the address in a register, where it is known. */
  find(base: number, offset: number): I64 | undefined {
    if (this.#slots.length === 0) return undefined;
    const { origin, distance } = this.#nameOf(base);
    const slot = this.#slots.find((each) => each.origin === origin && each.distance === distance + offset && each.size === 8);
    return slot && this.#valueOf(slot);
  }

  /** What a step loads to an x register. To be called before `before`. */
  load({ instruction: { meaning, rs1, immediate }, effects: { access } }: Step): Found | undefined {
    if (this.#slots.length === 0 || !access) return undefined;
    const extend = extensions.get(meaning);
    if (!extend) return undefined;
    const { size } = access;
    const name = this.#nameOf(rs1);
    const at = name.distance + immediate;
    if (name.origin === this.#slots[0]!.origin) {
      const slot = this.#slots.find((each) => each.distance === at && each.size === size);
      const value = slot ? this.#valueOf(slot) : this.#together(at, size);
      return value && { value: extend(value), where: undefined };
    }
    return this.#probably(size, extend);
  }

  /** To be called before a step is written: what it overwrites in registers is kept where memory has it. */
  before({ written }: Step): void {
    for (let rest = written.x & this.#holding; rest !== 0; rest &= rest - 1) {
      const register = lowestIn(rest);
      const isWanted = this.#slots.some((slot) => slot.register === register && slot.isLocal);
      const kept = isWanted ? this.#keep(this.#hart.x(register)) : undefined;
      const slots: Slot[] = [];
      for (const slot of this.#slots) {
        if (slot.register !== register) slots.push(slot);
        else if (kept) slots.push({ ...slot, register: undefined, kept });
      }
      this.#slots = slots;
      this.#holding &= ~(1 << register);
    }
  }

  /** Follows a step that was written. */
  after(step: Step): void {
    const { instruction, effects, written, hook } = step;
    if (hook?.native.writesMemory) this.#slots = [];
    if (effects.access && effects.access.bits & permissionBits.write) this.#store(step);
    const { meaning, rd, rs1, rs2, immediate } = instruction;
    if (written.x === 0) return;
    const source = meaning === 'addi' ? rs1 : meaning === 'add' && rs1 === 0 ? rs2 : 0;
    const name = source === 0 ? undefined : this.#nameOf(source);
    this.#named &= ~written.x;
    this.#narrow &= ~written.x;
    if (name && rd !== 0) this.#name(rd, { origin: name.origin, distance: name.distance + (meaning === 'addi' ? immediate : 0) });
    if (meaning === 'lbu' || meaning === 'lhu') {
      this.#widths[rd] = effects.access!.size;
      this.#narrow |= xBit(rd);
    }
  }

  #store({ instruction: { meaning, rs1, rs2, immediate }, effects: { access } }: Step): void {
    if (!storing.has(meaning)) {
      this.#slots = [];
      return;
    }
    const { size } = access!;
    const name = this.#nameOf(rs1);
    const { origin } = name;
    const distance = name.distance + immediate;
    if (this.#slots.length > 0) {
      this.#slots = this.#slots.filter(
        (slot) => slot.origin === origin && (slot.distance + slot.size <= distance || distance + size <= slot.distance),
      );
    }
    if (!keeping.has(meaning) || this.#slots.length >= mostSlots) return;
    const isNarrow = size === 8 || rs2 === 0 || (((this.#narrow >>> rs2) & 1) !== 0 && this.#widths[rs2]! <= size);
    this.#holding |= 1 << rs2;
    this.#slots.push({
      origin,
      distance,
      size,
      register: rs2,
      kept: undefined,
      isNarrow,
      isLocal: rs1 === stackPointer || rs1 === framePointer,
    });
  }

  /** The bytes from a place on, where they were stored in pieces. */
  #together(at: number, size: number): I64 | undefined {
    const pieces = this.#slots.filter((slot) => at <= slot.distance && slot.distance + slot.size <= at + size);
    if (pieces.length < 2 || pieces.reduce((sum, piece) => sum + piece.size, 0) !== size) return undefined;
    return pieces
      .map((piece) => {
        const above = piece.distance + piece.size === at + 8;
        const value = piece.isNarrow || above ? this.#valueOf(piece) : lowest(this.#valueOf(piece), piece.size);
        return piece.distance === at ? value : i64.shl(value, i64.constant(8 * (piece.distance - at)));
      })
      .reduce((all, piece) => i64.or(all, piece));
  }

  /**
   * What was stored in pieces beside another value than that a load is beside, and nothing since: it is stored so to be loaded, by code
   * that copies to a local what may not be aligned.
   */
  #probably(size: number, extend: (value: I64) => I64): Found | undefined {
    if (size < 4) return undefined;
    const { origin } = this.#slots[0]!;
    const register = numbersIn(this.#named).find((one) => this.#names[one]!.origin === origin);
    const at = Math.min(...this.#slots.map(({ distance }) => distance));
    if (register === undefined || this.#slots.some((slot) => slot.distance >= at + size)) return undefined;
    const value = this.#together(at, size);
    if (!value) return undefined;
    const { distance } = this.#names[register]!;
    return { value: extend(value), where: i64.add(this.#hart.x(register), i64.constant(at - distance)) };
  }

  #valueOf({ kept, register }: Slot): I64 {
    return kept ?? this.#hart.x(register!);
  }

  #nameOf(register: number): Name {
    if ((this.#named >>> register) & 1) return this.#names[register]!;
    const name = { origin: this.#origins.next, distance: 0 };
    this.#origins.next += 1;
    this.#name(register, name);
    return name;
  }

  #name(register: number, name: Name): void {
    this.#names[register] = name;
    this.#named |= 1 << register;
  }
}

const storing: ReadonlySet<string> = new Set(['sb', 'sh', 'sw', 'sd', 'fsw', 'fsd']);
/** Those of them that store x registers. */
const keeping: ReadonlySet<string> = new Set(['sb', 'sh', 'sw', 'sd']);

const lowest = (value: I64, size: number) => i64.and(value, i64.constant(2 ** (8 * size) - 1));

/** What loads make of their bytes, which are the lowest of a value. */
const extensions: ReadonlyMap<string, (value: I64) => I64> = new Map([
  ['ld', (value: I64) => value],
  ['lw', (value: I64) => i64.extendS(i32.wrap(value))],
  ['lwu', (value: I64) => lowest(value, 4)],
  ['lh', i64.extend16S],
  ['lhu', (value: I64) => lowest(value, 2)],
  ['lb', i64.extend8S],
  ['lbu', (value: I64) => lowest(value, 1)],
]);
