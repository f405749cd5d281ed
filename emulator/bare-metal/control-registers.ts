import { csrNumber } from '../../riscv/csrs';
import type { Isa } from '../../riscv/isa-string';
import { cacheControl } from '../linear-memory';
import type { Clock } from './clock';
import { Counter } from './counter';
import { MachineStatus, type Privilege, privilege } from './machine-status';
import type { Pmp } from './pmp';

/** One CSR: its value, and what a write makes of it. */
interface Register {
  read(): bigint;
  write(value: bigint): void;
}

/** The bits of mie and mip (Volume II, section "Machine Interrupt"). */
export const interruptBits = { software: 1n << 3n, timer: 1n << 7n, external: 1n << 11n } as const;
const everyInterrupt = interruptBits.software | interruptBits.timer | interruptBits.external;
/** In the order in which they are taken, by their cause. */
const byPriority = [11, 3, 7].map(BigInt);

/** The counters that mcounteren opens to user mode, by their bits: cycle, time, instret. */
const countersOpen = 0b111n;
const countersInhibited = { cycle: 0b001n, instret: 0b100n } as const;
/** Fields of menvcfg (Volume II, section "Machine Environment Configuration"). */
const environmentBits = { fiom: 1n, cbie: 0x30n, cbcfe: 0x40n, cbze: 0x80n } as const;
const widest = 2n ** 64n - 1n;

export interface ControlRegistersOptions {
  readonly clock: Clock;
  readonly pmp: Pmp;
  /** Instructions retired before the one that is executed. */
  readonly instret: () => bigint;
  /** The bits of mip, from the devices. */
  readonly pending: () => bigint;
  readonly isa: Isa;
}

/** The CSRs of a hart with machine and user mode (Volume II, chapter "Machine-Level ISA"), and what changes them. */
export class ControlRegisters {
  readonly status: MachineStatus;
  mode: Privilege = privilege.machine;
  readonly #pending: () => bigint;
  readonly #registers: ReadonlyMap<number, Register>;
  #enabled = 0n;
  #vector = 0n;
  #epc = 0n;
  #cause = 0n;
  #trapValue = 0n;
  #counterEnable = 0n;
  #environment = 0n;

  constructor(options: ControlRegistersOptions) {
    const { isa, pending } = options;
    this.status = new MachineStatus(isa.has('F'));
    this.#pending = pending;
    this.#registers = new Map(this.#makeRegisters(options));
  }

  /** Undefined where there is no such CSR; whoever asks. */
  read(number: number): bigint | undefined {
    return this.#registers.get(number)?.read();
  }

  /** False where there is no such CSR or it is read-only. */
  write(number: number, value: bigint): boolean {
    const register = this.#registers.get(number);
    if (!register || isReadOnly(number)) return false;
    register.write(BigInt.asUintN(64, value));
    return true;
  }

  /** Why the hart in its mode may not read the CSR, or write it too (Volume II, section "CSR Address Mapping Conventions"). */
  refusal(number: number, writes: boolean): string | undefined {
    if (!this.#registers.has(number)) return 'does not exist on this machine';
    if (this.mode < ((number >> 8) & 3)) return 'needs machine mode, and the hart is in user mode';
    if (writes && isReadOnly(number)) return 'is read-only';
    const counter = BigInt(number - 0xc00);
    const isClosed = this.mode === privilege.user && counter >= 0n && counter < 32n && ((this.#counterEnable >> counter) & 1n) === 0n;
    return isClosed ? 'is closed to user mode by mcounteren' : undefined;
  }

  /** Interrupts that are pending and enabled in mie. */
  get wanted(): bigint {
    return this.#enabled & this.#pending();
  }

  isEnabled(bits: bigint): boolean {
    return (this.#enabled & bits) !== 0n;
  }

  /** Whether a wanted interrupt is taken (Volume II, section "Machine Interrupt"): always, below machine mode. */
  get takesInterrupts(): boolean {
    return this.mode < privilege.machine || this.status.interruptsEnabled;
  }

  /** The cause of the interrupt that is to be taken, or undefined where none is. */
  get interrupt(): bigint | undefined {
    if (!this.takesInterrupts) return undefined;
    const { wanted } = this;
    return byPriority.find((cause) => (wanted >> cause) & 1n);
  }

  /** Where an exception goes; 0 where the program has no handler. */
  get handler(): bigint {
    return this.#vector & ~3n;
  }

  /** Enters the handler and returns its address. */
  trap(cause: { readonly code: bigint; readonly interrupt: boolean }, value: bigint, pc: bigint): bigint {
    this.#epc = pc;
    this.#cause = cause.code | (cause.interrupt ? 1n << 63n : 0n);
    this.#trapValue = value;
    this.status.enter(this.mode);
    this.mode = privilege.machine;
    const isVectored = (this.#vector & 1n) !== 0n;
    return cause.interrupt && isVectored ? this.handler + 4n * cause.code : this.handler;
  }

  /** mret: returns where the hart goes on. */
  returnFromTrap(): bigint {
    this.mode = this.status.previous;
    this.status.leave();
    return this.#epc;
  }

  /** What menvcfg forbids the mode of the hart, as bits of `cacheControl` (CMO specification, section "Control and Status Register State"). */
  get forbiddenCacheControl(): number {
    if (this.mode === privilege.machine) return 0;
    const { cbie, cbcfe, cbze } = environmentBits;
    const forbidden = (bits: bigint, kind: keyof typeof cacheControl) => ((this.#environment & bits) === 0n ? cacheControl[kind] : 0);
    return forbidden(cbie, 'invalidate') | forbidden(cbcfe, 'clean') | forbidden(cbze, 'zero');
  }

  *#makeRegisters({ clock, instret, isa, pmp }: ControlRegistersOptions): Generator<[number, Register]> {
    const named = (name: string, register: Register): [number, Register] => [csrNumber(name)!, register];
    const zero = { read: () => 0n, write: () => {} };
    for (const name of ['mvendorid', 'marchid', 'mimpid', 'mhartid', 'mconfigptr']) yield named(name, zero);
    // No trigger is there to be selected (Debug specification, section "Enumeration").
    for (const name of ['tselect', 'tdata1', 'tdata2', 'tdata3']) yield named(name, zero);
    yield named('menvcfg', {
      read: () => this.#environment,
      write: (value) => {
        this.#environment = legalEnvironment(value, this.#environment, isa);
      },
    });
    yield named('misa', { read: () => misaOf(isa), write: () => {} });
    yield named('mscratch', plain(widest));
    const { status } = this;
    yield named('mstatus', {
      read: () => status.value,
      write: (value) => {
        status.value = value;
      },
    });
    yield named('mtvec', {
      read: () => this.#vector,
      // WARL: a reserved mode changes nothing, as on QEMU.
      write: (value) => {
        if ((value & 2n) === 0n) this.#vector = value;
      },
    });
    yield named('mepc', {
      read: () => this.#epc,
      write: (value) => {
        this.#epc = value & (isa.has('C') ? ~1n : ~3n);
      },
    });
    yield named('mcause', {
      read: () => this.#cause,
      write: (value) => {
        this.#cause = value;
      },
    });
    yield named('mtval', {
      read: () => this.#trapValue,
      write: (value) => {
        this.#trapValue = value;
      },
    });
    yield named('mie', {
      read: () => this.#enabled,
      write: (value) => {
        this.#enabled = value & everyInterrupt;
      },
    });
    // Every bit is the devices'.
    yield named('mip', { read: this.#pending, write: () => {} });
    yield named('mcounteren', {
      read: () => this.#counterEnable,
      write: (value) => {
        this.#counterEnable = value & countersOpen;
      },
    });
    yield* this.#makeCounters(clock, instret, isa);
    yield* pmp.registers();
  }

  *#makeCounters(clock: Clock, instret: () => bigint, isa: Isa): Generator<[number, Register]> {
    const [cycles, instructions] = [new Counter(instret), new Counter(instret)];
    const counters = { cycle: cycles, instret: instructions } as const;
    let inhibited = 0n;
    for (const [name, counter] of Object.entries(counters)) {
      const register = { read: () => counter.value, write: (value: bigint) => counter.write(value) };
      yield [csrNumber(`m${name}`)!, register];
      if (isa.has('Zicntr')) yield [csrNumber(name)!, register];
    }
    if (isa.has('Zicntr')) yield [csrNumber('time')!, { read: () => clock.mtime, write: () => {} }];
    const write = (value: bigint) => {
      inhibited = value & (countersInhibited.cycle | countersInhibited.instret);
      cycles.inhibit((inhibited & countersInhibited.cycle) !== 0n);
      instructions.inhibit((inhibited & countersInhibited.instret) !== 0n);
    };
    yield [csrNumber('mcountinhibit')!, { read: () => inhibited, write }];
    for (let index = 3; index < 32; index += 1) {
      for (const name of ['hpmcounter', 'mhpmcounter', 'mhpmevent']) {
        yield [csrNumber(`${name}${index}`)!, { read: () => 0n, write: () => {} }];
      }
    }
  }
}

/** WARL: FIOM, and what the extensions of the hart have; CBIE keeps its value where the reserved one is written. */
function legalEnvironment(written: bigint, before: bigint, isa: Isa): bigint {
  const { fiom, cbie, cbcfe, cbze } = environmentBits;
  const taken = fiom | (isa.has('Zicbom') ? cbie | cbcfe : 0n) | (isa.has('Zicboz') ? cbze : 0n);
  const reserved = (written & cbie) === 0x20n;
  return (reserved ? (written & ~cbie) | (before & cbie) : written) & taken;
}

function plain(writable: bigint): Register {
  let value = 0n;
  return {
    read: () => value,
    write: (written) => {
      value = written & writable;
    },
  };
}

/** MXL is 2 for 64 bits; a bit for each extension of one letter, and for user mode (Volume II, section "Machine ISA"). */
function misaOf(isa: Isa): bigint {
  const letters = [...isa].filter((extension) => extension.length === 1);
  const bits = [...letters, 'U'].map((letter) => 1n << BigInt(letter.charCodeAt(0) - 'A'.charCodeAt(0)));
  return bits.reduce((all, one) => all | one, 2n << 62n);
}

function isReadOnly(number: number): boolean {
  return number >> 10 === 3;
}
