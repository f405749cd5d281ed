import type { GuestMemory } from '../emulator/machine';
import { assemble } from '../program/assembler/assemble';
import type { Program } from '../program/program';
import { readProgram } from '../program/read-program';
import { makeCall, patchWord, verifyPair } from './call-site';
import { FtraceError } from './ftrace-error';
import { ftraceRegsSizeOnStack } from './ftrace-regs';
import type { Model } from './models/model';

const pageSize = 4096n;
/** Room for a trampoline's code and data. */
const roomSize = 4n * pageSize;

/** A model's trampoline in the guest: its program, and the words of it that change while it is there. */
export class Trampoline {
  readonly ftraceCaller: bigint;
  /** Where the hart is when the tracer runs. */
  readonly functionTraceCall: bigint;
  private readonly ftraceCall: bigint;
  private readonly frameLive: { readonly start: bigint; readonly end: bigint };
  private tracing = false;

  /** Assembles the model's trampoline and maps it as region `ftrace`, near the program. Throws FtraceError where no room is. */
  static install(memory: GuestMemory, model: Model, near: Program): Trampoline {
    const address = memory.findFree(roomSize, near.callSites[0]?.address ?? near.entry);
    if (address === undefined) throw new FtraceError('ENOMEM', `no room for ftrace_caller within 2 GiB of ${near.name}`);
    const program = build(model, address);
    map(memory, program);
    return new Trampoline(memory, program);
  }

  private constructor(
    private readonly memory: GuestMemory,
    readonly program: Program,
  ) {
    this.ftraceCaller = this.addressOf('ftrace_caller');
    this.ftraceCall = this.addressOf('ftrace_call');
    this.functionTraceCall = this.addressOf('function_trace_call');
    this.frameLive = this.findFrame();
  }

  /**
   * Makes ftrace_call call the tracer, or ftrace_stub again, and sets the op it is called with (`update_ftrace_func`,
   * `function_trace_op`). Safe at any moment: both callees are so near that the auipc is the same, so one word changes.
   */
  trace(on: boolean): void {
    if (on === this.tracing) return;
    const callOf = (traced: boolean) => makeCall(this.ftraceCall, traced ? this.functionTraceCall : this.addressOf('ftrace_stub'), 'ra');
    verifyPair(this.memory, this.ftraceCall, callOf(!on));
    const op = this.addressOf(on ? 'global_ops' : 'ftrace_list_end');
    this.memory.write(this.addressOf('function_trace_op'), new Uint8Array(new BigUint64Array([op]).buffer));
    patchWord(this.memory, this.ftraceCall + 4n, callOf(on)[1]);
    this.tracing = on;
  }

  /**
   * The address of the frame that a hart at `pc` has on its stack: from the instruction after the one that makes room for it to
   * the one that gives the room back, and in what is called between. Undefined elsewhere.
   */
  frameAt(pc: bigint, sp: bigint): bigint | undefined {
    const live = (pc >= this.frameLive.start && pc <= this.frameLive.end) || this.isCallee(pc);
    return live ? sp : undefined;
  }

  private isCallee(pc: bigint): boolean {
    return pc === this.functionTraceCall || pc === this.addressOf('ftrace_stub');
  }

  private findFrame(): { start: bigint; end: bigint } {
    const addiSp = (immediate: number) => ((immediate << 20) | 0x00010113) >>> 0;
    const find = (word: number) => {
      for (let pc = this.ftraceCaller; ; pc += 4n) {
        const found = this.memory.load(pc, 4);
        if (found === undefined) throw new Error('ftrace_caller makes no frame');
        if (Number(found) === word) return pc;
      }
    };
    return { start: find(addiSp(-ftraceRegsSizeOnStack)) + 4n, end: find(addiSp(ftraceRegsSizeOnStack)) };
  }

  private addressOf(name: string): bigint {
    const symbol = this.program.symbols.named(name);
    if (!symbol) throw new Error(`the ftrace trampoline has no ${name}`);
    return symbol.address;
  }
}

function build(model: Model, textAddress: bigint): Program {
  const { path, text } = model.trampoline;
  const { image, diagnostics } = assemble([{ path, text }], { textAddress, callSites: false });
  if (!image) throw new Error(diagnostics.map((each) => `${each.path}:${each.line}:${each.column}: ${each.message}`).join('\n'));
  return readProgram(image, 'ftrace', new Map([[path, text]]));
}

function map(memory: GuestMemory, program: Program): void {
  for (const { address, bytes, size, permissions } of program.segments) {
    const start = address - (address % pageSize);
    const end = ((address + size + pageSize - 1n) / pageSize) * pageSize;
    memory.map({ name: 'ftrace', address: start, size: end - start, permissions });
    memory.write(address, bytes);
  }
}
