import { type LinearMemory, pageSize, permissionBits } from '../linear-memory';
import type { Region } from './find-region';
import type { PageRun } from './page-runs';
import type { RegionModule } from './region-module';
import { RegionTable } from './region-table';

/** A region that was made. */
export interface Kept extends Pick<Region, 'offset' | 'sources' | 'isSwitch' | 'entries'> {
  /** The code it was made from, for each of its sources. */
  readonly source: readonly Uint8Array[];
  /** Its number in its module. */
  readonly index: number;
  readonly module: RegionModule;
  /** The runs of pages whose permissions it relies on. */
  readonly runs: readonly PageRun[];
  /** How many targets were known of each of its indirect jumps, by their offsets. */
  readonly targets: ReadonlyMap<number, number>;
  /** How many checks may fail in it before it is made again. */
  readonly patience: number;
  /** Checks that have failed in it, and whether it would now be another region. */
  failures: number;
  hasLearnt: boolean;
  /** Those of its entries where no other region began when it was put in force. */
  entered: readonly number[];
  /** Registers beside which accesses have gone elsewhere so often that it should be made again, as bits. */
  moving: number;
}

export type DropReason =
  | 'code changed'
  | 'stop changed'
  | 'permissions changed'
  | 'access elsewhere'
  | 'not plain'
  | 'new target'
  | 'new way'
  | 'part of a switch'
  | 'cold';

/** What is told of the regions that there are, by where they begin. */
export interface Watcher {
  /** A region begins at this offset now, or does no longer: `slots` says which. */
  changed(offset: number): void;
  /** It rests until its code is come to so often. */
  rested(offset: number, wakeAfter: number): void;
  dropped(offset: number, why: DropReason): void;
}

/**
 * Regions in force before all come to rest, instances that import the table for jumps, and bytes of WebAssembly that regions have. A region
 * that rests is awake again, without being translated, when its code is come to; one that still rests when the time comes again is cold.
 */
const mostAwake = 1000;
const mostJumping = 1000;
const mostBytes = 8 << 20;
/** How often code is come to before its region awakes, at most. */
const latestWake = 1 << 15;

/** Bytes of code of a long region. */
const longSources = 600;

/** The regions that there are, as many as there is room for. Offsets are those of the guest's window. */
export class RegionStore {
  /** The slots of the regions that are awake, by the offsets where they begin or can be entered. */
  readonly slots = new Map<number, number>();
  readonly dropped: Record<DropReason, number> = {
    'code changed': 0,
    'stop changed': 0,
    'permissions changed': 0,
    'access elsewhere': 0,
    'not plain': 0,
    'new target': 0,
    'new way': 0,
    'part of a switch': 0,
    cold: 0,
  };
  readonly #memory: LinearMemory;
  readonly #watcher: Watcher;
  readonly #table: RegionTable;
  readonly #regions = new Map<number, Kept>();
  /** Those of much code, by where they begin. */
  readonly #long = new Map<number, Kept>();
  /** The same by where else they are entered. */
  readonly #entered = new Map<number, Kept>();
  /** The regions that were made from something in a page. */
  readonly #inPage = new Map<number, Set<Kept>>();
  #bytes = 0;
  #awake = 0;
  /** Instances that import the table for jumps that there is. */
  #jumping = 0;
  /** Regions that have woken since all came to rest, and after how many come-tos: more where most regions take turns. */
  #woken = 0;
  #wakeAfter = 1;

  constructor(memory: LinearMemory, watcher: Watcher) {
    this.#memory = memory;
    this.#watcher = watcher;
    this.#table = new RegionTable(memory, this.slots);
  }

  /** The table that the interpreter calls regions through. */
  get table(): WebAssembly.Table {
    return this.#table.all;
  }

  /** How many there are, and the bytes of WebAssembly in them. */
  get size(): number {
    return this.#regions.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Those of them that do not rest. */
  get awake(): number {
    return this.#awake;
  }

  /** Whether there is a region, in force or at rest. */
  has(offset: number): boolean {
    return this.#at(offset) !== undefined;
  }

  /** Whether there is a region of much code at an offset, in force, that has not the code at another one. */
  hasLong(offset: number, without: number): boolean {
    const one = this.#at(offset);
    const isLong = one !== undefined && this.#long.has(one.offset) && this.slots.has(offset);
    return isLong && one.sources.every(({ start, end }) => without < start || end <= without);
  }

  all(): Kept[] {
    return [...this.#regions.values()];
  }

  /** The regions that begin within the code of one with a switch, and have no switch of as much code themselves. */
  partsOf({ sources }: Pick<Region, 'sources'>): Kept[] {
    const bytes = bytesIn(sources);
    return this.all().filter(
      (one) => (!one.isSwitch || bytesIn(one.sources) < bytes) && sources.some(({ start, end }) => start <= one.offset && one.offset < end),
    );
  }

  /** How many of these targets of an indirect jump one region with a switch can be entered at: the most. */
  targetsHeld(targets: readonly number[]): number {
    const counts = new Map<Kept, number>();
    let most = 0;
    for (const target of targets) {
      const holder = this.#entered.get(target);
      if (!holder?.isSwitch) continue;
      const count = (counts.get(holder) ?? 0) + 1;
      counts.set(holder, count);
      most = Math.max(most, count);
    }
    return most;
  }

  /** The regions that were made from something in these `length` bytes. */
  touching(offset: number, length: number): Kept[] {
    if (length <= 0 || this.#inPage.size === 0) return [];
    const found = new Set<Kept>();
    const last = Math.floor((offset + length - 1) / pageSize);
    const pages = last - Math.floor(offset / pageSize);
    const near = pages > this.#inPage.size ? [...this.#inPage.values()] : [];
    if (near.length === 0) {
      for (let page = Math.floor(offset / pageSize); page <= last; page += 1) {
        const there = this.#inPage.get(page);
        if (there) near.push(there);
      }
    }
    for (const there of near) {
      for (const one of there) if (one.sources.some(({ start, end }) => start < offset + length && offset < end)) found.add(one);
    }
    return [...found];
  }

  /** The regions whose code the program has changed. */
  stale(): Kept[] {
    const { guest } = this.#memory;
    return this.all().filter(({ sources, source }) =>
      sources.some(({ start, end }, index) => {
        const isWritable = ((this.#memory.permissionsOf(start) | this.#memory.permissionsOf(end - 1)) & permissionBits.write) !== 0;
        return isWritable && source[index]!.some((byte, at) => guest[start + at] !== byte);
      }),
    );
  }

  /** Makes room for the regions of a module. */
  makeRoom(): void {
    if (this.#awake < mostAwake && this.#jumping < mostJumping && this.#bytes <= mostBytes) return;
    this.drop(
      this.all().filter(({ offset }) => !this.slots.has(offset)),
      'cold',
    );
    this.#rest();
    if (this.#bytes > mostBytes) this.drop(this.all(), 'cold');
  }

  /** Keeps the regions of a module, for which room was made, and puts them in force. */
  keep(module: RegionModule, regions: readonly Kept[]): void {
    this.#bytes += module.bytes;
    for (const kept of regions) {
      this.#regions.set(kept.offset, kept);
      if (isLong(kept)) this.#long.set(kept.offset, kept);
      for (const page of pagesOf(kept)) {
        const there = this.#inPage.get(page);
        if (there) there.add(kept);
        else this.#inPage.set(page, new Set([kept]));
      }
      this.#putInForce(kept);
    }
  }

  /** Makes the region at an offset one that is awake again. False where there is none that rests. */
  wake(offset: number): boolean {
    if (!this.has(offset)) return false;
    this.makeRoom();
    const one = this.#at(offset);
    if (!one) return false;
    this.#putInForce(one);
    this.#woken += 1;
    return true;
  }

  /** Lets regions jump to the one in force at an offset. False where they do so already, or there is none. */
  open(offset: number): boolean {
    const isOpened = this.#table.open(offset);
    if (isOpened) this.#watcher.changed(offset);
    return isOpened;
  }

  drop(all: readonly Kept[], why: DropReason): void {
    for (const one of all) {
      this.#takeOutOfForce(one);
      this.#regions.delete(one.offset);
      this.#long.delete(one.offset);
      this.#forgetEntries(one);
      for (const page of pagesOf(one)) {
        const there = this.#inPage.get(page);
        there?.delete(one);
        if (there?.size === 0) this.#inPage.delete(page);
      }
      if (one.module.drop()) this.#bytes -= one.module.bytes;
      this.dropped[why] += 1;
      this.#watcher.dropped(one.offset, why);
    }
  }

  #rest(): void {
    this.#wakeAfter = this.#woken > this.#awake / 2 ? Math.min(4 * this.#wakeAfter, latestWake) : Math.max(this.#wakeAfter >> 1, 1);
    this.#woken = 0;
    for (const one of this.#regions.values()) {
      this.#takeOutOfForce(one);
      one.module.rest();
      for (const begin of [one.offset, ...one.entered]) this.#watcher.rested(begin, this.#wakeAfter);
    }
    this.#table.renew();
    this.#jumping = 0;
  }

  #putInForce(one: Kept): void {
    const { offset, module, index, entries } = one;
    if (module.goesByRegister && !module.isAwake) this.#jumping += 1;
    const region = module.functionOf(index, this.#table);
    this.#forgetEntries(one);
    one.entered = this.#table.set(offset, region, entries, entries.length === 0 ? undefined : module.entriesOf(index));
    for (const entry of one.entered) this.#entered.set(entry, one);
    for (const begin of [offset, ...one.entered]) this.#watcher.changed(begin);
    this.#awake += 1;
  }

  #takeOutOfForce(one: Kept): void {
    const { offset, entered } = one;
    if (!this.#table.clear(offset, entered)) return;
    this.#awake -= 1;
    for (const begin of [offset, ...entered]) this.#watcher.changed(begin);
  }

  /** A region is entered nowhere else; while it was at rest, another one may have come to be where it was. */
  #forgetEntries(one: Kept): void {
    for (const entry of one.entered) if (this.#entered.get(entry) === one) this.#entered.delete(entry);
  }

  /** The region that begins at an offset, or can be entered there. */
  #at(offset: number): Kept | undefined {
    return this.#regions.get(offset) ?? this.#entered.get(offset);
  }
}

function isLong({ sources }: Pick<Region, 'sources'>): boolean {
  return bytesIn(sources) >= longSources;
}

function bytesIn(sources: Region['sources']): number {
  return sources.reduce((sum, { start, end }) => sum + end - start, 0);
}

function pagesOf({ sources }: Pick<Region, 'sources'>): Set<number> {
  const pages = new Set<number>();
  for (const { start, end } of sources) {
    for (let page = Math.floor(start / pageSize); page * pageSize < end; page += 1) pages.add(page);
  }
  return pages;
}
