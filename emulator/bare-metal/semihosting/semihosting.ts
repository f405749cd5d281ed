import { pageSize } from '../../linear-memory';
import { errno, LinuxError } from '../../linux/errno';
import type { Stop } from '../../machine';
import type { RiscvMachine } from '../../riscv-machine';
import type { Clock } from '../clock';
import type { Console } from '../console';
import type { Files } from './files';
import { type Handle, readOnlyBytes, terminal } from './handles';
import { operation, operationName } from './operations';

/** slli x0, x0, 0x1f; ebreak; srai x0, x0, 7, not compressed (RISC-V Semihosting, section "Semihosting Trap Instruction Sequence"). */
const sequence = [0x01f0_1013n, 0x0010_0073n, 0x4070_5013n] as const;
const [a0, a1] = [10, 11];
/** What ends a program in the ordinary way: ADP_Stopped_ApplicationExit. */
const applicationExit = 0x2_0026n;
/** Magic bytes, then a bit for EXIT_EXTENDED and one for error output on its own (section "Feature bit reporting"). */
const features = Uint8Array.of(0x53, 0x48, 0x46, 0x42, 0b11);
const failed = -1n;
const mostHandles = 1024;
const longestText = 4096;
const longestTransfer = 1 << 24;
const nanoseconds = { perSecond: 1_000_000_000n, perCentisecond: 10_000_000n } as const;

export interface SemihostingOptions {
  readonly machine: RiscvMachine;
  readonly console: Console;
  readonly clock: Clock;
  readonly files: Files;
  /** The program's name and its arguments. */
  readonly arguments: readonly string[];
  /** Memory from there to the end of its region is free for heap and stack. */
  readonly heap: bigint;
}

/** What an operation comes to: the value of a0, or a stop; an operation that waits for input is called again. */
type Result = bigint | Stop;

/** Serves the calls by which a program on a bare machine uses its debugger: output, input, files, the end. */
export class Semihosting {
  readonly #machine: RiscvMachine;
  readonly #console: Console;
  readonly #clock: Clock;
  readonly #files: Files;
  readonly #commandLine: string;
  readonly #heap: bigint;
  readonly #handles = new Map<number, Handle>();
  readonly #noted = new Set<number>();
  #nextHandle = 1;
  #errno = 0;

  constructor({ machine, console, clock, files, arguments: args, heap }: SemihostingOptions) {
    this.#machine = machine;
    this.#console = console;
    this.#clock = clock;
    this.#files = files;
    this.#commandLine = args.join(' ');
    this.#heap = heap;
  }

  /** Whether the ebreak at that pc is a call. */
  isCall(pc: bigint): boolean {
    const start = pc - 4n;
    const isWithinPage = start / BigInt(pageSize) === (pc + 7n) / BigInt(pageSize);
    return isWithinPage && sequence.every((word, index) => this.#machine.memory.load(start + BigInt(4 * index), 4) === word);
  }

  /** Serves the call at the pc, whose number is in a0 and whose parameter in a1, and retires its ebreak. */
  call(): Stop | undefined {
    const machine = this.#machine;
    const result = this.#try(Number(BigInt.asUintN(32, machine.readX(a0))), machine.readX(a1));
    if (typeof result === 'bigint') machine.writeX(a0, BigInt.asUintN(64, result));
    else if (result.kind !== 'exit') return result;
    machine.retire(machine.pc + 4n);
    return typeof result === 'bigint' ? undefined : result;
  }

  #try(number: number, parameter: bigint): Result {
    try {
      return this.#serve(number, parameter);
    } catch (error) {
      if (!(error instanceof LinuxError)) throw error;
      // What is not written is the length.
      const all = number === operation.WRITE ? (this.#machine.memory.load(parameter + 16n, 8) ?? 0n) : failed;
      return this.#fail(Number(-error.result), all);
    }
  }

  #serve(number: number, parameter: bigint): Result {
    const argument = (index: number) => this.#machine.memory.load(parameter + BigInt(8 * index), 8) ?? 0n;
    const handle = () => this.#handles.get(Number(argument(0)));
    switch (number) {
      case operation.OPEN:
        return this.#open(this.#text(argument(0), Number(argument(2))), Number(argument(1)));
      case operation.CLOSE:
        handle()?.close?.();
        return this.#handles.delete(Number(argument(0))) ? 0n : this.#fail(errno.EBADF);
      case operation.WRITEC:
        this.#console.put(Number(this.#machine.memory.load(parameter, 1) ?? 0n));
        return 0n;
      case operation.WRITE0:
        return this.#writeText(parameter);
      case operation.WRITE:
        return this.#write(handle(), argument(1), argument(2));
      case operation.READ:
        return this.#read(handle(), argument(1), argument(2));
      case operation.READC:
        return this.#readCharacter();
      case operation.ISERROR:
        return BigInt.asIntN(64, argument(0)) < 0n ? 1n : 0n;
      case operation.ISTTY: {
        const file = handle();
        return file ? BigInt(file.isTerminal) : this.#fail(errno.EBADF);
      }
      case operation.SEEK:
        return handle()?.seek(Number(argument(1))) ? 0n : this.#fail(handle() ? errno.EINVAL : errno.EBADF);
      case operation.FLEN: {
        const length = handle()?.length;
        return length === undefined ? this.#fail(handle() ? errno.EINVAL : errno.EBADF) : BigInt(length);
      }
      case operation.CLOCK:
        return this.#clock.nanoseconds / nanoseconds.perCentisecond;
      case operation.TIME:
        return this.#clock.nanoseconds / nanoseconds.perSecond;
      case operation.ERRNO:
        return BigInt(this.#errno);
      case operation.GET_CMDLINE:
        return this.#writeCommandLine(parameter, argument(0), Number(argument(1)));
      case operation.HEAPINFO:
        return this.#writeHeapInfo(argument(0));
      case operation.EXIT:
      case operation.EXIT_EXTENDED:
        return { kind: 'exit', code: argument(0) === applicationExit ? Number(BigInt.asIntN(32, argument(1))) : 1 };
      case operation.ELAPSED:
        return this.#store(parameter, [this.#clock.nanoseconds]);
      case operation.TICKFREQ:
        return nanoseconds.perSecond;
      default:
        return this.#refuse(number);
    }
  }

  #open(name: string | undefined, mode: number): bigint {
    if (name === undefined) return this.#fail(errno.EFAULT);
    if (mode > 11) return this.#fail(errno.EINVAL);
    if (this.#handles.size >= mostHandles) return this.#fail(errno.EMFILE);
    const handle = this.#file(name, mode);
    const number = this.#nextHandle++;
    this.#handles.set(number, handle);
    return BigInt(number);
  }

  /** Modes 0 to 3 are those of fopen's r, 4 to 7 of w, 8 to 11 of a; of `:tt` they are the three standard streams. */
  #file(name: string, mode: number): Handle {
    if (name === ':tt') return terminal(this.#console, Math.floor(mode / 4) as 0 | 1 | 2);
    return name === ':semihosting-features' && mode < 4 ? readOnlyBytes(features) : this.#files.open(name, mode);
  }

  /** How many of the bytes were not written. */
  #write(handle: Handle | undefined, address: bigint, length: bigint): bigint {
    if (!handle) return this.#fail(errno.EBADF, length);
    const bytes = this.#machine.memory.read(address, Number(length < longestTransfer ? length : longestTransfer));
    return length - BigInt(handle.write(bytes));
  }

  /** How many bytes were not read: all of them at the end of the file. */
  #read(handle: Handle | undefined, address: bigint, length: bigint): Result {
    if (!handle) return this.#fail(errno.EBADF);
    if (length === 0n) return 0n;
    const bytes = handle.read(Number(length < longestTransfer ? length : longestTransfer));
    if (bytes === 'wait') return { kind: 'input' };
    return bytes === 'end' ? length : length - BigInt(this.#machine.memory.write(address, bytes));
  }

  #readCharacter(): Result {
    const bytes = this.#console.read(1);
    if (bytes === 'wait') return { kind: 'input' };
    return bytes === 'end' ? failed : BigInt(bytes[0]!);
  }

  #writeText(address: bigint): bigint {
    for (let at = address; ; at += BigInt(longestText)) {
      const bytes = this.#machine.memory.read(at, longestText);
      const end = bytes.indexOf(0);
      for (const byte of end < 0 ? bytes : bytes.subarray(0, end)) this.#console.put(byte);
      if (end >= 0 || bytes.length < longestText) return 0n;
    }
  }

  #writeCommandLine(block: bigint, buffer: bigint, size: number): bigint {
    const bytes = new TextEncoder().encode(`${this.#commandLine}\0`);
    if (bytes.length > size) return this.#fail(errno.EINVAL);
    if (this.#machine.memory.write(buffer, bytes) < bytes.length) return this.#fail(errno.EFAULT);
    return this.#store(block + 8n, [BigInt(bytes.length - 1)]);
  }

  /** Base and limit of the heap, and of the stack, which grows down: the stack has a quarter of what is free. */
  #writeHeapInfo(block: bigint): bigint {
    const { address, size } = this.#machine.memory.regions.find(
      (one) => this.#heap >= one.address && this.#heap <= one.address + one.size,
    )!;
    const end = address + size;
    const limit = (end - (end - this.#heap) / 4n) & -16n;
    return this.#store(block, [this.#heap, limit, end, limit]);
  }

  #refuse(number: number): bigint {
    if (!this.#noted.has(number)) this.#console.note(`semihosting: ${operationName(number)} is not supported: the program gets -1`);
    this.#noted.add(number);
    return this.#fail(errno.ENOSYS);
  }

  #fail(error: number, result = failed): bigint {
    this.#errno = error;
    return result;
  }

  #store(address: bigint, values: readonly bigint[]): bigint {
    const bytes = new Uint8Array(BigUint64Array.from(values).buffer);
    return this.#machine.memory.write(address, bytes) === bytes.length ? 0n : this.#fail(errno.EFAULT);
  }

  #text(address: bigint, length: number): string | undefined {
    const bytes = this.#machine.memory.read(address, Math.min(length, longestText));
    return bytes.length < length ? undefined : String.fromCharCode(...bytes);
  }
}
