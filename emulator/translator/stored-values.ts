import { permissionBits } from '../linear-memory';
import type { I64 } from '../wasm/expression';
import type { Step } from './control-flow';
import type { HartLocals } from './hart-locals';
import { numbersIn } from './register-set';

/** What a register holds: a value that has a number, and how far beyond that. */
interface Name {
  readonly origin: number;
  readonly distance: number;
}

/** A doubleword of memory at a named address, whose value a register still holds or a local does. */
interface Slot extends Name {
  readonly register: number | undefined;
  readonly kept: I64 | undefined;
}

const stackPointer = 2;
const framePointer = 8;
const slotSize = 8;
/** Doublewords that are known at once. */
const mostSlots = 40;

/**
 * What the region itself has stored to the stack on the way to a place of its code, so that it need not be loaded: spilled registers, and
 * the frame that a trampoline saves and restores. Memory has it all the same.
 */
export class StoredValues {
  readonly #hart: HartLocals;
  readonly #keep: (value: I64) => I64 | undefined;
  #names = new Map<number, Name>();
  #slots: Slot[] = [];
  #origins = { next: 0 };

  /** `keep` copies a value to a local of its own; undefined where there are too many. */
  constructor(hart: HartLocals, keep: (value: I64) => I64 | undefined) {
    this.#hart = hart;
    this.#keep = keep;
  }

  copy(): StoredValues {
    const copy = new StoredValues(this.#hart, this.#keep);
    copy.#names = new Map(this.#names);
    copy.#slots = [...this.#slots];
    copy.#origins = this.#origins;
    return copy;
  }

  /** The doubleword at an offset from the address in a register, where it is known. */
  find(base: number, offset: number): I64 | undefined {
    if (this.#slots.length === 0) return undefined;
    const { origin, distance } = this.#nameOf(base);
    const slot = this.#slots.find((each) => each.origin === origin && each.distance === distance + offset);
    return slot && (slot.kept ?? this.#hart.x(slot.register!));
  }

  /** To be called before a step is written: what it overwrites in registers is kept where memory has it. */
  before({ written }: Step): void {
    if (this.#slots.length === 0) return;
    for (const register of numbersIn(written.x)) {
      if (!this.#slots.some((slot) => slot.register === register)) continue;
      const kept = this.#keep(this.#hart.x(register));
      this.#slots = this.#slots.flatMap((slot) => {
        if (slot.register !== register) return [slot];
        return kept ? [{ ...slot, register: undefined, kept }] : [];
      });
    }
  }

  /** Follows a step that was written. */
  after(step: Step): void {
    const { instruction, effects, written, hook } = step;
    if (hook?.native.writesMemory) this.#slots = [];
    if (effects.access && effects.access.bits & permissionBits.write) this.#store(step);
    const { meaning, rd, rs1, rs2, immediate } = instruction;
    const source = meaning === 'addi' ? rs1 : meaning === 'add' && rs1 === 0 ? rs2 : 0;
    const name = source === 0 ? undefined : this.#nameOf(source);
    for (const register of numbersIn(written.x)) this.#names.delete(register);
    if (name && rd !== 0) this.#names.set(rd, { ...name, distance: name.distance + (meaning === 'addi' ? immediate : 0) });
  }

  #store({ instruction: { meaning, rs1, rs2, immediate }, effects: { access } }: Step): void {
    if (!access!.displaced || (rs1 !== stackPointer && rs1 !== framePointer)) {
      this.#slots = [];
      return;
    }
    const name = this.#nameOf(rs1);
    const [origin, distance] = [name.origin, name.distance + immediate];
    // What is beside another value may be anywhere.
    this.#slots = this.#slots.filter(
      (slot) => slot.origin === origin && (slot.distance + slotSize <= distance || distance + access!.size <= slot.distance),
    );
    if (meaning === 'sd' && this.#slots.length < mostSlots) this.#slots.push({ origin, distance, register: rs2, kept: undefined });
  }

  #nameOf(register: number): Name {
    let name = this.#names.get(register);
    if (!name) {
      name = { origin: this.#origins.next, distance: 0 };
      this.#origins.next += 1;
      this.#names.set(register, name);
    }
    return name;
  }
}
