import type { Stop } from '../../../emulator/machine';
import type { RiscvMachine } from '../../../emulator/riscv-machine';
import { machineWith, places } from '../../support/code-machine';
import { Random } from '../../support/random';
import { Lockstep } from './lockstep';
import { bases, CodeGenerator, type RandomCode, scratch, tableAt, tableLength } from './random-code';

const page = 0x1000n;
const sp = 2;
const frm = 2;
const wrongRounding = 7n;

/**
 * Random code in lockstep, while a debugger does things to it at random: breakpoints and hooks come and go, pages lose permissions and
 * get them back, are taken away and mapped again, registers, memory and code are written, and it is stepped through.
 */
export class RandomSession {
  readonly both: Lockstep;
  readonly stops = new Set<string>();
  private readonly random: Random;
  private readonly code: RandomCode;
  private readonly start: bigint;
  private readonly breakpoints = new Set<bigint>();
  private readonly hooks = new Set<bigint>();
  private readonly hookCalls: [number, number] = [0, 0];

  constructor(readonly seed: number) {
    const random = new Random(seed * 2654435761);
    this.random = random;
    const writableCode = random.below(2) === 0;
    this.code = new CodeGenerator(random, { writesCode: writableCode }).make();
    // Sometimes the code runs over the end of a page.
    this.start = places.code + BigInt(2 * random.below(random.below(2) ? 4 : 0x700));
    const hotAfter = random.pick([2, 2, 3, 20]);
    const contents = Uint8Array.from({ length: 0x2000 }, () => random.below(256));
    const [ours, theirs] = [hotAfter, 0].map((after) => {
      const machine = machineWith([], { hotAfter: after, writableCode, notesWrites: after === 0 });
      machine.memory.write(this.start, this.code.bytes);
      machine.memory.write(places.data, contents);
      return machine;
    }) as [RiscvMachine, RiscvMachine];
    this.both = new Lockstep(ours, theirs, `seed ${seed}`, undefined, random.below(2) > 0);
    const { functions, cases, instructions } = this.code;
    for (let index = 0; index < tableLength; index += 1) this.aim(index, functions[index] ?? random.pick(instructions));
    for (const [index, to] of cases.entries()) this.aim(tableLength + index, random.below(40) === 0 ? random.pick(instructions) : to);
    this.begin(0);
  }

  /** Has an entry of the table of jumps lead to an offset of the code. */
  private aim(index: number, to: number): void {
    this.both.each(({ memory }) => memory.storeWord(tableAt + BigInt(8 * index), Number(this.start) + to));
  }

  /** Runs so many instructions, or nearly. */
  run(instructions: number): void {
    const { random } = this;
    for (let left = instructions; left > 0; ) {
      if (random.below(6) === 0) this.disturb();
      if (random.below(12) === 0) {
        for (let count = random.below(12); count > 0; count -= 1) this.stopped(this.both.step());
      }
      const budget = random.pick([1, 7, 50, 300, 3000]) + random.below(5);
      this.stopped(this.both.run(budget));
      left -= budget;
    }
    this.both.end();
  }

  private stopped(stop: Stop): void {
    this.stops.add(stop.kind === 'exception' ? stop.exception.cause : stop.kind);
    if (this.hookCalls[0] !== this.hookCalls[1])
      throw new Error(`seed ${this.seed}: hooks were called ${this.hookCalls.join(' and ')} times`);
    if (stop.kind === 'exception') this.begin(this.random.below(3));
  }

  /** Goes to a function, or to any instruction, mostly with other registers. */
  private begin(way: number): void {
    const { random, both, code } = this;
    const to = this.start + BigInt(way === 2 ? random.pick(code.instructions) : random.pick(code.functions));
    const values = scratch.map((register) => [register, random.pick([random.doubleword(), BigInt(random.below(16)), to])] as const);
    const near = [places.data + 0x140n, places.data + 0x800n, places.data + page - 8n, places.data + 0x1400n];
    const rare = [
      places.readOnly - 0x30n,
      places.readOnly + 8n,
      places.nothing - 4n,
      places.data + 0x802n,
      places.data + 0xffdn,
      places.code + 0x2000n,
      places.end - 4n,
      0n,
      -8n,
    ];
    const addresses = bases.map((register) => [register, random.pick(random.below(10) === 0 ? rare : near)] as const);
    const doubles = Array.from({ length: 32 }, () => random.pick([this.double(), this.double(), random.doubleword()]));
    const mode = random.below(40) === 0 ? wrongRounding : BigInt(random.below(5));
    both.each((machine) => {
      machine.pc = to;
      for (const [register, value] of [...values, ...addresses]) machine.writeX(register, BigInt.asUintN(64, value));
      if (way < 2) machine.writeX(sp, places.data + 0xf00n);
      for (const [index, value] of doubles.entries()) machine.writeF(index, value);
      machine.writeCsr(frm, mode);
    });
  }

  /** The bits of a double of moderate size, or a boxed single. */
  private double(): bigint {
    const { random } = this;
    const view = new DataView(new ArrayBuffer(8));
    if (random.below(2)) view.setFloat64(0, (random.below(2000) - 1000) / random.pick([1, 3, 8]));
    else {
      view.setFloat32(4, (random.below(2000) - 1000) / random.pick([1, 3, 8]));
      view.setUint32(0, 0xffff_ffff);
    }
    return view.getBigUint64(0);
  }

  private disturb(): void {
    const { random, both, code } = this;
    const address = this.start + BigInt(random.pick(code.instructions));
    const dataPage = places.data + page * BigInt(random.below(2));
    switch (random.below(10)) {
      case 0:
      case 1:
        this.toggle(
          this.breakpoints,
          address,
          (machine) => machine.setBreakpoint(address),
          (machine) => machine.clearBreakpoint(address),
        );
        return;
      case 2:
      case 3: {
        const answer = random.below(4) === 0 ? 'stop' : 'continue';
        const set = (machine: RiscvMachine) => machine.setHook(address, () => this.called(machine, answer));
        this.toggle(this.hooks, address, set, (machine) => machine.clearHook(address));
        return;
      }
      case 4: {
        const permissions = { read: random.below(4) > 0, write: random.below(2) === 0, execute: false };
        both.each(({ memory }) => memory.protect(dataPage, page, permissions));
        return;
      }
      case 5:
        both.each(({ memory }) => memory.protect(places.data, 2n * page, { read: true, write: true, execute: false }));
        return;
      case 6:
        both.each(({ memory }) => memory.unmap(dataPage, page));
        if (random.below(2) === 0) this.stopped(both.run(1 + random.below(200)));
        both.each(({ memory }) =>
          memory.map({ name: 'data', address: dataPage, size: page, permissions: { read: true, write: true, execute: false } }),
        );
        return;
      case 7: {
        const bytes = Uint8Array.from({ length: 1 + random.below(40) }, () => random.below(256));
        const at = dataPage + BigInt(random.below(0xff0));
        both.each(({ memory }) => void memory.write(at, bytes));
        return;
      }
      case 8: {
        const slot = code.slots.length > 0 ? random.pick(code.slots) : undefined;
        const word = 0x00000033 | (random.pick(scratch) << 7) | (random.pick(scratch) << 15) | (random.pick(scratch) << 20);
        const bytes = Uint8Array.from([0, 8, 16, 24], (shift) => word >>> shift);
        if (slot !== undefined) both.each(({ memory }) => void memory.write(this.start + BigInt(slot), bytes));
        return;
      }
      default: {
        const [register, value] = [random.pick(scratch), random.doubleword()];
        both.each((machine) => machine.writeX(register, value));
      }
    }
  }

  private called(machine: RiscvMachine, answer: 'stop' | 'continue'): 'stop' | 'continue' {
    this.hookCalls[machine === this.both.ours ? 0 : 1] += 1;
    machine.writeX(31, machine.readX(31) + machine.readX(10) + machine.instret);
    return answer;
  }

  private toggle(there: Set<bigint>, address: bigint, set: (machine: RiscvMachine) => void, clear: (machine: RiscvMachine) => void): void {
    const isThere = there.delete(address);
    if (!isThere) there.add(address);
    this.both.each(isThere ? clear : set);
  }
}
