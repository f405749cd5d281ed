/** How long a program with a deadline is to wait for code that is translated at once, in milliseconds. */
const longestWait = 10;
/** Instructions that are translated at once however long they take: fewer would hardly take less. */
const fewest = 100;
/** What translating an instruction takes in a new process, in milliseconds; and how many instructions count as much as all before. */
const atFirst = 1 / 25;
const remembered = 500;
/** How many times as long as was expected something took at most, as far as it counts: else the host had no processor for it. */
const mostSlowdown = 4;
/** How often the host interrupts translating before no more is begun than takes a short time. */
const mostInterruptions = 8;
/**
 * How long after the deadline, or after it has begun if that is later, translating goes on that the host cannot interrupt, in milliseconds;
 * given up so often in a row it may take twice as long, and so on: a slow host is to have regions all the same.
 */
const longestAfter = 8;
const triesBetweenDoublings = 8;
/** Blocks of code between two questions whether the host wants the machine back, each of which takes about a microsecond. */
const blocksBetween = 8;

/** Translating was given up since the host wants the machine back, or takes too long where the host cannot tell. */
export class Interrupted extends Error {}

/** Keeps pauses soon: the host, which runs the machine up to a deadline, waits for code that is translated meanwhile. */
export class WaitLimit {
  readonly #now: () => number;
  #deadline = Number.POSITIVE_INFINITY;
  #isWanted: (() => boolean) | undefined;
  #interruptions = 0;
  /** How often translating took too long in a row, and when it will have. */
  #tooLong = 0;
  #end = Number.POSITIVE_INFINITY;
  #each = atFirst;
  #blocks = 0;

  /** `now` is the clock of deadlines, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * The machine is run, up to a deadline or, where that is infinite, for as long as it takes. `isWanted` tells whether the host wants it back
   * before that; undefined where it cannot tell.
   */
  run(deadline: number, isWanted: (() => boolean) | undefined): void {
    this.#deadline = deadline;
    this.#isWanted = isWanted;
  }

  /** How often translating was given up: all in all as the host wanted the machine, or in a row as it took too long. */
  get interruptions(): number {
    return this.#interruptions + this.#tooLong;
  }

  /** Code is looked at, and translated if that is worth it. */
  begin(): void {
    const longest = longestAfter * 2 ** Math.floor(this.#tooLong / triesBetweenDoublings);
    this.#end = this.#hasDeadline && !this.#isWanted ? Math.max(this.#deadline, this.#now()) + longest : Number.POSITIVE_INFINITY;
  }

  /**
   * How many instructions are translated at once: where the host could not interrupt that, or has often done so, as many as take a short
   * time by what the last ones took.
   */
  get instructions(): number {
    const canWait = !this.#hasDeadline || (this.#isWanted && this.#interruptions < mostInterruptions);
    return canWait ? Number.POSITIVE_INFINITY : Math.max(fewest, Math.floor(longestWait / this.#each));
  }

  /** Notes how long so many instructions took, in milliseconds. */
  took(milliseconds: number, instructions: number): void {
    this.#tooLong = 0;
    const each = Math.min(milliseconds / instructions, mostSlowdown * this.#each);
    this.#each += (each - this.#each) * (instructions / (instructions + remembered));
  }

  /**
   * To be called for each block of code that is found, planned or written, or for as many as something was done with that takes little for
   * each. Throws `Interrupted` where the host wants the machine back, or that takes too long.
   */
  breathe(blocks = 1): void {
    this.#blocks += blocks;
    if (this.#blocks < blocksBetween) return;
    this.#blocks = 0;
    if (!this.#hasDeadline) return;
    if (this.#isWanted) {
      if (!this.#isWanted()) return;
      this.#interruptions += 1;
    } else {
      if (this.#now() <= this.#end) return;
      this.#tooLong += 1;
    }
    throw new Interrupted();
  }

  get #hasDeadline(): boolean {
    return this.#deadline !== Number.POSITIVE_INFINITY;
  }
}
