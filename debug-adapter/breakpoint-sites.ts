import type { Machine } from '../emulator/machine';

/** Who wants a breakpoint at an address: a source's path, `function`, `instruction`, or `temporary` for a step on its way. */
export type SiteOwner = string;

/** The machine's breakpoints, each for as long as somebody wants it. */
export class BreakpointSites {
  private readonly ownersAt = new Map<bigint, SiteOwner[]>();

  constructor(private readonly machine: Machine) {}

  add(address: bigint, owner: SiteOwner): void {
    const owners = this.ownersAt.get(address);
    if (owners) owners.push(owner);
    else {
      this.ownersAt.set(address, [owner]);
      this.machine.setBreakpoint(address);
    }
  }

  remove(address: bigint, owner: SiteOwner): void {
    const owners = this.ownersAt.get(address);
    const index = owners?.indexOf(owner) ?? -1;
    if (!owners || index < 0) return;
    owners.splice(index, 1);
    if (owners.length > 0) return;
    this.ownersAt.delete(address);
    this.machine.clearBreakpoint(address);
  }

  /** Whether the person at the editor wants a stop there, rather than a step on its way. */
  isWanted(address: bigint): boolean {
    return this.ownersAt.get(address)?.some((owner) => owner !== temporary) ?? false;
  }
}

export const temporary: SiteOwner = 'temporary';
