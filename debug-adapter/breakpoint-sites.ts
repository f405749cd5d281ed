import type { Machine } from '../emulator/machine';

/** Who wants a breakpoint at an address: a source's path, `function`, `instruction`, or `temporary` for a step on its way. */
export type SiteOwner = string;

/** Asked when the hart comes to a breakpoint: whether it stops there now. */
export type Gate = () => boolean;

interface Wish {
  readonly owner: SiteOwner;
  readonly gate: Gate;
  readonly isInside: boolean;
}

/** The machine's breakpoints, each for as long as somebody wants it. */
export class BreakpointSites {
  private readonly wishesAt = new Map<bigint, Wish[]>();
  /** The last arrival at a breakpoint that was asked about: a step asks more than once. */
  private asked: { readonly address: bigint; readonly instret: bigint; readonly isWanted: boolean } | undefined;

  constructor(private readonly machine: Machine) {}

  /** `isInside` says that what is inlined at the address is meant, rather than the function around it. */
  add(address: bigint, owner: SiteOwner, gate: Gate = always, isInside = true): void {
    const wishes = this.wishesAt.get(address);
    if (wishes) wishes.push({ owner, gate, isInside });
    else {
      this.wishesAt.set(address, [{ owner, gate, isInside }]);
      this.machine.setBreakpoint(address);
    }
  }

  remove(address: bigint, owner: SiteOwner): void {
    const wishes = this.wishesAt.get(address);
    const index = wishes?.findIndex((wish) => wish.owner === owner) ?? -1;
    if (!wishes || index < 0) return;
    wishes.splice(index, 1);
    if (wishes.length > 0) return;
    this.wishesAt.delete(address);
    this.machine.clearBreakpoint(address);
  }

  /** Whether a breakpoint is on what is inlined there, as one on a line or an instruction is. */
  isInside(address: bigint): boolean {
    return this.wishesAt.get(address)?.some(({ owner, isInside }) => owner !== temporary && isInside) ?? false;
  }

  /** Whether the person at the editor wants the hart to stop there now, rather than a step on its way. */
  isWanted(address: bigint): boolean {
    const wishes = this.wishesAt.get(address)?.filter(({ owner }) => owner !== temporary) ?? [];
    if (wishes.length === 0) return false;
    const { instret } = this.machine;
    if (this.asked?.address !== address || this.asked.instret !== instret) {
      // Each is asked, for each counts its hits.
      const isWanted = wishes.map(({ gate }) => gate()).some((answer) => answer);
      this.asked = { address, instret, isWanted };
    }
    return this.asked.isWanted;
  }
}

const always: Gate = () => true;

export const temporary: SiteOwner = 'temporary';
