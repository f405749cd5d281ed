import type { Executable } from '../../program/program';
import { decoderFor } from '../../riscv/decode';
import type { Instruction } from '../../riscv/instruction';
import { rowOf } from '../../riscv/instruction-table';
import type { Isa } from '../../riscv/isa-string';
import type { Environment, Illegal, RefusedAccess } from '../environment';
import { csrText } from '../exceptions';
import type { InBaseline } from '../interpreter/interpreter-module';
import { hex, pageSize } from '../linear-memory';
import type { Mount } from '../linux/host-folder';
import { defaultMemory } from '../linux/linux-process';
import type { ProcessHost } from '../linux/process-host';
import type { GuestException, Machine, Stop } from '../machine';
import { RiscvMachine } from '../riscv-machine';
import { floatCsrs, writesCsr } from '../semantics/csr-file';
import { exceptionCode } from './causes';
import { Clock } from './clock';
import { Console } from './console';
import { ControlRegisters, interruptBits } from './control-registers';
import { accessDevice } from './device-access';
import { Clint } from './devices/clint';
import type { Device } from './devices/device';
import { Plic } from './devices/plic';
import { TestDevice } from './devices/test-device';
import { Uart } from './devices/uart';
import { Htif } from './htif';
import { privilege } from './machine-status';
import { planMemory } from './memory-plan';
import { Pmp } from './pmp';
import { Protection } from './protection';
import { Files } from './semihosting/files';
import { Semihosting } from './semihosting/semihosting';

export interface BareMetalOptions {
  /** What semihosting gives as the command line, the program's name first. */
  readonly arguments: readonly string[];
  readonly host: ProcessHost;
  /** The extensions of the hart; all that there are, unless given. */
  readonly isa?: Isa | undefined;
  /** When code is translated, and how the interpreter is kept from being optimised, as `RiscvMachine` has them. */
  readonly hotAfter?: number;
  readonly inBaseline?: InBaseline | undefined;
  /** Whether the machine notes the pages that are written, as `WindowOptions` has it. */
  readonly notesWrites?: boolean;
  /** RAM in MiB, and the files in memory as much again; 256 unless given. */
  readonly memory?: number | undefined;
  /** Folders of the host that semihosting reaches; none unless given. */
  readonly mounts?: readonly Mount[];
}

const mebibyte = 2 ** 20;
/** Pages of code that stay decoded at once. */
const codePages = 2048;
/** The UART's interrupt on QEMU's virt machine. */
const uartSource = 10;
/** Instructions between two looks for input that is to interrupt the program. */
const inputPeriod = 1n << 16n;
/** A time that never comes: software writes all ones, or the greatest signed value, to keep the timer quiet. */
const never = 2n ** 63n - 1n;

/**
 * A program on a bare machine: one hart with machine and user mode, RAM, and the devices of QEMU's virt machine that such programs
 * use, at their addresses (hw/riscv/virt.c): CLINT, PLIC, serial port, test device; HTIF where the program has `tohost`; semihosting.
 */
export class BareMetal implements Environment {
  readonly machine: RiscvMachine;
  readonly #console: Console;
  readonly #clock: Clock;
  readonly #registers: ControlRegisters;
  readonly #protection: Protection;
  readonly #clint: Clint;
  readonly #uart: Uart;
  readonly #plic: Plic;
  readonly #devices: readonly Device[];
  readonly #htif: Htif | undefined;
  readonly #semihosting: Semihosting;
  /** When input was last looked for, as a value of `instret`. */
  #polledAt = 0n;

  /** Throws RangeError, with the cause, where the program does not fit into memory. */
  static start(program: Executable, options: BareMetalOptions): BareMetal {
    return new BareMetal(program, options);
  }

  private constructor(program: Executable, options: BareMetalOptions) {
    const { memory = defaultMemory, mounts = [], host } = options;
    const { base, size, areas, heap } = planMemory(program, memory);
    const { isa, hotAfter, inBaseline, notesWrites = false } = options;
    this.machine = new RiscvMachine({ base, size, codePages, environment: this, isa, hotAfter, inBaseline, notesWrites });
    const { machine } = this;
    const instret = () => machine.instret;
    const permissions = { read: true, write: true, execute: true };
    for (const area of areas) machine.memory.map({ ...area, permissions });
    for (const { loadAddress, bytes } of program.segments) machine.memory.write(loadAddress, bytes);
    this.#console = new Console(host, instret);
    this.#clock = new Clock(instret);
    this.#clint = new Clint(this.#clock);
    this.#uart = new Uart({ write: (byte) => this.#console.put(byte), read: () => this.#console.get() });
    this.#plic = new Plic(new Map([[uartSource, () => this.#uart.interrupts]]));
    this.#devices = [this.#clint, this.#plic, this.#uart, new TestDevice((message) => this.#console.note(message))];
    const pmp = new Pmp(() => this.#protection.changed());
    this.#registers = new ControlRegisters({ clock: this.#clock, pmp, instret, pending: () => this.#pending(), isa: machine.isa });
    this.#htif = Htif.find(program, machine.memory, this.#console);
    const watched = this.#htif && pageOf(this.#htif.tohost);
    this.#protection = new Protection(machine, pmp, this.#registers, watched);
    const files = new Files({ program, host, mounts, limit: memory * mebibyte, now: () => this.#clock.nanoseconds });
    const { arguments: args } = options;
    this.#semihosting = new Semihosting({ machine, console: this.#console, clock: this.#clock, files, arguments: args, heap });
    machine.pc = program.entry;
  }

  leaves({ meaning, mnemonic, csr }: Instruction): boolean {
    const usesFloat = meaning.startsWith('csrr') ? floatCsrs.has(csr) : floatExtensions.has(rowOf(mnemonic).extension);
    return usesFloat ? !this.#registers.status.floatOn : meaning.startsWith('csrr');
  }

  execute(instruction: Instruction): Illegal | Stop | undefined {
    switch (instruction.meaning) {
      case 'mret':
        return this.#returnFromTrap();
      case 'wfi':
        return this.#wait();
      default:
        if (instruction.meaning.startsWith('csrr')) return this.#accessCsr(instruction);
        return illegal(instruction.meaning.startsWith('cbo.') ? 'menvcfg forbids it in user mode' : 'mstatus.FS is Off');
    }
  }

  access(access: RefusedAccess): 'refused' | Stop | undefined {
    const done = this.#access(access);
    if (typeof done === 'object') this.#console.flush();
    return done;
  }

  #access(access: RefusedAccess): 'refused' | Stop | undefined {
    const { machine } = this;
    const { kind, address, size } = access;
    if (this.#htif && kind === 'store' && touchesPage(address, size, pageOf(this.#htif.tohost))) {
      return machine.executePermitted(this.#htif.tohost, access) ? this.#htif.poll() : 'refused';
    }
    const device = this.#devices.find((one) => address >= one.address && address + BigInt(size) <= one.address + one.size);
    if (!device || !this.#protection.mayAccess(kind, address)) return 'refused';
    const instruction = decoderFor(machine.isa)(Number(machine.memory.load(machine.pc, 4) ?? machine.memory.load(machine.pc, 2)));
    return instruction ? accessDevice(machine, device, address, instruction) : 'refused';
  }

  exception(machine: Machine, exception: GuestException): Stop | undefined {
    if (exception.cause === 'breakpoint' && this.#semihosting.isCall(machine.pc)) return this.#callHost();
    const { handler, mode } = this.#registers;
    const code = exceptionCode(exception.cause, mode);
    if (code === undefined || handler === 0n || handler === machine.pc) return this.#unhandled(exception);
    machine.pc = this.#registers.trap({ code, interrupt: false }, exception.value, machine.pc);
    this.#protection.update();
    return undefined;
  }

  get interruptAt(): bigint | undefined {
    const { flushAt } = this.#console;
    if (!this.#registers.takesInterrupts) return earliest(flushAt, this.#pollAt);
    if (this.#registers.wanted !== 0n) return 0n;
    const { mtimecmp } = this.#clint;
    const timer = this.#registers.isEnabled(interruptBits.timer) && mtimecmp < never ? this.#clock.instretAt(mtimecmp) : undefined;
    return earliest(flushAt, timer, this.#pollAt);
  }

  interrupt(machine: Machine): undefined {
    const { flushAt } = this.#console;
    if (flushAt !== undefined && machine.instret >= flushAt) this.#console.flush();
    const pollAt = this.#pollAt;
    if (pollAt !== undefined && machine.instret >= pollAt) this.#poll();
    const code = this.#registers.interrupt;
    if (code === undefined) return;
    machine.pc = this.#registers.trap({ code, interrupt: true }, 0n, machine.pc);
    this.#protection.update();
  }

  get privilege(): 'user' | 'machine' {
    return this.#registers.mode === privilege.machine ? 'machine' : 'user';
  }

  readCsr(number: number): bigint | undefined {
    return this.#registers.read(number);
  }

  writeCsr(number: number, value: bigint): boolean {
    const { status } = this.#registers;
    const floatOn = status.floatOn;
    if (!this.#registers.write(number, value)) return false;
    if (status.floatOn !== floatOn) this.machine.forgetCode();
    this.#protection.update();
    return true;
  }

  /** The bits of mip. */
  #pending(): bigint {
    const { software, timer, external } = interruptBits;
    return (this.#clint.msip ? software : 0n) | (this.#clint.timerPending ? timer : 0n) | (this.#plic.interrupts ? external : 0n);
  }

  /** When input is looked for next, where it is to interrupt the program or to answer it. */
  get #pollAt(): bigint | undefined {
    const interrupts = this.#registers.takesInterrupts && this.#registers.isEnabled(interruptBits.external) && this.#listensToInput;
    const wanted = this.#htif?.wantsInput || interrupts;
    return wanted && !this.#console.inputEnded ? (this.#polledAt / inputPeriod + 1n) * inputPeriod : undefined;
  }

  /** Looks for input, at counts of instructions that repeat. */
  #poll(): void {
    this.#polledAt = this.machine.instret;
    if (this.#htif?.wantsInput) this.#htif.offerInput();
    else this.#uart.poll();
  }

  get #listensToInput(): boolean {
    return this.#uart.waitsForInput && this.#plic.listensTo(uartSource);
  }

  #accessCsr(instruction: Instruction): Illegal | undefined {
    const { machine } = this;
    const { meaning, length, rd, rs1, immediate, csr } = instruction;
    const writes = writesCsr(instruction);
    if (floatCsrs.has(csr)) return illegal(machine.isa.has('F') ? 'mstatus.FS is Off' : `there is no ${csrText(csr)}`);
    const why = this.#registers.refusal(csr, writes);
    if (why !== undefined) return illegal(`${csrText(csr)} ${why}`);
    const old = this.#registers.read(csr)!;
    const source = meaning.endsWith('i') ? BigInt(immediate) : machine.readX(rs1);
    if (writes) this.writeCsr(csr, meaning.startsWith('csrrw') ? source : meaning.startsWith('csrrs') ? old | source : old & ~source);
    machine.writeX(rd, old);
    return machine.retire(machine.pc + BigInt(length));
  }

  #returnFromTrap(): Illegal | undefined {
    if (this.#registers.mode !== privilege.machine) return illegal('mret needs machine mode, and the hart is in user mode');
    this.machine.retire(this.#registers.returnFromTrap());
    this.#protection.update();
    return undefined;
  }

  /** Goes on where an interrupt is pending and enabled, or lets the time pass until one is (Volume II, section "Wait for Interrupt"). */
  #wait(): Illegal | Stop | undefined {
    const { machine } = this;
    const { mode, status } = this.#registers;
    if (mode === privilege.user && status.trapsWait) return illegal('mstatus.TW forbids wfi in user mode');
    if (this.#listensToInput) this.#poll();
    if (this.#registers.wanted === 0n) {
      const { mtimecmp } = this.#clint;
      if (this.#registers.isEnabled(interruptBits.timer) && mtimecmp < never) this.#clock.skipTo(mtimecmp);
      else return this.#waitForInput();
    }
    return machine.retire(machine.pc + 4n);
  }

  #callHost(): Stop | undefined {
    const stop = this.#semihosting.call();
    if (stop) this.#console.flush();
    return stop;
  }

  #waitForInput(): Stop {
    this.#console.flush();
    const waits = this.#registers.isEnabled(interruptBits.external) && this.#listensToInput;
    if (waits && !this.#console.inputEnded) return { kind: 'input' };
    const why = waits ? 'its input has ended' : 'no interrupt is enabled that could come';
    this.#console.note(`the program waits for an interrupt (wfi at ${hex(this.machine.pc)}) and nothing can wake it: ${why}; it ends here`);
    return { kind: 'exit', code: 0 };
  }

  #unhandled(exception: GuestException): Stop {
    this.#console.flush();
    const { handler } = this.#registers;
    const why = handler === 0n ? 'the program has no trap handler (mtvec is 0)' : 'the trap handler itself cannot be entered';
    return { kind: 'exception', exception: { ...exception, message: `${exception.message}; ${why}` } };
  }
}

function illegal(why: string): Illegal {
  return { kind: 'illegal', why };
}

const floatExtensions: ReadonlySet<string> = new Set(['F', 'D', 'Zcd', 'Zfa', 'Zfh', 'Zfhmin']);

function pageOf(address: bigint): bigint {
  return address - (address % BigInt(pageSize));
}

function touchesPage(address: bigint, size: number, page: bigint): boolean {
  return address < page + BigInt(pageSize) && page < address + BigInt(size);
}

function earliest(...times: readonly (bigint | undefined)[]): bigint | undefined {
  let first: bigint | undefined;
  for (const time of times) if (time !== undefined && (first === undefined || time < first)) first = time;
  return first;
}
