import { SourceError } from '../diagnostics';
import { finalNumber } from '../evaluate';
import { constant, type Expression } from '../expression';
import { encodeLeb128 } from '../leb128';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Directives that put numbers and strings into the section (GNU as manual, chapter "Pseudo Ops"; psABI assembly manual). */
export const dataDirectives: DirectiveTable = {
  '.byte': numbers(1),
  '.half': numbers(2),
  '.2byte': numbers(2),
  '.short': numbers(2),
  '.hword': numbers(2),
  '.word': numbers(4),
  '.4byte': numbers(4),
  '.long': numbers(4),
  '.int': numbers(4),
  '.dword': numbers(8),
  '.quad': numbers(8),
  '.8byte': numbers(8),
  '.ascii': strings(false),
  '.asciz': strings(true),
  '.string': strings(true),
  '.string8': strings(true),
  '.string16': wideStrings(2),
  '.string32': wideStrings(4),
  '.string64': wideStrings(8),
  '.octa': octa,
  '.dc': numbers(2),
  '.dc.b': numbers(1),
  '.dc.w': numbers(2),
  '.dc.l': numbers(4),
  '.dc.a': numbers(8),
  '.dcb': copies(2),
  '.dcb.b': copies(1),
  '.dcb.w': copies(2),
  '.dcb.l': copies(4),
  '.ds': zeros(2),
  '.ds.b': zeros(1),
  '.ds.w': zeros(2),
  '.ds.l': zeros(4),
  '.ds.s': zeros(4),
  '.ds.d': zeros(8),
  '.ds.x': zeros(12),
  '.ds.p': zeros(12),
  '.dtprelword': threadOffsets(4),
  '.dtpreldword': threadOffsets(8),
  '.incbin': binary,
  '.uleb128': leb128(false),
  '.sleb128': leb128(true),
};

function numbers(size: number): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      const expression = numberOrZero(source, operand);
      operand.expectEnd();
      source.emitValue(expression, size, span);
    }
  };
}

/** An expression; where there is none it is 0, and of a number of more than 64 bits the lowest, with a warning as GNU as has it. */
function numberOrZero(source: SourceAssembler, operand: TokenReader): Expression {
  const { span } = operand;
  if (operand.atEnd) {
    source.warn(span, 'the number is missing: 0 is taken');
    return constant(0n);
  }
  const token = operand.peek();
  if (token?.kind !== 'number' || token.value! < 1n << 64n || operand.peek(1)) return source.expression(operand);
  operand.next();
  source.warn(span, 'this number does not fit in 64 bits: its lowest are taken');
  return constant(token.value!);
}

function strings(terminated: boolean): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      let end = false;
      while (!end) {
        const token = operand.peek();
        if (token?.kind !== 'string') throw operand.failure('expected a string');
        operand.next();
        source.emit(token.bytes!, span);
        end = operand.atEnd;
      }
      if (terminated) source.emit(Uint8Array.of(0), span);
    }
  };
}

/** `.incbin "FILE", SKIP, COUNT`: the bytes of a file. */
function binary(source: SourceAssembler, reader: TokenReader): void {
  const [nameReader, skipReader, countReader, ...more] = reader.operands();
  expectNone(more);
  const token = nameReader?.peek();
  if (token?.kind !== 'string') throw (nameReader ?? reader).failure('expected the name of a file in quotes');
  const { span } = nameReader!;
  nameReader!.next();
  nameReader!.expectEnd();
  const file = source.files.find(new TextDecoder().decode(token.bytes!), source.input.line.path);
  if (typeof file === 'string') throw new SourceError(span, file);
  const { bytes } = file;
  const skip = skipReader && !skipReader.atEnd ? source.numberBetween(skipReader, 'number of bytes to skip', 0, bytes.length) : 0;
  const count = countReader && !countReader.atEnd ? source.numberBetween(countReader, 'count', 0, 2 ** 31) : 0;
  if (count > bytes.length - skip) throw new SourceError(countReader!.span, `'${file.path}' has only ${bytes.length - skip} bytes there`);
  source.emit(bytes.subarray(skip, count > 0 ? skip + count : undefined), span);
}

/** A number of 16 bytes, which must be known. */
function octa(source: SourceAssembler, reader: TokenReader): void {
  for (const operand of reader.operands()) {
    const { span } = operand;
    const token = operand.peek();
    let value: bigint;
    if (token?.kind === 'number' && !operand.peek(1)) {
      value = token.value!;
      if (value >= 1n << 128n) source.warn(span, 'this number does not fit in 16 bytes: its lowest are taken');
    } else value = source.number(operand, 'number');
    source.emit(bytesOf(value, 16), span);
  }
}

/** `.dcb.w COUNT, NUMBER`: copies of a number. */
function copies(size: number): Directive {
  return (source, reader) => {
    const [countReader, valueReader, ...more] = reader.operands();
    expectNone(more);
    if (!countReader) throw reader.failure('expected a count');
    const count = countOf(source, countReader);
    const { span } = valueReader ?? countReader;
    const value = valueReader ? source.expression(valueReader) : constant(0n);
    for (let index = 0; index < count; index++) source.emitValue(value, size, span);
  };
}

/** `.ds.w COUNT`: that many zeros of a size. */
function zeros(size: number): Directive {
  return (source, reader) => {
    const [countReader, ...more] = reader.operands();
    expectNone(more);
    const count = countReader ? countOf(source, countReader) : 0;
    source.section.begin('data');
    source.section.fixed.skip(count * size);
  };
}

/** A count, with a warning where it is negative and so 0. */
export function countOf(source: SourceAssembler, reader: TokenReader): number {
  const { span } = reader;
  const count = source.number(reader, 'count');
  if (count < 0n) source.warn(span, `the count ${count} is negative and taken as 0`);
  if (count > mostCopies) throw new SourceError(span, `count ${count} is out of range 0..${mostCopies}`);
  return count < 0n ? 0 : Number(count);
}

/** More copies in one directive are an error, so that no source fills the memory. */
const mostCopies = 1 << 24;

/** Strings whose bytes are widened to `size`, with a zero at the end (`.string16`). */
function wideStrings(size: number): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      while (!operand.atEnd) {
        const token = operand.peek();
        if (token?.kind !== 'string') throw operand.failure('expected a string');
        operand.next();
        for (const byte of token.bytes!) source.emit(bytesOf(BigInt(byte), size), span);
      }
      source.emit(new Uint8Array(size), span);
    }
  };
}

function bytesOf(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

/** An offset in the thread's memory, from the place that the dynamic pointer has (`.dtprelword`). */
function threadOffsets(size: 4 | 8): Directive {
  return (source, reader) => {
    if (reader.atEnd) throw reader.failure('expected a thread-local symbol');
    for (const operand of reader.operands()) {
      const { span } = operand;
      const expression = source.expression(operand);
      operand.expectEnd();
      const { section } = source;
      section.begin('data');
      section.fixups.push({ kind: 'dtprel', place: section.here(), size, expression, span });
      section.fixed.skip(size);
    }
  };
}

function leb128(isSigned: boolean): Directive {
  return (source, reader) => {
    if (reader.atEnd) throw reader.failure('expected a number');
    for (const operand of reader.operands()) {
      const { span } = operand;
      const expression = source.expression(operand);
      operand.expectEnd();
      const known = finalNumber(expression);
      if (known !== undefined) source.emit(encodeLeb128(known, isSigned), span);
      else addLeb128(source, expression, isSigned, span);
    }
  };
}

function addLeb128(
  source: SourceAssembler,
  expression: Parameters<typeof finalNumber>[0],
  isSigned: boolean,
  span: SourceAssembler['span'],
): void {
  const { section } = source;
  if (!section.hasBits) throw new SourceError(span, `'${section.name}' holds no bytes in the file`);
  section.begin('data');
  section.fragments.push({ kind: 'leb128', offset: section.fixed.length, size: 1, span, expression, isSigned });
}
