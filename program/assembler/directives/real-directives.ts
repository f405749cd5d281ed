import { double, extended, half, type RealFormat, roundReal, single, specialReal } from '../../reals/round-real';
import { SourceError } from '../diagnostics';
import type { TokenReader } from '../token-reader';
import { countOf } from './data-directives';
import type { Directive, DirectiveTable } from './directive';

/** Directives that put floating-point numbers into the section (GNU as manual, sections ".float", ".double"). */
export const realDirectives: DirectiveTable = {
  '.float16': reals(half),
  '.float': reals(single),
  '.single': reals(single),
  '.dc.s': reals(single),
  '.double': reals(double),
  '.dc.d': reals(double),
  '.dc.x': reals(extended),
  '.dcb.x': copies(extended),
  '.dcb.s': copies(single),
  '.dcb.d': copies(double),
};

function reals(format: RealFormat): Directive {
  return (source, reader) => {
    for (const operand of reader.operands()) {
      const { span } = operand;
      source.emit(bytesOf(readReal(operand, format), format), span);
    }
  };
}

/** `.dcb.d COUNT, NUMBER`. */
function copies(format: RealFormat): Directive {
  return (source, reader) => {
    const [countReader, valueReader] = reader.operands();
    if (!countReader || !valueReader) throw reader.failure('expected a count and a number');
    const count = countOf(source, countReader);
    const bytes = bytesOf(readReal(valueReader, format), format);
    for (let index = 0; index < count; index++) source.emit(bytes, source.span);
  };
}

function bytesOf(value: bigint, format: RealFormat): Uint8Array {
  const { bytes } = format;
  const bits = format === extended ? withLeadingBit(value) : value;
  return Uint8Array.from({ length: bytes }, (_, index) => Number((bits >> BigInt(8 * index)) & 0xffn));
}

/** Puts the bit before the fraction, which is 0 only where the exponent is, below the exponent. */
function withLeadingBit(bits: bigint): bigint {
  const sign = (bits >> 79n) << 79n;
  const exponent = BigInt.asUintN(15, bits >> 63n);
  return sign | (exponent << 64n) | (exponent > 0n ? 1n << 63n : 0n) | BigInt.asUintN(63, bits);
}

/** A number as people write it, also with the prefix of a letter that GNU as takes: `0f1.5`. */
function readReal(reader: TokenReader, format: RealFormat): bigint {
  const { span } = reader;
  if (reader.atEnd) throw reader.failure('expected a floating-point number');
  const text = reader.takeText().replaceAll(/\s/g, '');
  const special = /^([+-]?)(?:0[rsfdxp])?(inf|infinity|nan)$/i.exec(text);
  if (special) return specialReal(special[2]!.toLowerCase() === 'nan' ? 'nan' : 'inf', special[1] === '-', format);
  const bits = roundReal(text.replace(/^([+-]?)0[rsfdxp]/i, '$1'), format);
  if (bits === undefined) throw new SourceError(span, `expected a floating-point number, not '${text}'`);
  if (bits === 'overflow') throw new SourceError(span, `${text} is beyond the largest number of ${format.bytes} bytes`);
  return bits;
}
