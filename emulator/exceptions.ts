import { csrName } from '../riscv/csrs';
import { decode, decoderFor } from '../riscv/decode';
import { rowOf } from '../riscv/instruction-table';
import { type Isa, isaName, missingFrom } from '../riscv/isa-string';
import { atomicAccess, blockAccess, exit } from './interpreter/record';
import { hex, type LinearMemory, pageSize, permissionBits } from './linear-memory';
import type { GuestException } from './machine';
import { hasCsr, isCounter } from './semantics/csr-file';

/**
 * The exception of a load, store or atomic access: `result` is what the engine came back with. Loads and stores need no alignment in
 * any mode, as on QEMU: the execution environment decides whether a misaligned one is done or raises an exception (Volume I, section
 * "Load and Store Instructions"). A test that allows only the exception, as `ma_addr` of the public ISA tests does, asks for more than
 * the manual. Atomic accesses have to be aligned (chapter "A").
 */
export function accessFault(memory: LinearMemory, result: number, address: bigint): GuestException {
  const isLoad = (result & 0xff) === exit.loadFault;
  const isAtomic = (result & atomicAccess) !== 0;
  const size = (result >>> 8) & 0xff;
  if (result & blockAccess) return blockFault(memory, address);
  const cause = isLoad ? 'load-access-fault' : 'store-access-fault';
  const what = `${isAtomic ? 'atomic access' : isLoad ? 'load' : 'store'} of ${size} ${size === 1 ? 'byte' : 'bytes'} at ${hex(address)}`;
  if (isAtomic && address % BigInt(size) !== 0n) {
    const misaligned = isLoad ? 'load-misaligned' : 'store-misaligned';
    return { cause: misaligned, value: address, message: `${what}: the address is not a multiple of ${size}` };
  }
  const { read, write } = permissionBits;
  const wanted = isLoad ? read : isAtomic ? read | write : write;
  const denied = (permissionsAt(memory, address) & wanted) !== wanted;
  const value = denied ? address : pageAfter(address);
  const where = denied ? 'the page' : `the page at ${hex(value)}`;
  return { cause, value, message: `${what}: ${where} is ${whyDenied(permissionsAt(memory, value), isLoad ? 'readable' : 'writable')}` };
}

function blockFault(memory: LinearMemory, address: bigint): GuestException {
  const why = permissionsAt(memory, address) ? 'neither readable nor writable' : 'not mapped';
  return { cause: 'store-access-fault', value: address, message: `cache operation at ${hex(address)}: the page is ${why}` };
}

/** The exception of fetching at a pc where there is nothing to execute, to which the instruction at `from` went. */
export function fetchFault(memory: LinearMemory, pc: bigint, from: bigint | undefined, alignment: 2 | 4): GuestException {
  const origin = from === undefined ? {} : { from };
  const what = `instruction fetch at ${hex(pc)}`;
  if (pc % BigInt(alignment) !== 0n) {
    const why = pc % 2n !== 0n ? 'the address is odd' : 'the address is no multiple of 4, as code is without C';
    return { cause: 'instruction-misaligned', value: pc, message: `${what}: ${why}`, ...origin };
  }
  const permissions = permissionsAt(memory, pc);
  const value = permissions & permissionBits.execute ? pageAfter(pc) : pc;
  const where = value === pc ? 'the page' : `the page at ${hex(value)}`;
  const message = `${what}: ${where} is ${whyDenied(permissionsAt(memory, value), 'executable')}`;
  return { cause: 'instruction-access-fault', value, message, ...origin };
}

/** The exception of a jump, or of a branch that is taken, to where no instruction can begin; it has not been executed. */
export function misalignedTarget(pc: bigint, target: bigint): GuestException {
  const message = `the jump at ${hex(pc)} leads to ${hex(target)}, which is no multiple of 4, as code is without C`;
  return { cause: 'instruction-misaligned', value: target, message };
}

export function illegalInstruction(pc: bigint, word: number, isa: Isa, why = whyIllegal(word, isa)): GuestException {
  return illegal(pc, word, why);
}

function illegal(pc: bigint, word: number, why: string): GuestException {
  const digits = (word & 3) === 3 ? 8 : 4;
  const text = `0x${word.toString(16).padStart(digits, '0')}`;
  return { cause: 'illegal-instruction', value: BigInt(word), message: `illegal instruction ${text} at ${hex(pc)}: ${why}` };
}

/** The exception of an instruction that rounds as frm says, where frm holds no rounding mode. */
export function reservedRounding(pc: bigint, word: number, frm: bigint): GuestException {
  return illegal(pc, word, `it rounds as frm says, and frm is ${frm}, which is no rounding mode`);
}

export function breakpointException(pc: bigint): GuestException {
  return { cause: 'breakpoint', value: pc, message: `ebreak at ${hex(pc)}` };
}

export function environmentCallException(pc: bigint): GuestException {
  return { cause: 'environment-call', value: 0n, message: `ecall at ${hex(pc)}: nothing here serves it` };
}

function whyIllegal(word: number, isa: Isa): string {
  if (word === 0) return 'all zeros: an unimp, or the program has run on past its end';
  const instruction = decoderFor(isa)(word);
  if (!instruction) {
    const known = decode(word);
    if (!known) return 'the machine has no such instruction';
    return `${known.mnemonic} needs ${missingFrom(isa, rowOf(known.mnemonic))}, which the machine, ${isaName(isa)}, has not`;
  }
  if (instruction.roundingMode !== 0) return `${instruction.roundingMode} is no rounding mode`;
  if (rowOf(instruction.mnemonic).extension === 'Sm') return `${instruction.mnemonic} is privileged, and the program runs in user mode`;
  const csr = csrText(instruction.csr);
  return isCounter(instruction.csr) && hasCsr(isa, instruction.csr)
    ? `${instruction.mnemonic} writes ${csr}, which is read-only`
    : `there is no ${csr}`;
}

/** `CSR mstatus`, or by number where it has no name. */
export function csrText(number: number): string {
  return `CSR ${csrName(number) ?? `0x${number.toString(16)}`}`;
}

function whyDenied(permissions: number, wanted: 'readable' | 'writable' | 'executable'): string {
  if (!permissions) return 'not mapped';
  return wanted === 'writable' && permissions & permissionBits.read ? 'read-only' : `not ${wanted}`;
}

function permissionsAt(memory: LinearMemory, address: bigint): number {
  const offset = memory.offsetOf(address);
  return offset < 0 ? 0 : memory.permissionsOf(offset);
}

function pageAfter(address: bigint): bigint {
  const page = BigInt(pageSize);
  return BigInt.asUintN(64, (address / page + 1n) * page);
}
