import { permissionBits } from '../linear-memory';
import { errno } from './errno';
import type { CallContext } from './system-calls';

/** The numbers of include/uapi/linux/time.h; 10 was CLOCK_SGI_CYCLE. */
const clocks = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11].map(BigInt));
const nanosecondsPerSecond = 1_000_000_000n;

/** clock_gettime: every clock shows the guest's time since it started. */
export function writeClock({ memory, now }: CallContext, clock: bigint, address: bigint): bigint {
  if (!clocks.has(BigInt.asUintN(32, clock))) return BigInt(-errno.EINVAL);
  const time = new DataView(new ArrayBuffer(16));
  time.setBigInt64(0, now / nanosecondsPerSecond, true);
  time.setBigInt64(8, now % nanosecondsPerSecond, true);
  if (memory.allowedAt(address, 16, permissionBits.write) < 16) return BigInt(-errno.EFAULT);
  memory.writeAllowed(address, new Uint8Array(time.buffer), permissionBits.write);
  return 0n;
}
