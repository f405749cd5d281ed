import type { Stop } from '../../machine';
import type { Device } from './device';

/** What is stored to it (hw/misc/sifive_test.c of QEMU, include/hw/misc/sifive_test.h). */
const command = { fail: 0x3333n, pass: 0x5555n, reset: 0x7777n } as const;

/** SiFive's test finisher: a store ends the program. It cannot be read for anything. */
export class TestDevice implements Device {
  readonly name = 'test device';
  readonly address = 0x10_0000n;
  readonly size = 0x1000n;
  readonly #note: (message: string) => void;

  constructor(note: (message: string) => void) {
    this.#note = note;
  }

  load(): bigint {
    return 0n;
  }

  store(offset: number, _size: number, value: bigint): boolean | Stop {
    if (offset !== 0) return true;
    switch (value & 0xffffn) {
      case command.pass:
        return { kind: 'exit', code: 0 };
      case command.fail:
        return { kind: 'exit', code: Number((value >> 16n) & 0xffffn) };
      case command.reset:
        this.#note('the program asks for a reset of the machine: it ends here');
        return { kind: 'exit', code: 0 };
      default:
        return true;
    }
  }
}
