import { inReach, isPristine, makeCall, nop, pairText, patchWord, readPair, verifyPair, type WordPair } from '../call-site';
import trampolineText from '../trampolines/args.S';
import type { Model } from './model';

/**
 * Linux 6.10 to 6.15 (CONFIG_DYNAMIC_FTRACE_WITH_ARGS), patched with a single store: the auipc is written at launch and stays,
 * only the word at F+4 changes between `nop` and `jalr t0`. A hart that stands between the two instructions is safe at any
 * moment: its t0 already holds what the jalr needs, and the nop needs nothing.
 */
export const argsModel: Model = {
  name: 'args',
  trampoline: { path: '/riscv-ftrace/args.S', text: trampolineText },

  ipOf: (address) => address,

  prepare(memory, address, ftraceCaller) {
    if (!inReach(address, ftraceCaller)) return `ftrace_caller at 0x${ftraceCaller.toString(16)} is more than 2 GiB away`;
    const off = offPair(address, ftraceCaller);
    const found = readPair(memory, address);
    if (!isPristine(found) && (found[0] !== off[0] || found[1] !== off[1])) {
      return `its first 8 bytes are not nops: got ${pairText(found)}; compile with -fpatchable-function-entry=4 (=2 without compressed instructions)`;
    }
    patchWord(memory, address, off[0]);
    patchWord(memory, address + 4n, off[1]);
    return undefined;
  },

  makeCall(memory, address, ftraceCaller) {
    verifyPair(memory, address, offPair(address, ftraceCaller));
    patchWord(memory, address + 4n, makeCall(address, ftraceCaller, 't0')[1]);
  },

  makeNop(memory, address, ftraceCaller) {
    verifyPair(memory, address, makeCall(address, ftraceCaller, 't0'));
    patchWord(memory, address + 4n, nop);
  },
};

function offPair(address: bigint, ftraceCaller: bigint): WordPair {
  return [makeCall(address, ftraceCaller, 't0')[0], nop];
}
