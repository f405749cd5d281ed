import { SourceError } from '../diagnostics';
import { absoluteName, Section, type SectionAttributes, SHF_ALLOC, SHF_EXECINSTR, SHF_TLS, SHF_WRITE, SHT_NOBITS } from '../section';
import {
  attributesOf,
  flagsOf,
  SHF_GROUP,
  SHF_MERGE,
  SHF_STRINGS,
  sectionTypes,
  takesEntrySize,
  takesGroup,
  takesLink,
} from '../section-attributes';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Directives that choose the section (GNU as manual, chapter "Pseudo Ops"). */
export const sectionDirectives: DirectiveTable = {
  '.text': named('.text'),
  '.data': named('.data'),
  '.bss': named('.bss'),
  '.rodata': named('.rodata'),
  '.section': (source, reader) => section(source, reader),
  '.sect': (source, reader) => section(source, reader),
  '.sect.s': (source, reader) => section(source, reader),
  '.section.s': (source, reader) => section(source, reader),
  '.pushsection': (source, reader) => {
    source.sectionStack.push({ section: source.section, previous: source.previousSection });
    section(source, reader, true);
  },
  '.popsection': (source) => {
    const saved = source.sectionStack.pop();
    if (!saved) {
      source.warn(source.span, '.popsection without a .pushsection before it has no effect');
      return;
    }
    source.section = saved.section;
    source.previousSection = saved.previous;
  },
  '.struct': absolute,
  '.offset': absolute,
  '.subsection': (source, reader) => {
    if (source.section.isAbsolute) throw new SourceError(source.span, 'there are no subsections in what .struct begins');
    source.switchTo(source.subsection(source.section, subsectionNumber(source, reader)));
  },
  '.previous': (source) => {
    if (source.previousSection) source.switchTo(source.previousSection);
    else source.warn(source.span, '.previous without another section before has no effect');
  },
};

function named(name: string): Directive {
  return (source, reader) => {
    const section = source.sectionNamed(name);
    source.switchTo(reader.atEnd ? section : source.subsection(section, subsectionNumber(source, reader)));
  };
}

/** `.struct NUMBER`: the labels that follow are numbers from there on, until another section is chosen. */
function absolute(source: SourceAssembler, reader: TokenReader): void {
  const start = reader.atEnd ? 0 : source.numberBetween(reader, 'offset', 0, 2 ** 31);
  const section = new Section(absoluteName, { type: SHT_NOBITS, flags: 0, entrySize: 0 });
  section.fixed.skip(start);
  source.switchTo(section);
}

/** The most that GNU as takes. */
const highestSubsection = 8192;

function subsectionNumber(source: SourceAssembler, reader: TokenReader): number {
  return source.numberBetween(reader, 'number of the subsection', 0, highestSubsection);
}

function section(source: SourceAssembler, reader: TokenReader, mayBeSubsection = false): void {
  const operands = reader.operands();
  const first = operands.shift();
  const name = sectionName(first ?? reader);
  const numbered = mayBeSubsection && operands[0] && operands[0].peek()?.kind !== 'string' ? operands.shift() : undefined;
  const existing = source.sections.get(name);
  const attributes = operands.length > 0 ? readAttributes(source, operands, attributesOf(name)) : undefined;
  const chosen = source.sectionNamed(name, attributes);
  // A section of a group is one of its own to GNU as, of which the linker makes one with the others of the name.
  const differences = existing && attributes ? (existing.attributes.flags ^ attributes.flags) & ~SHF_GROUP : 0;
  if (differences !== 0 || (existing && attributes && existing.attributes.type !== attributes.type)) {
    const isUsual = ['.text', '.data', '.bss'].includes(name);
    if ((differences & comparedFlags) !== 0 && !isUsual)
      throw new SourceError(source.span, `'${name}' has other flags in its first .section`);
    source.warn(source.span, `'${name}' keeps the flags and type of its first .section`);
  }
  source.switchTo(numbered ? source.subsection(chosen, subsectionNumber(source, numbered)) : chosen);
}

/** The flags that every `.section` of a name has to give alike. */
const comparedFlags = SHF_ALLOC | SHF_EXECINSTR | SHF_MERGE | SHF_STRINGS | SHF_TLS | SHF_WRITE;

/** A name that may hold characters of operators, such as `.note.GNU-stack`. */
function sectionName(reader: TokenReader): string {
  let { text } = reader.name('the name of a section');
  while (!reader.atEnd) text += reader.next().text;
  return text;
}

function readAttributes(source: SourceAssembler, operands: TokenReader[], fallback: SectionAttributes): SectionAttributes {
  const flagsReader = operands.shift()!;
  const flagsToken = flagsReader.peek();
  if (flagsToken?.kind !== 'string') throw flagsReader.failure('expected the flags of the section in quotes');
  let flags = flagsOf(new TextDecoder().decode(flagsToken.bytes!));
  if (flags === undefined)
    throw new SourceError(flagsReader.span, `section flags are letters of a, w, x, M, S, G, T, o, R, e, not '${flagsToken.text}'`);
  const typeReader = operands.shift();
  const type = (typeReader && readType(source, typeReader)) ?? fallback.type;
  let entrySize = 0;
  if (takesEntrySize(flags)) {
    const sizeReader = operands.shift();
    if (sizeReader) entrySize = source.numberBetween(sizeReader, 'entry size', 0, 65536);
    else {
      source.warn(flagsReader.span, 'the flag M needs the size of an entry: it is ignored');
      flags &= ~SHF_MERGE;
    }
  }
  if (takesLink(flags)) following(source, operands);
  if (takesGroup(flags)) {
    if (operands.shift()) {
      if (operands[0]?.peek()?.text === 'comdat') operands.shift();
    } else {
      source.warn(flagsReader.span, 'the flag G needs the name of a group: it is ignored');
      flags &= ~SHF_GROUP;
    }
  }
  expectNone(operands);
  return { type, flags, entrySize };
}

function following(source: SourceAssembler, operands: TokenReader[]): TokenReader {
  const reader = operands.shift();
  if (!reader) throw new SourceError(source.span, 'these section flags need another operand');
  return reader;
}

/** `@progbits`, `%progbits`, `"progbits"` or a number. */
function readType(source: SourceAssembler, reader: TokenReader): number | undefined {
  const { span } = reader;
  if (!reader.accept('@')) reader.accept('%');
  const token = reader.next('the type of the section');
  const text = token.bytes ? new TextDecoder().decode(token.bytes) : token.text;
  const type = token.kind === 'number' ? Number(token.value) : sectionTypes[text];
  if (type !== undefined && type > 0xffffffff) throw new SourceError(span, `the section type ${text} does not fit in 4 bytes`);
  if (type === undefined) source.warn(span, `expected a section type such as @progbits or @nobits, not '${text}': it is ignored`);
  reader.expectEnd();
  return type;
}
