import { SourceError } from '../diagnostics';
import { knownNumber } from '../evaluate';
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
  '.float': reals(4),
  '.single': reals(4),
  '.double': reals(8),
  '.incbin': binary,
  '.uleb128': leb128(false),
  '.sleb128': leb128(true),
};

function numbers(size: number): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      const expression = source.expression(operand);
      operand.expectEnd();
      source.emitValue(expression, size, span);
    }
  };
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

function reals(size: 4 | 8): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      const bytes = new DataView(new ArrayBuffer(size));
      const value = readReal(operand);
      if (size === 4) bytes.setFloat32(0, value, true);
      else bytes.setFloat64(0, value, true);
      source.emit(new Uint8Array(bytes.buffer), span);
    }
  };
}

function readReal(reader: TokenReader): number {
  const sign = reader.accept('-') ? -1 : 1;
  if (sign > 0) reader.accept('+');
  const token = reader.peek();
  const text = token?.text.toLowerCase() ?? '';
  const special = { inf: Number.POSITIVE_INFINITY, infinity: Number.POSITIVE_INFINITY, nan: Number.NaN }[text];
  if (special === undefined && !/^[\d.]+(e[+-]?\d+)?$/.test(text)) throw reader.failure('expected a floating-point number');
  reader.next();
  reader.expectEnd();
  return sign * (special ?? Number(text));
}

function leb128(isSigned: boolean): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      const expression = source.expression(operand);
      operand.expectEnd();
      const known = knownNumber(expression);
      if (known !== undefined) source.emit(encodeLeb128(known, isSigned), span);
      else addLeb128(source, expression, isSigned, span);
    }
  };
}

function addLeb128(
  source: SourceAssembler,
  expression: Parameters<typeof knownNumber>[0],
  isSigned: boolean,
  span: SourceAssembler['span'],
): void {
  const { section } = source;
  if (!section.hasBits) throw new SourceError(span, `'${section.name}' holds no bytes in the file`);
  section.begin('data');
  section.fragments.push({ kind: 'leb128', offset: section.fixed.length, size: 1, span, expression, isSigned });
}
