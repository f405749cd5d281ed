import { growthOfSwitch } from './find-region';
import type { Check } from './nearby-accesses';
import type { Kept, RegionStore } from './region-store';
import { xBit } from './register-set';
import { Remakes } from './remakes';
import type { Expectation, Sites } from './sites';

/** How many of a region's checks may fail before it is made again, in bytes of WebAssembly for each. Each time that is twice as many. */
const bytesOfFailure = 16;
/** What a jump to where it is not known to go counts as: others follow, until all targets have regions of their own. */
const failuresOfJump = 24;
const mostDoublings = 10;
/**
 * A region that was made again so often is written for accesses that go to several runs of pages: what is reached through one pointer
 * fails one check after the other, each of which would cost the region.
 */
const remakesForAll = 1;

/**
 * Where regions were left as something was not as they were made for. Those that would now be others, and are left so often that it is
 * worth it, are dropped, to be made again. Offsets are those of the guest's window.
 */
export class Failures {
  readonly #sites: Sites;
  readonly #regions: RegionStore;
  readonly #remakes = new Remakes();

  constructor(sites: Sites, regions: RegionStore) {
    this.#sites = sites;
    this.#regions = regions;
  }

  /** A region was left before the access at an offset, which lies elsewhere than expected. */
  checkFailed(offset: number): void {
    const base = this.#sites.failed(offset);
    const stale = this.#count(offset, (one) => {
      if (base !== undefined) one.moving |= xBit(base);
      return base !== undefined;
    });
    for (const { offset: start, moving } of stale) this.#remakes.add(start, moving);
    this.#regions.drop(stale, 'access elsewhere');
  }

  /** A region was left by the indirect jump at an offset for a place that it did not know, or that is not open to such jumps. */
  wentTo(offset: number, target: number): void {
    if (this.#regions.open(target)) return;
    const isTime = this.#sites.wentTo(offset, target);
    // What a region has not goes from there to a part of it, and comes back.
    const isMore = ({ targets, entries, isSwitch }: Kept) =>
      this.#sites.knownTargets(offset) - (targets.get(offset) ?? 0) > (isSwitch ? entries.length * (growthOfSwitch - 1) : 0);
    const hasLearnt = (one: Kept) => isTime && (isMore(one) || !this.#sites.isLearning(offset));
    this.#regions.drop(this.#count(offset, hasLearnt, failuresOfJump), 'new target');
  }

  /** A region was left before the arithmetic at an offset, which is not plain. */
  wasNotPlain(offset: number): void {
    if (this.#sites.wasNotPlain(offset)) this.#regions.drop(this.#regions.touching(offset, 1), 'not plain');
  }

  /** How many may be counted in a region at an offset, of so many bytes of WebAssembly, before it is made again. */
  patience(offset: number, bytes: number): number {
    return Math.max(1, bytes / bytesOfFailure) * 2 ** Math.min(this.#remakes.at(offset).count, mostDoublings);
  }

  /** What a check at a site is made for in the region at an offset, as `Sites.expect`, by how that was left before. */
  expect(offset: number, site: number, check: Check, isConstant: boolean, registers: BigUint64Array | undefined): Expectation {
    const { count, moving } = this.#remakes.at(offset);
    const stays = isConstant && (moving & xBit(check.base)) === 0;
    const expected = this.#sites.expect(site, check, stays, registers);
    return count >= remakesForAll && !stays && !expected.everywhere ? { ...expected, everywhere: true } : expected;
  }

  /** Counts that regions were left at an offset. Gives those that are to be made again. */
  #count(offset: number, hasLearnt: (one: Kept) => boolean, failures = 1): Kept[] {
    return this.#regions.touching(offset, 1).filter((one) => {
      one.failures += failures;
      one.hasLearnt ||= hasLearnt(one);
      return one.hasLearnt && one.failures >= one.patience;
    });
  }
}
