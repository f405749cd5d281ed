import type { Program } from '../../program/program';
import type { Isa } from '../../riscv/isa-string';
import type { Environment } from '../environment';
import { pageSize } from '../linear-memory';
import type { Machine, Stop } from '../machine';
import { RiscvMachine } from '../riscv-machine';
import { type AddressSpace, load, planAddressSpace } from './address-space';
import { errno } from './errno';
import { makeInitialStack } from './initial-stack';
import type { ProcessHost } from './process-host';
import { systemCallName } from './system-call-names';
import { systemCalls } from './system-calls';

export type { ProcessHost } from './process-host';

export interface ProcessOptions {
  /** argv, with argv[0]. */
  readonly arguments: readonly string[];
  /** `NAME=value` each; none unless given. */
  readonly environment?: readonly string[];
  readonly host: ProcessHost;
  /** The most that the heap may grow to, in MiB; 64 unless given. */
  readonly memory?: number;
  /** The extensions that the machine has; all that there are unless given. */
  readonly isa?: Isa | undefined;
}

const a0 = 10;
const a7 = 17;
const sp = 2;
const defaultHeap = 64;
/** Pages of code that stay decoded at once: 8 MiB of code, in 64 MiB of records. */
const codePages = 2048;

/** A static Linux program in a machine of its own, with the system calls that it makes. */
export class LinuxProcess implements Environment {
  readonly machine: RiscvMachine;
  readonly #host: ProcessHost;
  readonly #space: AddressSpace;
  readonly #noted = new Set<number>();
  #break: bigint;

  /** Throws RangeError, with the cause, where the program, its arguments or its heap do not fit. */
  static start(program: Program, options: ProcessOptions): LinuxProcess {
    return new LinuxProcess(program, options);
  }

  private constructor(program: Program, options: ProcessOptions) {
    const { host, memory = defaultHeap } = options;
    if (!Number.isInteger(memory) || memory < 1)
      throw new RangeError(`${program.name}: memory of ${memory} MiB is not a whole number above 0`);
    this.#host = host;
    this.#space = planAddressSpace(program, memory);
    this.#break = this.#space.heap;
    this.machine = new RiscvMachine({ base: this.#space.base, size: this.#space.size, codePages, environment: this, isa: options.isa });
    load(this.machine.memory, program, this.#space);
    this.#enter(program, options);
  }

  call(machine: Machine): Stop | undefined {
    const number = Number(BigInt.asUintN(32, machine.readX(a7)));
    const name = systemCallName(number);
    const serve = name === undefined ? undefined : systemCalls.get(name);
    if (!serve) this.#noteMissing(number, name);
    const args = [0, 1, 2, 3, 4, 5].map((index) => machine.readX(a0 + index));
    const result = serve ? serve(this.#context(machine), args) : BigInt(-errno.ENOSYS);
    if (typeof result !== 'bigint') return result;
    machine.writeX(a0, result);
    return undefined;
  }

  #context(machine: Machine) {
    return {
      memory: this.machine.memory,
      host: this.#host,
      now: machine.instret,
      setBreak: (address: bigint) => this.#setBreak(address),
    };
  }

  #noteMissing(number: number, name: string | undefined): void {
    if (this.#noted.has(number)) return;
    this.#noted.add(number);
    const what = name === undefined ? `system call ${number}` : `system call ${number} (${name})`;
    this.#host.note(`${what} is not supported: the program gets -ENOSYS`);
  }

  /** brk: the end of the heap moves within the room kept for it, or stays. */
  #setBreak(address: bigint): bigint {
    const { heap, heapSize } = this.#space;
    if (address < heap || address > heap + BigInt(heapSize)) return this.#break;
    const from = pagesEnd(this.#break);
    const to = pagesEnd(address);
    const { memory } = this.machine;
    const permissions = { read: true, write: true, execute: false };
    if (to > from) memory.map({ name: 'heap', address: from, size: to - from, permissions });
    if (to < from) memory.unmap(to, from - to);
    this.#break = address;
    return address;
  }

  #enter(program: Program, { arguments: argv, environment = [] }: ProcessOptions): void {
    const { stack, stackSize } = this.#space;
    const { pointer, bytes } = makeInitialStack(program, stack + BigInt(stackSize), argv, environment);
    // Linux leaves three quarters of the stack to the program (fs/exec.c, bprm_stack_limits).
    if (bytes.length > stackSize / 4) {
      throw new RangeError(`${program.name}: arguments and environment take ${bytes.length} bytes, more than a quarter of the stack`);
    }
    this.machine.memory.write(pointer, bytes);
    this.machine.writeX(sp, pointer);
    this.machine.pc = program.entry;
  }
}

function pagesEnd(address: bigint): bigint {
  const page = BigInt(pageSize);
  return ((address + page - 1n) / page) * page;
}
