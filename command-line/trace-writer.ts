import { ftraceRegsNames } from '../ftrace/ftrace-regs';
import type { TraceText } from '../ftrace/output/trace-text';
import type { RingBuffer, TraceRecord } from '../ftrace/ring-buffer';

const linesPerWrite = 1000;

/** Writes the whole trace as text or JSON lines, in pieces, until `write` answers that nobody reads any more. */
export function writeTrace(trace: RingBuffer, text: TraceText, json: boolean, write: (bytes: Uint8Array) => boolean): void {
  let lines = json ? [] : text.header(trace);
  const flush = () => {
    const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    lines = [];
    return write(bytes);
  };
  for (const record of trace.from(0)) {
    lines.push(json ? jsonOf(record, text) : text.line(record));
    if (lines.length >= linesPerWrite && !flush()) return;
  }
  flush();
}

function jsonOf(record: TraceRecord, text: TraceText): string {
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
