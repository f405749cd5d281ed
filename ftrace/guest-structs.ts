import type { GuestMemory } from '../emulator/machine';
import { FtraceError } from './ftrace-error';

const pageSize = 4096n;

/** Structs of one size in guest memory, in pages of region `ftrace` that are mapped as they are needed. */
export class GuestStructs {
  private readonly free: bigint[] = [];

  /** `near`: an address within 2 GiB of which they are to lie. */
  constructor(
    private readonly memory: GuestMemory,
    private readonly near: bigint,
    private readonly size: number,
  ) {}

  /** The address of a zeroed struct. Throws FtraceError (ENOMEM) where no page is free. */
  allocate(): bigint {
    if (this.free.length === 0) this.mapPage();
    const address = this.free.shift()!;
    this.memory.write(address, new Uint8Array(this.size));
    return address;
  }

  /** It goes to the end of those that are free: a hart that is still at it finds it as it was for long. */
  release(address: bigint): void {
    this.free.push(address);
  }

  private mapPage(): void {
    const address = mapNear(this.memory, this.near, pageSize);
    for (let offset = 0n; offset + BigInt(this.size) <= pageSize; offset += BigInt(this.size)) this.free.push(address + offset);
  }
}

/** Maps zeroed data pages as region `ftrace`. Throws FtraceError (ENOMEM) where there are none. */
export function mapNear(memory: GuestMemory, near: bigint, size: bigint): bigint {
  const address = memory.findFree(size, near);
  if (address === undefined) throw new FtraceError('ENOMEM');
  memory.map({ name: 'ftrace', address, size, permissions: { read: true, write: true, execute: false } });
  return address;
}
