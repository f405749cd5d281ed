import { csrNumber } from '../../../riscv/csrs';
import { fNumber, xNumber } from '../../../riscv/registers';
import { dataAlignment, type EncodedAddress, type FrameDescription } from '../call-frames';
import { sizeOf } from '../debug/debug-frame';
import { SourceError } from '../diagnostics';
import { encodeLeb128 } from '../leb128';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** `.cfi_*`: how to find the caller's frame (GNU as manual, chapter "CFI directives"; opcodes: DWARF 5, section 6.4.2). */
export const frameDirectives: DirectiveTable = {
  '.cfi_sections': (source, reader) => {
    const names = reader.operands().map((operand) => {
      const { text, span } = operand.name('.eh_frame or .debug_frame');
      if (text !== '.eh_frame' && text !== '.debug_frame') throw new SourceError(span, `expected .eh_frame or .debug_frame, not '${text}'`);
      return text;
    });
    source.frames.inLoaded = names.includes('.eh_frame');
  },
  '.cfi_startproc': (source, reader) => {
    const isSimple = reader.peek()?.text === 'simple';
    if (isSimple) reader.next();
    source.frames.begin(source.here(), isSimple, source.span);
  },
  '.cfi_endproc': (source) => {
    source.frames.current(source.span).end = source.here();
  },
  '.cfi_def_cfa': step((source, frame, reader) => {
    const register = registerOf(source, reader);
    reader.expect(',');
    frame.offset = source.number(reader, 'offset');
    return frame.offset < 0n
      ? [0x12, ...unsigned(register), ...signed(factored(source, frame.offset))]
      : [0x0c, ...unsigned(register), ...unsigned(frame.offset)];
  }),
  '.cfi_def_cfa_register': step((source, _, reader) => [0x0d, ...unsigned(registerOf(source, reader))]),
  '.cfi_def_cfa_offset': step((source, frame, reader) => defineOffset(source, frame, source.number(reader, 'offset'))),
  '.cfi_adjust_cfa_offset': step((source, frame, reader) => defineOffset(source, frame, frame.offset + source.number(reader, 'offset'))),
  '.cfi_offset': step((source, _, reader) => saved(source, reader, 0n)),
  '.cfi_rel_offset': step((source, frame, reader) => saved(source, reader, -frame.offset)),
  '.cfi_val_offset': step((source, _, reader) => {
    const register = registerOf(source, reader);
    reader.expect(',');
    return [0x15, ...unsigned(register), ...signed(factored(source, source.number(reader, 'offset')))];
  }),
  '.cfi_restore': eachRegister((register) => (register < 64n ? [0xc0 | Number(register)] : [0x06, ...unsigned(register)])),
  '.cfi_undefined': eachRegister((register) => [0x07, ...unsigned(register)]),
  '.cfi_same_value': eachRegister((register) => [0x08, ...unsigned(register)]),
  '.cfi_register': step((source, _, reader) => {
    const from = registerOf(source, reader);
    reader.expect(',');
    return [0x09, ...unsigned(from), ...unsigned(registerOf(source, reader))];
  }),
  '.cfi_remember_state': step((source) => {
    source.frames.remember(source.span);
    return [0x0a];
  }, true),
  '.cfi_restore_state': step((source) => {
    source.frames.restore(source.span);
    return [0x0b];
  }),
  '.cfi_escape': step((source, _, reader) => reader.operands().map((operand) => escapedByte(source, operand)), true),
  '.cfi_val_encoded_addr': valueAt,
  '.cfi_return_column': (source, reader) => {
    source.frames.current(source.span).returnColumn = Number(registerOf(source, reader));
  },
  '.cfi_window_save': step(() => [0x2d]),
  '.cfi_negate_ra_state': step(() => [0x2d]),
  '.cfi_label': label,
  '.cfi_fde_data': compactOnly,
  '.cfi_personality_id': compactOnly,
  '.cfi_inline_lsda': compactOnly,
  '.cfi_signal_frame': (source) => {
    source.frames.current(source.span).isSignalFrame = true;
  },
  '.cfi_personality': (source, reader) => {
    source.frames.current(source.span).personality = encodedAddress(source, reader);
  },
  '.cfi_lsda': (source, reader) => {
    source.frames.current(source.span).lsda = encodedAddress(source, reader);
  },
};

const omitted = 0xff;

/** `ENCODING, ADDRESS`; with the encoding 0xff there is none. */
function encodedAddress(source: SourceAssembler, reader: TokenReader): EncodedAddress | undefined {
  const [encodingReader, addressReader, ...more] = reader.operands();
  expectNone(more);
  if (!encodingReader) throw reader.failure('expected an encoding and an address');
  const { span } = encodingReader;
  const encoding = source.numberBetween(encodingReader, 'encoding', 0, 255);
  if (encoding === omitted) return undefined;
  if ((encoding & 0x70) > 0x10 || (encoding & 7) > 4 || (encoding & 7) === 1)
    throw new SourceError(span, `the encoding 0x${encoding.toString(16)} is not one of addresses and distances of 2, 4 or 8 bytes`);
  if (!addressReader) throw reader.failure('expected a comma and an address');
  const expression = source.expression(addressReader);
  addressReader.expectEnd();
  return { encoding, expression };
}

function escapedByte(source: SourceAssembler, reader: TokenReader): number {
  const { span } = reader;
  const value = source.number(reader, 'byte');
  if (value > 255n || value < -255n) source.warn(span, `${value} does not fit in 1 byte: ${BigInt.asUintN(8, value)} is taken`);
  return Number(BigInt.asUintN(8, value));
}

/** `isOwn` as in FrameStep. */
function step(encode: (source: SourceAssembler, frame: FrameDescription, reader: TokenReader) => number[], isOwn = false): Directive {
  return (source, reader) => {
    const frame = frameHere(source);
    frame.steps.push({ at: source.here(), bytes: Uint8Array.from(encode(source, frame, reader)), isOwn });
  };
}

function frameHere(source: SourceAssembler): FrameDescription {
  const frame = source.frames.current(source.span);
  if (frame.start.section !== source.section)
    throw new SourceError(source.span, `the .cfi_startproc in line ${frame.span.line} is in another section`);
  return frame;
}

/** `.cfi_val_encoded_addr REGISTER, ENCODING, ADDRESS`: the register's value is the address (DW_CFA_val_expression). */
function valueAt(source: SourceAssembler, reader: TokenReader): void {
  const frame = frameHere(source);
  const register = registerOf(source, reader);
  reader.expect(',');
  const address = encodedAddress(source, reader);
  if (!address) return;
  const size = BigInt(sizeOf(address));
  const operation = address.encoding === 0 ? [...unsigned(1n + size), 0x03] : [...unsigned(2n + size), 0xf1, address.encoding];
  frame.steps.push({ at: source.here(), bytes: Uint8Array.from([0x16, ...unsigned(register), ...operation]), address, isOwn: true });
}

/** `.cfi_label NAME`: the name is the place of the next rule in `.eh_frame`. */
function label(source: SourceAssembler, reader: TokenReader): void {
  const { text, span } = reader.name('the name of a label');
  const symbol = source.symbols.get(text);
  if (symbol.definition) throw new SourceError(span, `'${text}' is already defined`);
  symbol.definedAt = span;
  frameHere(source).steps.push({ at: source.here(), bytes: new Uint8Array(0), label: symbol, isOwn: true });
}

/** What GNU as has for targets with compact tables of frames only. */
function compactOnly(source: SourceAssembler, reader: TokenReader): void {
  reader.takeText();
  throw new SourceError(source.span, 'this is not supported for RISC-V: it is for targets with compact tables of frames');
}

function eachRegister(encode: (register: bigint) => number[]): Directive {
  return step((source, _, reader) => {
    if (reader.atEnd) throw reader.failure('expected a register');
    return reader.operands().flatMap((operand) => encode(registerOf(source, operand)));
  });
}

function defineOffset(source: SourceAssembler, frame: FrameDescription, offset: bigint): number[] {
  frame.offset = offset;
  return offset < 0n ? [0x13, ...signed(factored(source, offset))] : [0x0e, ...unsigned(offset)];
}

function saved(source: SourceAssembler, reader: TokenReader, base: bigint): number[] {
  const register = registerOf(source, reader);
  reader.expect(',');
  const offset = factored(source, base + source.number(reader, 'offset'));
  if (offset < 0n) return [0x11, ...unsigned(register), ...signed(offset)];
  return register < 64n ? [0x80 | Number(register), ...unsigned(offset)] : [0x05, ...unsigned(register), ...unsigned(offset)];
}

function factored(source: SourceAssembler, offset: bigint): bigint {
  if (offset % dataAlignment !== 0n) throw new SourceError(source.span, `offset ${offset} is not a multiple of 4`);
  return offset / dataAlignment;
}

/** A register's DWARF number (psABI, section "DWARF Register Numbers"): written as a name or as that number. */
function registerOf(source: SourceAssembler, reader: TokenReader): bigint {
  const token = reader.peek();
  const number = token?.kind === 'name' ? dwarfNumber(token.text) : undefined;
  if (number === undefined && token?.kind !== 'number') throw reader.failure('expected a register');
  reader.next();
  if (number !== undefined) return BigInt(number);
  if (token!.value! > 8191n) throw new SourceError(source.span, `register ${token!.value} is out of range 0..8191`);
  return token!.value!;
}

function dwarfNumber(name: string): number | undefined {
  const [float, csr] = [fNumber(name), csrNumber(name)];
  return xNumber(name) ?? (float === undefined ? (csr === undefined ? undefined : 4096 + csr) : 32 + float);
}

const unsigned = (value: bigint) => [...encodeLeb128(value, false)];
const signed = (value: bigint) => [...encodeLeb128(value, true)];
