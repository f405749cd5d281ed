/** What `.option` says at a point of the source. */
interface OptionState {
  /** Whether compressed instructions may be used. */
  readonly rvc: boolean;
  /** Whether the linker may take back padding (R_RISCV_ALIGN). */
  readonly relax: boolean;
  /** Whether `la` reads the address from the global offset table. */
  readonly pic: boolean;
}

export class Options {
  state: OptionState = { rvc: true, relax: true, pic: false };
  private readonly saved: OptionState[] = [];

  push(): void {
    this.saved.push(this.state);
  }

  /** False where nothing was saved. */
  pop(): boolean {
    const state = this.saved.pop();
    if (state) this.state = state;
    return state !== undefined;
  }
}
