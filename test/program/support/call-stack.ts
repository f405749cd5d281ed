import type { Machine } from '../../../emulator/machine';
import { instructionAt } from '../../../program/unwind/instruction-at';

/**
 * The call stack as the hart makes it: every jump that links ra pushes, every jump to the top return address by `ret` pops. So do those
 * with t0, whose caller waits at the call itself until all is done but the jump back.
 */
export class CallStack {
  private readonly returns: bigint[] = [];

  /** Where callers go on, innermost first. */
  get addresses(): readonly bigint[] {
    return this.returns.toReversed();
  }

  /** Executes one instruction and keeps the stack; false once the program has ended. */
  step(machine: Machine): boolean {
    const pc = machine.pc;
    const instruction = instructionAt(machine.memory, pc);
    const stop = machine.step();
    if (stop.kind === 'exit') return false;
    if (stop.kind === 'exception') throw new Error(stop.exception.message);
    const jump = instruction?.meaning === 'jal' || instruction?.meaning === 'jalr';
    if (jump && instruction.rd === 1) this.returns.push(pc + BigInt(instruction.length));
    else if (jump && instruction.rd === 5) this.returns.push(pc);
    else if (instruction?.meaning === 'jalr' && instruction.rd === 0 && (instruction.rs1 === 1 || instruction.rs1 === 5))
      this.returns.pop();
    const next = instructionAt(machine.memory, machine.pc);
    if (next?.meaning === 'jalr' && next.rd === 0 && next.rs1 === 5) this.returns.push(this.returns.pop()! + 4n);
    return true;
  }
}
