import { At } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { rangesOf } from '../dwarf/entries/ranges';
import { type CalledFunctions, callSitesOf, returnAddressOf, targetsOf } from './call-targets';

/** A call that a function ends with: it leaves no frame behind. */
interface TailCall {
  readonly site: Entry;
  /** The address behind its jump. Undefined where the site has that of the jump alone (DW_AT_call_pc), as LLVM writes in DWARF 5. */
  readonly end: bigint | undefined;
}

/**
 * The tail calls of the program's functions, by which gdb tells the functions that have left no frame (dwarf2/loc.c,
 * `call_site_find_chain_1` and `func_verify_no_selftailcall`).
 */
export class TailCalls {
  private readonly callsOf = new Map<Entry, readonly TailCall[]>();
  private readonly selfCalls = new Map<bigint, boolean>();

  constructor(private readonly functions: CalledFunctions) {}

  /**
   * The tail calls by which a call has come to the function that starts at an address, outermost first: the address behind each one's
   * jump. Of several ways those calls that all of them start or end with; none where they share none, or where some cannot be told.
   */
  between(site: Entry, callee: bigint): readonly bigint[] {
    const search = new Search(
      callee,
      (entry) => targetsOf(entry, this.functions),
      (start) => this.from(start),
    );
    return search.from(site);
  }

  /** Whether a function may have called itself by tail calls, so that what it was first called with says nothing of it now. */
  mayCallItself(start: bigint): boolean {
    let answer = this.selfCalls.get(start);
    if (answer === undefined) {
      answer = this.leadsBack(start);
      this.selfCalls.set(start, answer);
    }
    return answer;
  }

  private leadsBack(start: bigint): boolean {
    const reached = new Set<bigint>();
    const pending = [start];
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      const calls = this.from(current);
      if (!calls) return true;
      for (const { site, end } of calls) {
        const targets = targetsOf(site, this.functions);
        if (!targets && end !== undefined) return true;
        for (const target of targets ?? []) {
          if (target === start) return true;
          if (reached.has(target)) continue;
          reached.add(target);
          if (end !== undefined || this.from(target)) pending.push(target);
        }
      }
    }
    return false;
  }

  /** The tail calls of the function that starts at an address; undefined where none is described. */
  private from(start: bigint): readonly TailCall[] | undefined {
    const entry = this.functions.entryAt(start);
    if (!entry || rangesOf(entry)[0]?.start !== start) return undefined;
    let calls = this.callsOf.get(entry);
    if (!calls) {
      calls = readCalls(entry);
      this.callsOf.set(entry, calls);
    }
    return calls;
  }
}

/** None where the function does not say that it tells all of them. */
function readCalls(entry: Entry): readonly TailCall[] {
  if (!complete.some((attribute) => entry.holderOf(attribute)?.flag(attribute))) return [];
  const calls: TailCall[] = [];
  for (const site of callSitesOf(entry)) {
    if (site.flag(At.call_tail_call) || site.flag(At.GNU_tail_call)) calls.push({ site, end: returnAddressOf(site) });
  }
  return calls;
}

const complete = [At.GNU_all_call_sites, At.call_all_calls, At.GNU_all_tail_call_sites, At.call_all_tail_calls] as const;

/** Calls that a search looks at: ways through functions that call one another can be very many. */
const mostVisits = 10_000;

/** A search of all ways by tail calls from a call to a function. */
class Search {
  private readonly way: bigint[] = [];
  private common: { readonly calls: readonly bigint[]; first: number; last: number } | undefined;
  private visits = 0;

  constructor(
    private readonly callee: bigint,
    private readonly targetsOf: (site: Entry) => readonly bigint[] | undefined,
    private readonly tailCallsFrom: (start: bigint) => readonly TailCall[] | undefined,
  ) {}

  from(site: Entry): readonly bigint[] {
    if (!this.follow(site) || !this.common) return [];
    const { calls, first, last } = this.common;
    if (first === calls.length) return calls;
    return [...calls.slice(0, first), ...calls.slice(calls.length - last)];
  }

  /** False where nothing can be said of the ways. */
  private follow(site: Entry): boolean {
    const targets = this.targetsOf(site);
    if (!targets || ++this.visits > mostVisits) return false;
    if (targets.includes(this.callee)) return this.arrive();
    for (const target of targets) {
      const calls = this.tailCallsFrom(target);
      if (!calls) return false;
      for (const { site: next, end } of calls) {
        if (end === undefined || this.way.includes(end)) continue;
        this.way.push(end);
        if (!this.follow(next)) return false;
        this.way.pop();
      }
    }
    return true;
  }

  /** False where the ways have nothing in common. */
  private arrive(): boolean {
    const { way, common } = this;
    if (!common) {
      this.common = { calls: [...way], first: way.length, last: way.length };
      return true;
    }
    const { calls } = common;
    common.first = countWhile(Math.min(common.first, way.length), (index) => calls[index] === way[index]);
    common.last = countWhile(Math.min(common.last, way.length), (index) => calls.at(-1 - index) === way.at(-1 - index));
    return common.first > 0 || common.last > 0;
  }
}

function countWhile(most: number, holds: (index: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count++;
  return count;
}
