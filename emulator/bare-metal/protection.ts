import { permissionBits } from '../linear-memory';
import type { MemoryRegion } from '../machine';
import type { RiscvMachine } from '../riscv-machine';
import type { ControlRegisters } from './control-registers';
import { type Privilege, privilege } from './machine-status';
import type { Pmp } from './pmp';

/** The hart's view of memory: what it may do in its mode. */
type View = 'machine' | 'user' | 'machine as user';

/** What a view may do in some pages. */
interface Grant {
  readonly address: bigint;
  readonly size: bigint;
  readonly bits: number;
}

const { read, write, execute, mapped } = permissionBits;

/** Keeps the permissions of the pages what the regions and the PMP grant in the hart's mode, and what it may do with cache blocks. */
export class Protection {
  readonly #machine: RiscvMachine;
  readonly #pmp: Pmp;
  readonly #registers: ControlRegisters;
  /** The page to whose stores the host listens, whatever else is granted. */
  readonly #watched: bigint | undefined;
  #regions: readonly MemoryRegion[] = [];
  /** The view that is in force, or undefined where the permissions must be made anew. */
  #applied: View | undefined;
  /** The pages whose permissions change from one view to another. */
  readonly #changes = new Map<string, readonly Grant[]>();

  constructor(machine: RiscvMachine, pmp: Pmp, registers: ControlRegisters, watched: bigint | undefined) {
    this.#machine = machine;
    this.#pmp = pmp;
    this.#registers = registers;
    this.#watched = watched;
    this.update();
  }

  /** To be called after a change of the PMP. */
  changed(): void {
    this.#changes.clear();
    this.#applied = undefined;
    this.update();
  }

  /** To be called after a change of mode, of mstatus or of menvcfg. */
  update(): void {
    this.#machine.forbidCacheControl(this.#registers.forbiddenCacheControl);
    const { regions } = this.#machine.memory;
    if (regions !== this.#regions) {
      this.#regions = regions;
      this.#changes.clear();
      this.#applied = undefined;
    }
    const view = this.#view;
    if (view === this.#applied) return;
    const changes = this.#changesTo(view);
    this.#applied = view;
    for (const { address, size, bits } of changes) this.#machine.permit(address, size, bits);
    if (this.#watched !== undefined && changes.length > 0) this.#machine.watchStores(this.#watched);
  }

  /** Whether the mode permits a load or store of a device at an address. */
  mayAccess(kind: 'load' | 'store', address: bigint): boolean {
    const mode = this.#view === 'machine' ? privilege.machine : privilege.user;
    return (this.#pmp.bitsAt(address, mode) & (kind === 'load' ? read : write)) !== 0;
  }

  get #view(): View {
    const { mode, status } = this.#registers;
    if (mode === privilege.user) return 'user';
    return status.modifiesPrivilege && status.previous === privilege.user ? 'machine as user' : 'machine';
  }

  #changesTo(view: View): readonly Grant[] {
    const from = this.#applied;
    if (from === undefined) return this.#regions.flatMap((region) => this.#pieces(region).map((piece) => grantIn(piece, view)));
    const key = `${from} to ${view}`;
    let changes = this.#changes.get(key);
    if (!changes) {
      const pieces = this.#regions.flatMap((region) => this.#pieces(region));
      changes = pieces.filter((piece) => grantIn(piece, from).bits !== grantIn(piece, view).bits).map((piece) => grantIn(piece, view));
      this.#changes.set(key, changes);
    }
    return changes;
  }

  /** A region in parts in which neither mode sees a difference. */
  #pieces(region: MemoryRegion): Piece[] {
    const { address, size, permissions } = region;
    const end = address + size;
    if (!own.has(region.name)) return [{ address, size, machine: allOf(permissions), user: allOf(permissions) }];
    const granted = allOf(permissions);
    const runs = (mode: Privilege) => this.#pmp.runs(address, end, mode);
    const borders = [...runs(privilege.machine), ...runs(privilege.user)].map(({ start }) => start);
    const starts = [...new Set(borders)].sort((left, right) => (left < right ? -1 : 1));
    return starts.map((start, index) => ({
      address: start,
      size: (starts[index + 1] ?? end) - start,
      machine: granted & this.#pmp.bitsAt(start, privilege.machine),
      user: granted & this.#pmp.bitsAt(start, privilege.user),
    }));
  }
}

/** What the program has; what a debugger has put into memory is permitted whatever the PMP says. */
const own: ReadonlySet<string> = new Set(['RAM', 'program']);

function allOf(permissions: MemoryRegion['permissions']): number {
  return (permissions.read ? read : 0) | (permissions.write ? write : 0) | (permissions.execute ? execute : 0);
}

interface Piece {
  readonly address: bigint;
  readonly size: bigint;
  /** What each mode may do there. */
  readonly machine: number;
  readonly user: number;
}

function grantIn({ address, size, machine, user }: Piece, view: View): Grant {
  const bits = view === 'machine' ? machine : view === 'user' ? user : (user & ~execute) | (machine & execute);
  return { address, size, bits: mapped | bits };
}
