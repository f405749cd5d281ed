import { LinuxError } from '../errno';
import { userId } from './memory-files';
import type { Access, DeviceNode, FileStatus, Stream } from './node';

/** A character device (Documentation/admin-guide/devices.txt for the numbers). */
export class Device implements DeviceNode {
  readonly type = 'device';

  constructor(
    private readonly inode: bigint,
    private readonly major: number,
    private readonly minor: number,
    private readonly make: (access: Access) => Stream,
    private readonly mode = 0o666,
  ) {}

  open(access: Access): Stream {
    return this.make(access);
  }

  status(): FileStatus {
    return {
      type: 'device',
      mode: this.mode,
      inode: this.inode,
      links: 1,
      user: userId,
      group: userId,
      size: 0,
      device: 2,
      deviceNumber: this.major * 256 + this.minor,
      accessed: 0n,
      modified: 0n,
      changed: 0n,
    };
  }
}

const takesAll = (bytes: Uint8Array) => bytes.length;

export const nullStream: Stream = { read: () => new Uint8Array(0), write: takesAll };
export const zeroStream: Stream = { read: (length) => new Uint8Array(length), write: takesAll };
export const fullStream: Stream = {
  read: (length) => new Uint8Array(length),
  write: () => {
    throw new LinuxError('ENOSPC');
  },
};

/** Random bytes that are the same in every run: xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators"). */
export class Randomness implements Stream {
  private state = 0x9e37_79b9_7f4a_7c15n;
  private rest: Uint8Array = new Uint8Array(0);

  read(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      if (this.rest.length === 0) this.rest = this.next();
      const part = this.rest.subarray(0, length - at);
      bytes.set(part, at);
      this.rest = this.rest.subarray(part.length);
      at += part.length;
    }
    return bytes;
  }

  write(bytes: Uint8Array): number {
    return bytes.length;
  }

  private next(): Uint8Array {
    let x = this.state;
    x ^= x >> 12n;
    x = BigInt.asUintN(64, x ^ (x << 25n));
    x ^= x >> 27n;
    this.state = x;
    const word = new BigUint64Array([BigInt.asUintN(64, x * 0x2545_f491_4f6c_dd1dn)]);
    return new Uint8Array(word.buffer);
  }
}
