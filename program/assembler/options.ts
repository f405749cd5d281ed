import type { Extension } from '../../riscv/instruction-row';
import { type Isa, isaName } from '../../riscv/isa-string';

/** What `.option` says at a point of the source. Equal settings are one object. */
export interface OptionState {
  /** The extensions whose instructions may be used. */
  readonly isa: Isa;
  /** Whether the linker may take back padding (R_RISCV_ALIGN). */
  readonly relax: boolean;
  /** Whether `la` reads the address from the global offset table. */
  readonly pic: boolean;
}

export class Options {
  state: OptionState;
  /** All extensions that were allowed at any point. */
  readonly used: Set<Extension>;
  private readonly saved: OptionState[] = [];
  private readonly known = new Map<string, OptionState>();

  constructor(isa: Isa) {
    this.used = new Set(isa);
    this.state = this.shared({ isa, relax: true, pic: false });
  }

  get hasCompressed(): boolean {
    return this.state.isa.has('C');
  }

  change(settings: Partial<OptionState>): void {
    this.state = this.shared({ ...this.state, ...settings });
    for (const extension of this.state.isa) this.used.add(extension);
  }

  push(): void {
    this.saved.push(this.state);
  }

  /** False where nothing was saved. */
  pop(): boolean {
    const state = this.saved.pop();
    if (state) this.state = state;
    return state !== undefined;
  }

  private shared(state: OptionState): OptionState {
    const key = `${nameOf(state.isa)} ${state.relax} ${state.pic}`;
    const known = this.known.get(key) ?? state;
    this.known.set(key, known);
    return known;
  }
}

const names = new WeakMap<Isa, string>();

function nameOf(isa: Isa): string {
  let name = names.get(isa);
  if (name === undefined) {
    name = isaName(isa);
    names.set(isa, name);
  }
  return name;
}
