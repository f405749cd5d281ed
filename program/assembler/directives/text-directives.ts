import { SourceError } from '../diagnostics';
import { SHT_PROGBITS } from '../section';
import { attributesOf, SHF_MERGE, SHF_STRINGS } from '../section-attributes';
import type { SourceAssembler } from '../source-assembler';
import type { TokenReader } from '../token-reader';
import { type Directive, type DirectiveTable, unsupported } from './directive';

const stabs = 'debug information in the format stabs is not written';

/** Directives about the run itself: messages, the listing, the end of the source (GNU as manual, chapter "Pseudo Ops"). */
export const textDirectives: DirectiveTable = {
  '.err': (source) => {
    throw new SourceError(source.span, '.err encountered');
  },
  '.error': message('error', '.error directive invoked in source file'),
  '.warning': message('warning', '.warning directive invoked in source file'),
  '.abort': (source) => {
    throw new SourceError(source.span, '.abort detected: the rest of the source is not assembled');
  },
  '.fail': fail,
  '.print': print,
  '.end': (source, reader) => {
    reader.takeText();
    source.input.end();
  },
  '.version': version,
  '.ident': identify,
  '.title': skip,
  '.sbttl': skip,
  '.ttl': skip,
  '.psize': skip,
  '.eject': skip,
  '.page': skip,
  '.nopage': skip,
  '.llen': skip,
  '.plen': skip,
  '.debug': skip,
  '.attach_to_group': skip,
  '.list': skip,
  '.nolist': skip,
  '.lflags': skip,
  '.name': skip,
  '.xref': skip,
  '.xdef': skip,
  '.extern': skip,
  '.addrsig': skip,
  '.addrsig_sym': skip,
  '.gnu_attribute': unsupported('only the attributes of `.attribute` are written'),
  '.loc_mark_labels': skip,
  '.func': skip,
  '.endfunc': skip,
  '.noformat': skip,
  '.line': unsupported('lines are counted in the source itself'),
  '.linefile': unsupported('lines are counted in the source itself'),
  '.linkonce': unsupported('it is for object files of other formats'),
  '.stabs': unsupported(stabs),
  '.stabn': unsupported(stabs),
  '.stabd': unsupported(stabs),
  '.xstabs': unsupported(stabs),
  '.this_gcc_requires_the_gnu_assembler': skip,
  '.mri': mri,
};

/** Takes the operands of a directive that has no meaning for a linked program. */
function skip(_: SourceAssembler, reader: TokenReader): void {
  reader.takeText();
}

/** `.print "TEXT"`: the text becomes a note. */
function print(source: SourceAssembler, reader: TokenReader): void {
  source.diagnostics.note(source.span, stringOf(reader));
}

/** `.ident "TEXT"`: the text goes into `.comment`, whose first string is empty. */
function identify(source: SourceAssembler, reader: TokenReader): void {
  const comments = source.sectionNamed('.comment', { type: SHT_PROGBITS, flags: SHF_MERGE | SHF_STRINGS, entrySize: 1 });
  if (comments.fixed.length === 0) comments.fixed.appendByte(0);
  comments.fixed.append(bytesOfString(reader));
  comments.fixed.appendByte(0);
}

function bytesOfString(reader: TokenReader): Uint8Array {
  const token = reader.peek();
  if (token?.kind !== 'string') throw reader.failure('expected a string');
  return reader.next().bytes!;
}

function stringOf(reader: TokenReader): string {
  return new TextDecoder().decode(bytesOfString(reader));
}

/** `.mri 1` would make the language another one. */
function mri(source: SourceAssembler, reader: TokenReader): void {
  if (source.number(reader, 'mode') !== 0n) throw new SourceError(source.span, 'the MRI mode is not known here');
}

function message(severity: 'error' | 'warning', unless: string): Directive {
  return (source, reader) => {
    const token = reader.peek();
    if (token && token.kind !== 'string') throw reader.failure('expected a string');
    const text = token ? new TextDecoder().decode(token.bytes!) : unless;
    reader.takeText();
    if (severity === 'error') throw new SourceError(source.span, text);
    source.warn(source.span, text);
  };
}

/** `.fail NUMBER`: an error below 500, a warning from there on. */
function fail(source: SourceAssembler, reader: TokenReader): void {
  const value = source.number(reader, 'number');
  if (value < 500n) throw new SourceError(source.span, `.fail ${value} encountered`);
  source.warn(source.span, `.fail ${value} encountered`);
}

/** `.version "TEXT"`: a note with the text as its name. */
function version(source: SourceAssembler, reader: TokenReader): void {
  const name = bytesOfString(reader);
  const { section } = source;
  source.section = source.sectionNamed('.note', attributesOf('.note'));
  const note = source.section.fixed;
  note.append32(name.length + 1);
  note.append32(0);
  note.append32(1);
  note.append(name);
  note.skip(1);
  note.skip((4 - (note.length % 4)) % 4);
  source.section.align(4);
  source.section = section;
}
