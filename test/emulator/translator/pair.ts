import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Stop } from '../../../emulator/machine';
import { RiscvMachine } from '../../../emulator/riscv-machine';
import { assemble } from '../../../program/assembler/assemble';
import type { Program } from '../../../program/program';
import { readProgram } from '../../../program/read-program';

const base = 0x10000n;
/** Bytes of the window: each machine's memory is for the host's garbage collector to look after, so it is small unless asked for. */
const usualSize = 0x800000;
const aboveStack = 0x100000n;
const page = 0x1000n;

/** One program in two machines: one translates almost at once, the other never. After each run they must be the same. */
export class Pair {
  readonly program: Program;
  readonly ours: RiscvMachine;
  readonly theirs: RiscvMachine;

  /** Assembles a program; its text is writable where asked for. ecalls stop as exceptions. */
  constructor(text: string, { writableCode = false, hotAfter = 2, stackSize = 0x10000n, size = usualSize } = {}) {
    const { image, diagnostics } = assemble([{ path: 'test.s', text }], { textAddress: base, callSites: false });
    if (!image) throw new Error(diagnostics.map((one) => `${one.line}: ${one.message}`).join('\n'));
    this.program = readProgram(image, 'test');
    this.ours = this.#machine({ hotAfter, writableCode, stackSize, size });
    this.theirs = this.#machine({ hotAfter: 0, writableCode, stackSize, size });
  }

  get machines(): readonly RiscvMachine[] {
    return [this.ours, this.theirs];
  }

  address(name: string): bigint {
    return this.program.symbols.named(name)!.address;
  }

  /**
   * Runs both, with what came of it the same in both; ours as with a deadline and a host, where they are told. Where that wants the machine
   * back ours goes on until it has run as long as theirs.
   */
  run(budget: number, { deadline, isWanted }: { deadline?: number; isWanted?: () => boolean } = {}): Stop {
    const end = this.ours.instret + BigInt(budget);
    let ours: Stop;
    do ours = this.ours.run(Number(end - this.ours.instret), deadline, isWanted);
    while (ours.kind === 'budget' && this.ours.instret < end);
    assert.deepEqual(ours, this.theirs.run(budget));
    this.compare();
    return ours;
  }

  compare(): void {
    const [ours, theirs] = this.machines.map((machine) => stateOf(machine));
    assert.deepEqual(ours, theirs);
  }

  #machine({
    hotAfter,
    writableCode,
    stackSize,
    size,
  }: {
    hotAfter: number;
    writableCode: boolean;
    stackSize: bigint;
    size: number;
  }): RiscvMachine {
    const stackTop = BigInt(size) - aboveStack;
    const machine = new RiscvMachine({ base, size, codePages: 64, hotAfter, notesWrites: hotAfter === 0 });
    for (const { address, bytes, size: length, permissions } of this.program.segments) {
      const start = address - (address % page);
      const end = ((address + length + page - 1n) / page) * page;
      const write = permissions.write || (writableCode && permissions.execute);
      machine.memory.map({ name: 'program', address: start, size: end - start, permissions: { ...permissions, write } });
      machine.memory.write(address, bytes);
    }
    const permissions = { read: true, write: true, execute: false };
    machine.memory.map({ name: 'stack', address: stackTop - stackSize, size: stackSize, permissions });
    machine.writeX(2, stackTop - 64n);
    machine.pc = this.program.entry;
    return machine;
  }
}

function stateOf(machine: RiscvMachine): unknown {
  const hash = createHash('sha1');
  for (const { address, size: length } of machine.memory.regions) hash.update(machine.memory.read(address, Number(length)));
  return {
    pc: machine.pc,
    instret: machine.instret,
    x: Array.from({ length: 32 }, (_, index) => machine.readX(index)),
    f: Array.from({ length: 32 }, (_, index) => machine.readF(index)),
    fcsr: machine.readCsr(3),
    memory: hash.digest('hex'),
  };
}

/** What came of a run. */
export function causeOf(stop: Stop): string {
  return stop.kind === 'exception' ? stop.exception.cause : stop.kind;
}

/** Runs to an exception, which must be the end. */
export function runToEnd(pair: Pair, slice = 1_000_000): Stop {
  for (let count = 0; count < 200; count += 1) {
    const stop = pair.run(slice);
    if (stop.kind !== 'budget') return stop;
  }
  throw new Error('the program does not end');
}
