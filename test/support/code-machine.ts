import type { Environment } from '../../emulator/environment';
import type { InBaseline } from '../../emulator/interpreter/interpreter-module';
import { RiscvMachine } from '../../emulator/riscv-machine';
import { encode, type Operands } from '../../riscv/encode';
import type { Mnemonic } from '../../riscv/instruction-table';
import type { Isa } from '../../riscv/isa-string';

export type Line = readonly [Mnemonic, Operands?];

/** Where the parts of a test's machine are: code, then pages to read and write, then one that is read-only, then nothing. */
export const places = { code: 0x10000n, data: 0x20000n, readOnly: 0x22000n, nothing: 0x23000n, end: 0x40000n } as const;

export interface CodeMachineOptions {
  readonly environment?: Environment;
  readonly codePages?: number;
  /** The code may be written to. */
  readonly writableCode?: boolean;
  readonly isa?: Isa;
  /** How often code is come to before it is translated; 0 for never. */
  readonly hotAfter?: number;
  readonly inBaseline?: InBaseline;
  readonly notesWrites?: boolean;
}

/** A machine with these instructions from `places.code` on, and its pc there. */
export function machineWith(lines: readonly Line[], options: CodeMachineOptions = {}): RiscvMachine {
  const { environment, codePages = 16, writableCode = false, isa, hotAfter, inBaseline, notesWrites = false } = options;
  const size = Number(places.end - places.code);
  const machine = new RiscvMachine({
    base: places.code,
    size,
    codePages,
    isa,
    hotAfter,
    inBaseline,
    notesWrites,
    ...(environment ? { environment } : {}),
  });
  const code = { read: true, write: writableCode, execute: true };
  const data = { read: true, write: true, execute: false };
  machine.memory.map({ name: 'code', address: places.code, size: 0x4000n, permissions: code });
  machine.memory.map({ name: 'data', address: places.data, size: 0x2000n, permissions: data });
  machine.memory.map({ name: 'constants', address: places.readOnly, size: 0x1000n, permissions: { ...data, write: false } });
  putCode(machine, places.code, lines);
  machine.pc = places.code;
  return machine;
}

/** Writes instructions from an address on, and gives the address behind them. */
export function putCode(machine: RiscvMachine, start: bigint, lines: readonly Line[]): bigint {
  let address = start;
  for (const [mnemonic, operands = {}] of lines) {
    const word = encode(mnemonic, operands);
    const bytes = Uint8Array.from({ length: (word & 3) === 3 ? 4 : 2 }, (_, index) => word >>> (index * 8));
    machine.memory.write(address, bytes);
    address += BigInt(bytes.length);
  }
  return address;
}

/** All that a program can see: pc, registers, count, and the bytes of every region. */
export function stateOf(machine: RiscvMachine): unknown {
  return {
    pc: machine.pc,
    instret: machine.instret,
    x: Array.from({ length: 32 }, (_, index) => machine.readX(index)),
    memory: machine.memory.regions.map(({ address, size }) => Buffer.from(machine.memory.read(address, Number(size))).toString('base64')),
  };
}
