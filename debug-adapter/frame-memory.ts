import type { Entry } from '../program/dwarf/entries/entry';
import { inMemory, type Value, type ValueMemory } from '../program/values/value';
import type { Debuggee } from './debuggee';
import type { Frame } from './stack-walk';

/** Where registers other than x0-x31 start among DWARF's numbers (RISC-V DWARF specification); pc has one of ours. */
export const floatRegister = 32;
export const csrRegister = 4096;
export const pcRegister = 8192;

/** Guest memory and the registers of a frame, as the values of its variables read and write them. */
export class FrameMemory implements ValueMemory {
  /** `index` is that of the frame; undefined while the program runs, which has no frames to read. */
  constructor(
    private readonly debuggee: Debuggee,
    private readonly index: number | undefined,
  ) {}

  read(address: bigint, length: number): Uint8Array {
    return this.debuggee.machine.memory.read(address, length);
  }

  write(address: bigint, bytes: Uint8Array): boolean {
    const { memory } = this.debuggee.machine;
    if (memory.read(address, bytes.length).length < bytes.length) return false;
    memory.write(address, bytes);
    this.debuggee.forgetStack();
    return true;
  }

  readRegister(register: number): bigint | undefined {
    const { frame } = this;
    const { machine } = this.debuggee;
    if (register === pcRegister) return frame?.pc ?? machine.pc;
    if (register >= csrRegister) return machine.readCsr(register - csrRegister);
    if (register >= floatRegister) return frame ? frame.f?.[register - floatRegister] : machine.readF(register - floatRegister);
    return frame ? frame.x[register] : machine.readX(register);
  }

  writeRegister(register: number, value: bigint): string | undefined {
    if (register === 0) return 'x0 is always zero';
    const saved = this.frame?.savedAt?.get(register);
    const problem = saved === undefined ? this.writeHart(register, value) : this.writeSaved(saved, value);
    this.debuggee.forgetStack();
    return problem;
  }

  private writeSaved(address: bigint, value: bigint): string | undefined {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
    return this.write(address, bytes) ? undefined : 'the stack cannot be written';
  }

  /** What no called function has saved is in the hart still, but for what says where the frame is. */
  private writeHart(register: number, value: bigint): string | undefined {
    const { machine } = this.debuggee;
    const isOuter = this.frame !== undefined && this.debuggee.stack.isCaller(this.frame);
    const belongsToCallee = register === pcRegister || register === 1 || register === 2 || this.readRegister(register) === undefined;
    if (isOuter && belongsToCallee) return 'only the innermost frame has its registers in the hart';
    if (register === pcRegister) {
      if (value % 2n !== 0n) return 'instructions start at even addresses';
      machine.pc = BigInt.asUintN(64, value);
    } else if (register >= csrRegister) {
      if (!machine.writeCsr(register - csrRegister, BigInt.asUintN(64, value))) return 'this CSR is read-only';
    } else if (register >= floatRegister) machine.writeF(register - floatRegister, value);
    else machine.writeX(register, BigInt.asUintN(64, value));
    return undefined;
  }

  describe(address: bigint): string | undefined {
    return this.debuggee.code.describe(address);
  }

  implicitTarget(die: number): Value | undefined {
    const { frame } = this;
    const unit = frame?.scope.functionEntry?.unit;
    const entry = unit ? unit.entryInFile(die) : frame?.program.debugInfo.entries.entryAt(die);
    return entry && frame?.scope.valueOf(entry);
  }

  staticMember(entry: Entry): Value | undefined {
    const { frame } = this;
    const definition = frame?.program.debugInfo.definitionOf(entry);
    return definition && frame?.scope.valueOf(definition);
  }

  method(entry: Entry): Value | undefined {
    const { debugInfo } = this.frame?.program ?? this.debuggee.program;
    const address = debugInfo.functionAddress(entry);
    return address === undefined ? undefined : inMemory(debugInfo.types.functionType(entry), address);
  }

  dynamicOffset(entry: Entry, expression: Uint8Array, address: bigint): bigint | undefined {
    return this.frame?.scope.evaluateExpression(entry, expression, address);
  }

  private get frame(): Frame | undefined {
    return this.index === undefined ? undefined : this.debuggee.frame(this.index);
  }
}
