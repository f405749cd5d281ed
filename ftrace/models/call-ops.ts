import { type CodeMemory, inReach, isPristine, makeCall, nop, patchPair, patchWord, readPair, wordText } from '../call-site';
import { argumentFields, ftraceRegsHead, makeLayout } from '../frame-layout';
import { FtraceError } from '../ftrace-error';
import trampolineText from '../trampolines/call-ops.S';
import type { Model } from './model';
import { notNops, offPair, outOfReach } from './pair-sites';

/** struct ftrace_regs with direct calls (6.16 and later, GCC): 112 bytes, `direct_tramp` at 40. */
const frame = makeLayout({
  type: 'ftrace_regs',
  fields: [
    ...ftraceRegsHead,
    {
      name: 'direct_tramp',
      offset: 40,
      kept: false,
      takesEffect: false,
      description: 'Never read or written by the trampoline: a direct call is asked for in t1.',
    },
    ...argumentFields(48),
  ],
  sizeOnStack: 112,
  keepsCallerSp: true,
});

/** Bytes before a function that hold the address of the ops to be called. */
const literalSize = 8n;
const literal = new Uint8Array(8);
const literalView = new DataView(literal.buffer);

/**
 * Linux 6.16 and later (CONFIG_DYNAMIC_FTRACE_WITH_CALL_OPS): the auipc stays, the word at F+4 is toggled by one aligned store, and
 * the 8 bytes before the function name the one ops to call, or the list of all (arch/riscv/kernel/ftrace.c).
 */
export const callOpsModel: Model = {
  name: 'call-ops',
  kernels: 'Linux 6.16 and later',
  release: '7.2',
  patching: 'single',
  trampoline: { path: '/riscv-ftrace/call-ops.S', text: trampolineText },
  entries: [{ symbol: 'ftrace_caller', frame, call: undefined }],
  lead: 8,
  flags: { compressed: '-fpatchable-function-entry=8,4', plain: '-fpatchable-function-entry=4,2' },
  stopsMachine: false,
  bytesWritten: 4,
  ipOffset: 4n,
  hasFprobe: true,
  kprobesOnFtrace: false,

  prepare(memory, address, { trampoline, ops }) {
    if (!inReach(address, trampoline)) return outOfReach(trampoline);
    if (address % literalSize !== 0n)
      return `it starts at no multiple of 8, where its ops pointer would be: compile with -falign-functions=8`;
    const found = readPair(memory, address);
    const ready = offPair(address, trampoline);
    const isReady = found[0] === ready[0] && found[1] === ready[1];
    if (!isPristine(found) && !isReady) return notNops(found);
    if (!isReady && !isPristine(readPair(memory, address - literalSize))) {
      return `no 8 bytes of nops stand before it for the ops pointer: compile with ${this.flags.compressed} (${this.flags.plain} without compressed instructions) and -falign-functions=8`;
    }
    writeLiteral(memory, address, ops);
    patchPair(memory, address, ready);
    return undefined;
  },

  makeCall(memory, address, { trampoline, ops }) {
    verifyWord(memory, address, makeCall(address, trampoline, 't0')[0]);
    verifyWord(memory, address + 4n, nop);
    writeLiteral(memory, address, ops);
    patchWord(memory, address + 4n, makeCall(address, trampoline, 't0')[1]);
  },

  makeNop(memory, address, { trampoline }, off) {
    const call = makeCall(address, trampoline, 't0');
    verifyWord(memory, address, call[0]);
    verifyWord(memory, address + 4n, call[1]);
    writeLiteral(memory, address, off.ops);
    patchWord(memory, address + 4n, nop);
  },

  modifyCall(memory, address, _was, { trampoline, ops }) {
    writeLiteral(memory, address, ops);
    const call = makeCall(address, trampoline, 't0');
    verifyWord(memory, address, call[0]);
    patchWord(memory, address + 4n, call[1]);
  },
};

/** The literal is aligned, so that a hart in the trampoline reads the old ops or the new one. */
function writeLiteral(memory: CodeMemory, address: bigint, ops: bigint): void {
  literalView.setBigUint64(0, ops, true);
  if (memory.write(address - literalSize, literal) !== 8)
    throw new FtraceError('EFAULT', `0x${(address - literalSize).toString(16)}: not mapped`);
}

/** The kernel's check of one word (`ftrace_modify_call` since 6.16). */
function verifyWord(memory: CodeMemory, address: bigint, expected: number): void {
  const found = memory.loadWord(address);
  if (found === undefined) throw new FtraceError('EFAULT', `0x${address.toString(16)}: not mapped`);
  if (found === expected) return;
  throw new FtraceError('EINVAL', `0x${address.toString(16)}: expected (${wordText(expected)}) but got (${wordText(found)})`);
}
