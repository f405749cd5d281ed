import type { LinearMemory } from '../linear-memory';
import { i64 } from '../wasm/expression';
import { get } from '../wasm/function-body';
import { encodeModule } from '../wasm/module';
import { firstSlots, missing, regionType, slotCount } from './region-interface';

/** An entry of a table that a module has for what it calls. */
export interface Link {
  readonly table: WebAssembly.Table;
  readonly index: number;
}

/**
 * The table of all regions in force, for the interpreter and for calls and jumps to where a register says. An offset of the guest's window
 * has one slot in it, where a region begins or where regions that call it expect one, while anybody holds it. Modules that make no such
 * call have tables of their own (links), as an instance takes the engine time and room for each entry of the tables that it imports.
 */
export class RegionTable {
  #table: WebAssembly.Table;
  readonly #missing: unknown;
  readonly #slots = new Map<number, number>();
  readonly #holders = new Map<number, number>();
  /** The regions in force, and the links to where regions begin or may begin, by offsets. */
  readonly #functions = new Map<number, unknown>();
  readonly #links = new Map<number, Set<Link>>();
  /** Slot 0 stands for none. */
  #unused = 1;
  readonly #free: number[] = [];

  constructor(memory: LinearMemory) {
    this.#missing = makeMissing(memory);
    this.#table = this.#make(firstSlots);
  }

  get table(): WebAssembly.Table {
    return this.#table;
  }

  /** Slots that can still be given. */
  get left(): number {
    return slotCount - this.#unused + this.#free.length;
  }

  /** The slot of an offset; 0 where none is free. */
  slotOf(offset: number): number {
    const known = this.#slots.get(offset);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? (this.#unused < slotCount ? this.#unused++ : 0);
    if (slot >= this.#table.length) this.#fill(this.#table, this.#table.grow(this.#table.length));
    if (slot !== 0) this.#slots.set(offset, slot);
    return slot;
  }

  hold(offsets: Iterable<number>): void {
    for (const offset of offsets) this.#holders.set(offset, (this.#holders.get(offset) ?? 0) + 1);
  }

  /** Gives the slots back that nobody else holds. */
  release(offsets: Iterable<number>): void {
    for (const offset of offsets) {
      const others = (this.#holders.get(offset) ?? 1) - 1;
      if (others > 0) {
        this.#holders.set(offset, others);
        continue;
      }
      this.#holders.delete(offset);
      const slot = this.#slots.get(offset);
      if (slot === undefined) continue;
      this.#slots.delete(offset);
      this.#free.push(slot);
    }
  }

  /** Puts a region at an offset in force. */
  set(offset: number, region: unknown): void {
    this.#functions.set(offset, region);
    this.#table.set(this.slotOf(offset), region);
    for (const { table, index } of this.#links.get(offset) ?? []) table.set(index, region);
  }

  clear(offset: number): void {
    if (!this.#functions.delete(offset)) return;
    this.#table.set(this.slotOf(offset), this.#missing);
    for (const { table, index } of this.#links.get(offset) ?? []) table.set(index, this.#missing);
  }

  /** A table for calls of these offsets, which follows what is in force there until it is unlinked. */
  link(offsets: readonly number[]): { readonly table: WebAssembly.Table; readonly unlink: () => void } {
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: offsets.length, maximum: offsets.length });
    const links = offsets.map((offset, index) => {
      const link = { table, index };
      const others = this.#links.get(offset);
      if (others) others.add(link);
      else this.#links.set(offset, new Set([link]));
      table.set(index, this.#functions.get(offset) ?? this.#missing);
      return { offset, link };
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

  /** A new table without regions. The engine (V8 11 to 12) keeps all instances that import a table as long as the table is there. */
  renew(): void {
    this.#functions.clear();
    this.#table = this.#make(this.#table.length);
  }

  #make(size: number): WebAssembly.Table {
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: size, maximum: slotCount });
    this.#fill(table, 0);
    return table;
  }

  #fill(table: WebAssembly.Table, first: number): void {
    for (let slot = first; slot < table.length; slot += 1) table.set(slot, this.#missing);
  }
}

/** What stands in the slots without a region. */
function makeMissing({ wasmPages, memory }: LinearMemory): unknown {
  const fuel = { type: 'i32', index: 0 } as const;
  const bytes = encodeModule(wasmPages, [
    { name: 'missing', ...regionType, write: (body) => body.return(i64.constant(missing), get(fuel)) },
  ]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } }).exports.missing;
}
