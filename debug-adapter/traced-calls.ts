import type { FtraceRegs } from '../ftrace/ftrace-regs';

/** A call that went through the trampoline: what the trampoline had saved when the tracer was called. */
export interface TracedCall {
  /** F, the address of the traced function. */
  readonly function: bigint;
  readonly regs: FtraceRegs;
}

/**
 * The traced calls that have not returned yet, outermost first. The trampoline's frame is in dead stack once it has returned, so
 * this keeps copies. A call has returned when another is made from the same stack pointer or one above it.
 */
export class TracedCalls {
  private readonly calls: TracedCall[] = [];

  push(call: TracedCall): void {
    this.popBelow(call.regs.sp);
    this.calls.push(call);
  }

  /** The call that made the activation of that function whose frame ends at `cfa`, its stack pointer at the entry. */
  find(functionAddress: bigint, cfa: bigint): TracedCall | undefined {
    const call = this.calls[this.firstAtOrBelow(cfa)];
    return call?.regs.sp === cfa && call.function === functionAddress ? call : undefined;
  }

  /** Drops those that have returned when the hart is back in a caller with that stack pointer. */
  returned(sp: bigint): void {
    this.popBelow(sp);
  }

  /** Drops the calls of one function, except of activations that `isLive` knows, which it returns. */
  retain(functionAddress: bigint, isLive: (call: TracedCall) => boolean): TracedCall[] {
    const kept = this.calls.filter((call) => call.function !== functionAddress || isLive(call));
    this.calls.splice(0, this.calls.length, ...kept);
    return kept.filter((call) => call.function === functionAddress);
  }

  /** Whether one of them returns to that address. */
  returnsTo(address: bigint): boolean {
    return this.calls.some((call) => call.regs.ra === address);
  }

  /** The calls are in descending order of their stack pointers. */
  private firstAtOrBelow(sp: bigint): number {
    let [low, high] = [0, this.calls.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.calls[middle]!.regs.sp > sp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private popBelow(sp: bigint): void {
    while (this.calls.length > 0 && this.calls.at(-1)!.regs.sp <= sp) this.calls.pop();
  }
}
