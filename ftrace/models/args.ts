import { argumentFields, ftraceRegsHead, makeLayout } from '../frame-layout';
import trampolineText from '../trampolines/args.S';
import type { Model, Patching } from './model';
import { pairSites, singleSites } from './pair-sites';

/** struct ftrace_regs (arch/riscv/include/asm/ftrace.h, 6.10 to 6.15): 104 bytes. */
const frame = makeLayout({
  type: 'ftrace_regs',
  fields: [...ftraceRegsHead, ...argumentFields(40)],
  sizeOnStack: 112,
  keepsCallerSp: true,
});

/**
 * Linux 6.10 to 6.15 (CONFIG_DYNAMIC_FTRACE_WITH_ARGS): one trampoline, a frame of 112 bytes. Patched with a single store, as the
 * kernels from 6.16 on do it; or with the `pair` that those kernels shipped, which needs every hart to stand still.
 */
export const argsModel: Model = argsModelOf('single');
export const argsPairModel: Model = argsModelOf('pair');

function argsModelOf(patching: Patching): Model {
  return {
    name: 'args',
    kernels: 'Linux 6.10 to 6.15',
    release: '6.12',
    patching,
    trampoline: { path: '/riscv-ftrace/args.S', text: trampolineText },
    entries: [{ symbol: 'ftrace_caller', frame, call: 'ftrace_call' }],
    lead: 0,
    flags: { compressed: '-fpatchable-function-entry=4', plain: '-fpatchable-function-entry=2' },
    stopsMachine: patching === 'pair',
    bytesWritten: patching === 'pair' ? 8 : 4,
    ipOffset: 0n,
    hasFprobe: false,
    kprobesOnFtrace: false,
    ...(patching === 'pair' ? pairSites : singleSites),
  };
}
