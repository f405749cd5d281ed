import type { RoutineName } from '../float/routine-types';
import type { Routines } from '../float/routines';
import type { LinearMemory } from '../linear-memory';
import { makeGoOn } from './go-on';
import { firstSlots, openSlots, slotCount } from './region-interface';

/**
 * What a region calls through its module's table: the region that begins at an offset; by a tail call, what goes on at an offset, which is
 * this number less 1; a routine; or what goes on where a call did not come back to.
 */
export type Called = number | RoutineName | 'goOn';

/** An entry of a table that a module has for what it calls. */
interface Link {
  readonly table: WebAssembly.Table;
  readonly index: number;
}

/**
 * The regions in force, by slots, in the table that the interpreter calls them through. Regions have two tables: each module one of its
 * own for the code that it calls, whose entries follow what is in force there; and all together one for jumps to where a register says. An
 * instance takes the engine time and room for each entry of the tables that it imports, so that the latter is short: only regions that
 * such a jump has come to are open to it, in the lowest slots.
 */
export class RegionTable {
  readonly all = new WebAssembly.Table({ element: 'anyfunc', initial: openSlots + firstSlots, maximum: slotCount });
  readonly #goOn: unknown;
  /** The slots of the regions in force. */
  readonly #slots: Map<number, number>;
  readonly #missing: unknown;
  readonly #elsewhere: unknown;
  #opened = makeOpened();
  readonly #functions = new Map<number, unknown>();
  /** The functions that enter regions elsewhere than where they begin. */
  readonly #entered = new Map<number, unknown>();
  readonly #links = new Map<number, Set<Link>>();
  /** The slots that are free, of each kind. Slot 0 stands for no region and has the interpreter. */
  #freeOpen = new FreeNumbers(1, openSlots);
  readonly #free = new FreeNumbers(openSlots, slotCount);

  /** Keeps the slots of the regions in force in `slots`, by the offsets where they begin. */
  constructor(memory: LinearMemory, slots: Map<number, number>) {
    this.#slots = slots;
    const { goOn, missing, elsewhere } = makeGoOn(memory, this.all);
    this.#goOn = goOn;
    this.#missing = missing;
    this.#elsewhere = elsewhere;
  }

  /** The table for jumps to where a register says. */
  get opened(): WebAssembly.Table {
    return this.#opened;
  }

  /**
   * Puts a region at an offset in force, and a function that enters it elsewhere, at offsets where none is yet, as long as a slot is left.
   * There are to be fewer regions than `openSlots`. Gives those offsets.
   */
  set(offset: number, region: unknown, entries: readonly number[], enter: unknown): number[] {
    const slot = this.#free.take();
    this.#put(slot, region);
    this.#slots.set(offset, slot);
    this.#functions.set(offset, region);
    this.#relink(offset);
    const entered = this.#freeOpen.isEmpty ? [] : entries.filter((one) => !this.#slots.has(one));
    if (entered.length === 0) return entered;
    // Jumps go to these where a register says.
    const open = this.#takeOpen();
    this.#put(open, enter);
    for (const one of entered) {
      this.#slots.set(one, open);
      this.#entered.set(one, enter);
      this.#relink(one);
    }
    return entered;
  }

  /** Takes the region at an offset, that is entered at these as well, out of force. False where it is not. */
  clear(offset: number, entered: readonly number[]): boolean {
    if (!this.#functions.delete(offset)) return false;
    if (entered.length > 0) this.#release(this.#slots.get(entered[0]!)!);
    for (const one of entered) {
      this.#slots.delete(one);
      this.#entered.delete(one);
      this.#relink(one);
    }
    this.#release(this.#slots.get(offset)!);
    this.#slots.delete(offset);
    this.#relink(offset);
    return true;
  }

  /** Lets regions jump to the one in force at an offset, until it is cleared. False where they do already, and without one or a slot. */
  open(offset: number): boolean {
    const slot = this.#slots.get(offset);
    if (slot === undefined || slot < openSlots || this.#freeOpen.isEmpty) return false;
    this.#release(slot);
    const open = this.#takeOpen();
    this.#slots.set(offset, open);
    this.#put(open, this.#functions.get(offset));
    return true;
  }

  /** A table for these calls, in which those of regions follow what is in force until it is unlinked. */
  link(called: readonly Called[], routines: Routines): { readonly table: WebAssembly.Table; readonly unlink: () => void } {
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: called.length, maximum: called.length });
    const links: { readonly offset: number; readonly link: Link }[] = [];
    called.forEach((one, index) => {
      if (typeof one !== 'number') {
        table.set(index, one === 'goOn' ? this.#goOn : routines[one]);
        return;
      }
      const link = { table, index };
      const others = this.#links.get(one);
      if (others) others.add(link);
      else this.#links.set(one, new Set([link]));
      table.set(index, this.#functionFor(one));
      links.push({ offset: one, link });
    });
    const unlink = () => {
      for (const { offset, link } of links) {
        const others = this.#links.get(offset);
        others?.delete(link);
        if (others?.size === 0) this.#links.delete(offset);
      }
    };
    return { table, unlink };
  }

  /**
   * Begins anew with a table for jumps, while no region is in force. The engine (V8 11 to 12) keeps all instances that import a table as
   * long as the table is there.
   */
  renew(): void {
    this.#opened = makeOpened();
    this.#freeOpen = new FreeNumbers(1, openSlots);
  }

  /** Has the entries that calls of an offset, and ways to it, go by follow what is in force there now. */
  #relink(offset: number): void {
    for (const called of [offset, offset | 1]) {
      for (const { table, index } of this.#links.get(called) ?? []) table.set(index, this.#functionFor(called));
    }
  }

  #functionFor(called: number): unknown {
    if ((called & 1) === 0) return this.#functions.get(called) ?? this.#missing;
    const offset = called - 1;
    return this.#functions.get(offset) ?? this.#entered.get(offset) ?? this.#elsewhere;
  }

  #takeOpen(): number {
    const open = this.#freeOpen.take();
    if (open >= this.#opened.length) this.#opened.grow(this.#opened.length);
    return open;
  }

  #put(slot: number, region: unknown): void {
    if (slot >= this.all.length) this.all.grow(this.all.length - openSlots);
    this.all.set(slot, region);
    if (slot < openSlots) this.#opened.set(slot, region);
  }

  #release(slot: number): void {
    this.#put(slot, this.#missing);
    (slot < openSlots ? this.#freeOpen : this.#free).give(slot);
  }
}

/** The numbers from one on, below another, that are not taken. */
class FreeNumbers {
  readonly #given: number[] = [];
  readonly #end: number;
  #next: number;

  constructor(first: number, end: number) {
    this.#next = first;
    this.#end = end;
  }

  get isEmpty(): boolean {
    return this.#given.length === 0 && this.#next === this.#end;
  }

  take(): number {
    return this.#given.pop() ?? this.#next++;
  }

  give(number: number): void {
    this.#given.push(number);
  }
}

function makeOpened(): WebAssembly.Table {
  return new WebAssembly.Table({ element: 'anyfunc', initial: firstSlots, maximum: openSlots });
}
