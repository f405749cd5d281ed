import { SourceError, type Span } from '../diagnostics';
import { knownNumber } from '../evaluate';
import type { Expression } from '../expression';
import type { AlignFragment } from '../section';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Directives that align and fill (GNU as manual, chapter "Pseudo Ops"). On RISC-V `.align` takes a power of 2. */
export const layoutDirectives: DirectiveTable = {
  '.align': align(1, true),
  '.p2align': align(1, true),
  '.p2alignw': align(2, true),
  '.p2alignl': align(4, true),
  '.balign': align(1, false),
  '.balignw': align(2, false),
  '.balignl': align(4, false),
  '.zero': space,
  '.skip': space,
  '.space': space,
  '.spc': space,
  '.fill': fill,
  '.org': origin,
};

/** Larger alignments than 2^16 are of no use in a program and would only make the file large. */
const largestPower = 16;

/** More bytes in one directive are kept as a count, not as bytes. */
const mostInline = 4096;

/** The most bytes that one directive may ask for. */
const largestSpace = 2 ** 31;

function align(unit: 1 | 2 | 4, isPower: boolean): Directive {
  return (source, reader) => {
    const [amountReader, fillReader, mostReader, ...more] = reader.operands();
    expectNone(more);
    const alignment = readAlignment(source, amountReader, isPower);
    const fill = fillReader && !fillReader.atEnd ? source.number(fillReader, 'fill value') : undefined;
    const most = mostReader && !mostReader.atEnd ? source.numberBetween(mostReader, 'maximum', 0, largestSpace) : 0;
    alignSection(source, source.span, alignment, fill === undefined ? undefined : bytesOf(fill, unit), most);
  };
}

/** Pads with nops or zeros, or with what `fill` says; not at all where more than `most` bytes would be needed, unless that is 0. */
export function alignSection(source: SourceAssembler, span: Span, alignment: number, fill?: Uint8Array, most = 0): void {
  const { section } = source;
  const isCode = section.isCode && fill === undefined;
  const { relax } = source.options.state;
  const smallest = source.options.hasCompressed ? 2 : 4;
  if (isCode && alignment <= smallest && relax) return;
  section.align(alignment);
  if (alignment === 1) return;
  const fragment: AlignFragment = {
    kind: 'align',
    offset: section.fixed.length,
    size: 0,
    span,
    alignment,
    most: isCode && relax ? alignment : most || alignment,
    fill: isCode ? 'nops' : (fill ?? zeroByte),
    reserved: isCode && relax ? alignment - smallest : undefined,
    active: true,
  };
  section.begin(isCode ? 'code' : 'data');
  section.fragments.push(fragment);
}

const zeroByte = Uint8Array.of(0);

function readAlignment(source: SourceAssembler, reader: TokenReader | undefined, isPower: boolean): number {
  if (!reader || reader.atEnd) return 1;
  if (isPower) return 2 ** source.numberBetween(reader, 'alignment as a power of 2', 0, largestPower);
  const value = source.numberBetween(reader, 'alignment', 0, 2 ** largestPower);
  if ((value & (value - 1)) !== 0) throw new SourceError(reader.span, `alignment ${value} is not a power of 2`);
  return Math.max(1, value);
}

/** `.skip SIZE, FILL`; the fill is one byte. */
function space(source: SourceAssembler, reader: TokenReader): void {
  const [sizeReader, fillReader, ...more] = reader.operands();
  expectNone(more);
  if (!sizeReader) return;
  const { span } = sizeReader;
  const expression = source.expression(sizeReader);
  sizeReader.expectEnd();
  let fillValue = fillReader && !fillReader.atEnd ? source.number(fillReader, 'fill value') : 0n;
  if (fillValue > 255n || fillValue < -255n)
    source.warn(fillReader!.span, `the fill value ${fillValue} does not fit in 1 byte: ${BigInt.asUintN(8, fillValue)} is taken`);
  if (fillValue !== 0n && !source.section.hasBits) {
    source.warn(fillReader!.span, `'${source.section.name}' holds no bytes in the file: the fill value is ignored`);
    fillValue = 0n;
  }
  repeat(source, expression, bytesOf(fillValue, 1), span);
}

/** `.fill REPEAT, SIZE, VALUE`; of the value GNU as takes 4 bytes and puts zeros above. */
function fill(source: SourceAssembler, reader: TokenReader): void {
  const [countReader, sizeReader, valueReader, ...more] = reader.operands();
  expectNone(more);
  if (!countReader) return;
  const { span } = countReader;
  const expression = source.expression(countReader);
  countReader.expectEnd();
  const size = sizeReader && !sizeReader.atEnd ? fillSize(source, sizeReader) : 1;
  const value = valueReader && !valueReader.atEnd ? source.number(valueReader, 'value') : 0n;
  if (size > 0) repeat(source, expression, bytesOf(BigInt.asUintN(32, value), size), span);
}

function fillSize(source: SourceAssembler, reader: TokenReader): number {
  const { span } = reader;
  const size = source.number(reader, 'size');
  if (size > 8n) source.warn(span, `size ${size} is more than 8, which is taken`);
  if (size < 0n) source.warn(span, `size ${size} is negative: the directive has no effect`);
  return size < 0n ? 0 : size > 8n ? 8 : Number(size);
}

/** Appends as many copies of a pattern as an expression says, at once where it is known. */
function repeat(source: SourceAssembler, count: Expression, pattern: Uint8Array, span: Span): void {
  const { section } = source;
  const known = knownNumber(count);
  if (known !== undefined && (known < 0n || known * BigInt(pattern.length) > largestSpace)) {
    if (known < 0n) source.warn(span, `the count ${known} is negative and taken as 0`);
    else throw new SourceError(span, `${known * BigInt(pattern.length)} bytes are more than the limit of ${largestSpace}`);
    return;
  }
  if (!section.hasBits && pattern.some((byte) => byte !== 0)) {
    throw new SourceError(span, `'${section.name}' holds no bytes in the file: only zeros can be put there`);
  }
  if (known !== undefined && Number(known) * pattern.length <= mostInline) {
    for (let index = 0; index < known; index++) source.emit(pattern, span);
    return;
  }
  section.begin('data');
  section.fragments.push({
    kind: 'space',
    offset: section.fixed.length,
    size: known === undefined ? 0 : Number(known) * pattern.length,
    span,
    pattern,
    wanted: known === undefined ? { expression: count, isOrigin: false, unit: pattern.length } : undefined,
  });
}

function origin(source: SourceAssembler, reader: TokenReader): void {
  const [targetReader, fillReader, ...more] = reader.operands();
  expectNone(more);
  if (!targetReader) throw reader.failure('expected a place');
  const { span } = targetReader;
  const expression = source.expression(targetReader);
  targetReader.expectEnd();
  const fillValue = fillReader && !fillReader.atEnd ? source.number(fillReader, 'fill value') : 0n;
  const { section } = source;
  const pattern = bytesOf(fillValue, 1);
  section.begin('data');
  section.fragments.push({
    kind: 'space',
    offset: section.fixed.length,
    size: 0,
    span,
    pattern,
    wanted: { expression, isOrigin: true, unit: 1 },
  });
}

function bytesOf(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
