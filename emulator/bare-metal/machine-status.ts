/** Privilege modes by their encoding (Volume II, section "Privilege Levels"). */
export const privilege = { user: 0, machine: 3 } as const;
export type Privilege = (typeof privilege)[keyof typeof privilege];

const bit = { MIE: 1n << 3n, MPIE: 1n << 7n, MPRV: 1n << 17n, TW: 1n << 21n, SD: 1n << 63n } as const;
const mpp = 3n << 11n;
const fs = 3n << 13n;
/** UXL says that user mode has registers of 64 bits. */
const uxl = 2n << 32n;

/** mstatus of a hart with machine and user mode (Volume II, section "Machine Status"), without S, V or other endianness. */
export class MachineStatus {
  readonly #hasFloat: boolean;
  #bits = 0n;

  constructor(hasFloat: boolean) {
    this.#hasFloat = hasFloat;
  }

  get value(): bigint {
    return this.#bits | uxl | (this.floatOn ? bit.SD : 0n);
  }

  /**
   * WARL: MPP keeps its value where one is written that is no mode. Whether floating-point state is clean is not tracked, so that FS
   * is Off or Dirty (section "Extension Context Status").
   */
  set value(written: bigint) {
    const mode = (written & mpp) >> 11n;
    const kept = written & (bit.MIE | bit.MPIE | bit.MPRV | bit.TW);
    const previous = mode === 0n || mode === 3n ? written & mpp : this.#bits & mpp;
    this.#bits = kept | previous | (this.#hasFloat && (written & fs) !== 0n ? fs : 0n);
  }

  get interruptsEnabled(): boolean {
    return (this.#bits & bit.MIE) !== 0n;
  }

  /** Whether there is floating-point state to be used: FS is not Off. */
  get floatOn(): boolean {
    return (this.#bits & fs) !== 0n;
  }

  /** TW: wfi is illegal below machine mode. */
  get trapsWait(): boolean {
    return (this.#bits & bit.TW) !== 0n;
  }

  get previous(): Privilege {
    return (this.#bits & mpp) === 0n ? privilege.user : privilege.machine;
  }

  /** MPRV: loads and stores in machine mode are made as the previous mode would make them. */
  get modifiesPrivilege(): boolean {
    return (this.#bits & bit.MPRV) !== 0n;
  }

  /** On a trap from that mode. */
  enter(from: Privilege): void {
    const enabled = this.interruptsEnabled ? bit.MPIE : 0n;
    this.#bits = (this.#bits & ~(bit.MIE | bit.MPIE | mpp)) | enabled | (BigInt(from) << 11n);
  }

  /** On mret, which goes to `previous`. */
  leave(): void {
    const enabled = (this.#bits & bit.MPIE) === 0n ? 0n : bit.MIE;
    const modified = this.previous === privilege.machine ? this.#bits & bit.MPRV : 0n;
    this.#bits = (this.#bits & ~(bit.MIE | bit.MPRV | mpp)) | enabled | bit.MPIE | modified;
  }
}
