import { inReach, isPristine, makeCall, nop, pairText, patchPair, patchWord, readPair, verifyPair, type WordPair } from '../call-site';
import type { Model } from './model';

const off: WordPair = [nop, nop];

/**
 * Call sites of two nops that become `auipc t0` + `jalr t0` (arch/riscv/kernel/ftrace.c, 6.3 to 6.15). No single store does that, so
 * every hart has to stand still, and none may stand between the two. The kernel checks the old text only in `ftrace_modify_call`;
 * here it is always checked, so that code changed behind ftrace's back is never overwritten.
 */
export const pairSites: Pick<Model, 'prepare' | 'makeCall' | 'makeNop' | 'modifyCall'> = {
  prepare(memory, address, { trampoline }) {
    if (!inReach(address, trampoline)) return outOfReach(trampoline);
    const found = readPair(memory, address);
    if (!isPristine(found)) return notNops(found);
    patchPair(memory, address, off);
    return undefined;
  },

  makeCall(memory, address, { trampoline }) {
    verifyPair(memory, address, off);
    patchPair(memory, address, makeCall(address, trampoline, 't0'));
  },

  makeNop(memory, address, was) {
    verifyPair(memory, address, makeCall(address, was.trampoline, 't0'));
    patchPair(memory, address, off);
  },

  modifyCall(memory, address, was, target) {
    if (was.trampoline === target.trampoline) return;
    verifyPair(memory, address, makeCall(address, was.trampoline, 't0'));
    patchPair(memory, address, makeCall(address, target.trampoline, 't0'));
  },
};

/**
 * The same call sites toggled by a single store: the auipc is written at launch and stays, only the word at F+4 changes between
 * `nop` and `jalr t0`. A hart that stands between the two instructions is safe at any moment: its t0 already holds what the jalr
 * needs, and the nop needs nothing.
 */
export const singleSites: Pick<Model, 'prepare' | 'makeCall' | 'makeNop' | 'modifyCall'> = {
  prepare(memory, address, { trampoline }) {
    if (!inReach(address, trampoline)) return outOfReach(trampoline);
    const ready = offPair(address, trampoline);
    const found = readPair(memory, address);
    if (!isPristine(found) && (found[0] !== ready[0] || found[1] !== ready[1])) return notNops(found);
    patchPair(memory, address, ready);
    return undefined;
  },

  makeCall(memory, address, { trampoline }) {
    verifyPair(memory, address, offPair(address, trampoline));
    patchWord(memory, address + 4n, makeCall(address, trampoline, 't0')[1]);
  },

  makeNop(memory, address, was) {
    verifyPair(memory, address, makeCall(address, was.trampoline, 't0'));
    patchWord(memory, address + 4n, nop);
  },

  modifyCall(memory, address, was) {
    verifyPair(memory, address, makeCall(address, was.trampoline, 't0'));
  },
};

export function offPair(address: bigint, trampoline: bigint): WordPair {
  return [makeCall(address, trampoline, 't0')[0], nop];
}

export function outOfReach(trampoline: bigint): string {
  return `ftrace_caller at 0x${trampoline.toString(16)} is more than 2 GiB away`;
}

export function notNops(found: WordPair): string {
  return `its first 8 bytes are not nops: got ${pairText(found)}; compile with -fpatchable-function-entry=4 (=2 without compressed instructions)`;
}
