import assert from 'node:assert/strict';
import { hartAt, type LinearMemory, pageSize } from '../../../emulator/linear-memory';
import type { Stop } from '../../../emulator/machine';
import type { RiscvMachine } from '../../../emulator/riscv-machine';

/**
 * All of memory is compared at the first exits to each place of code and at one of so many others: what the translator has written
 * where the interpreter wrote nothing is found there.
 */
const firstExits = 2;
const wholeEvery = 4096;
/** The hart's registers: what they are called, where they are, how many and of how many bytes. */
const registers: readonly (readonly [string, number, number, 4 | 8])[] = [
  ['x', hartAt.x, 32, 8],
  ['pc', hartAt.pc, 1, 8],
  ['instret', hartAt.instret, 1, 8],
  ['reservation', hartAt.reservation, 1, 8],
  ['f', hartAt.f, 32, 8],
  ['fcsr', hartAt.fcsr, 1, 4],
];
/** The CSRs of machine mode that a program changes, or that change by themselves. */
const machineCsrs = [0x300, 0x304, 0x305, 0x306, 0x340, 0x341, 0x342, 0x343, 0x344, 0x3a0, 0x3b0, 0xb00, 0xb02, 0xc01];

/** What is around the two machines. */
export interface Surroundings {
  /** Throws where the machines have not done the same to it. */
  compare(where: string): void;
}

/**
 * Two machines in the same state, of which one translates, and the other interprets and notes the pages that are written. The second
 * follows the first: at every exit of a region both must have the same registers, the same count of retired instructions, and the
 * same bytes in all pages that the program has written since the last one.
 */
export class Lockstep {
  /** Exits of regions at which both were compared, and pages that were because they had been written. */
  exits = 0;
  pages = 0;
  private readonly exitsTo = new Map<bigint, number>();
  private readonly memories: readonly [LinearMemory, LinearMemory];
  private readonly bytes: readonly [Buffer, Buffer];
  private readonly written: Buffer;
  /** Where the second was told of something that the first has done and not told: a jump to nowhere, at the end of a budget. */
  private early: Stop | undefined;

  constructor(
    readonly ours: RiscvMachine,
    readonly theirs: RiscvMachine,
    readonly name: string,
    private readonly surroundings?: Surroundings,
    /** Whether the host sees all exits: else regions follow each other as they do for users, and both are compared where they stop. */
    seesExits = true,
  ) {
    this.memories = [ours.linearMemory, theirs.linearMemory];
    this.bytes = [bufferOf(ours.linearMemory.bytes), bufferOf(theirs.linearMemory.bytes)];
    const { written } = theirs.linearMemory;
    assert.ok(written, 'the machine that interprets notes what is written');
    this.written = bufferOf(written);
    if (!seesExits) return;
    ours.watchRegions(() => {
      this.follow();
      this.compareHere();
      this.exits += 1;
    });
  }

  /** Runs both; what comes of it must be the same, and so must everything else. */
  run(budget: number): Stop {
    const stop = this.ours.run(budget);
    if (stop.kind === 'budget') this.follow();
    else assert.deepEqual(this.early ?? this.theirs.run(this.behind + 1), stop, this.where);
    this.early = undefined;
    this.compareHere();
    return stop;
  }

  /** Executes one instruction in both. */
  step(): Stop {
    const stop = this.ours.step();
    assert.deepEqual(this.theirs.step(), stop, this.where);
    this.compareHere();
    return stop;
  }

  /** Does the same to both, as a debugger does it while they stand. */
  each(change: (machine: RiscvMachine) => void): void {
    change(this.ours);
    change(this.theirs);
  }

  /** Compares all that there is, as is to be done at the end. */
  end(): void {
    this.compare(true);
  }

  private get behind(): number {
    return Number(this.ours.instret - this.theirs.instret);
  }

  private follow(): void {
    const { ours, theirs } = this;
    const stop = this.behind > 0 ? theirs.run(this.behind) : undefined;
    if (stop) this.early = stop.kind === 'budget' ? undefined : stop;
    // Ours may have entered a handler of the program since, and left a region where that begins.
    while (theirs.pc !== ours.pc && theirs.instret === ours.instret) {
      const { pc } = theirs;
      if (theirs.step().kind !== 'trap') this.fail('pc', ours.pc, pc);
    }
  }

  private compareHere(): void {
    const { pc } = this.ours;
    const count = this.exitsTo.get(pc) ?? 0;
    this.exitsTo.set(pc, count + 1);
    this.compare(count < firstExits || this.exits % wholeEvery === 0);
  }

  private compare(whole: boolean): void {
    for (const [name, at, count, size] of registers) {
      const unequal = this.firstDifference(at, at, count * size);
      if (unequal === undefined) continue;
      const index = Math.floor(unequal / size);
      const [ours, theirs] = this.memories.map(({ words, doublewords }) => (size === 8 ? doublewords : words)[at / size + index]);
      this.fail(count > 1 ? `${name}${index}` : name, ours, theirs);
    }
    this.compareMachineMode();
    this.comparePermissions();
    for (let page = this.written.indexOf(1); page >= 0; page = this.written.indexOf(1, page + 1)) {
      this.written[page] = 0;
      this.pages += 1;
      this.compareMemory(page * pageSize, pageSize);
    }
    if (whole) {
      assert.deepEqual(this.ours.memory.spans, this.theirs.memory.spans, this.where);
      for (const { start, end } of this.ours.memory.spans) this.compareMemory(start, end - start);
    }
    this.surroundings?.compare(this.where);
  }

  private compareMachineMode(): void {
    if (this.ours.privilege === undefined) return;
    assert.equal(this.ours.privilege, this.theirs.privilege, this.where);
    for (const csr of machineCsrs) {
      const [ours, theirs] = [this.ours.readCsr(csr), this.theirs.readCsr(csr)];
      if (ours !== theirs) this.fail(`CSR 0x${csr.toString(16)}`, ours, theirs);
    }
  }

  private comparePermissions(): void {
    const [ours, theirs] = this.memories;
    const page = this.firstDifference(ours.permissionsAt, theirs.permissionsAt, ours.permissions.length);
    if (page === undefined) return;
    const address = ours.addressOf(page * pageSize);
    this.fail(`permissions of 0x${address.toString(16)}`, ours.permissions[page], theirs.permissions[page]);
  }

  /** Compares guest memory from an offset of the window on. */
  private compareMemory(offset: number, size: number): void {
    const [ours, theirs] = this.memories;
    const unequal = this.firstDifference(ours.windowAt + offset, theirs.windowAt + offset, size);
    if (unequal === undefined) return;
    const address = ours.addressOf(offset + unequal);
    this.fail(`memory at 0x${address.toString(16)}`, ours.guest[offset + unequal], theirs.guest[offset + unequal]);
  }

  private firstDifference(at: number, theirsAt: number, size: number): number | undefined {
    const [ours, theirs] = this.bytes;
    if (ours.compare(theirs, theirsAt, theirsAt + size, at, at + size) === 0) return undefined;
    return ours.subarray(at, at + size).findIndex((byte, index) => byte !== theirs[theirsAt + index]);
  }

  private fail(what: string, ours: unknown, theirs: unknown): never {
    assert.fail(`${what} is ${ours} where the interpreter has ${theirs}, ${this.where}`);
  }

  private get where(): string {
    return `in ${this.name} at 0x${this.ours.pc.toString(16)} after ${this.ours.instret} instructions`;
  }
}

function bufferOf({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
