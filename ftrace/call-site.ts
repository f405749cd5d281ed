import type { GuestMemory } from '../emulator/machine';
import { FtraceError } from './ftrace-error';

/**
 * The two instruction words of a call site, or of any `auipc` + `jalr` pair, encoded and checked as the kernel does
 * (arch/riscv/include/asm/ftrace.h: `to_auipc_t0`, `to_jalr_t0`, `make_call_t0`; arch/riscv/kernel/ftrace.c:
 * `ftrace_check_current_call`).
 */
export type WordPair = readonly [first: number, second: number];

/** What patching needs of the guest's memory. */
export type CodeMemory = Pick<GuestMemory, 'loadWord' | 'storeWord' | 'write'>;

/** `nop` in four bytes: `addi x0, x0, 0`. */
export const nop = 0x00000013;
/** Two `c.nop`, as a compiler that may use compressed instructions leaves them. */
const compressedNops = 0x00010001;

const auipcOf = { t0: 0x00000297, ra: 0x00000097 };
const jalrOf = { t0: 0x000282e7, ra: 0x000080e7 };

/**
 * `auipc LINK, %hi(callee)` and `jalr LINK, %lo(callee)(LINK)` for an auipc at `caller`, as unsigned words. The offset is taken
 * modulo 2^32, as in the kernel: ask `inReach` first.
 */
export function makeCall(caller: bigint, callee: bigint, link: 't0' | 'ra'): WordPair {
  const offset = Number(BigInt.asUintN(32, callee - caller));
  const upper = (offset & 0xfffff000) + (offset & 0x800 ? 0x1000 : 0);
  return [(upper + auipcOf[link]) >>> 0, (((offset & 0xfff) << 20) | jalrOf[link]) >>> 0];
}

/** Whether an auipc at `caller` and a jalr reach `callee`: a 32-bit offset whose low 12 bits are sign-extended. */
export function inReach(caller: bigint, callee: bigint): boolean {
  const offset = callee - caller;
  return offset >= -0x80000800n && offset < 0x7ffff800n;
}

/** Whether the pair is nothing but nops, of either size. */
export function isPristine([first, second]: WordPair): boolean {
  return [first, second].every((word) => word === nop || word === compressedNops);
}

/** Reads the pair at an address. Throws FtraceError (EFAULT) where nothing is mapped. */
export function readPair(memory: CodeMemory, address: bigint): WordPair {
  const first = memory.loadWord(address);
  const second = memory.loadWord(address + 4n);
  if (first === undefined || second === undefined) throw new FtraceError('EFAULT', `0x${address.toString(16)}: not mapped`);
  return [first, second];
}

/** Throws FtraceError (EINVAL) in the kernel's words unless the pair at an address is the expected one. */
export function verifyPair(memory: CodeMemory, address: bigint, expected: WordPair): void {
  const found = readPair(memory, address);
  if (found[0] === expected[0] && found[1] === expected[1]) return;
  throw new FtraceError('EINVAL', `0x${address.toString(16)}: expected ${pairText(expected)} but got ${pairText(found)}`);
}

/**
 * One aligned 4-byte store of an instruction. Compressed code may have a call site at 2 bytes past a multiple of 4, where no
 * single store is: there it is written while the hart stands, as Linux up to 6.15 does for all (`stop_machine`). Throws FtraceError
 * (EFAULT) where nothing is mapped.
 */
export function patchWord(memory: CodeMemory, address: bigint, word: number): void {
  const stored = address % 4n === 0n ? memory.storeWord(address, word) : memory.write(address, bytesOf(word)) === 4;
  if (!stored) throw new FtraceError('EFAULT', `0x${address.toString(16)}: not mapped`);
}

/** Both words, the hart standing still and not between them. */
export function patchPair(memory: CodeMemory, address: bigint, [first, second]: WordPair): void {
  patchWord(memory, address, first);
  patchWord(memory, address + 4n, second);
}

/** `(00000297 00000013)`, the kernel's way to write the pair. */
export function pairText(pair: WordPair): string {
  return `(${pair.map(wordText).join(' ')})`;
}

export function wordText(word: number): string {
  return word.toString(16).padStart(8, '0');
}

function bytesOf(word: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, word, true);
  return bytes;
}
