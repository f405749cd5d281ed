import type { Stop } from '../../machine';

/** A device in the physical address space. Offsets are in bytes from its start; values are unsigned. */
export interface Device {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  /** The value of a load of 1, 2, 4 or 8 bytes; undefined where the device answers none such: an access fault. */
  load(offset: number, size: number): bigint | undefined;
  /** False where the device takes no such store. A stop ends the run once the store has retired. */
  store(offset: number, size: number, value: bigint): boolean | Stop;
}
