import { FtraceError } from '../ftrace-error';
import { comm, secondsOf } from '../output/task';
import { clockNames, clockValue, isInNanoseconds } from '../tracing/trace-clock';
import { type TraceInstance, type TracerName, taskPid } from '../tracing/trace-instance';
import { genericOptionNames, isOption, newerOptions, type OptionName, optionNames, optionsOfTracer } from '../tracing/trace-options';
import { eventLists, eventsDirectory, setEventFile } from './event-files';
import { filterFiles, linesText } from './function-files';
import { markerFiles } from './marker-files';
import { directory, file, numberOf, type TracefsNode } from './node';
import { pidFiles } from './pid-files';
import { tracePipe } from './trace-pipe';
import type { TracingState } from './tracing-state';

const tracers: readonly TracerName[] = ['function_graph', 'function', 'nop'];
/** A buffer that is not used yet has two sub-buffers. */
const unexpanded = 7;
/** 128 pages. */
const mostSubBufferKilobytes = 512;

/** The files that every instance has (kernel/trace/trace.c, `init_tracer_tracefs`). */
export function instanceFiles(state: TracingState, instance: TraceInstance): [string, TracefsNode][] {
  return [
    ['available_tracers', file(() => `${tracers.join(' ')}\n`)],
    [
      'current_tracer',
      file(
        () => `${instance.tracer}\n`,
        (text) => setTracer(instance, text),
      ),
    ],
    ['trace', traceFile(state, instance)],
    ['trace_pipe', tracePipe(state, instance)],
    [
      'tracing_on',
      file(
        () => flag(instance.isOn),
        (text) => setOn(instance, text),
      ),
    ],
    ...markerFiles(state, instance),
    ['trace_clock', clockFile(instance)],
    ['buffer_size_kb', sizeFile(instance)],
    ['buffer_total_size_kb', file(() => sizeText(instance))],
    ['buffer_percent', percentFile(instance)],
    ['buffer_subbuf_size_kb', subBufferFile(instance)],
    ['free_buffer', file(undefined, () => freeBuffer(instance))],
    ['trace_options', optionsFile(state, instance)],
    ['options', directory(() => optionNames.filter((name) => isThere(state, name)).map((name) => [name, optionFile(instance, name)]))],
    ['snapshot', snapshotFile(state, instance)],
    [
      'error_log',
      file(
        () => state.errors.join(''),
        () => state.errors.splice(0),
      ),
    ],
    ['per_cpu', directory(() => [['cpu0', perCpu(state, instance)]])],
    ['tracing_cpumask', cpumaskFile(instance)],
    ['timestamp_mode', file(() => '[delta] absolute\n')],
    ['set_event', setEventFile(state, instance)],
    ['events', eventsDirectory(state, instance)],
    ...eventLists(state, instance),
    ...pidFiles(instance),
    ...filterFiles(state, instance),
    ...(state.isOld ? [['tracing_max_latency', maxLatencyFile(instance)] as [string, TracefsNode]] : []),
  ];
}

/** What tracers of latencies find, of which there are none: what is written stays. Kernels after 6.12 have the file with such tracers only. */
function maxLatencyFile(instance: TraceInstance): TracefsNode {
  return file(
    () => `${instance.maxLatency}\n`,
    (text) => {
      instance.maxLatency = numberOf(text);
    },
  );
}

function setTracer(instance: TraceInstance, text: string): void {
  const name = tracers.find((each) => each === text.trim());
  if (!name) throw new FtraceError('EINVAL');
  instance.setTracer(name);
}

function traceFile(state: TracingState, instance: TraceInstance): TracefsNode {
  return file(
    () => state.text(instance),
    (_, truncates) => {
      if (truncates) instance.reset();
    },
  );
}

function setOn(instance: TraceInstance, text: string): void {
  instance.isOn = numberOf(text) !== 0;
}

function clockFile(instance: TraceInstance): TracefsNode {
  return file(
    () => `${clockNames.map((name) => (name === instance.clock ? `[${name}]` : name)).join(' ')}\n`,
    (text) => {
      const name = clockNames.find((each) => each === text.trim());
      if (!name) throw new FtraceError('EINVAL');
      instance.clock = name;
    },
  );
}

function sizeFile(instance: TraceInstance): TracefsNode {
  return file(
    () => sizeText(instance),
    (text) => {
      const kilobytes = numberOf(text);
      if (kilobytes === 0 || kilobytes > 1 << 20) throw new FtraceError('EINVAL');
      instance.kilobytes = kilobytes;
      instance.buffer.resize(kilobytes);
    },
  );
}

/** `buffer_subbuf_size_kb`: rounded up to a power of two of pages, at most 128. What was recorded goes. */
function subBufferFile(instance: TraceInstance): TracefsNode {
  return file(
    () => `${instance.buffer.subBufferKilobytes}\n`,
    (text) => {
      const kilobytes = numberOf(text);
      if (kilobytes === 0 || kilobytes > mostSubBufferKilobytes) throw new FtraceError('EINVAL');
      instance.buffer.setSubBufferKilobytes(kilobytes);
      instance.snapshot?.setSubBufferKilobytes(kilobytes);
    },
  );
}

function sizeText(instance: TraceInstance): string {
  instance.buffer.settle();
  const { kilobytes, defaultKilobytes, buffer } = instance;
  return kilobytes === undefined ? `${unexpanded} (expanded: ${defaultKilobytes})\n` : `${Math.floor(buffer.size / 1024)}\n`;
}

function isThere({ isOld }: TracingState, name: string): boolean {
  return !isOld || !newerOptions.has(name);
}

function optionsFile(state: TracingState, instance: TraceInstance): TracefsNode {
  return file(
    () => {
      const names = [...genericOptionNames, ...optionsOfTracer(instance.tracer)].filter((name) => isThere(state, name));
      return linesText(names.map((name) => (instance.options.is(name) ? name : `no${name}`)));
    },
    (text) => {
      const word = text.trim();
      const name = word.replace(/^no/, '');
      if (isOption(word)) setOption(instance, word, true);
      else if (word.startsWith('no') && isOption(name)) setOption(instance, name, false);
      else throw new FtraceError('EINVAL');
    },
  );
}

function optionFile(instance: TraceInstance, name: OptionName): TracefsNode {
  return file(
    () => flag(instance.options.is(name)),
    (text) => {
      const value = numberOf(text);
      if (value > 1) throw new FtraceError('EINVAL');
      setOption(instance, name, value === 1);
    },
  );
}

function setOption(instance: TraceInstance, name: OptionName, on: boolean): void {
  if (name === 'test_nop_refuse' && on) throw new FtraceError('EINVAL');
  instance.setOption(name, on);
}

function snapshotFile(state: TracingState, instance: TraceInstance): TracefsNode {
  return file(
    () => {
      if (instance.snapshot) return state.text(instance, instance.snapshot);
      return `# tracer: ${instance.tracer}\n#\n#\n# * Snapshot is freed *\n#\n${snapshotHelp}`;
    },
    (text) => {
      const value = numberOf(text);
      if (value === 0) instance.snapshot = undefined;
      else if (value === 1) instance.takeSnapshot();
      else instance.snapshot?.clear();
    },
  );
}

const snapshotHelp = `\
# Snapshot commands:
# echo 0 > snapshot : Clears and frees snapshot buffer
# echo 1 > snapshot : Allocates snapshot buffer, if not already allocated.
#                      Takes a snapshot of the main buffer.
# echo 2 > snapshot : Clears snapshot buffer (but does not allocate or free)
#                      (Doesn't have to be '2' works with any number that
#                       is not a '0' or '1')
`;

function perCpu(state: TracingState, instance: TraceInstance): TracefsNode {
  return directory(() => [
    ['buffer_size_kb', sizeFile(instance)],
    ['snapshot', snapshotFile(state, instance)],
    ['stats', file(() => stats(state, instance))],
    ['trace', traceFile(state, instance)],
    ['trace_pipe', tracePipe(state, instance)],
  ]);
}

function stats({ now }: TracingState, { buffer, clock }: TraceInstance): string {
  const oldest = buffer.record(buffer.first);
  const time = (number: number, timestamp: bigint) =>
    isInNanoseconds(clock) ? secondsOf(timestamp) : String(clockValue(clock, { number, timestamp }));
  return linesText([
    `entries: ${buffer.entries}`,
    `overrun: ${buffer.overrun}`,
    'commit overrun: 0',
    `bytes: ${buffer.usedBytes}`,
    `oldest event ts: ${oldest ? time(oldest.number, oldest.timestamp) : secondsOf(0n)}`,
    `now ts: ${time(buffer.written, now)}`,
    `dropped events: ${buffer.dropped}`,
    `read events: ${buffer.read}`,
  ]);
}

/** `buffer_percent`: how full the buffer is when a blocked reader wakes. Here nobody waits: the value is only kept. */
function percentFile(instance: TraceInstance): TracefsNode {
  return file(
    () => `${instance.bufferPercent}\n`,
    (text) => {
      const value = numberOf(text);
      if (value > 100) throw new FtraceError('EINVAL');
      instance.bufferPercent = value;
    },
  );
}

/** `free_buffer`: what its last reader leaves is emptied, and with the option nothing more is recorded. */
function freeBuffer(instance: TraceInstance): void {
  if (instance.options.is('disable_on_free')) instance.isOn = false;
  instance.reset();
}

/** A mask of harts in hexadecimal (`bitmap_parse`); there is one. */
function cpumaskFile(instance: TraceInstance): TracefsNode {
  return file(
    () => flag(instance.tracesHart),
    (text) => {
      const word = text.trim().replaceAll(',', '');
      if (!/^[0-9a-f]+$/i.test(word)) throw new FtraceError('EINVAL');
      if (BigInt(`0x${word}`) > 1n) throw new FtraceError('EOVERFLOW');
      instance.tracesHart = BigInt(`0x${word}`) === 1n;
    },
  );
}

function flag(on: boolean): string {
  return on ? '1\n' : '0\n';
}

/** `saved_cmdlines`: the one task there is. */
export function savedCommandLines({ ftrace }: TracingState): string {
  return `${taskPid} ${comm(ftrace.program.name)}\n`;
}
