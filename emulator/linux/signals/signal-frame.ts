import type { Machine } from '../../machine';
import { LinuxError } from '../errno';
import type { UserMemory } from '../user-memory';
import { type AlternateStack, actionFlag, type SignalAction, type SignalInfo, type SignalState } from './signal-state';

/**
 * The frame that a handler finds on its stack (arch/riscv/kernel/signal.c, struct rt_sigframe; uapi/asm/ucontext.h, sigcontext.h):
 * siginfo_t, then ucontext_t, whose mcontext has pc, x1 to x31 and the floating-point state. Offsets in bytes.
 */
export const frame = {
  info: 0,
  ucontext: 128,
  /** ss_sp, ss_flags, ss_size. */
  stack: 128 + 16,
  mask: 128 + 40,
  /** pc and x1 to x31. */
  registers: 128 + 176,
  floats: 128 + 176 + 256,
  fcsr: 128 + 176 + 256 + 256,
  /** The header of an extension's state, or 0 and 0 where there is none. */
  extension: 128 + 176 + 256 + 520,
  size: 128 + 176 + 256 + 528,
} as const;

const sp = 2;
const ra = 1;
const a0 = 10;
/** The CSR with rounding mode and flags. */
const fcsr = 3;

/** Puts the frame on the handler's stack and sends the hart to it. Throws EFAULT, with nothing changed, where it does not fit. */
export function enterHandler(
  machine: Machine,
  memory: UserMemory,
  state: SignalState,
  info: SignalInfo,
  action: SignalAction,
  trampoline: bigint,
): void {
  const address = frameAddress(machine.readX(sp), state.alternate, (action.flags & actionFlag.SA_ONSTACK) !== 0n);
  memory.writeStruct(address, frame.size, (view) => {
    writeInfo(view, info);
    view.setBigUint64(frame.stack, state.alternate.pointer, true);
    view.setInt32(frame.stack + 8, state.alternate.flags, true);
    view.setBigUint64(frame.stack + 16, state.alternate.size, true);
    view.setBigUint64(frame.mask, state.restored ?? state.mask, true);
    view.setBigUint64(frame.registers, machine.pc, true);
    for (let index = 1; index < 32; index += 1) view.setBigUint64(frame.registers + index * 8, machine.readX(index), true);
    for (let index = 0; index < 32; index += 1) view.setBigUint64(frame.floats + index * 8, machine.readF(index), true);
    view.setUint32(frame.fcsr, Number(machine.readCsr(fcsr) ?? 0n), true);
  });
  if (state.alternate.flags & SS_AUTODISARM) state.alternate = { pointer: 0n, flags: SS_DISABLE, size: 0n };
  machine.writeX(sp, address);
  machine.writeX(ra, trampoline);
  machine.writeX(a0, BigInt(info.number));
  machine.writeX(a0 + 1, address + BigInt(frame.info));
  machine.writeX(a0 + 2, address + BigInt(frame.ucontext));
  machine.pc = action.handler;
}

/** rt_sigreturn: the state from the frame at the stack pointer. Throws LinuxError where it is no frame. */
export function leaveHandler(machine: Machine, memory: UserMemory, state: SignalState): void {
  const view = memory.view(machine.readX(sp), frame.size);
  if (view.getBigUint64(frame.extension, true) !== 0n) throw new LinuxError('EINVAL');
  state.mask = view.getBigUint64(frame.mask, true);
  machine.pc = view.getBigUint64(frame.registers, true);
  for (let index = 1; index < 32; index += 1) machine.writeX(index, view.getBigUint64(frame.registers + index * 8, true));
  for (let index = 0; index < 32; index += 1) machine.writeF(index, view.getBigUint64(frame.floats + index * 8, true));
  machine.writeCsr(fcsr, BigInt(view.getUint32(frame.fcsr, true)));
  const stack = {
    pointer: view.getBigUint64(frame.stack, true),
    flags: view.getInt32(frame.stack + 8, true),
    size: view.getBigUint64(frame.stack + 16, true),
  };
  // What is wrong with it is ignored here (kernel/signal.c, restore_altstack).
  setAlternateStack(state, stack, machine.readX(sp));
}

const SS_ONSTACK = 1;
const SS_DISABLE = 2;
const SS_AUTODISARM = -(2 ** 31);
/** MINSIGSTKSZ (include/uapi/asm-generic/signal.h). */
const smallestStack = 2048n;

/** Sets the alternate stack (do_sigaltstack); the error's name where that cannot be. `sp` is the stack pointer. */
export function setAlternateStack(state: SignalState, stack: AlternateStack, sp: bigint): 'EPERM' | 'EINVAL' | 'ENOMEM' | undefined {
  if (isOn(state.alternate, sp)) return 'EPERM';
  const mode = stack.flags & ~SS_AUTODISARM;
  if (mode !== SS_DISABLE && mode !== SS_ONSTACK && mode !== 0) return 'EINVAL';
  if (mode === SS_DISABLE) state.alternate = { pointer: 0n, flags: stack.flags, size: 0n };
  else if (stack.size < smallestStack) return 'ENOMEM';
  else state.alternate = stack;
  return undefined;
}

/** ss_flags as sigaltstack reports them. */
export function alternateStackFlags({ alternate }: SignalState, sp: bigint): number {
  const state = alternate.size === 0n ? SS_DISABLE : isOn(alternate, sp) ? SS_ONSTACK : 0;
  return state | (alternate.flags & SS_AUTODISARM);
}

function isOn({ pointer, size, flags }: AlternateStack, sp: bigint): boolean {
  return (flags & SS_AUTODISARM) === 0 && sp > pointer && sp - pointer <= size;
}

/** Where the frame goes; an alternate stack that it would overflow gives an address that nothing has (get_sigframe). */
function frameAddress(sp: bigint, alternate: AlternateStack, wantsAlternate: boolean): bigint {
  const size = BigInt(frame.size);
  const on = isOn(alternate, sp);
  if (on && !isOn(alternate, sp - size)) return 2n ** 64n - 1n;
  const top = wantsAlternate && !on && alternate.size > 0n ? alternate.pointer + alternate.size : sp;
  return BigInt.asUintN(64, top - size) & ~15n;
}

function writeInfo(view: DataView, { number, code, address, sender, raw }: SignalInfo): void {
  raw?.forEach((byte, index) => {
    view.setUint8(frame.info + index, byte);
  });
  view.setInt32(frame.info, number, true);
  view.setInt32(frame.info + 8, code, true);
  if (address !== undefined) view.setBigUint64(frame.info + 16, address, true);
  if (!sender) return;
  view.setInt32(frame.info + 16, sender.process, true);
  view.setInt32(frame.info + 20, sender.user, true);
}
