import type { Machine } from '../../../emulator/machine';
import { decode } from '../../../riscv/decode';

/** The call stack as the hart makes it: every jump that links ra pushes, every jump to the top return address by `ret` pops. */
export class CallStack {
  private readonly returns: bigint[] = [];

  /** Return addresses, innermost first. */
  get addresses(): readonly bigint[] {
    return this.returns.toReversed();
  }

  /** Executes one instruction and keeps the stack; false once the program has ended. */
  step(machine: Machine): boolean {
    const pc = machine.pc;
    const instruction = decode(Number(machine.memory.load(pc, 2)! | (machine.memory.load(pc + 2n, 2)! << 16n)));
    const stop = machine.step();
    if (stop.kind === 'exit') return false;
    if (stop.kind === 'exception') throw new Error(stop.exception.message);
    const jump = instruction?.meaning === 'jal' || instruction?.meaning === 'jalr';
    if (jump && instruction.rd === 1) this.returns.push(pc + BigInt(instruction.length));
    else if (instruction?.meaning === 'jalr' && instruction.rd === 0 && instruction.rs1 === 1) this.returns.pop();
    return true;
  }
}
