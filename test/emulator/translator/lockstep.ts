import assert from 'node:assert/strict';
import type { Stop } from '../../../emulator/machine';
import type { RiscvMachine } from '../../../emulator/riscv-machine';

/**
 * All of memory is compared at the first exits to each place of code, which is where a region that is wrong shows first, and at one of so
 * many others; elsewhere what is small, and what is near the stack pointer.
 */
const firstExits = 2;
const wholeEvery = 4096;
const small = 0x2000n;
const [below, above] = [512n, 1536n];
const sp = 2;
/** Bytes that are compared at once. */
const chunk = 0x10000;

/**
 * Two machines in the same state, of which one translates and the other interprets. The second follows the first: at every exit of a
 * region both must have the same registers, memory and count of retired instructions.
 */
export class Lockstep {
  /** Exits of regions at which both were compared. */
  exits = 0;
  private readonly exitsTo = new Map<bigint, number>();
  private readonly buffers = [Buffer.alloc(chunk), Buffer.alloc(chunk)];

  constructor(
    readonly ours: RiscvMachine,
    readonly theirs: RiscvMachine,
    readonly name: string,
  ) {
    ours.watchRegions(() => {
      this.follow();
      const count = this.exitsTo.get(ours.pc) ?? 0;
      this.exitsTo.set(ours.pc, count + 1);
      this.compare(count < firstExits || this.exits % wholeEvery === 0);
      this.exits += 1;
    });
  }

  /** Runs both; what comes of it must be the same, and so must everything else. */
  run(budget: number): Stop {
    const stop = this.ours.run(budget);
    if (stop.kind === 'budget') this.follow();
    else assert.deepEqual(this.theirs.run(this.behind + 1), stop, this.name);
    this.compare(true);
    return stop;
  }

  private get behind(): number {
    return Number(this.ours.instret - this.theirs.instret);
  }

  private follow(): void {
    // A jump to nowhere is done, and told of also where it was the last instruction of a budget.
    if (this.behind > 0) this.theirs.run(this.behind);
  }

  private compare(whole: boolean): void {
    assert.equal(this.theirs.instret, this.ours.instret, this.name);
    assert.equal(this.theirs.pc, this.ours.pc, this.where);
    assert.equal(this.theirs.readCsr(3), this.ours.readCsr(3), `fcsr ${this.where}`);
    for (let index = 0; index < 32; index += 1) {
      if (this.ours.readX(index) !== this.theirs.readX(index)) this.fail(`x${index}`, this.ours.readX(index), this.theirs.readX(index));
      if (this.ours.readF(index) !== this.theirs.readF(index)) this.fail(`f${index}`, this.ours.readF(index), this.theirs.readF(index));
    }
    for (const { address, size } of this.ours.memory.regions) {
      if (whole || size <= small) this.compareBytes(address, Number(size));
    }
    const stack = this.ours.readX(sp);
    if (!whole && stack > below) this.compareBytes(stack - below, Number(below + above));
  }

  private compareBytes(address: bigint, size: number): void {
    for (let done = 0; done < size; done += chunk) {
      const start = address + BigInt(done);
      const [ours, theirs] = this.buffers.map((buffer) => buffer.subarray(0, Math.min(chunk, size - done))) as [Buffer, Buffer];
      const lengths = [this.ours.memory.readInto(start, ours), this.theirs.memory.readInto(start, theirs)];
      assert.equal(lengths[0], lengths[1], this.where);
      if (Buffer.compare(ours, theirs) === 0) continue;
      const at = ours.findIndex((byte, index) => byte !== theirs[index]);
      this.fail(`memory at 0x${(start + BigInt(at)).toString(16)}`, ours[at], theirs[at]);
    }
  }

  private fail(what: string, ours: unknown, theirs: unknown): never {
    assert.fail(`${what} is ${ours} where the interpreter has ${theirs}, ${this.where}`);
  }

  private get where(): string {
    return `in ${this.name} at 0x${this.ours.pc.toString(16)} after ${this.ours.instret} instructions`;
  }
}
