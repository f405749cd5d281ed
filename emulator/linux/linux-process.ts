import type { Executable } from '../../program/program';
import type { Isa } from '../../riscv/isa-string';
import type { Environment } from '../environment';
import type { InBaseline } from '../interpreter/interpreter-module';
import { pageSize } from '../linear-memory';
import type { GuestException, Machine, Stop } from '../machine';
import { RiscvMachine } from '../riscv-machine';
import { type AddressSpace, load, planAddressSpace } from './address-space';
import { newlibCalls } from './calls/newlib-calls';
import { Clock } from './clock';
import { errno, LinuxError } from './errno';
import { Device, Randomness } from './files/devices';
import { FileTable } from './files/file-table';
import { makeGuestFiles } from './files/guest-files';
import { InputFileNode } from './files/input-file';
import type { Stream } from './files/node';
import { OpenRegularFile, OpenStream, openFlag } from './files/open-file';
import { Quota } from './files/quota';
import { standardInput, standardOutput } from './files/standard-streams';
import type { Mount } from './host-folder';
import { makeInitialStack } from './initial-stack';
import { IntervalTimers } from './interval-timers';
import { MemoryMap } from './memory-map';
import { procTexts } from './proc-texts';
import type { ProcessHost } from './process-host';
import type { CallArguments, ProcessState } from './process-state';
import { SignalDelivery } from './signals/signal-delivery';
import { SignalState } from './signals/signal-state';
import { installVdso } from './signals/vdso';
import { systemCallName } from './system-call-names';
import { systemCalls } from './system-calls';
import { UserMemory } from './user-memory';

export type { ProcessHost } from './process-host';

export interface ProcessOptions {
  /** argv, with argv[0]. */
  readonly arguments: readonly string[];
  /** `NAME=value` each; none unless given. */
  readonly environment?: readonly string[];
  readonly host: ProcessHost;
  /** The most memory that the program may have, in MiB, and the files in memory as much again; 256 unless given. */
  readonly memory?: number | undefined;
  /** The extensions that the machine has; all that there are unless given. */
  readonly isa?: Isa | undefined;
  /** How often code is come to before it is translated, 0 for never; what the machine takes unless given. */
  readonly hotAfter?: number;
  /** How to keep the engine from optimising the interpreter before it is worth that; it does as it likes unless given. */
  readonly inBaseline?: InBaseline | undefined;
  /** Whether the machine notes the pages that are written, as `WindowOptions` has it. */
  readonly notesWrites?: boolean;
  /** Folders of the host that the program reaches; none unless given. */
  readonly mounts?: readonly Mount[];
}

const a0 = 10;
const a7 = 17;
const sp = 2;
export const defaultMemory = 256;
/** Pages of code that stay decoded at once: 8 MiB of code, in 64 MiB of records. */
const codePages = 2048;

/** A static Linux program in a machine of its own, with the system calls that it makes and the signals that it gets. */
export class LinuxProcess implements Environment {
  readonly machine: RiscvMachine;
  /** Where the page lies that signal handlers return to. */
  readonly vdsoAddress: bigint;
  readonly #host: ProcessHost;
  readonly #state: ProcessState;
  readonly #delivery: SignalDelivery;
  readonly #noted = new Set<string>();
  #waited: { readonly instret: bigint; readonly done: number } | undefined;

  /** Throws RangeError, with the cause, where the program, its arguments or its mounts do not fit. */
  static start(program: Executable, options: ProcessOptions): LinuxProcess {
    return new LinuxProcess(program, options);
  }

  private constructor(program: Executable, options: ProcessOptions) {
    const { host, memory = defaultMemory } = options;
    if (!Number.isInteger(memory) || memory < 1)
      throw new RangeError(`${program.name}: memory of ${memory} MiB is not a whole number above 0`);
    this.#host = host;
    const space = planAddressSpace(program, memory);
    this.machine = new RiscvMachine({
      base: space.base,
      size: space.size,
      codePages,
      environment: this,
      isa: options.isa,
      hotAfter: options.hotAfter,
      inBaseline: options.inBaseline,
      notesWrites: options.notesWrites ?? false,
    });
    load(this.machine.memory, program, space);
    this.vdsoAddress = space.mappingsEnd - BigInt(pageSize);
    const handlersReturnTo = installVdso(this.machine.memory, this.vdsoAddress);
    this.#state = this.#makeState(program, options, space);
    this.#delivery = new SignalDelivery(this.#state, handlersReturnTo);
    this.#enter(program, options, space);
  }

  stopAtHandledFaults(stops: boolean): void {
    this.#delivery.stopsAtHandledFaults = stops;
  }

  /** The call under way has been told to the host: one that waits is made again. */
  #isAnnounced = false;

  call(machine: Machine): Stop | undefined {
    const number = Number(BigInt.asUintN(32, machine.readX(a7)));
    const name = systemCallName(number);
    const serve = name === undefined ? newlibCalls.get(number) : systemCalls.get(name);
    const args = this.#host.onSystemCall && argumentsOf(machine);
    if (args && !this.#isAnnounced) this.#host.onSystemCall?.(number, args, undefined);
    this.#isAnnounced = true;
    const result = serve ? this.#serve(serve) : this.#miss(number, name);
    if (typeof result !== 'bigint') return result;
    this.#isAnnounced = false;
    if (args) this.#host.onSystemCall?.(number, args, result);
    this.#waited = undefined;
    machine.writeX(a0, BigInt.asUintN(64, result));
    return undefined;
  }

  returned(): Stop | undefined {
    return this.#delivery.afterCall();
  }

  /** Where the last exception was: one that stops the program is made again when it goes on. */
  #faulted: { readonly pc: bigint; readonly instret: bigint } | undefined;

  exception(machine: Machine, exception: GuestException): Stop | undefined {
    const { pc, instret } = machine;
    if (this.#faulted?.pc !== pc || this.#faulted.instret !== instret) this.#host.onFault?.(exception, pc);
    this.#faulted = { pc, instret };
    return this.#delivery.fault(exception);
  }

  get interruptAt(): bigint | undefined {
    return this.#delivery.interruptAt;
  }

  interrupt(): Stop | undefined {
    return this.#delivery.interrupt();
  }

  #serve(serve: typeof systemCalls extends ReadonlyMap<string, infer Call> ? Call : never): bigint | Stop {
    try {
      const result = serve(this.#state, argumentsOf(this.machine));
      return typeof result === 'number' ? BigInt(result) : (result ?? 0n);
    } catch (error) {
      if (error instanceof LinuxError) return error.result;
      throw error;
    }
  }

  #miss(number: number, name: string | undefined): bigint {
    const what = name === undefined ? `system call ${number}` : `system call ${number} (${name})`;
    const why = name !== undefined && processes.has(name) ? ': there are no threads and no other processes here' : '';
    this.#noteOnce(`${what} is not supported${why}; the program gets -ENOSYS`);
    return BigInt(-errno.ENOSYS);
  }

  #noteOnce(message: string): void {
    if (this.#noted.has(message)) return;
    this.#noted.add(message);
    this.#host.note(message);
  }

  #makeState(program: Executable, { host, mounts = [], arguments: argv }: ProcessOptions, space: AddressSpace): ProcessState {
    const { machine } = this;
    const clock = new Clock(() => machine.instret);
    const randomness = new Randomness();
    let inodes = 1n;
    const nextInode = () => inodes++;
    const tree = { quota: new Quota(space.limit), now: () => clock.now, nextInode };
    const texts = procTexts(() => state, argv, program.name);
    const root = makeGuestFiles({ tree, host, mounts, randomness, program, proc: texts });
    const process = this;
    const state: ProcessState = {
      ...{ machine, isa: machine.isa, host, root, clock, randomness, nextInode },
      memory: new UserMemory(machine.memory),
      map: new MemoryMap(machine.memory, { ...space, mappingsEnd: space.mappingsEnd - BigInt(pageSize) }),
      files: standardFiles(host, nextInode),
      directory: root,
      umask: 0o022,
      signals: new SignalState(),
      timers: new IntervalTimers(clock),
      threadName: program.name.slice(0, 15),
      terminalSettings: undefined,
      noteOnce: (message) => this.#noteOnce(message),
      get done() {
        return process.#waited?.instret === machine.instret ? process.#waited.done : 0;
      },
      wait: (stop, done) => {
        this.#waited = { instret: machine.instret, done };
        return stop;
      },
      restoreAfterCall: () => this.#delivery.restoreAfterCall(),
    };
    return state;
  }

  #enter(program: Executable, { arguments: argv, environment = [] }: ProcessOptions, { stack, stackSize }: AddressSpace): void {
    const { pointer, bytes } = makeInitialStack(program, {
      ...{ top: stack + BigInt(stackSize), argv, environment, isa: this.machine.isa },
    });
    // Linux leaves three quarters of the stack to the program (fs/exec.c, bprm_stack_limits).
    if (bytes.length > stackSize / 4) {
      throw new RangeError(`${program.name}: arguments and environment take ${bytes.length} bytes, more than a quarter of the stack`);
    }
    this.machine.memory.write(pointer, bytes);
    this.machine.writeX(sp, pointer);
    this.machine.pc = program.entry;
  }
}

function argumentsOf(machine: Machine): CallArguments {
  const argument = (index: number) => machine.readX(a0 + index);
  return [argument(0), argument(1), argument(2), argument(3), argument(4), argument(5)];
}

/** Calls that make or become another process or thread. */
const processes: ReadonlySet<string> = new Set(['clone', 'clone3', 'execve', 'execveat', 'ptrace', 'unshare', 'setns']);

function standardFiles(host: ProcessHost, nextInode: () => bigint): FileTable {
  const files = new FileTable();
  const input = host.inputFile;
  files.add(input ? new OpenRegularFile(new InputFileNode(input, nextInode()), 0, input) : openStream(standardInput(host), 0, nextInode()));
  for (const descriptor of [1, 2] as const) files.add(openStream(standardOutput(host, descriptor), descriptor, nextInode()));
  return files;
}

function openStream(stream: Stream, descriptor: 0 | 1 | 2, inode: bigint): OpenStream {
  const node = new Device(inode, 136, descriptor, () => stream, 0o620);
  if (stream.isTerminal) return new OpenStream(node, openFlag.readWrite, stream);
  const pipe = { ...node.status(), type: 'pipe', mode: 0o600, deviceNumber: 0 } as const;
  return new OpenStream(undefined, descriptor === 0 ? 0 : openFlag.writeOnly, stream, () => pipe);
}
