import type { Instruction } from '../../riscv/instruction';
import { Seen } from '../interpreter/seen';
import { hartAt, type LinearMemory } from '../linear-memory';
import { effectsOf } from './effects';
import { isWide, longestSwitch } from './find-region';
import type { Check } from './nearby-accesses';
import type { PageRun, PageRuns } from './page-runs';
import { RunCells } from './run-cells';

/** Places of code that something is known of at once. */
const mostSites = 1 << 16;

/**
 * How many accesses outside the run that they were expected in make a site's region be written anew: where the run is part of the
 * region's code, and where it is in a cell, which follows each of them.
 */
const tolerated = 4;
const followed = 16;

const stackPointer = 2;
const threadPointer = 4;

/**
 * How many times an indirect jump leaves for where it is not known to go, after which nothing more is learnt, and when regions that were
 * written with fewer targets are written anew.
 */
const jumpsLearnt = 4096;
const rewrites: ReadonlySet<number> = new Set([16, 64, 256, 1024, jumpsLearnt]);
/** Bytes between an indirect jump and what can be in a table of its targets, and how many those are at most. */
const reachOfTables = 1 << 15;
const mostTargets = 256;
/**
 * How often no target was new for all to be known, and how often that is asked: the interpreter has fewer places for targets than a wide
 * switch has cases, so that it notes others each time.
 */
const timesNoneNew = 2;
const mostAsked = 24;

interface Site {
  failures: number;
  /** The offset that was accessed when the check failed last. */
  seen: number | undefined;
  /** The run is in a cell, whatever is known of the base. */
  moves: boolean;
  /** Accesses go to more than one run. */
  everywhere: boolean;
  /** A check for this access alone: one that covers others too has failed where all of them are permitted. */
  narrow: boolean;
  /** Floating-point arithmetic here is often not plain. */
  soft: boolean;
  /** Offsets that an indirect jump has gone to. */
  readonly targets: Set<number>;
  /** How often was asked whether all are known, how many were the last time, and since how many times none was new. */
  asked: number;
  askedAt: number;
  noneNew: number;
}

/** Where the access of a check is expected. */
export interface Expectation {
  /** This run, which is not to be relied on once its permissions have changed; or that in the cell at a place of linear memory. */
  readonly run: PageRun | undefined;
  readonly cell: number | undefined;
  /** Others may be right too. */
  readonly everywhere: boolean;
}

/**
 * Where accesses and indirect jumps go and what arithmetic comes to, by offsets of instructions, as far as the interpreter has noted it and
 * the checks of regions have shown it.
 */
export class Sites {
  readonly #memory: LinearMemory;
  readonly #runs: PageRuns;
  readonly #instructionAt: (offset: number) => Instruction | undefined;
  readonly #sites = new Map<number, Site>();
  readonly #cells: RunCells;
  readonly #seen: Seen;
  /** Permissions change so often that no region should rely on those of a run. */
  volatile = false;

  constructor(memory: LinearMemory, runs: PageRuns, instructionAt: (offset: number) => Instruction | undefined) {
    this.#memory = memory;
    this.#instructionAt = instructionAt;
    this.#runs = runs;
    this.#cells = new RunCells(memory);
    this.#seen = new Seen(memory);
  }

  /**
   * What a check is made for. Before anything is known of a site, the value of its base counts where the region does not change it, and
   * it is one of the registers that are known; else an access is expected in the program's data, not on its stack, and a cell follows it
   * to elsewhere.
   */
  expect(offset: number, check: Check, isConstant: boolean, registers: BigUint64Array | undefined): Expectation {
    if (this.volatile) return { run: undefined, cell: undefined, everywhere: true };
    const site = this.#sites.get(offset);
    const everywhere = site?.everywhere ?? false;
    const isKnown = registers !== undefined || isEverywhereTheSame(check.base);
    const now = isConstant && isKnown && !site?.moves ? this.#valueOf(check, registers) : undefined;
    const constant = now === undefined ? undefined : this.#runs.steadyAround(now, check.bits);
    if (constant) return { run: constant, cell: undefined, everywhere };
    const known = this.#cells.known(offset, check);
    if (known !== undefined) return { run: undefined, cell: known, everywhere };
    const run = this.#around(site?.seen ?? now, check.bits) ?? this.#data(check.bits);
    const cell = this.#cells.make(offset, check, run);
    return { run: cell === undefined ? run : undefined, cell, everywhere };
  }

  /** Pages [start, end) have got other permissions. */
  permissionsChanged(start: number, end: number): void {
    this.#cells.permissionsChanged(start, end, this.#runs);
  }

  isNarrow(offset: number): boolean {
    return this.#sites.get(offset)?.narrow ?? false;
  }

  /**
   * Notes that the check at a site has failed, with the registers of that moment. Gives the register that it is beside where its region
   * should be written anew.
   */
  failed(offset: number): number | undefined {
    const instruction = this.#instructionAt(offset);
    const access = instruction && effectsOf(instruction.meaning).access;
    if (!access) return undefined;
    const low = access.displaced ? instruction.immediate : 0;
    const at = this.#valueOf({ base: instruction.rs1, low });
    if (at === undefined || !this.#around(at, access.bits) || !this.#around(at + access.size - 1, access.bits)) return undefined;
    const site = this.#siteAt(offset);
    site.failures += 1;
    const hasCell = this.#cells.has(offset);
    if (hasCell) this.#cells.expect(offset, (bits) => this.#around(at, bits));
    const most = hasCell ? followed : tolerated;
    if (site.failures % most !== 0) return undefined;
    site.narrow = site.everywhere;
    site.everywhere = site.seen !== undefined || hasCell;
    site.moves = true;
    site.seen = at;
    return instruction.rs1;
  }

  isSoft(offset: number): boolean {
    return (this.#sites.get(offset)?.soft ?? false) || this.#seen.notPlain(offset) >= tolerated;
  }

  /** Notes that arithmetic at a site was left to the interpreter. True where its region should be written anew. */
  wasNotPlain(offset: number): boolean {
    const site = this.#siteAt(offset);
    site.failures += 1;
    if (site.soft || site.failures < tolerated) return false;
    site.soft = true;
    return true;
  }

  /** Where the indirect jump at an offset is known to have gone. */
  targetsOf(offset: number): Iterable<number> {
    for (const target of this.#seen.jumpsFrom(offset)) this.#addTarget(offset, target);
    return this.#sites.get(offset)?.targets ?? [];
  }

  /** Whether an indirect jump has gone nowhere else since this was asked before, some times in a row, or was asked too often. */
  hasAllTargets(offset: number): boolean {
    const site = this.#siteAt(offset);
    const { size } = site.targets;
    site.noneNew = size === site.askedAt ? site.noneNew + 1 : 0;
    site.askedAt = size;
    site.asked += 1;
    return site.noneNew >= timesNoneNew || site.asked >= mostAsked;
  }

  /** How many of them are known. */
  knownTargets(offset: number): number {
    return this.#sites.get(offset)?.targets.size ?? 0;
  }

  /** Whether it is still of use to know where the indirect jump at an offset goes. */
  isLearning(offset: number): boolean {
    const site = this.#sites.get(offset);
    return !site || (site.failures < jumpsLearnt && !isWide([...site.targets], longestSwitch));
  }

  /** Notes where an indirect jump has gone. True where it is time to write those of its regions anew that know fewer targets. */
  wentTo(offset: number, target: number): boolean {
    const site = this.#siteAt(offset);
    site.failures += 1;
    this.#addTarget(offset, target);
    return rewrites.has(site.failures);
  }

  #addTarget(offset: number, target: number): void {
    if (target < 0 || Math.abs(target - offset) >= reachOfTables) return;
    const { targets } = this.#siteAt(offset);
    if (targets.size < mostTargets) targets.add(target);
  }

  #siteAt(offset: number): Site {
    let site = this.#sites.get(offset);
    if (!site) {
      if (this.#sites.size >= mostSites) this.#sites.clear();
      const targets = { targets: new Set<number>(), asked: 0, askedAt: 0, noneNew: 0 };
      site = { failures: 0, seen: undefined, moves: false, everywhere: false, narrow: false, soft: false, ...targets };
      this.#sites.set(offset, site);
    }
    return site;
  }

  #data(bits: number): PageRun | undefined {
    const stack = this.#valueOf({ base: stackPointer, low: 0 });
    return this.#runs.longestWithout(stack ?? -1, bits);
  }

  #around(offset: number | undefined, bits: number): PageRun | undefined {
    return offset === undefined ? undefined : this.#runs.around(offset, bits);
  }

  /** The offset of what lies beside a register, by those that are given or those of this moment. */
  #valueOf({ base, low }: Pick<Check, 'base' | 'low'>, registers?: BigUint64Array): number | undefined {
    const value = registers ? registers[base]! : this.#memory.doublewords[(hartAt.x >> 3) + base]!;
    const offset = this.#memory.offsetOf(value + BigInt(low));
    return offset < 0 ? undefined : offset;
  }
}

/** Whether a register lies in one run wherever the program is: x0, sp, gp, tp (RISC-V ELF psABI, "Integer Register Convention"). */
function isEverywhereTheSame(register: number): boolean {
  return register === 0 || (register >= stackPointer && register <= threadPointer);
}
