import { vdsoProgram } from '../../emulator/linux/signals/vdso-program';
import type { Machine } from '../../emulator/machine';
import { callSiteSize } from '../../program/elf/call-sites';
import type { Program } from '../../program/program';
import { frameLeavers } from '../../program/unwind/frame-leavers';
import { Unwinder, type UnwindFrame } from '../../program/unwind/unwinder';
import { xNumber } from '../../riscv/registers';
import type { OpsRegistry } from '../ops-registry';
import type { ShadowStack } from './shadow-stack';

const [ra, sp] = [xNumber('ra')!, xNumber('sp')!];
/** In the word of an unwinder, which is its sp at its entry: its return address was taken, as that of one that is called in the last place. */
const wasTaken = 1n;

/** What graph tracing does with its calls. */
export interface CallEnder {
  /** Drops those that have been left by now, as the hart is at a function's entry, with that sp and return address. */
  dropReturned(stackPointer: bigint, returnAddress: bigint): void;
  /** Where the innermost function with that sp at its entry returns to. */
  trueReturn(stackPointer: bigint): bigint | undefined;
  /** Ends all from that depth on, which do not return. */
  endLeft(depth: number): void;
}

/**
 * Lets the program unwind stacks with taken return addresses, as in the kernel every unwinder asks for the true one
 * (`ftrace_graph_ret_addr`). The program's own does not ask, so that the true ones are on the stack while it is at work, and are taken
 * again when it leaves: the rule of uftrace (libmcount/wrap.c: `mcount_rstack_restore`, `mcount_rstack_reset`). Calls that an exception
 * or a longjmp leaves end there. All that is to be known between is in guest memory, with the shadow stack.
 */
export class LeftCalls {
  private isWatching = false;
  private hasWarned = false;
  /** All with code whose frames there may be; made when it is needed. */
  private programs: readonly Program[] | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly program: Program,
    private readonly registry: OpsRegistry,
    private readonly stack: ShadowStack,
    private readonly ender: CallEnder,
    private readonly printk: (message: string) => void,
  ) {}

  /** From now on, for calls may be open for as long as the program runs. */
  watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    for (const { start, unwinds, returns } of frameLeavers(this.program, this.machine.memory)) {
      // One that is traced itself has lost its return address behind its call site.
      const entry = this.registry.functionAt(start) ? start + callSiteSize : start;
      if (unwinds) this.registry.hooks.add(entry, () => this.enter());
      for (const each of returns) this.registry.hooks.add(each, () => this.leave());
    }
  }

  /** An unwinder begins, and has done nothing yet. */
  private enter(): void {
    const { machine, stack, ender } = this;
    const [top, back] = [machine.readX(sp), machine.readX(ra)];
    ender.dropReturned(top, back);
    if (stack.depth === 0) return;
    const isTaken = back === this.returnToHandler;
    // An unwinder that is left for another one with the same sp, or that a jump has left unseen.
    const outer = stack.unwinders.filter((word) => word > (top | wasTaken));
    stack.unwinders = [...outer, isTaken ? top | wasTaken : top];
    this.findSlots();
    this.giveBack();
    if (isTaken) machine.writeX(ra, ender.trueReturn(top) ?? back);
  }

  /** An unwinder returns, to whom it has been called by or into a function that handles an exception; or longjmp does. */
  private leave(): void {
    const { machine, stack, ender } = this;
    const [top, target] = [machine.readX(sp), machine.readX(ra)];
    // A function of that name that returns as any other.
    if (stack.depth === 0 || target === this.returnToHandler) return;
    const atWork = stack.unwinders;
    const outer = atWork.filter((word) => word > (top | wasTaken));
    const isReturn = atWork.includes(top | wasTaken) && ender.trueReturn(top) === target;
    if (outer.length < atWork.length) stack.unwinders = outer;
    let { depth } = stack;
    while (depth > 0) {
      const end = stack.spOf(depth - 1);
      if (end > top || (end === top && isReturn)) break;
      depth--;
    }
    if (depth < stack.depth) ender.endLeft(depth);
    this.takeAgain(outer.at(-1));
    if (isReturn) machine.writeX(ra, this.returnToHandler);
  }

  private giveBack(): void {
    const { stack, memory } = this;
    for (let index = stack.depth - 1; index >= 0; index--) {
      const slot = stack.slotOf(index);
      if (!slot || memory.load(slot.address, 8) !== this.returnToHandler) continue;
      this.store(slot.address, stack.returnOf(index));
      stack.setSlot(index, { ...slot, isGivenBack: true });
    }
  }

  /** Of calls further out than an unwinder that is still at work, none. */
  private takeAgain(unwinder: bigint | undefined): void {
    const { stack, memory } = this;
    for (let index = stack.depth - 1; index >= 0; index--) {
      const slot = stack.slotOf(index);
      if (!slot?.isGivenBack) continue;
      if (unwinder !== undefined && stack.spOf(index) > unwinder) return;
      if (memory.load(slot.address, 8) === stack.returnOf(index)) this.store(slot.address, this.returnToHandler);
      stack.setSlot(index, { ...slot, isGivenBack: false });
    }
  }

  /** Finds where the open calls have their return addresses, by the rules that the unwinder goes by too. */
  private findSlots(): void {
    const { stack, machine, memory, returnToHandler } = this;
    const { trampoline } = this.registry;
    const returnAddress = (address: bigint, cfa: bigint) =>
      address === returnToHandler ? (this.ender.trueReturn(cfa) ?? address) : address;
    const links = new Map(trampoline.entries.map((entry) => [entry, xNumber('t0')!]));
    this.programs ??= [this.program, trampoline.program, ...this.systemCode()];
    const unwinder = new Unwinder(this.programs, memory, { links, returnAddress });
    const unknown = this.outermostUnknown();
    let index = stack.depth - 1;
    let frame: UnwindFrame = { pc: machine.pc, exact: true, x: Array.from({ length: 32 }, (_, number) => machine.readX(number)) };
    while (index >= unknown) {
      const result = unwinder.caller(frame);
      if (!('frame' in result)) break;
      const slot = result.frame.savedAt?.get(ra);
      // A jump that was not seen may have left some of them.
      while (index >= unknown && stack.spOf(index) < result.cfa) index--;
      for (; index >= unknown && stack.spOf(index) === result.cfa; index--) {
        // Functions that call each other in their last place have one return address, which the first of them has lost.
        if (slot === undefined || stack.returnOf(index) === returnToHandler || stack.slotOf(index)) continue;
        stack.setSlot(index, { address: slot, isGivenBack: false });
      }
      frame = result.frame;
    }
    if (index >= unknown) this.warn(frame.pc);
  }

  /** Once: a program may unwind its stack often. */
  private warn(pc: bigint): void {
    if (this.hasWarned) return;
    this.hasWarned = true;
    this.printk(`return addresses of traced calls are not found beyond 0x${pc.toString(16)}: exceptions and walks of the stack end there`);
  }

  /** Where handlers of signals return to. */
  private systemCode(): readonly Program[] {
    return this.memory.regions.filter(({ name }) => name === 'vdso').map(({ address }) => vdsoProgram(address));
  }

  private outermostUnknown(): number {
    const { depth } = this.stack;
    for (let index = 0; index < depth; index++) {
      if (!this.stack.slotOf(index) && this.stack.returnOf(index) !== this.returnToHandler) return index;
    }
    return depth;
  }

  private get returnToHandler(): bigint {
    return this.registry.trampoline.returnToHandler;
  }

  private get memory(): Machine['memory'] {
    return this.machine.memory;
  }

  private store(address: bigint, word: bigint): void {
    this.memory.write(address, new Uint8Array(new BigUint64Array([word]).buffer));
  }
}
