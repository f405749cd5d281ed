import type { Routines } from '../float/routines';
import type { CodeAlignment } from '../interpreter/interpreter-emitter';
import type { WayTimes } from '../interpreter/record-pool';
import { hartAt, type LinearMemory } from '../linear-memory';
import { canTailCall } from '../wasm/tail-calls';
import { BranchWays } from './branch-ways';
import type { Code } from './code';
import type { ControlFlow } from './control-flow';
import { Failures } from './failures';
import { type Region, RegionSearch } from './find-region';
import { Heat } from './heat';
import { HotCode, notSoon, usuallyHotAfter } from './hot-code';
import type { Check } from './nearby-accesses';
import { type PageRun, PageRuns } from './page-runs';
import { type RegionExit, regionExit } from './region-interface';
import { RegionModule } from './region-module';
import { type Kept, RegionStore } from './region-store';
import { Sites } from './sites';
import { type Fetching, StepCache } from './step-cache';
import type { Linkage, Surroundings } from './surroundings';
import type { TranslatorStatistics } from './translator-statistics';
import { Interrupted, WaitLimit } from './wait-limit';

/** Regions dropped for changed permissions before each access looks at those of its pages instead. */
const mostPermissionDrops = 64;

/** How many times of translating are kept. */
const mostTimes = 10_000;

/** What the translator needs of the machine around it. */
export interface Host {
  readonly code: Omit<
    Code,
    | 'inlinable'
    | 'waysSince'
    | 'mostAtOnce'
    | 'breathe'
    | 'targetsOf'
    | 'hasAllTargets'
    | 'steps'
    | 'regions'
    | 'hasLongRegion'
    | 'targetsHeld'
    | 'canFetch'
  > &
    Fetching;
  readonly routines: Routines;
  /** When the branch at an offset last went each way in the interpreter. */
  wayTimesAt(offset: number): WayTimes;
  /** Whether each region comes back to the interpreter. */
  isWatched(): boolean;
  /** The code at [start, end), as it was decoded: what the program has written there since is no part of regions. */
  bytesOf(start: number, end: number): Uint8Array;
  /** The parts of the window that have pages, by address. */
  mapped(): Iterable<{ readonly start: number; readonly end: number }>;
  readonly alignment: CodeAlignment;
  /** How often code is come to before it is translated; 0 for never. */
  readonly hotAfter: number | undefined;
  /** A region begins at this offset now, or does no longer: `slots` says which. */
  changed(offset: number): void;
}

/** Makes hot code into regions and keeps them true. Offsets are those of the guest's window. */
export class Translator {
  /** The slots of the regions that are awake, by the offsets where they begin or can be entered. */
  readonly slots: ReadonlyMap<number, number>;
  /** Where regions were left as something was not as they were made for. */
  readonly failures: Failures;
  readonly #memory: LinearMemory;
  readonly #host: Host;
  readonly #hotAfter: number;
  /** How often code that was translated before is come to before it is translated again. */
  readonly #againAfter: number;
  readonly #runs: PageRuns;
  readonly #sites: Sites;
  readonly #steps: StepCache;
  readonly #code: Code;
  readonly #regions: RegionStore;
  readonly #heat: Heat;
  readonly #hot: HotCode;
  readonly #ways: BranchWays;
  readonly #limit = new WaitLimit();
  /** Instructions of all regions made. */
  #length = 0;
  readonly #times: number[] = [];
  readonly #waits: number[] = [];
  readonly #notTranslated: Record<string, number> = {};

  constructor(memory: LinearMemory, host: Host) {
    this.#memory = memory;
    this.#host = host;
    this.#hotAfter = host.hotAfter ?? usuallyHotAfter;
    this.#againAfter = Math.max(2, this.#hotAfter >> 4);
    this.#runs = new PageRuns(memory, host.mapped);
    this.#sites = new Sites(memory, this.#runs, (offset) => host.code.instructionOf(host.code.fetchWord(offset)));
    this.#steps = new StepCache(host.code);
    this.#ways = new BranchWays((offset) => host.wayTimesAt(offset));
    this.#heat = new Heat(memory, this.#hotAfter);
    this.#regions = new RegionStore(memory, {
      changed: (offset) => host.changed(offset),
      rested: (offset, wakeAfter) => this.#heat.count(offset, wakeAfter),
      dropped: (offset, why) => this.#heat.count(offset, why === 'code changed' ? this.#hotAfter : this.#againAfter),
    });
    this.slots = this.#regions.slots;
    this.failures = new Failures(this.#sites, this.#regions);
    this.#code = {
      ...host.code,
      inlinable: new Map(),
      waysSince: (offset, look) => this.#ways.since(offset, look),
      mostAtOnce: () => this.#limit.instructions,
      breathe: (blocks?: number) => this.#limit.breathe(blocks),
      canFetch: (offset) => host.code.fetchWord(offset) >= 0,
      regions: this.slots,
      hasLongRegion: (offset, without) => this.#regions.hasLong(offset, without),
      targetsHeld: (targets) => this.#regions.targetsHeld(targets),
      steps: this.#steps,
      targetsOf: (offset) => this.#sites.targetsOf(offset),
      hasAllTargets: (offset) => this.#sites.hasAllTargets(offset),
    };
    const isMade = (offset: number) => this.#regions.has(offset);
    const since = (offset: number) => (this.#ways.isWhole(offset) ? 0 : this.#heat.since(offset));
    this.#hot = new HotCode(this.#code, this.#heat, this.#hotAfter, this.#limit, isMade, since);
  }

  /** How long the program may wait for its code to be translated. */
  get limit(): WaitLimit {
    return this.#limit;
  }

  /** The table that the interpreter calls regions through. */
  get table(): WebAssembly.Table {
    return this.#regions.table;
  }

  /** Regions made so far. */
  get made(): number {
    return this.#hot.made;
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
      regions: this.#regions.size,
      resting: this.#regions.size - this.#regions.awake,
      bytes: this.#regions.bytes,
      translated: this.#hot.made,
      milliseconds: this.#times,
      waits: this.#waits,
      dropped: this.#regions.dropped,
      notTranslated: this.#notTranslated,
      exits,
    };
  }

  /** Translates the code at an offset, which has become hot. */
  translate(offset: number): void {
    this.#heat.look();
    // What came to a region has not been interpreted.
    if (!this.slots.has(offset)) this.#heat.interpreted(offset);
    this.#heat.count(offset, this.#translateAt(offset));
  }

  /** How often the code is to be come to before it is looked at again. */
  #translateAt(offset: number): number {
    if (this.slots.has(offset) || this.#regions.wake(offset)) return notSoon;
    const [start, before, length] = [performance.now(), this.#hot.made, this.#length];
    const made = this.#make(offset);
    if (typeof made === 'number') return made;
    if (made) this.#note(performance.now() - start, this.#hot.made - before, this.#length - length);
    return notSoon;
  }

  #note(milliseconds: number, regions: number, instructions: number): void {
    this.#limit.took(milliseconds, instructions);
    if (this.#times.length >= mostTimes) return;
    this.#waits.push(milliseconds);
    for (let count = 0; count < regions; count += 1) this.#times.push(milliseconds / regions);
  }

  /** Makes the region that begins at a native hook. False where there can be none: the translator is off, or something else stands there. */
  makeHook(offset: number): boolean {
    if (this.#hotAfter === 0) return false;
    return this.slots.has(offset) || this.#regions.wake(offset) || this.#make(offset, true) === true;
  }

  /** Bytes of guest memory were written from outside. */
  written(offset: number, length: number): void {
    this.#codeChanged(offset, length);
    this.#regions.drop(this.#regions.touching(offset, length), 'code changed');
  }

  /** The hart has executed `fence.i`: what it wrote to its code before is to be seen. */
  fence(): void {
    this.#code.inlinable.clear();
    this.#regions.drop(this.#regions.stale(), 'code changed');
  }

  /** Pages have got other contents and permissions. */
  remapped(offset: number, length: number): void {
    this.#regions.drop(this.#regions.touching(offset, length), 'code changed');
    // What a program has had mapped it may have taken away.
    if (this.#memory.doublewords[hartAt.instret >> 3] !== 0n) this.#runs.mayChange(offset, length);
    this.permissionsChanged(offset, length);
  }

  /** Pages have got other permissions to read and write. */
  permissionsChanged(offset: number, length: number): void {
    this.#codeChanged(offset, length);
    this.#runs.forget();
    const regions = this.#regions.all();
    const lost = new Set<PageRun>();
    for (const run of new Set(regions.flatMap(({ runs }) => runs))) {
      if (run.start < offset + length && offset < run.end && !this.#runs.holds(run)) lost.add(run);
    }
    for (const run of lost) this.#runs.wasLost(run);
    if (lost.size > 0) {
      const wrong = regions.filter(({ runs }) => runs.some((run) => lost.has(run)));
      this.#regions.drop(wrong, 'permissions changed');
    }
    this.#sites.permissionsChanged(offset, offset + length);
    this.#sites.volatile ||= this.#regions.dropped['permissions changed'] > mostPermissionDrops;
  }

  /** Which instructions the engine executes has changed. */
  forget(): void {
    this.#code.inlinable.clear();
    this.#steps.forget();
    this.#regions.drop(this.#regions.all(), 'code changed');
  }

  /** A breakpoint or hook was set or taken away. */
  stopChanged(offset: number): void {
    this.#code.inlinable.clear();
    this.#regions.drop(this.#regions.touching(offset, 1), 'stop changed');
  }

  /** Code that is looked at may be other than before in these bytes, or become so. */
  #codeChanged(offset: number, length: number): void {
    this.#code.inlinable.clear();
    this.#steps.changed(offset, offset + length);
  }

  /** The same, or how often the code is to be come to again where the host has ended it. */
  #make(offset: number, atOnce = false): boolean | number {
    this.#limit.begin();
    try {
      return this.#makeWhole(offset, atOnce);
    } catch (error) {
      // What the editor asks for often comes in a row.
      if (error instanceof Interrupted) return Math.min(this.#hotAfter * 2 ** this.#limit.interruptions, notSoon);
      throw error;
    }
  }

  /** Whether a region was made, or how often its code is to be come to before one is. */
  #makeWhole(offset: number, atOnce: boolean): boolean | number {
    this.#steps.look();
    // The region of a hook is its instruction alone, for which there is always fuel: else the hook would be passed over with it.
    const isHook = this.#code.stops.has(offset);
    const isAlone = atOnce || isHook;
    const heat = this.#heat.whenRunDown(offset);
    const search = isAlone
      ? new RegionSearch(this.#code, offset, this.#memory.x, isHook ? 1 : undefined)
      : this.#hot.search(offset, this.#memory.x);
    if (typeof search === 'number') return search;
    if (!isAlone && this.#isLacked(offset, search, heat)) {
      this.#heat.wait(offset, 2 * heat);
      return heat;
    }
    const region = search.region();
    if (!region) {
      const instruction = this.#host.code.instructionOf(this.#host.code.fetchWord(offset));
      const why = instruction ? instruction.meaning : 'no instruction';
      this.#notTranslated[why] = (this.#notTranslated[why] ?? 0) + 1;
      return false;
    }
    const regions = isAlone ? [region] : this.#hot.together(region);
    this.#regions.makeRoom();
    const runs = regions.map(() => new Set<PageRun>());
    const around = (index: number, linkage: Linkage) => this.#around(runs[index]!, regions[index]!, linkage);
    const goesOnAt = canTailCall() && !this.#host.isWatched() ? this.#beginsIn(regions) : undefined;
    const module = new RegionModule(regions, this.#memory, this.#host.routines, around, goesOnAt);
    const kept = regions.map(
      ({ offset: start, sources, isSwitch, entries, flow }, index): Kept => ({
        offset: start,
        sources,
        source: sources.map((one) => this.#host.bytesOf(one.start, one.end)),
        isSwitch,
        entries,
        entered: [],
        index,
        module,
        runs: [...runs[index]!],
        targets: this.#targetsIn(flow),
        patience: this.#hot.isEager ? 1 : this.failures.patience(start, module.sizes[index]!),
        failures: 0,
        hasLearnt: false,
        moving: 0,
      }),
    );
    for (const one of regions) {
      this.#length += one.length;
      // What runs in parts of the switch by the table of regions comes to the whole only where it leaves them.
      if (one.isSwitch) this.#regions.drop(this.#regions.partsOf(one), 'part of a switch');
    }
    this.#regions.keep(module, kept);
    this.#hot.wereMade(regions);
    // What comes behind was executed as often.
    if (region.goesOn !== undefined && !this.#regions.has(region.goesOn)) this.#heat.lookSoon(region.goesOn, heat);
    for (const { flow } of regions) {
      this.#ways.made(flow);
      for (const { steps } of flow.blocks) if (steps[0]) this.#heat.startAnew(steps[0].offset);
    }
    return true;
  }

  /**
   * Whether code that has been come to so often is where a branch goes from a region that lacks this way, and leads back there: they would
   * go to and fro, so that the region is made again as soon as it is worth it, with all ways.
   */
  #isLacked(offset: number, search: RegionSearch, heat: number): boolean {
    const from = this.#memory.words[hartAt.jumpFrom >> 2]! >>> 0;
    const branch = this.#ways.lacking(offset, from, (place) => this.#steps.at(place));
    if (branch === undefined) return false;
    const lacking = this.#regions
      .touching(branch, 1)
      .filter((one) => search.leadsTo([one.offset, ...one.entered]) && !this.#ways.isWhole(one.offset));
    this.#regions.drop(lacking, 'new way');
    for (const one of lacking) {
      this.#ways.widen(one.offset, branch);
      this.#heat.lookSoon(one.offset, heat);
    }
    return lacking.length > 0;
  }

  /** Tells whether a region begins or is entered at an offset, or soon will, when these are made. */
  #beginsIn(regions: readonly Region[]): (offset: number) => boolean {
    const begins = new Set<number>();
    for (const { offset, entries, goesOn } of regions) {
      begins.add(offset);
      for (const entry of entries) begins.add(entry);
      if (goesOn !== undefined) begins.add(goesOn);
    }
    return (offset) => begins.has(offset) || this.slots.has(offset);
  }

  /** How many targets are known of each indirect jump; 0 of one with more code than there was room for. */
  #targetsIn({ blocks }: ControlFlow): Map<number, number> {
    const targets = new Map<number, number>();
    for (const { steps, end } of blocks) {
      if (end.kind !== 'indirect' && end.kind !== 'guess') continue;
      for (const { offset } of (end.kind === 'indirect' && end.jumps) || [steps.at(-1)!]) {
        targets.set(offset, end.kind === 'indirect' && end.targets.length === 0 ? 0 : this.#sites.knownTargets(offset));
      }
    }
    return targets;
  }

  /** What a region is written with; notes the runs that it relies on. */
  #around(runs: Set<PageRun>, { offset, registers }: Region, linkage: Linkage): Surroundings {
    const memory = this.#memory;
    return {
      memory,
      alignment: this.#host.alignment,
      expect: (site: number, check: Check, isConstant: boolean) => {
        const expected = this.failures.expect(offset, site, check, isConstant, registers);
        if (expected.run) runs.add(expected.run);
        return expected;
      },
      isNarrow: (at: number) => this.#sites.isNarrow(at),
      isSoft: (at: number) => this.#sites.isSoft(at),
      isLearning: (at: number) => this.#sites.isLearning(at),
      breathe: (blocks?: number) => this.#limit.breathe(blocks),
      linkage,
    };
  }
}
