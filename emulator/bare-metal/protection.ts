import { hex, permissionBits } from '../linear-memory';
import type { MemoryRegion } from '../machine';
import type { RiscvMachine } from '../riscv-machine';
import type { ControlRegisters } from './control-registers';
import { privilege } from './machine-status';
import type { Pmp } from './pmp';

/** The hart's view of memory: what it may do in its mode. */
type View = 'machine' | 'user' | 'machine as user';

const data = permissionBits.read | permissionBits.write;

/** Keeps the permissions of the pages what the regions and the PMP grant in the hart's mode. */
export class Protection {
  readonly #machine: RiscvMachine;
  readonly #pmp: Pmp;
  readonly #registers: ControlRegisters;
  /** The page to whose stores the host listens, whatever else is granted. */
  readonly #watched: bigint | undefined;
  #regions: readonly MemoryRegion[] = [];
  /** What was last applied, as text. */
  #applied = '';
  /** What each view grants, as text; empty after a change of the PMP. */
  readonly #grants = new Map<View, { readonly text: string; readonly pages: readonly Grant[] }>();

  constructor(machine: RiscvMachine, pmp: Pmp, registers: ControlRegisters, watched: bigint | undefined) {
    this.#machine = machine;
    this.#pmp = pmp;
    this.#registers = registers;
    this.#watched = watched;
    this.update();
  }

  /** To be called after a change of the PMP. */
  changed(): void {
    this.#grants.clear();
    this.update();
  }

  /** To be called after a change of mode, or of mstatus. */
  update(): void {
    const { text, pages } = this.#grantsOf(this.#view);
    if (text === this.#applied) return;
    this.#applied = text;
    for (const { address, size, bits } of pages) this.#machine.permit(address, size, bits);
    if (this.#watched !== undefined) this.#machine.watchStores(this.#watched);
  }

  /** Whether the mode permits a load or store of a device at an address. */
  mayAccess(kind: 'load' | 'store', address: bigint): boolean {
    const wanted = kind === 'load' ? permissionBits.read : permissionBits.write;
    const mode = this.#view === 'machine' ? privilege.machine : privilege.user;
    return (this.#pmp.bitsAt(address, mode) & wanted) !== 0;
  }

  get #view(): View {
    const { mode, status } = this.#registers;
    if (mode === privilege.user) return 'user';
    return status.modifiesPrivilege && status.previous === privilege.user ? 'machine as user' : 'machine';
  }

  #grantsOf(view: View) {
    const { regions } = this.#machine.memory;
    if (regions !== this.#regions) this.#grants.clear();
    this.#regions = regions;
    const known = this.#grants.get(view);
    if (known) return known;
    const pages = regions.flatMap((region) => this.#grantsIn(region, view));
    const made = { text: pages.map(({ address, size, bits }) => `${hex(address)} ${size} ${bits}`).join('\n'), pages };
    this.#grants.set(view, made);
    return made;
  }

  #grantsIn({ address, size, permissions: { read, write, execute } }: MemoryRegion, view: View): Grant[] {
    const { read: r, write: w, execute: x, mapped } = permissionBits;
    const region = (read ? r : 0) | (write ? w : 0) | (execute ? x : 0);
    const runs = this.#pmp.runs(address, address + size, view === 'machine' ? privilege.machine : privilege.user);
    return runs.map(({ start, end, bits }) => {
      const granted = view === 'machine as user' ? (bits & data) | (this.#pmp.bitsAt(start, privilege.machine) & x) : bits;
      return { address: start, size: end - start, bits: mapped | (region & granted) };
    });
  }
}

interface Grant {
  readonly address: bigint;
  readonly size: bigint;
  readonly bits: number;
}
