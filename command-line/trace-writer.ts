import { chromeTrace } from '../ftrace/export/chrome-trace';
import { cpuProfile } from '../ftrace/export/cpu-profile';
import { foldedStacks } from '../ftrace/export/folded-stacks';
import { traceDat } from '../ftrace/export/trace-dat';
import { ftraceRegsNames } from '../ftrace/ftrace-regs';
import type { TraceText } from '../ftrace/output/trace-text';
import { recordType, type TraceRecord } from '../ftrace/ring-buffer';
import type { TracingState } from '../ftrace/tracefs/tracing-state';

/** What a trace can be written as. */
export const traceFormats = ['text', 'json', 'chrome', 'cpuprofile', 'folded', 'trace.dat', 'trace.dat.v6'] as const;
export type TraceFormat = (typeof traceFormats)[number];

const linesPerWrite = 1000;

/** Writes the whole trace of the top instance, as `trace.dat` those of all, in pieces, until `write` answers that nobody reads any more. */
export function writeTrace(state: TracingState, format: TraceFormat, write: (bytes: Uint8Array) => boolean): void {
  if (format === 'trace.dat' || format === 'trace.dat.v6') {
    const { program, trampoline, trace } = state.ftrace;
    const others = [...state.instances.values()].map(({ name, buffer }) => ({ name, buffer }));
    const buffers = [{ name: '', buffer: trace }, ...others];
    write(traceDat(buffers, { program, trampoline, text: state.traceText(state.top), isOld: state.isOld }, format === 'trace.dat' ? 7 : 6));
    return;
  }
  let lines: string[] = [];
  const flush = () => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    lines = [];
    return write(bytes);
  };
  for (const line of linesOf(state, format)) {
    lines.push(line);
    if (lines.length >= linesPerWrite && !flush()) return;
  }
  flush();
}

function* linesOf(state: TracingState, format: Exclude<TraceFormat, 'trace.dat' | 'trace.dat.v6'>): Generator<string> {
  const { top, symbols } = state;
  const { program, trace } = state.ftrace;
  const text = state.traceText(top);
  switch (format) {
    case 'text':
      yield* state.lines(top, trace, true);
      break;
    case 'json':
      for (const record of trace.from(0)) yield jsonOf(record, text);
      break;
    case 'chrome':
      yield* chromeTrace(trace, text, program.name);
      break;
    case 'cpuprofile':
      yield cpuProfile(trace, symbols, program);
      break;
    case 'folded':
      yield* foldedStacks(trace, symbols);
  }
}

function jsonOf(record: TraceRecord, text: TraceText): string {
  if (record.type !== recordType.function) {
    return JSON.stringify({ timestamp: Number(record.timestamp), depth: record.depth, event: text.body(record) });
  }
  return JSON.stringify({
    ip: hex(record.ip),
    parent_ip: hex(record.parentIp),
    timestamp: Number(record.timestamp),
    function: text.symbol(record.ip),
    parent: text.symbol(record.parentIp),
    ftrace_regs: Object.fromEntries(ftraceRegsNames.map((name) => [name, hex(record.regs[name])])),
  });
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
