import type { Device } from './device';

export interface UartHost {
  write(byte: number): void;
  /** The next byte of input, or undefined while there is none. */
  read(): number | undefined;
}

/** Registers by offset; with the divisor latch open, 0 and 1 are the divisor's bytes (PC16550D data sheet, table II). */
const register = { data: 0, interruptEnable: 1, interruptId: 2, lineControl: 3, modemControl: 4, lineStatus: 5, modemStatus: 6 } as const;
const scratch = 7;

const divisorLatch = 0x80;
const loopback = 0x10;
const enable = { received: 1, transmitterEmpty: 2 } as const;
const lineStatus = { dataReady: 1, transmitterEmpty: 0x60 } as const;
const identity = { none: 1, transmitterEmpty: 2, received: 4, fifosEnabled: 0xc0 } as const;
/** Clear to send, data set ready, carrier detected. */
const modemReady = 0xb0;

/** A 16550A serial port that sends at once and receives what the host has (8 bits, no errors, any speed). */
export class Uart implements Device {
  readonly name = 'UART';
  readonly address = 0x1000_0000n;
  readonly size = 0x100n;
  readonly #host: UartHost;
  readonly #registers = new Uint8Array(8);
  readonly #divisor = new Uint8Array(2);
  #fifos = false;
  #received: number | undefined;
  /** The transmitter has become empty, and nobody has read the interrupt's identity since. */
  #transmitted = false;

  constructor(host: UartHost) {
    this.#host = host;
  }

  /** Whether the program wants to be interrupted when there is input. */
  get waitsForInput(): boolean {
    return (this.#registers[register.interruptEnable]! & enable.received) !== 0;
  }

  /** Looks whether there is input: to be called at instruction counts that repeat, for what the program does not look for itself. */
  poll(): void {
    this.#received ??= this.#host.read();
  }

  /** Whether it asks for an interrupt now. */
  get interrupts(): boolean {
    return this.#interruptId() !== identity.none;
  }

  /** An access of any size is one to the register at its offset, as on QEMU. */
  load(offset: number): bigint {
    return BigInt(offset < 8 ? this.#load(offset) : 0);
  }

  store(offset: number, _size: number, value: bigint): boolean {
    if (offset < 8) this.#store(offset, Number(value & 0xffn));
    return true;
  }

  #load(offset: number): number {
    if (offset < 2 && this.#latchOpen) return this.#divisor[offset]!;
    switch (offset) {
      case register.data:
        return this.#take();
      case register.interruptId: {
        const id = this.#interruptId();
        if (id === identity.transmitterEmpty) this.#transmitted = false;
        return id | (this.#fifos ? identity.fifosEnabled : 0);
      }
      case register.lineStatus:
        return lineStatus.transmitterEmpty | (this.#ready ? lineStatus.dataReady : 0);
      case register.modemStatus:
        return modemReady;
      default:
        return this.#registers[offset]!;
    }
  }

  #store(offset: number, value: number): void {
    if (offset < 2 && this.#latchOpen) this.#divisor[offset] = value;
    else if (offset === register.data) this.#send(value);
    else if (offset === register.interruptId) this.#fifos = (value & 1) !== 0;
    else if (offset === register.interruptEnable) {
      this.#transmitted ||= (value & ~this.#registers[offset]! & enable.transmitterEmpty) !== 0;
      this.#registers[offset] = value & 0x0f;
      this.poll();
    } else if (offset === register.lineControl || offset === register.modemControl || offset === scratch) this.#registers[offset] = value;
  }

  #send(byte: number): void {
    if (this.#registers[register.modemControl]! & loopback) this.#received = byte;
    else this.#host.write(byte);
    this.#transmitted = true;
  }

  get #latchOpen(): boolean {
    return (this.#registers[register.lineControl]! & divisorLatch) !== 0;
  }

  get #ready(): boolean {
    this.poll();
    return this.#received !== undefined;
  }

  #take(): number {
    const byte = this.#ready ? this.#received! : 0;
    this.#received = undefined;
    return byte;
  }

  #interruptId(): number {
    const enabled = this.#registers[register.interruptEnable]!;
    if (enabled & enable.received && this.#received !== undefined) return identity.received;
    return enabled & enable.transmitterEmpty && this.#transmitted ? identity.transmitterEmpty : identity.none;
  }
}
