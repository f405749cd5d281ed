import type { GuestException, Stop } from '../../machine';
import { LinuxError } from '../errno';
import type { ProcessState } from '../process-state';
import { faultSignal } from './fault-signal';
import { enterHandler, leaveHandler } from './signal-frame';
import { defaultAction, signal, signalName } from './signal-names';
import { actionFlag, SIG_DFL, SIG_IGN, type SignalAction, type SignalInfo, signalCode } from './signal-state';

/**
 * Brings signals to the program, as the kernel does on its way back to it (kernel/signal.c, arch/riscv/kernel/signal.c): into a
 * handler, or to the program's end. A signal that would end the program first stops it, so that it can be looked at where it is;
 * the program ends when it runs on from there and the same comes again.
 */
export class SignalDelivery {
  /** Whether a fault that has a handler stops the program too, before the handler runs. */
  stopsAtHandledFaults = false;
  readonly #state: ProcessState;
  readonly #trampoline: bigint;
  #restores = false;
  /** The end that waits for the program to run on. */
  #end: Stop | undefined;
  /** The fault that was reported: it has come again where nothing has retired since. */
  #reported: { readonly pc: bigint; readonly instret: bigint } | undefined;

  constructor(state: ProcessState, trampoline: bigint) {
    this.#state = state;
    this.#trampoline = trampoline;
  }

  /** When the hart must be interrupted: for the program's end, or a timer. */
  get interruptAt(): bigint | undefined {
    return this.#end ? 0n : this.#state.timers.nextInstret;
  }

  interrupt(): Stop | undefined {
    if (this.#end) return this.#end;
    const { signals, timers } = this.#state;
    for (const number of timers.expire()) signals.send({ number, code: signalCode.kernel });
    return this.#deliver();
  }

  /** rt_sigreturn: once it has retired, the state that the handler's frame keeps is that of the hart. */
  restoreAfterCall(): void {
    this.#restores = true;
  }

  afterCall(): Stop | undefined {
    const { machine, memory, signals } = this.#state;
    if (this.#restores) {
      this.#restores = false;
      try {
        leaveHandler(machine, memory, signals);
      } catch (error) {
        if (!(error instanceof LinuxError)) throw error;
        signals.force({ number: signal.SIGSEGV, code: signalCode.kernel, address: 0n });
      }
    }
    return signals.isDue ? this.#deliver() : undefined;
  }

  /** A fault goes to its handler; without one, or blocked, it stops the program and then ends it. */
  fault(exception: GuestException): Stop | undefined {
    const { machine, memory, signals } = this.#state;
    const info = faultSignal(exception, machine.pc, memory.memory);
    const { handler } = signals.actionOf(info.number);
    const isHandled = handler !== SIG_DFL && handler !== SIG_IGN && !signals.isBlocked(info.number);
    if (isHandled && !this.stopsAtHandledFaults) return this.#enter(info, exception);
    const { pc, instret } = machine;
    if (this.#reported?.pc !== pc || this.#reported.instret !== instret) {
      this.#reported = { pc, instret };
      return { kind: 'exception', exception: { ...exception, signal: signalName(info.number) } };
    }
    this.#reported = undefined;
    return isHandled ? this.#enter(info, exception) : ending(info.number);
  }

  /** Acts on all signals that wait and are not blocked. */
  #deliver(): Stop | undefined {
    const { signals } = this.#state;
    for (;;) {
      const info = signals.take();
      if (!info) {
        if (signals.restored !== undefined) signals.mask = signals.restored;
        signals.restored = undefined;
        return undefined;
      }
      const stop = this.#act(info);
      if (stop) return stop;
    }
  }

  #act(info: SignalInfo): Stop | undefined {
    const { signals, noteOnce } = this.#state;
    const { number } = info;
    if (signals.isIgnored(number)) return undefined;
    if (signals.actionOf(number).handler !== SIG_DFL) return this.#enter(info);
    if (defaultAction(number) === 'stop') {
      noteOnce(`${signalName(number)} would stop the program until somebody continues it: it goes on`);
      return undefined;
    }
    return this.#endBy(info);
  }

  #enter(info: SignalInfo, exception?: GuestException): Stop | undefined {
    const { machine, memory, signals } = this.#state;
    const { number } = info;
    const action: SignalAction = signals.actionOf(number);
    if (action.flags & actionFlag.SA_RESETHAND) signals.reset(number);
    try {
      enterHandler(machine, memory, signals, info, action, this.#trampoline);
    } catch (error) {
      if (!(error instanceof LinuxError)) throw error;
      // No room for the frame: a SIGSEGV, and where that is what had no room, the end (force_sigsegv).
      if (number === signal.SIGSEGV) signals.reset(number);
      signals.force({ number: signal.SIGSEGV, code: signalCode.kernel, address: 0n });
      return exception ? this.#frameless(exception) : undefined;
    }
    signals.entered(number, action);
    return undefined;
  }

  /** A fault whose handler has no stack to run on. */
  #frameless(exception: GuestException): Stop | undefined {
    const { signals } = this.#state;
    const { handler } = signals.actionOf(signal.SIGSEGV);
    if (handler !== SIG_DFL && handler !== SIG_IGN) return this.#deliver();
    signals.take();
    this.#end = ending(signal.SIGSEGV);
    const message = `${exception.message}; there is no room on the stack for the handler's frame`;
    return { kind: 'exception', exception: { ...exception, message, signal: signalName(signal.SIGSEGV) } };
  }

  #endBy({ number, sender, code }: SignalInfo): Stop {
    const name = signalName(number);
    this.#end = ending(number);
    const cause = sender
      ? 'the program has sent it to itself'
      : code === signalCode.kernel
        ? 'a timer or the kernel has sent it'
        : 'it was queued';
    const message = `${name}: ${cause}, and it has no handler`;
    return { kind: 'exception', exception: { cause: 'signal', value: BigInt(number), message, signal: name } };
  }
}

/** What a shell tells of a program that a signal has ended. */
function ending(number: number): Stop {
  return { kind: 'exit', code: 128 + number, signal: signalName(number) };
}
