import type { Instruction } from '../../riscv/instruction';
import type { Routines } from '../float/routines';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import { hartAt, type LinearMemory, pageSize, permissionBits } from '../linear-memory';
import type { Check } from './access-plan';
import { type Code, type Region, RegionSearch } from './find-region';
import { Heat } from './heat';
import { type PageRun, PageRuns } from './page-runs';
import { type RegionExit, regionExit } from './region-interface';
import { RegionModule } from './region-module';
import { RegionTable } from './region-table';
import { Sites } from './sites';
import { StepCache } from './step-cache';

/** How often code is come to before it is translated, unless told. */
const usuallyHotAfter = 300;
/**
 * Translating one instruction takes as long as interpreting some ten thousand: the longer a region would be, the oftener its code is
 * come to before, in multiples of its instructions; and the more of its checks may fail before it is made again, in bytes of
 * WebAssembly for each. Each time that is twice as many.
 */
const heatOfInstruction = 48;
/**
 * A program of very many places that are all a little hot would be translated without end: past so many regions, each as many again
 * makes all code wait as long again, at most so many times.
 */
const crowdOfRegions = 512;
const mostCrowds = 256;
/** How many times the instructions that code is worth as yet are searched for the end of its region. */
const foresight = 4;
const bytesOfFailure = 16;
const mostDoublings = 10;
/**
 * Regions that are made together at most, and instructions in them; at first one at a time, as the translator's own code is slow until
 * the engine has optimised it: one more for each so many that were made. Code that has been come to a part of what is wanted is nearly due.
 */
const mostTogether = 16;
const longestTogether = 800;
const regionsToOneMore = 8;
const nearlyDue = 1 / 3;
/** Come-tos after which code is looked at again that could not be translated. */
const notSoon = 1 << 15;
/**
 * Instances of modules, and regions in force, before all come to rest, and bytes of WebAssembly that regions have. A region that rests is
 * awake again, without being translated, when its code is come to; one that still rests when the time comes again is cold.
 */
const mostInstances = 1000;
const mostAwake = 1500;
const mostBytes = 8 << 20;
/** Slots that regions that are made together may need for themselves and those that they call. */
const slotsTogether = 512;
/** Places of code of which is kept how often their regions were made again. */
const mostPlaces = 1 << 16;
/** Regions dropped for changed permissions before each access looks at those of its pages instead. */
const mostPermissionDrops = 64;

/** How many times of translating are kept. */
const mostTimes = 10_000;

/** What the translator needs of the machine around it. */
export interface Host {
  readonly code: Omit<Code, 'targetsOf' | 'stepAt' | 'hasRegion'> & { instructionAt(offset: number): Instruction | undefined };
  readonly routines: Routines;
  /** The parts of the window that have pages, by address. */
  mapped(): Iterable<{ readonly start: number; readonly end: number }>;
  readonly alignment: CodeAlignment;
  /** How often code is come to before it is translated; 0 for never. */
  readonly hotAfter: number | undefined;
  /** A region begins at this offset now, or does no longer: `slots` says which. */
  changed(offset: number): void;
  /** The table of regions is another one now. */
  renewed(): void;
}

interface Translated {
  readonly region: Pick<Region, 'offset' | 'sources'>;
  readonly slot: number;
  /** Where it begins and where it expects regions that it calls. */
  readonly holds: ReadonlySet<number>;
  /** Its number in its module. */
  readonly index: number;
  readonly module: RegionModule;
  isAwake: boolean;
  /** The runs of pages whose permissions it relies on. */
  readonly runs: readonly PageRun[];
  /** The code it was made from, for each of the region's sources. */
  readonly source: readonly Uint8Array[];
  /** Checks that have failed in it, how many may before it is made again, and whether that would now be another region. */
  failures: number;
  readonly patience: number;
  hasLearnt: boolean;
}

/** What the translator has decided, and how its regions were left. */
export interface TranslatorStatistics {
  /** Regions that there are now, those of them that rest, and bytes of WebAssembly in them. */
  readonly regions: number;
  readonly resting: number;
  readonly bytes: number;
  /**
   * Regions ever made, and how long translating and compiling each of them took: its part of the time that those made together took, and
   * that time itself, for which the program waited.
   */
  readonly translated: number;
  readonly milliseconds: readonly number[];
  readonly waits: readonly number[];
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Hot code that is no region, by the instruction it begins with. */
  readonly notTranslated: Readonly<Record<string, number>>;
  readonly exits: Readonly<Record<RegionExit, bigint>>;
}

export type DropReason = 'code changed' | 'stop changed' | 'permissions changed' | 'access elsewhere' | 'not plain' | 'new target' | 'cold';

/** Makes hot code into regions and keeps them true. Offsets are those of the guest's window. */
export class Translator {
  /** The slots of the regions that are awake, by the offsets where they begin. */
  readonly slots = new Map<number, number>();
  readonly #memory: LinearMemory;
  readonly #host: Host;
  readonly #hotAfter: number;
  /** How often code that was translated before is come to before it is translated again. */
  readonly #againAfter: number;
  readonly #runs: PageRuns;
  readonly #sites: Sites;
  readonly #steps: StepCache;
  readonly #code: Code;
  readonly #table: RegionTable;
  /** Instances that import the table that there is. */
  #instances = 0;
  /** Of those, the ones that had rested; and how often code is come to before its region awakes: oftener where most regions take turns. */
  #woken = 0;
  #wakeAfter = 1;
  readonly #translated = new Map<number, Translated>();
  /** The regions that were made from something in a page. */
  readonly #inPage = new Map<number, Set<Translated>>();
  readonly #heat: Heat;
  /** How often regions were made again, by where they begin. */
  readonly #remakes = new Map<number, number>();
  #bytes = 0;
  #count = 0;
  readonly #times: number[] = [];
  readonly #waits: number[] = [];
  readonly #dropped: Record<DropReason, number> = {
    'code changed': 0,
    'stop changed': 0,
    'permissions changed': 0,
    'access elsewhere': 0,
    'not plain': 0,
    'new target': 0,
    cold: 0,
  };
  readonly #notTranslated: Record<string, number> = {};

  constructor(memory: LinearMemory, host: Host) {
    this.#memory = memory;
    this.#host = host;
    this.#hotAfter = host.hotAfter ?? usuallyHotAfter;
    this.#againAfter = Math.max(2, this.#hotAfter >> 4);
    this.#runs = new PageRuns(memory, host.mapped);
    this.#sites = new Sites(memory, this.#runs, (offset) => host.code.instructionAt(offset));
    this.#steps = new StepCache(host.code.instructionAt);
    this.#code = {
      ...host.code,
      hasRegion: (offset) => this.slots.has(offset),
      stepAt: (offset) => this.#steps.at(offset),
      targetsOf: (offset) => this.#sites.targetsOf(offset),
    };
    this.#table = new RegionTable(memory);
    this.#heat = new Heat(memory, this.#hotAfter);
  }

  /** The table that the interpreter calls regions through. */
  get table(): WebAssembly.Table {
    return this.#table.table;
  }

  /** Regions made so far. */
  get made(): number {
    return this.#count;
  }

  /** How often code was come to, as far as that has been counted. */
  get comeTos(): number {
    return this.#heat.comeTos;
  }

  get statistics(): TranslatorStatistics {
    const { doublewords } = this.#memory;
    const exits = Object.fromEntries(
      Object.entries(regionExit).map(([name, number]) => [name, doublewords[(hartAt.regionExits >> 3) + number]!]),
    ) as Record<RegionExit, bigint>;
    return {
      regions: this.#translated.size,
      resting: this.#translated.size - this.slots.size,
      bytes: this.#bytes,
      translated: this.#count,
      milliseconds: this.#times,
      waits: this.#waits,
      dropped: this.#dropped,
      notTranslated: this.#notTranslated,
      exits,
    };
  }

  /** Translates the code at an offset, which has become hot. */
  translate(offset: number): void {
    // What came to a region has not been interpreted.
    if (!this.slots.has(offset)) this.#heat.interpreted(offset);
    this.#heat.count(offset, this.#translateAt(offset));
  }

  /** How often the code is to be come to before it is looked at again. */
  #translateAt(offset: number): number {
    if (this.slots.has(offset) || this.#wake(offset)) return notSoon;
    const [start, before] = [performance.now(), this.#count];
    const made = this.#make(offset);
    if (typeof made === 'number') return made;
    if (made && this.#times.length < mostTimes) this.#note(performance.now() - start, this.#count - before);
    return notSoon;
  }

  #note(milliseconds: number, regions: number): void {
    this.#waits.push(milliseconds);
    for (let count = 0; count < regions; count += 1) this.#times.push(milliseconds / regions);
  }

  /** Makes the region that begins at a native hook. False where there can be none: the translator is off, or something else stands there. */
  makeHook(offset: number): boolean {
    if (this.#hotAfter === 0) return false;
    return this.slots.has(offset) || this.#wake(offset) || this.#make(offset, true) === true;
  }

  /** Bytes of guest memory were written from outside. */
  written(offset: number, length: number): void {
    this.#drop(this.#touching(offset, length), 'code changed');
  }

  /** The hart has executed `fence.i`: what it wrote to its code before is to be seen. */
  fence(): void {
    const { guest } = this.#memory;
    const stale = [...this.#translated.values()].filter(({ region, source }) =>
      region.sources.some(({ start, end }, index) => {
        const isWritable = ((this.#memory.permissionsOf(start) | this.#memory.permissionsOf(end - 1)) & permissionBits.write) !== 0;
        return isWritable && source[index]!.some((byte, at) => guest[start + at] !== byte);
      }),
    );
    this.#drop(stale, 'code changed');
  }

  /** Pages have got other contents and permissions. */
  remapped(offset: number, length: number): void {
    this.#drop(this.#touching(offset, length), 'code changed');
    this.permissionsChanged(offset, length);
  }

  /** Pages have got other permissions to read and write. */
  permissionsChanged(offset: number, length: number): void {
    this.#runs.forget();
    const overlaps = ({ start, end }: PageRun) => start < offset + length && offset < end;
    const wrong = [...this.#translated.values()].filter(({ runs }) => runs.some((run) => overlaps(run) && !this.#runs.holds(run)));
    this.#drop(wrong, 'permissions changed');
    this.#sites.permissionsChanged(offset, offset + length);
    this.#sites.volatile ||= this.#dropped['permissions changed'] > mostPermissionDrops;
  }

  /** Which instructions the engine executes has changed. */
  forget(): void {
    this.#drop([...this.#translated.values()], 'code changed');
  }

  /** A breakpoint or hook was set or taken away. */
  stopChanged(offset: number): void {
    this.#drop(this.#touching(offset, 1), 'stop changed');
  }

  /** A region was left before the access at an offset, which lies elsewhere than expected. */
  checkFailed(offset: number): void {
    const hasLearnt = this.#sites.failed(offset);
    const stale = this.#touching(offset, 1).filter((one) => {
      one.failures += 1;
      one.hasLearnt ||= hasLearnt;
      return one.hasLearnt && one.failures >= one.patience;
    });
    if (this.#remakes.size >= mostPlaces) this.#remakes.clear();
    for (const { region } of stale) this.#remakes.set(region.offset, (this.#remakes.get(region.offset) ?? 0) + 1);
    this.#drop(stale, 'access elsewhere');
  }

  /** A region was left by the indirect jump at an offset for a place that it did not know. */
  wentTo(offset: number, target: number): void {
    if (this.#sites.wentTo(offset, target)) this.#drop(this.#touching(offset, 1), 'new target');
  }

  /** A region was left before the arithmetic at an offset, which is not plain. */
  wasNotPlain(offset: number): void {
    if (this.#sites.wasNotPlain(offset)) this.#drop(this.#touching(offset, 1), 'not plain');
  }

  /** Whether a region was made, or how often its code is to be come to before one is. */
  #make(offset: number, atOnce = false): boolean | number {
    this.#steps.look();
    // The region of a hook is its instruction alone, for which there is always fuel: else the hook would be passed over with it.
    const isHook = this.#code.hasStop(offset);
    const search = atOnce || isHook ? new RegionSearch(this.#code, offset, isHook ? 1 : undefined) : this.#search(offset);
    if (typeof search === 'number') return search;
    const region = search.region();
    if (!region) {
      const instruction = this.#host.code.instructionAt(offset);
      const why = instruction ? instruction.meaning : 'no instruction';
      this.#notTranslated[why] = (this.#notTranslated[why] ?? 0) + 1;
      return false;
    }
    const regions = isHook || atOnce ? [region] : this.#together(region);
    this.#makeRoom();
    const holds = regions.map((one) => new Set([one.offset]));
    const runs = regions.map(() => new Set<PageRun>());
    const module = new RegionModule(regions, this.#memory, this.#host.routines, (index) => this.#around(holds[index]!, runs[index]!));
    this.#bytes += module.bytes;
    regions.forEach((one, index) => {
      const size = module.sizes[index]!;
      const patience = Math.max(1, size / bytesOfFailure) * 2 ** Math.min(this.#remakes.get(one.offset) ?? 0, mostDoublings);
      const made = { region: one, holds: holds[index]!, index, module, runs: [...runs[index]!], failures: 0, hasLearnt: false };
      this.#keep({ ...made, patience: this.#hotAfter < usuallyHotAfter ? 1 : patience });
    });
    return true;
  }

  /** A region that is due, and others that are made in the same module: of code that it calls, and of code that waits and is nearly due. */
  #together(due: Region): Region[] {
    const regions = [due];
    const most = Math.min(mostTogether, 1 + Math.floor(this.#count / regionsToOneMore));
    let { length } = due;
    const add = (offset: number): void => {
      if (regions.length === most || regions.some((one) => isWithin(one, offset))) return;
      const region = this.#nearlyDue(offset);
      if (!region || length + region.length > longestTogether) return;
      this.#heat.waitNoMore(offset);
      this.#heat.count(offset, notSoon);
      length += region.length;
      regions.push(region);
    };
    for (let index = 0; index < regions.length && regions.length < most; index += 1) {
      for (const { end } of regions[index]!.flow.blocks) if (end.kind === 'call' && end.callee !== undefined) add(end.callee);
    }
    for (const { offset, wanted } of this.#heat.waiting()) {
      if (regions.length === most) break;
      const hasRoom = length + wanted / heatOfInstruction / this.#crowd <= longestTogether;
      if (hasRoom && this.#heat.sofar(offset) >= wanted * nearlyDue) add(offset);
    }
    return regions;
  }

  /** The region at an offset, where its code has been come to a good part of what is wanted. */
  #nearlyDue(offset: number): Region | undefined {
    const { hasStop, mayHaveCome } = this.#host.code;
    if (this.#translated.has(offset) || hasStop(offset) || !mayHaveCome(offset)) return undefined;
    const heat = this.#heat.sofar(offset) / nearlyDue;
    if (heat < this.#hotAfter) return undefined;
    const worth = this.#hotAfter < usuallyHotAfter ? Number.POSITIVE_INFINITY : Math.floor(heat / heatOfInstruction / this.#crowd);
    const search = new RegionSearch(this.#code, offset, worth + 1);
    return search.length > worth ? undefined : search.region();
  }

  /** What a region is written with; notes the offsets whose slots it needs, and the runs that it relies on. */
  #around(holds: Set<number>, runs: Set<PageRun>) {
    const memory = this.#memory;
    return {
      memory,
      alignment: this.#host.alignment,
      expect: (site: number, check: Check, isConstant: boolean) => {
        const expected = this.#sites.expect(site, check, isConstant);
        const { run } = expected;
        if (run) runs.add(run);
        return { ...expected, run: run && { start: memory.addressOf(run.start), end: memory.addressOf(run.end) } };
      },
      slotFor: (at: number) => {
        holds.add(at);
        return this.#table.slotOf(at);
      },
      isNarrow: (at: number) => this.#sites.isNarrow(at),
      isSoft: (at: number) => this.#sites.isSoft(at),
      isLearning: (at: number) => this.#sites.isLearning(at),
    };
  }

  /** Makes room for regions that are made together, and their instance. */
  #makeRoom(): void {
    if (this.#instances < mostInstances && this.slots.size < mostAwake && this.#bytes <= mostBytes && this.#table.left >= slotsTogether)
      return;
    this.#drop(
      [...this.#translated.values()].filter(({ isAwake }) => !isAwake),
      'cold',
    );
    this.#rest();
    if (this.#bytes > mostBytes || this.#table.left < slotsTogether) this.#drop([...this.#translated.values()], 'cold');
  }

  /** Puts all regions to rest, and a new table in place of the one that holds all of their instances. */
  #rest(): void {
    this.#wakeAfter = this.#woken > this.slots.size / 2 ? Math.min(4 * this.#wakeAfter, notSoon) : Math.max(this.#wakeAfter >> 1, 1);
    this.#woken = 0;
    this.slots.clear();
    for (const one of this.#translated.values()) {
      one.isAwake = false;
      this.#host.changed(one.region.offset);
      one.module.rest();
      this.#heat.count(one.region.offset, this.#wakeAfter);
    }
    this.#table.renew();
    this.#instances = 0;
    this.#host.renewed();
  }

  /** Makes the region at an offset one that is awake again. False where there is none that rests. */
  #wake(offset: number): boolean {
    if (!this.#translated.has(offset)) return false;
    this.#makeRoom();
    const one = this.#translated.get(offset);
    if (!one) return false;
    this.#putInForce(one);
    this.#woken += 1;
    return true;
  }

  /** Keeps a region that was made, and puts it in force. */
  #keep(made: Omit<Translated, 'slot' | 'source' | 'isAwake'>): void {
    const { offset, sources } = made.region;
    const slot = this.#table.slotOf(offset);
    const source = sources.map(({ start, end }) => this.#memory.guest.slice(start, end));
    const translated: Translated = { ...made, slot, source, isAwake: true };
    this.#table.hold(made.holds);
    this.#translated.set(offset, translated);
    for (const page of pagesOf(made.region)) {
      const there = this.#inPage.get(page);
      if (there) there.add(translated);
      else this.#inPage.set(page, new Set([translated]));
    }
    this.#count += 1;
    this.#putInForce(translated);
  }

  #putInForce(one: Translated): void {
    one.isAwake = true;
    if (!one.module.isAwake) this.#instances += 1;
    this.#table.set(one.region.offset, one.module.functionOf(one.index, this.#table));
    this.slots.set(one.region.offset, one.slot);
    this.#host.changed(one.region.offset);
  }

  /**
   * The search for the region at an offset, or how often its code has still to be come to before it is worth a region of that length.
   * What is searched in vain is in proportion to how often the code was come to.
   */
  #search(offset: number): RegionSearch | number {
    if (this.#hotAfter < usuallyHotAfter) return new RegionSearch(this.#code, offset);
    const heat = this.#heat.whenRunDown(offset);
    const most = Math.floor((foresight * heat) / heatOfInstruction);
    const search = new RegionSearch(this.#code, offset, most);
    const wanted = Math.ceil(Math.max(search.length * heatOfInstruction, this.#hotAfter) * this.#crowd);
    if (heat >= wanted) {
      this.#heat.waitNoMore(offset);
      return search;
    }
    this.#heat.wait(offset, wanted);
    return wanted - heat;
  }

  /** How many times as long all code waits, as so many regions were made. */
  get #crowd(): number {
    return Math.min(Math.max(1, this.#count / crowdOfRegions), mostCrowds);
  }

  #touching(offset: number, length: number): Translated[] {
    if (length <= 0 || this.#inPage.size === 0) return [];
    const found = new Set<Translated>();
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
      for (const one of there) {
        if (one.region.sources.some(({ start, end }) => start < offset + length && offset < end)) found.add(one);
      }
    }
    return [...found];
  }

  #drop(all: readonly Translated[], why: DropReason): void {
    for (const one of all) {
      if (one.isAwake) this.#table.clear(one.region.offset);
      this.#table.release(one.holds);
      this.#translated.delete(one.region.offset);
      this.slots.delete(one.region.offset);
      for (const page of pagesOf(one.region)) {
        const there = this.#inPage.get(page);
        there?.delete(one);
        if (there?.size === 0) this.#inPage.delete(page);
      }
      if (one.module.drop()) this.#bytes -= one.module.bytes;
      this.#dropped[why] += 1;
      this.#host.changed(one.region.offset);
      this.#heat.count(one.region.offset, why === 'code changed' ? this.#hotAfter : this.#againAfter);
    }
  }
}

function pagesOf({ sources }: Pick<Region, 'sources'>): Set<number> {
  const pages = new Set<number>();
  for (const { start, end } of sources) {
    for (let page = Math.floor(start / pageSize); page * pageSize < end; page += 1) pages.add(page);
  }
  return pages;
}

function isWithin({ sources }: Region, offset: number): boolean {
  return sources.some(({ start, end }) => start <= offset && offset < end);
}
