import { argumentFields, epcField, type FrameField, type FrameLayout, makeLayout, raField } from '../frame-layout';
import trampolineText from '../trampolines/regs.S';
import type { Model } from './model';
import { pairSites } from './pair-sites';

const generalRegisters = ['gp', 'tp', 't1', 't2', 's0', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11'];
const temporaries = ['t3', 't4', 't5', 't6'];

/** struct pt_regs (arch/riscv/include/asm/ptrace.h) as `ftrace_caller` fills it: what is live at a function's entry. */
const ftraceCallerFrame = ptRegs({ saved: ['s0'], restored: ['s0'] });

/** The same as `ftrace_regs_caller` fills it: every register. */
const ftraceRegsCallerFrame = ptRegs({
  saved: ['sp', 't0', ...generalRegisters, ...temporaries],
  restored: ['sp', ...generalRegisters, ...temporaries],
});

/**
 * Linux 6.3 to 6.9 (CONFIG_DYNAMIC_FTRACE_WITH_REGS): both instructions are written, the frame is a whole pt_regs of 288 bytes,
 * and there are two trampolines, of which an ops that wants all registers (FTRACE_OPS_FL_SAVE_REGS) takes the second.
 */
export const regsModel: Model = {
  name: 'regs',
  kernels: 'Linux 6.3 to 6.9',
  release: '6.8',
  patching: 'pair',
  trampoline: { path: '/riscv-ftrace/regs.S', text: trampolineText },
  entries: [
    { symbol: 'ftrace_caller', frame: ftraceCallerFrame, call: 'ftrace_call' },
    { symbol: 'ftrace_regs_caller', frame: ftraceRegsCallerFrame, call: 'ftrace_regs_call' },
  ],
  lead: 0,
  flags: { compressed: '-fpatchable-function-entry=4', plain: '-fpatchable-function-entry=2' },
  stopsMachine: true,
  bytesWritten: 8,
  ipOffset: 0n,
  hasFprobe: false,
  kprobesOnFtrace: true,
  ...pairSites,
};

function ptRegs({ saved, restored }: { saved: readonly string[]; restored: readonly string[] }): FrameLayout {
  const general = (name: string, offset: number): FrameField => ({
    name,
    offset,
    kept: saved.includes(name),
    takesEffect: restored.includes(name),
    description: describe(name, saved.includes(name), restored.includes(name)),
  });
  const names = ['sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'].map((name, index) => general(name, 16 + 8 * index));
  const rest = ['s2', 's3', 's4', 's5', 's6', 's7', 's8', 's9', 's10', 's11', ...temporaries].map((name, index) =>
    general(name, 144 + 8 * index),
  );
  const trap = ['status', 'badaddr', 'cause', 'orig_a0'].map((name, index) => ({
    name,
    offset: 256 + 8 * index,
    kept: false,
    takesEffect: false,
    description: 'Of traps alone. The trampoline leaves it as the stack was, and ignores what is written here.',
  }));
  const fields = [epcField, raField, ...names, ...argumentFields(80), ...rest, ...trap];
  return makeLayout({ type: 'pt_regs', fields, sizeOnStack: 288, keepsCallerSp: false });
}

function describe(name: string, saved: boolean, restored: boolean): string {
  if (!saved) return `Not saved: ftrace_caller keeps only what is live at a function's entry. What is written here is ignored.`;
  if (name === 'sp') {
    return 'The stack pointer inside the trampoline, the address of this frame. Written, the trampoline restores everything from there.';
  }
  if (name === 't0') return 'The resume address. The trampoline takes epc instead, and ignores what is written here.';
  if (name === 't1') return 'Zero. Written, the trampoline jumps there instead: a direct call, with t0 the resume address.';
  return restored ? `Register ${name}. Written, the function sees it.` : `Register ${name}.`;
}
