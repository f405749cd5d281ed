import type { Stop } from '../../emulator/machine';
import type { FunctionCall } from '../../program/expressions/calls';
import { ExpressionError } from '../../program/expressions/expression-error';
import { floatAbiOf } from '../../program/frames/call-arguments';
import { layOutCall, resultBytes } from '../../program/frames/call-layout';
import { sizeOf } from '../../program/types/base-types';
import { ofBytes, type Value } from '../../program/values/value';
import type { Debuggee } from '../debuggee';

const [ra, sp, fcsr] = [1, 2, 3];
const registers = Array.from({ length: 32 }, (_, number) => number);
/** Instructions of one slice, and milliseconds of a whole call. */
const slice = 10_000_000;
const longest = 5_000;

/**
 * Runs a function of the program, as gdb's `print f(1)` does: below the stack, to its return to the entry point, with all registers
 * as before after it. What it has written to memory stays. Throws ExpressionError where it does not return by itself.
 */
export function callFunction(debuggee: Debuggee, { address, result, operands }: FunctionCall): Value {
  const { machine, program } = debuggee;
  if (debuggee.inTrampoline(machine.pc)) throw new ExpressionError('No function is called while the tracer is at work');
  const layout = layOutCall(operands, result, machine.readX(sp) - redZone, floatAbiOf(program));
  for (const [place, bytes] of layout.memory) {
    if (machine.memory.read(place, bytes.length).length < bytes.length)
      throw new ExpressionError('The stack has no room for the arguments');
    machine.memory.write(place, bytes);
  }
  const restore = keepRegisters(debuggee);
  try {
    for (const [number, value] of layout.x) machine.writeX(number, value);
    for (const [number, value] of layout.f) machine.writeF(number, value);
    machine.writeX(sp, layout.sp);
    machine.writeX(ra, program.entry);
    machine.pc = address;
    const stop = runTo(debuggee, program.entry, layout.sp);
    if (stop) throw new ExpressionError(problemOf(debuggee, stop));
    if (!layout.result) return { type: result, location: { kind: 'value', bytes: new Uint8Array() }, from: 0 };
    const size = sizeOf(result) ?? 0;
    const { address: place } = layout.result;
    const bytes = place === undefined ? undefined : machine.memory.read(place, size);
    return ofBytes(
      result,
      bytes ??
        resultBytes(
          layout.result,
          size,
          (number) => machine.readX(number),
          (number) => machine.readF(number),
        ),
    );
  } finally {
    restore();
  }
}

/** Bytes below sp that code without a frame of its own may use. */
const redZone = 128n;

function keepRegisters({ machine }: Debuggee): () => void {
  const { pc } = machine;
  const x = registers.map((number) => machine.readX(number));
  const f = registers.map((number) => machine.readF(number));
  const status = machine.readCsr(fcsr);
  return () => {
    for (const number of registers) machine.writeX(number, x[number]!);
    for (const number of registers) machine.writeF(number, f[number]!);
    if (status !== undefined) machine.writeCsr(fcsr, status);
    machine.pc = pc;
  };
}

/** Runs until the function has returned; what has stopped it before, otherwise. */
function runTo({ machine }: Debuggee, end: bigint, top: bigint): Stop | 'too long' | undefined {
  const deadline = performance.now() + longest;
  machine.setHook(end, () => (machine.readX(sp) === top ? 'stop' : 'continue'));
  try {
    for (;;) {
      const stop = machine.run(slice, deadline);
      const hasReturned = machine.pc === end && machine.readX(sp) === top;
      if (hasReturned && (stop.kind === 'hook' || stop.kind === 'breakpoint')) return undefined;
      // A marker that stops at each call is for the program's own.
      if (stop.kind !== 'hook' && stop.kind !== 'budget' && stop.kind !== 'trap') return stop;
      if (performance.now() >= deadline) return 'too long';
    }
  } finally {
    machine.clearHook(end);
  }
}

function problemOf(debuggee: Debuggee, stop: Stop | 'too long'): string {
  const place = debuggee.code.describe(debuggee.machine.pc) ?? `0x${debuggee.machine.pc.toString(16)}`;
  const kept = 'the registers are as before the call';
  if (stop === 'too long') return `It has not returned after ${longest / 1000} seconds, at ${place}: ${kept}`;
  switch (stop.kind) {
    case 'breakpoint':
      return `There is a breakpoint in it, at ${place}: ${kept}`;
    case 'exception':
      return `It has faulted at ${place}: ${kept}`;
    case 'exit':
      debuggee.hasExited(stop.code);
      return 'It has ended the program';
    default:
      return `It waits at ${place}: ${kept}`;
  }
}
