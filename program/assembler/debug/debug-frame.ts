import { ByteBuffer } from '../byte-buffer';
import type { FrameDescription } from '../call-frames';
import { encodeLeb128 } from '../leb128';
import { addressOf } from '../output-sections';
import { offsetOf } from '../relax';
import type { Section } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { debugSection } from './debug-sections';

const dataAlignment = -8n;
const stackPointer = 2;
const noId = 0xffffffff;

/** `.debug_frame` (DWARF 5, section 6.4.1) from what the source's `.cfi` directives say: an entry with the rules at a function's start for each kind of function, and one for each function. */
export function frameSection(source: SourceAssembler): Section[] {
  const frames = source.frames.all.filter(({ end }) => end);
  if (frames.length === 0) return [];
  const section = debugSection('.debug_frame');
  const commons = new Map<string, number>();
  for (const frame of frames) {
    const key = `${frame.isSimple} ${frame.returnColumn} ${frame.isSignalFrame}`;
    let common = commons.get(key);
    if (common === undefined) {
      common = section.fixed.length;
      commons.set(key, common);
      appendEntry(section.fixed, commonEntry(frame));
    }
    appendDescription(source, section, frame, common);
  }
  return [section];
}

function commonEntry({ isSimple, returnColumn, isSignalFrame }: FrameDescription): ByteBuffer {
  const entry = new ByteBuffer();
  entry.append32(noId);
  entry.append(Uint8Array.of(4, ...(isSignalFrame ? [0x53] : []), 0, 8, 0));
  entry.append(
    Uint8Array.of(...encodeLeb128(1n, false), ...encodeLeb128(dataAlignment, true), ...encodeLeb128(BigInt(returnColumn), false)),
  );
  if (!isSimple) entry.append(Uint8Array.of(0x0c, stackPointer, 0));
  return entry;
}

function appendDescription(source: SourceAssembler, section: Section, frame: FrameDescription, common: number): void {
  const entry = new ByteBuffer();
  entry.append32(0);
  entry.appendValue(addressOf(frame.start), 8);
  entry.appendValue(BigInt(offsetOf(frame.end!) - offsetOf(frame.start)), 8);
  let at = offsetOf(frame.start);
  for (const step of frame.steps) {
    const next = offsetOf(step.at);
    appendAdvance(entry, next - at);
    at = next;
    entry.append(step.bytes);
  }
  const place = { section, fragment: 0, offset: section.fixed.length + 4 };
  section.fixups.push({
    kind: 'data',
    place,
    size: 4,
    expression: { kind: 'place', place: { section, fragment: 0, offset: common } },
    span: source.span,
  });
  appendEntry(section.fixed, entry);
}

function appendAdvance(entry: ByteBuffer, distance: number): void {
  if (distance === 0) return;
  if (distance < 0x40) entry.append(Uint8Array.of(0x40 | distance));
  else if (distance < 0x100) entry.append(Uint8Array.of(0x02, distance));
  else if (distance < 0x10000) {
    entry.append(Uint8Array.of(0x03));
    entry.append16(distance);
  } else {
    entry.append(Uint8Array.of(0x04));
    entry.append32(distance);
  }
}

/** The length, the entry, and DW_CFA_nop up to a multiple of 8 bytes. */
function appendEntry(section: ByteBuffer, entry: ByteBuffer): void {
  entry.skip((8 - ((entry.length + 4) % 8)) % 8);
  section.append32(entry.length);
  section.append(entry.bytes);
}
