import { type RecordedFrame, type RecordWord, rangeHook, recordingHook, repeatWord, testingHook } from '../emulator/recorder/hooks';
import type { NativeHook } from '../emulator/recorder/native-hook';
import type { FrameLayout } from './frame-layout';
import type { TracerFunction } from './ftrace-ops';
import { ftraceRegsNames } from './ftrace-regs';
import { recordType } from './ring-buffer';

/** Users of a group of the engine, as bits, among those of it that are `off` or are not. */
export interface GroupSwitch {
  readonly group: number;
  readonly users: number;
}

const [a0, a1, a2, a3] = [10, 11, 12, 13];

/** The tracers that the engine can be by itself, by the number that the action of a group of keys names them with. */
const ids: Partial<Record<TracerFunction, number>> = {
  function_trace_call: 2,
  function_args_trace_call: 3,
  ftrace_graph_func: 4,
  function_no_repeats_trace_call: 5,
  stack_trace_call: 6,
  fprobe_ftrace_entry: 7,
  function_trace_probe_call: 8,
  function_stack_trace_call: 9,
  function_stack_no_repeats_trace_call: 10,
};

export function nativeTracerId(func: TracerFunction | bigint): number | undefined {
  return typeof func === 'bigint' ? undefined : ids[func];
}

/**
 * A tracer as the engine has it. The function tracer writes the bytes that `RingBuffer` keeps of a call, where ip and op are a key; the
 * stack tracer looks whether the frame is one that is no deeper than others were; what calls commands on functions writes the same bytes,
 * for the commands to be done later. Undefined for other tracers, and for those that the engine has to be told more for. The frames are
 * those of the model's trampolines.
 */
export function nativeTracer(
  func: TracerFunction,
  [usual, other]: readonly [FrameLayout, FrameLayout | undefined],
): NativeHook | undefined {
  const id = nativeTracerId(func);
  if (id === undefined || func === 'ftrace_graph_func' || func === 'fprobe_ftrace_entry') return undefined;
  if (func === 'stack_trace_call') return rangeHook(id, [a0, a2], a3);
  const hasStacks = func === 'function_stack_trace_call' || func === 'function_stack_no_repeats_trace_call';
  const stacks = hasStacks ? 'always' : func === 'function_trace_probe_call' ? 'asked' : undefined;
  const hasRepeats = func === 'function_no_repeats_trace_call' || func === 'function_stack_no_repeats_trace_call';
  const repeats = hasRepeats ? { registers: [a0, a1] as const, words: repeatsRecord } : undefined;
  const frames = [recordOf(usual), ...(other ? [recordOf(other)] : [])] as [RecordedFrame, RecordedFrame?];
  const switches = func === 'function_trace_probe_call';
  return recordingHook({ id, key: [a0, a2], register: a3, frames, switches, ...(repeats && { repeats }), ...(stacks && { stacks }) });
}

/** The record of a call, as `RingBuffer` keeps it. */
function recordOf(layout: FrameLayout): RecordedFrame {
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
  const named = (name: (typeof ftraceRegsNames)[number]): RecordWord =>
    words[words.length - ftraceRegsNames.length + ftraceRegsNames.indexOf(name)]!;
  const walk = { entry: named('epc'), pc: words[2]!, sp: named('sp'), s0: named('s0') };
  return { size: layout.size, words, walk };
}

/** The record of calls that were like the last one: their count and the time of the last are its registers. */
const repeatsRecord: readonly RecordWord[] = [
  { kind: 'instret' },
  { kind: 'group word', index: repeatWord.first },
  { kind: 'group word', index: repeatWord.second },
  { kind: 'constant', value: BigInt(recordType.repeats) },
  { kind: 'group word', index: repeatWord.count },
  { kind: 'group word', index: repeatWord.time },
  ...Array.from({ length: ftraceRegsNames.length - 2 }, () => ({ kind: 'constant', value: 0n }) as const),
];

/** `ftrace_ops_test(op, ip)`. */
export const nativeOpsTest = testingHook([a1, a0], a0);
