import type { Clock } from '../clock';
import type { Device } from './device';
import { bytesFrom, bytesInto } from './register-bytes';

const at = { msip: 0x0, mtimecmp: 0x4000, mtime: 0xbff8 } as const;

/**
 * The core-local interruptor of one hart: software interrupt and timer (RISC-V ACLINT specification, which keeps SiFive's layout).
 * The registers are read and written in parts too.
 */
export class Clint implements Device {
  readonly name = 'CLINT';
  readonly address = 0x200_0000n;
  readonly size = 0x1_0000n;
  /** Pending software interrupt. */
  msip = false;
  /** So that no timer interrupt is pending before the program sets it. */
  mtimecmp = 2n ** 64n - 1n;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get timerPending(): boolean {
    return this.#clock.mtime >= this.mtimecmp;
  }

  load(offset: number, size: number): bigint | undefined {
    if (size < 4 || offset % size !== 0) return undefined;
    const register = registerAt(offset);
    return register === undefined ? 0n : bytesFrom(this.#read(register), offset - at[register], size);
  }

  store(offset: number, size: number, value: bigint): boolean {
    if (size < 4 || offset % size !== 0) return false;
    const register = registerAt(offset);
    if (register) this.#write(register, bytesInto(this.#read(register), offset - at[register], size, value));
    return true;
  }

  #read(register: keyof typeof at): bigint {
    switch (register) {
      case 'msip':
        return this.msip ? 1n : 0n;
      case 'mtimecmp':
        return this.mtimecmp;
      case 'mtime':
        return this.#clock.mtime;
    }
  }

  #write(register: keyof typeof at, value: bigint): void {
    switch (register) {
      case 'msip':
        this.msip = (value & 1n) !== 0n;
        break;
      case 'mtimecmp':
        this.mtimecmp = value;
        break;
      case 'mtime':
        this.#clock.mtime = value;
        break;
    }
  }
}

/** The register that holds an offset; those of harts that are not there read as 0. */
function registerAt(offset: number): keyof typeof at | undefined {
  if (offset < 4) return 'msip';
  if (offset >= at.mtime && offset < at.mtime + 8) return 'mtime';
  return offset >= at.mtimecmp && offset < at.mtimecmp + 8 ? 'mtimecmp' : undefined;
}
