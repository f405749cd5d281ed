import type { ByteBuffer } from '../byte-buffer';
import { dataAlignment, type EncodedAddress, type FrameDescription, type FrameStep } from '../call-frames';
import type { Expression } from '../expression';
import { appendLeb128 } from '../leb128';
import { offsetOf } from '../relax';
import { type Place, Section } from '../section';
import { attributesOf } from '../section-attributes';
import type { SourceAssembler } from '../source-assembler';
import { debugSection } from './debug-sections';

/** The two forms of the same tables: `.eh_frame` of the System V ABI, which is loaded, and `.debug_frame` of DWARF. */
type Form = 'eh' | 'debug';

const stackPointer = 2;
const noId = 0xffffffff;
const signedDistance = 0x1b;
const [defineRegister, advance1, advance2, advance4] = [0x0d, 0x02, 0x03, 0x04];

/** `.eh_frame` as GNU as writes it (dw2gencfi.c), from the `.cfi` directives of sources that do not choose another section. */
export function loadedFrames(sources: readonly SourceAssembler[]): Section[] {
  return sources.flatMap((source) => (source.frames.inLoaded ? frameSection(source, 'eh') : []));
}

/** `.debug_frame` (DWARF 5, section 6.4.1), which there always is: an entry with the rules at a function's start, and one for each function. */
export function debugFrames(source: SourceAssembler): Section[] {
  return frameSection(source, 'debug');
}

function frameSection(source: SourceAssembler, form: Form): Section[] {
  const frames = source.frames.all.filter(({ end }) => end);
  if (frames.length === 0) return [];
  const section = form === 'eh' ? new Section('.eh_frame', { ...attributesOf('.eh_frame'), flags: 2 }) : debugSection('.debug_frame');
  if (form === 'eh') section.align(8);
  const commons = new Map<string, number>();
  for (const frame of frames) {
    const { isSimple, returnColumn, isSignalFrame, personality, lsda, steps } = frame;
    const shared = steps.slice(0, sharedSteps(frame));
    const ofExceptions = form === 'eh' ? `${personality?.encoding} ${nameOf(personality?.expression)} ${lsda?.encoding}` : '';
    const key = `${isSimple} ${returnColumn} ${isSignalFrame} ${ofExceptions} ${shared.map(({ bytes }) => bytes.join()).join()}`;
    let common = commons.get(key);
    if (common === undefined) {
      common = section.fixed.length;
      commons.set(key, common);
      new Entry(section, form).common(frame, shared);
    }
    new Entry(section, form).description(frame, steps.slice(shared.length), common);
  }
  return [section];
}

/** How many steps at the start of a function belong to the entry that functions share (dw2gencfi.c, select_cie_for_fde). */
function sharedSteps({ start, steps }: FrameDescription): number {
  const first = steps.findIndex(({ at, isOwn }) => isOwn || at.fragment !== start.fragment || at.offset !== start.offset);
  return first < 0 ? steps.length : first;
}

function nameOf(expression: Expression | undefined): string {
  return expression?.kind === 'symbol' ? expression.symbol.name : '';
}

/** One entry, written to the end of the section: its length, its contents, and DW_CFA_nop up to a multiple of 4 or 8 bytes. */
class Entry {
  private readonly start: number;
  private readonly bytes: ByteBuffer;

  constructor(
    private readonly section: Section,
    private readonly form: Form,
  ) {
    this.bytes = section.fixed;
    this.start = this.bytes.length;
    this.bytes.skip(4);
  }

  /** What all frames of a kind have in common. */
  common({ isSimple, returnColumn, isSignalFrame, personality, lsda, span }: FrameDescription, steps: readonly FrameStep[]): void {
    const { bytes } = this;
    const isLoaded = this.form === 'eh';
    bytes.append32(isLoaded ? 0 : noId);
    bytes.appendByte(3);
    const letters = isLoaded ? `z${personality ? 'P' : ''}${lsda ? 'L' : ''}R` : '';
    for (const letter of `${letters}${isSignalFrame ? 'S' : ''}\0`) bytes.appendByte(letter.charCodeAt(0));
    appendLeb128(bytes, 1, false);
    appendLeb128(bytes, Number(dataAlignment), true);
    appendLeb128(bytes, returnColumn, false);
    if (isLoaded) {
      appendLeb128(bytes, 1 + (personality ? 1 + sizeOf(personality) : 0) + (lsda ? 1 : 0), false);
      if (personality) {
        bytes.appendByte(personality.encoding);
        this.address(personality, span);
      }
      if (lsda) bytes.appendByte(lsda.encoding);
      bytes.appendByte(signedDistance);
    }
    if (!isSimple) {
      bytes.appendByte(defineRegister);
      bytes.appendByte(stackPointer);
    }
    for (const step of steps) bytes.append(step.bytes);
    this.finish();
  }

  /** The rules of one function, less those that it shares; `common` is the offset of the entry that it refers to. */
  description(frame: FrameDescription, steps: readonly FrameStep[], common: number): void {
    const { bytes, section } = this;
    const { start, end, span, lsda } = frame;
    if (this.form === 'eh') {
      bytes.append32(bytes.length - common);
      this.address({ encoding: signedDistance, expression: { kind: 'place', place: start } }, span);
      this.distance(start, end!, 4, span);
      appendLeb128(bytes, lsda ? sizeOf(lsda) : 0, false);
      if (lsda) this.address(lsda, span);
    } else {
      this.fixup({ kind: 'place', place: { section, fragment: 0, offset: common } }, 4, span);
      this.fixup({ kind: 'place', place: start }, 8, span);
      this.distance(start, end!, 8, span);
    }
    let at = start;
    for (const step of steps) {
      this.advance(at, step.at, span);
      at = step.at;
      bytes.append(step.bytes);
      if (step.address) this.address(step.address, span);
      if (step.label && this.form === 'eh') step.label.definition = section.here();
    }
    this.finish();
  }

  /** The form is that for the distance as assembled: the linker only makes it less. */
  private advance(from: Place, to: Place, span: FrameDescription['span']): void {
    const { bytes, section } = this;
    const distance = offsetOf(to) - offsetOf(from);
    if (distance === 0) return;
    if (distance < 0x40) {
      section.fixups.push({ kind: 'advance', place: section.here(), size: 1, expression: difference(from, to, span), span });
      bytes.appendByte(0x40);
      return;
    }
    const [code, size] =
      distance < 0x100 ? ([advance1, 1] as const) : distance < 0x10000 ? ([advance2, 2] as const) : ([advance4, 4] as const);
    bytes.appendByte(code);
    this.distance(from, to, size, span);
  }

  private distance(from: Place, to: Place, size: number, span: FrameDescription['span']): void {
    this.fixup(difference(from, to, span), size, span);
  }

  private address({ encoding, expression }: EncodedAddress, span: FrameDescription['span']): void {
    const isDistance = (encoding & 0x70) === 0x10;
    const here: Expression = { kind: 'place', place: this.section.here() };
    const value: Expression = isDistance ? { kind: 'binary', operator: '-', left: expression, right: here, span } : expression;
    this.fixup(value, sizeOf({ encoding }), span);
  }

  private fixup(expression: Expression, size: number, span: FrameDescription['span']): void {
    this.section.fixups.push({ kind: 'data', place: this.section.here(), size, expression, span });
    this.bytes.skip(size);
  }

  private finish(): void {
    const unit = this.form === 'eh' ? 4 : 8;
    this.bytes.skip((unit - ((this.bytes.length - this.start) % unit)) % unit);
    this.bytes.set32(this.start, this.bytes.length - this.start - 4);
  }
}

function difference(from: Place, to: Place, span: FrameDescription['span']): Expression {
  return { kind: 'binary', operator: '-', left: { kind: 'place', place: to }, right: { kind: 'place', place: from }, span };
}

/** Bytes of an address by its encoding (DW_EH_PE). */
export function sizeOf({ encoding }: Pick<EncodedAddress, 'encoding'>): number {
  return [8, 8, 2, 4, 8][encoding & 7] ?? 8;
}
