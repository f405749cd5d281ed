import type { Program } from '../../program/program';
import { comm } from '../output/task';
import type { TraceText } from '../output/trace-text';
import { type RingBuffer, recordType, type TraceRecord } from '../ring-buffer';
import { builtInFormats, headerEvent, headerPage } from '../tracefs/built-in-formats';
import { taskPid } from '../tracing/trace-instance';
import { ByteWriter } from './byte-writer';
import { eventFields, eventFormats, eventOf } from './event-data';

const pageSize = 4096;
const pageHeader = 16;
/** From the compression's point of view: `none` of version "". */
/** The instances' buffers are options of version 6, and the numbers of sections of version 7. */
const sections = { options: 0, buffer: 3, headerInfo: 16, ftraceEvents: 17, eventFormats: 18, kallsyms: 19, printk: 20, cmdlines: 21 };

export interface TraceDatSource {
  readonly program: Program;
  readonly trampoline: Program;
  readonly text: TraceText;
  /** Up to 6.12, some records differ. */
  readonly isOld: boolean;
}

/** A buffer of the file: of the top instance, which has no name, or of another one. */
export interface TraceDatBuffer {
  readonly name: string;
  readonly buffer: RingBuffer;
}

/**
 * Buffers, that of the top instance first, as a `trace.dat` file of version 6 or 7 (trace-cmd.dat.v6(5), .v7(5)), for trace-cmd and
 * KernelShark.
 */
export function traceDat(buffers: readonly TraceDatBuffer[], source: TraceDatSource, version: 6 | 7): Uint8Array {
  const parts = {
    headerInfo: headerInfo(source.isOld),
    ftraceEvents: ftraceEvents(source.isOld),
    eventFormats: eventFormats(buffers.map(({ buffer }) => buffer)),
    kallsyms: new ByteWriter().sized32(kallsyms(source)),
    printk: new ByteWriter().sized32(''),
    cmdlines: new ByteWriter().sized64(`${taskPid} ${comm(source.program.name)}\n`),
  };
  const written = buffers.map(({ name, buffer }) => ({ name, pages: bufferPages(buffer, source) }));
  return version === 6 ? version6(parts, written) : version7(parts, written);
}

interface WrittenBuffer {
  readonly name: string;
  readonly pages: Uint8Array;
}

type Parts = Record<'headerInfo' | 'ftraceEvents' | 'eventFormats' | 'kallsyms' | 'printk' | 'cmdlines', ByteWriter>;

function start(version: 6 | 7): ByteWriter {
  return new ByteWriter()
    .bytes(Uint8Array.of(0x17, 0x08, 0x44))
    .text('tracing')
    .string(String(version))
    .u8(0)
    .u8(8)
    .u32(pageSize);
}

function version6(parts: Parts, [top, ...others]: readonly WrittenBuffer[]): Uint8Array {
  const out = start(6);
  for (const part of [parts.headerInfo, parts.ftraceEvents, parts.eventFormats, parts.kallsyms, parts.printk, parts.cmdlines]) {
    out.bytes(part.done());
  }
  out.u32(1).text('options  \0');
  const offsets = others.map(({ name }) => {
    const option = new ByteWriter().u64(0n).string(name).done();
    const at = out.u16(sections.buffer).u32(option.length).length;
    out.bytes(option);
    return at;
  });
  out.u16(0);
  flyRecord(out, top!.pages);
  others.forEach(({ pages }, index) => {
    out.patch64(offsets[index]!, BigInt(out.length));
    flyRecord(out, pages);
  });
  return out.done();
}

/** The pages of one CPU, behind where they are and how many bytes. */
function flyRecord(out: ByteWriter, pages: Uint8Array): void {
  out.text('flyrecord\0');
  const data = Math.ceil((out.length + 16) / pageSize) * pageSize;
  out.u64(BigInt(data)).u64(BigInt(pages.length)).align(pageSize).bytes(pages);
}

function version7(parts: Parts, buffers: readonly WrittenBuffer[]): Uint8Array {
  const out = start(7).string('none').string('');
  const optionsAt = out.length;
  out.u64(0n);
  const options = new ByteWriter();
  for (const [name, part] of Object.entries(parts)) {
    const id = sections[name as keyof Parts];
    options.u16(id).u32(8).u64(BigInt(out.length));
    section(out, id, part.done());
  }
  for (const { name, pages } of buffers) {
    const start = out.length;
    const data = Math.ceil((start + sectionHeader) / pageSize) * pageSize;
    out.u16(sections.buffer).u16(0).u32(0);
    out
      .u64(BigInt(data - start - sectionHeader + pages.length))
      .align(pageSize)
      .bytes(pages);
    const option = new ByteWriter().u64(BigInt(start)).string(name).string('local').u32(pageSize).u32(1);
    option.u32(0).u64(BigInt(data)).u64(BigInt(pages.length));
    options.u16(sections.buffer).u32(option.length).bytes(option.done());
  }
  options.u16(8).u32(4).u32(1);
  options.u16(0).u32(8).u64(0n);
  out.patch64(optionsAt, BigInt(out.length));
  section(out, sections.options, options.done());
  return out.done();
}

const sectionHeader = 16;

function section(out: ByteWriter, id: number, content: Uint8Array): void {
  out.u16(id).u16(0).u32(0).u64(BigInt(content.length)).bytes(content);
}

function headerInfo(isOld: boolean): ByteWriter {
  return new ByteWriter().string('header_page').sized64(headerPage(isOld)).string('header_event').sized64(headerEvent);
}

function ftraceEvents(isOld: boolean): ByteWriter {
  const formats = builtInFormats(isOld);
  const out = new ByteWriter().u32(formats.length);
  for (const { text } of formats) out.sized64(text);
  return out;
}

function kallsyms({ program, trampoline }: TraceDatSource): string {
  const symbols = [program, trampoline].flatMap(({ symbols: { all } }) => all.filter(({ kind }) => kind === 'function'));
  return symbols.map(({ address, name, global }) => `${address.toString(16).padStart(16, '0')} ${global ? 'T' : 't'} ${name}\n`).join('');
}

/** Sub-buffers of one page: a timestamp, the length of what follows, and events with 27 bits of time since the one before. */
function bufferPages(buffer: RingBuffer, source: TraceDatSource): Uint8Array {
  const out = new ByteWriter();
  let page: ByteWriter | undefined;
  let [pageTime, last] = [0n, 0n];
  const flush = () => {
    if (page) out.u64(pageTime).u64(BigInt(page.length)).bytes(page.done()).align(pageSize);
    page = undefined;
  };
  for (const record of buffer.from(0)) {
    const data = eventData(record, source);
    if (!data) continue;
    if (page && page.length + data.length + 24 > pageSize - pageHeader) flush();
    if (!page) {
      page = new ByteWriter();
      pageTime = last = record.timestamp;
    }
    const delta = record.timestamp - last;
    last = record.timestamp;
    const low = Number(delta & 0x7ffffffn);
    if (delta >> 27n > 0n) page.u32(((low << 5) | 30) >>> 0).u32(Number(delta >> 27n));
    page
      .u32(delta >> 27n > 0n ? 0 : (low << 5) >>> 0)
      .u32(data.length + 4)
      .bytes(data);
  }
  flush();
  if (out.length === 0) out.u64(0n).u64(0n).align(pageSize);
  return out.done();
}

/** The record as the kernel's formats have it; what they have no form for is text. */
function eventData(record: TraceRecord, { text, isOld }: TraceDatSource): Uint8Array | undefined {
  const out = new ByteWriter();
  const head = (type: number) => out.u16(type).u8(0).u8(0).u32(taskPid);
  const event = eventOf(record);
  if (event) return head(event.event.id).bytes(eventFields(event)).align(4).done();
  switch (record.type) {
    case recordType.function:
      head(record.type).u64(record.ip).u64(record.parentIp);
      break;
    case recordType.graphEntry:
      head(record.type).u64(record.ip);
      if (isOld) out.u32(record.depth);
      else out.u64(BigInt(record.depth));
      break;
    case recordType.graphExit:
      head(record.type).u64(record.ip).u32(record.depth).u32(Number(record.words[3]!)).u64(record.words[0]!).u64(record.words[1]!);
      break;
    case recordType.stack: {
      const frames = record.payload as readonly bigint[];
      head(record.type).u32(frames.length).u32(0);
      for (const frame of frames) out.u64(frame);
      break;
    }
    default:
      head(recordType.print)
        .u64(record.ip)
        .string(`${text.body(record)}\n`);
  }
  return out.align(4).done();
}
