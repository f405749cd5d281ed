import { LinuxError } from '../errno';

/** What the files in memory may take in all. */
export class Quota {
  private used = 0;

  constructor(readonly limit: number) {}

  get free(): number {
    return this.limit - this.used;
  }

  tryCharge(bytes: number): boolean {
    if (bytes > this.free) return false;
    this.used += bytes;
    return true;
  }

  /** Throws ENOSPC where there is no room. */
  charge(bytes: number): void {
    if (!this.tryCharge(bytes)) throw new LinuxError('ENOSPC');
  }

  release(bytes: number): void {
    this.used -= bytes;
  }
}
