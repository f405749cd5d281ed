import type { Code } from './code';
import { longestSwitch, type Region, RegionSearch } from './find-region';
import type { Heat } from './heat';
import type { WaitLimit } from './wait-limit';

/** How often code is come to before it is translated, unless told. */
export const usuallyHotAfter = 300;
/**
 * Translating one instruction takes as long as interpreting some ten thousand. A program that has run long will mostly run longer: a region is
 * worth it when so many were interpreted for each of its instructions.
 */
const interpretedBefore = 1920;
/** How many times as often code has been come to at most when it is looked at again: what it leads to may have become hot. */
const mostHeating = 8;
/** Come-tos after which a switch whose cases are not all known is looked at again: they are not worth making it twice. */
const comeTosForCases = 256;
/**
 * A program of very many places that are all a little hot would be translated without end: past so many regions, each as many again
 * makes all code wait as long again, at most so many times.
 */
const crowdOfRegions = 512;
const mostCrowds = 256;
/**
 * The more regions a program has, the less each is worth in a short run: past so many, each as many again makes all code wait as long again,
 * at most so many times. Interpreting it meanwhile takes a part of what is saved.
 */
const fewRegions = 32;
const mostWaiting = 3;
/** Instructions that are looked for at first; twice as many as long as a region of those that were found is worth it. */
const searchedAtFirst = 32;
/**
 * Regions that are made together at most, and instructions in them; at first one at a time, as the translator's own code is slow until
 * the engine has optimised it: one more for each so many that were made. Code that has been come to a part of what is wanted is nearly due.
 */
const mostTogether = 16;
const longestTogether = 800;
const regionsToOneMore = 8;
const nearlyDue = 1 / 4;
/** Come-tos after which code is looked at again that could not be translated. */
export const notSoon = 1 << 15;
/** Places of code of which is kept that their regions are too long. */
const mostPlaces = 1 << 16;

/** Decides when code is worth a region, and which are made together. Offsets are those of the guest's window. */
export class HotCode {
  readonly #code: Code;
  readonly #heat: Heat;
  readonly #hotAfter: number;
  readonly #limit: WaitLimit;
  readonly #isMade: (offset: number) => boolean;
  readonly #since: (offset: number) => number;
  /** Where regions begin that were too long to be made with others: they are not searched for each time. */
  readonly #tooLong = new Set<number>();
  #made = 0;

  /**
   * `hotAfter` is how often code is come to at least; `isMade` tells whether there is a region at an offset, in force or at rest, `since`
   * the look at code since when branches have gone the ways that one there is to have.
   */
  constructor(
    code: Code,
    heat: Heat,
    hotAfter: number,
    limit: WaitLimit,
    isMade: (offset: number) => boolean,
    since: (offset: number) => number,
  ) {
    this.#code = code;
    this.#heat = heat;
    this.#hotAfter = hotAfter;
    this.#limit = limit;
    this.#isMade = isMade;
    this.#since = since;
  }

  /** All code is translated that is come to so often, whatever it is worth. */
  get isEager(): boolean {
    return this.#hotAfter < usuallyHotAfter;
  }

  /** Regions made so far. */
  get made(): number {
    return this.#made;
  }

  /** These regions were made together, of which all but the first were only nearly due. */
  wereMade(regions: readonly Region[]): void {
    this.#made += regions.length;
    for (const { offset } of regions.slice(1)) {
      this.#heat.waitNoMore(offset);
      this.#heat.count(offset, notSoon);
    }
  }

  /** The search for the region at an offset, or how often its code has still to be come to before it is worth a region of that length. */
  search(offset: number, registers: BigUint64Array): RegionSearch | number {
    if (this.isEager) return new RegionSearch(this.#code, offset, registers);
    const heat = this.#heat.whenRunDown(offset);
    const { search, wanted } = this.#explore(offset, heat, 1, registers);
    if (heat >= wanted) {
      this.#heat.waitNoMore(offset);
      return search;
    }
    this.#heat.wait(offset, wanted);
    return wanted - heat;
  }

  /**
   * Searches for the region at an offset as long as what is found of it is worth it by how often its code was come to, and tells how often
   * that has to be for a region: what is searched in vain is little. `part` is how much of that is enough, and `room` how many instructions
   * the region may have at most: one that has more is not searched further.
   */
  #explore(
    offset: number,
    heat: number,
    part: number,
    registers: BigUint64Array | undefined,
    room = longestSwitch,
  ): { readonly search: RegionSearch; readonly wanted: number } {
    const search = new RegionSearch(this.#code, offset, registers, searchedAtFirst, this.#since(offset));
    for (let most = 2 * searchedAtFirst; ; most *= 2) {
      this.#code.breathe(search.length);
      const wanted = Math.max(this.#worthOf(search, offset, heat), this.#hotAfter);
      if (search.isEarly) return { search, wanted: Math.max(wanted, heat + comeTosForCases) };
      if (search.isWhole || search.length > room || heat < wanted * part) return { search, wanted };
      search.explore(Math.min(most, room + 1));
    }
  }

  /**
   * How often code is come to before it is worth its region, were all that is in that executed as often again for it as until now. In steps of
   * two: what lies one behind the other in a loop is worth it at the same time, and the region of the first holds the others.
   */
  #worthOf(search: RegionSearch, offset: number, heat: number): number {
    const interpreted = search.interpreted((place) => (place === offset ? heat : this.#heat.sofar(place)));
    const wanted = (heat * interpretedBefore * search.length * this.#crowd) / Math.max(interpreted, 1);
    return Math.min(2 ** Math.round(Math.log2(wanted)), mostHeating * heat);
  }

  /** How many times as long all code waits, as so many regions were made. */
  get #crowd(): number {
    const many = Math.min(this.#made / fewRegions, mostWaiting);
    return Math.min(Math.max(1, many, this.#made / crowdOfRegions), mostCrowds);
  }

  /** A region that is due, and others that are made in the same module: of code that it calls, and of code that waits and is nearly due. */
  together(due: Region): Region[] {
    const regions = [due];
    const most = Math.min(mostTogether, 1 + Math.floor(this.#made / regionsToOneMore));
    const longest = Math.min(longestTogether, this.#limit.instructions);
    let { length } = due;
    const add = (offset: number): void => {
      if (regions.length === most || !this.#isNearlyDue(offset) || regions.some((one) => isWithin(one, offset))) return;
      const region = this.#nearlyDue(offset, longest - length);
      if (!region) return;
      length += region.length;
      regions.push(region);
    };
    for (let index = 0; index < regions.length && regions.length < most; index += 1) {
      for (const { end } of regions[index]!.flow.blocks) if (end.kind === 'call' && end.callee !== undefined) add(end.callee);
    }
    // The region of the first holds what lies behind it.
    for (const offset of [...this.#heat.waiting].sort((one, other) => one - other)) add(offset);
    return regions;
  }

  /** Whether the code at an offset has been come to a good part of what is wanted, as far as that is known, and has no region. */
  #isNearlyDue(offset: number): boolean {
    const { stops, mayHaveCome } = this.#code;
    const wanted = Math.max(this.#hotAfter, this.#heat.wanted(offset));
    return this.#heat.sofar(offset) >= wanted * nearlyDue && !this.#isMade(offset) && !stops.has(offset) && mayHaveCome(offset);
  }

  /** The region at an offset whose code is nearly due, where it still is with what is found now, and there is room for its instructions. */
  #nearlyDue(offset: number, room: number): Region | undefined {
    if (this.#tooLong.has(offset)) return undefined;
    const registers = this.#heat.registersAt(offset);
    if (this.isEager) return new RegionSearch(this.#code, offset, registers).region();
    const heat = this.#heat.sofar(offset);
    const { search, wanted } = this.#explore(offset, heat, nearlyDue, registers, room);
    if (heat < wanted * nearlyDue) {
      this.#heat.waitFor(offset, wanted);
      return undefined;
    }
    if (search.length <= room) return search.region();
    if (this.#tooLong.size >= mostPlaces) this.#tooLong.clear();
    this.#tooLong.add(offset);
    return undefined;
  }
}

function isWithin({ sources }: Region, offset: number): boolean {
  return sources.some(({ start, end }) => start <= offset && offset < end);
}
