import { type RecordWord, recordingHook, testingHook } from '../emulator/recorder/hooks';
import type { NativeHook } from '../emulator/recorder/native-hook';
import type { FrameLayout } from './frame-layout';
import type { TracerFunction } from './ftrace-ops';
import { ftraceRegsNames } from './ftrace-regs';
import { recordType } from './ring-buffer';

const [a0, a1, a2, a3] = [10, 11, 12, 13];

/** The tracers that the engine can be by itself, by the number that the action of a group of keys names them with. */
const ids: Partial<Record<TracerFunction, number>> = {
  function_trace_call: 2,
  function_args_trace_call: 3,
  ftrace_graph_func: 4,
};

export function nativeTracerId(func: TracerFunction | bigint): number | undefined {
  return typeof func === 'bigint' ? undefined : ids[func];
}

/**
 * The function tracer as the engine has it: where ip and op are a key, it writes the bytes that `RingBuffer` keeps of a call. Undefined
 * for other tracers.
 */
export function nativeTracer(func: TracerFunction, layout: FrameLayout): NativeHook | undefined {
  const id = nativeTracerId(func);
  if (id === undefined || func === 'ftrace_graph_func') return undefined;
  const words: RecordWord[] = [
    { kind: 'instret' },
    { kind: 'register', number: a0 },
    { kind: 'register', number: a1 },
    { kind: 'constant', value: BigInt(recordType.function) },
  ];
  for (const name of ftraceRegsNames) {
    const field = layout.field(name);
    if (name === 'sp' && !layout.keepsCallerSp) words.push({ kind: 'above frame', plus: layout.sizeOnStack });
    else words.push(field?.kept ? { kind: 'frame', offset: field.offset } : { kind: 'constant', value: 0n });
  }
  return recordingHook({ id, key: [a0, a2], frame: { register: a3, size: layout.size }, words });
}

/** `ftrace_ops_test(op, ip)`. */
export const nativeOpsTest = testingHook([a1, a0], a0);
