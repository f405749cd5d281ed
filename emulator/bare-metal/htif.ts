import type { Executable } from '../../program/program';
import type { FlatMemory } from '../flat-memory';
import type { Stop } from '../machine';
import type { Console } from './console';

/** Bits 63-56 of tohost name the device, bits 55-48 the command (riscv-isa-sim, fesvr/device.h). */
const consoleDevice = 1n;
const command = { read: 0n, write: 1n } as const;
const payloadMask = (1n << 48n) - 1n;
/** System calls by their numbers in Linux, which the proxy has too. */
const call = { close: 57n, read: 63n, write: 64n, exit: 93n } as const;
const EBADF = -9n;
const ENOSYS = -38n;
const longestTransfer = 1 << 20;

/**
 * The host-target interface of Spike: the program stores a command in `tohost` and finds the answer in `fromhost`. The end of the
 * program is a command with bit 0 set; the public ISA tests end so, with 1 or with the number of the test that failed.
 */
export class Htif {
  readonly tohost: bigint;
  readonly #fromhost: bigint | undefined;
  readonly #memory: FlatMemory;
  readonly #console: Console;
  /** The program waits for a character of the console. */
  #wantsInput = false;

  /** Undefined for a program without `tohost`. */
  static find({ symbols }: Executable, memory: FlatMemory, console: Console): Htif | undefined {
    const tohost = symbols.named('tohost')?.address;
    if (tohost === undefined || memory.load(tohost, 8) === undefined) return undefined;
    return new Htif(tohost, symbols.named('fromhost')?.address, memory, console);
  }

  private constructor(tohost: bigint, fromhost: bigint | undefined, memory: FlatMemory, console: Console) {
    this.tohost = tohost;
    this.#fromhost = fromhost;
    this.#memory = memory;
    this.#console = console;
  }

  get wantsInput(): boolean {
    return this.#wantsInput;
  }

  /** To be called after a store to the page of `tohost`. */
  poll(): Stop | undefined {
    const value = this.#memory.load(this.tohost, 8)!;
    if (value === 0n) return undefined;
    const device = value >> 56n;
    const payload = value & payloadMask;
    if (device === 0n && (payload & 1n) !== 0n) return this.#end(payload >> 1n);
    this.#store(this.tohost, 0n);
    if (device === 0n) return this.#serve(payload);
    if (device !== consoleDevice) return undefined;
    const what = (value >> 48n) & 0xffn;
    if (what === command.write) this.#console.put(Number(payload & 0xffn));
    else if (what === command.read) {
      this.#wantsInput = true;
      this.offerInput();
    }
    return undefined;
  }

  /** Answers a command that waits for a character, if there is one. */
  offerInput(): void {
    const byte = this.#wantsInput ? this.#console.get() : undefined;
    if (byte === undefined) return;
    this.#wantsInput = false;
    this.#answer((consoleDevice << 56n) | BigInt(0x100 | byte));
  }

  #end(code: bigint): Stop {
    if (code !== 0n) this.#console.note(`tohost: test ${code} failed`);
    return { kind: 'exit', code: Number(code) };
  }

  /** A system call whose number and arguments are eight doublewords in memory; the first becomes the result. */
  #serve(block: bigint): Stop | undefined {
    const [number, first, second, third] = [0n, 8n, 16n, 24n].map((offset) => this.#memory.load(block + offset, 8));
    if (number === undefined || third === undefined) return undefined;
    if (number === call.exit) return { kind: 'exit', code: Number(BigInt.asIntN(32, first!)) };
    this.#store(block, BigInt.asUintN(64, this.#call(number, first!, second!, Number(third))));
    this.#answer(1n);
    return undefined;
  }

  #call(number: bigint, descriptor: bigint, address: bigint, length: number): bigint {
    switch (number) {
      case call.write: {
        if (descriptor !== 1n && descriptor !== 2n) return EBADF;
        const bytes = this.#memory.read(address, Math.min(length, longestTransfer));
        this.#console.write(descriptor === 1n ? 1 : 2, bytes);
        return BigInt(bytes.length);
      }
      case call.read: {
        if (descriptor !== 0n) return EBADF;
        const input = this.#console.read(Math.min(length, longestTransfer));
        return typeof input === 'string' ? 0n : BigInt(this.#memory.write(address, input));
      }
      case call.close:
        return 0n;
      default:
        this.#console.note(`tohost: system call ${number} is not supported: the program gets -ENOSYS`);
        return ENOSYS;
    }
  }

  #answer(value: bigint): void {
    if (this.#fromhost !== undefined) this.#store(this.#fromhost, value);
  }

  #store(address: bigint, value: bigint): void {
    this.#memory.write(address, new Uint8Array(new BigUint64Array([value]).buffer));
  }
}
