import type { Instruction } from '../../riscv/instruction';
import type { Stop } from '../machine';
import type { RiscvMachine } from '../riscv-machine';
import type { Device } from './devices/device';

/** Loads by mnemonic: bytes, and whether the value is sign-extended. */
const loads: ReadonlyMap<string, { readonly size: number; readonly signed: boolean }> = new Map([
  ['lb', { size: 1, signed: true }],
  ['lh', { size: 2, signed: true }],
  ['lw', { size: 4, signed: true }],
  ['ld', { size: 8, signed: true }],
  ['lbu', { size: 1, signed: false }],
  ['lhu', { size: 2, signed: false }],
  ['lwu', { size: 4, signed: false }],
]);
const stores: ReadonlyMap<string, number> = new Map([
  ['sb', 1],
  ['sh', 2],
  ['sw', 4],
  ['sd', 8],
]);

/**
 * Makes the access of a device by the instruction at the pc, and retires it. Refused are accesses that the device does not know
 * and instructions other than loads and stores of x registers: atomics need memory (Volume II, section "Atomicity PMAs").
 */
export function accessDevice(
  machine: RiscvMachine,
  device: Device,
  address: bigint,
  instruction: Instruction,
): 'refused' | Stop | undefined {
  const { meaning, length, rd, rs2 } = instruction;
  const offset = Number(address - device.address);
  const load = loads.get(meaning);
  const storeSize = stores.get(meaning);
  const next = machine.pc + BigInt(length);
  if (load) {
    const value = device.load(offset, load.size);
    if (value === undefined) return 'refused';
    machine.writeX(rd, load.signed ? BigInt.asIntN(8 * load.size, value) : value);
    return machine.retire(next);
  }
  if (!storeSize) return 'refused';
  const stored = device.store(offset, storeSize, BigInt.asUintN(8 * storeSize, machine.readX(rs2)));
  if (stored === false) return 'refused';
  machine.retire(next);
  return stored === true ? undefined : stored;
}
