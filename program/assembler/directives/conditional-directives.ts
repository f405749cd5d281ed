import { SourceError } from '../diagnostics';
import { splitTexts } from '../macro-arguments';
import type { SourceAssembler } from '../source-assembler';
import { readString } from '../string-escapes';
import type { TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Conditional assembly (GNU as manual, section ".if"). */
export const conditionalDirectives: DirectiveTable = {
  '.if': compared((value) => value !== 0n),
  '.ifne': compared((value) => value !== 0n),
  '.ifeq': compared((value) => value === 0n),
  '.ifgt': compared((value) => value > 0n),
  '.ifge': compared((value) => value >= 0n),
  '.iflt': compared((value) => value < 0n),
  '.ifle': compared((value) => value <= 0n),
  '.ifdef': opening(isDefined),
  '.ifndef': opening((source, reader) => !isDefined(source, reader)),
  '.ifnotdef': opening((source, reader) => !isDefined(source, reader)),
  '.ifb': opening((_, reader) => reader.takeText() === ''),
  '.ifnb': opening((_, reader) => reader.takeText() !== ''),
  '.ifc': opening(sameText),
  '.ifnc': opening((source, reader) => !sameText(source, reader)),
  '.ifeqs': opening(sameStrings),
  '.ifnes': opening((source, reader) => !sameStrings(source, reader)),
  '.elseif': otherwiseIf,
  '.else': (source) => source.input.conditionals.otherwise(source.span, undefined),
  '.endc': (source) => source.input.conditionals.end(source.span),
  '.endif': (source) => source.input.conditionals.end(source.span),
};

type Condition = (source: SourceAssembler, reader: TokenReader) => boolean;

function opening(holds: Condition): Directive {
  return (source, reader) => {
    const { conditionals } = source.input;
    conditionals.begin(source.span, () => holds(source, reader));
    if (conditionals.isSkipping) reader.takeText();
  };
}

function otherwiseIf(source: SourceAssembler, reader: TokenReader): void {
  const { conditionals } = source.input;
  conditionals.otherwise(source.span, () => condition(source, reader) !== 0n);
  if (conditionals.isSkipping) reader.takeText();
}

function compared(holds: (value: bigint) => boolean): Directive {
  return opening((source, reader) => holds(condition(source, reader)));
}

function condition(source: SourceAssembler, reader: TokenReader): bigint {
  return source.number(reader, 'the condition');
}

function isDefined(source: SourceAssembler, reader: TokenReader): boolean {
  return source.symbols.find(reader.name('the name of a symbol').text)?.isDefined ?? false;
}

/** Two texts, in single quotes or bare, apart by a comma. */
function sameText(source: SourceAssembler, reader: TokenReader): boolean {
  const texts = splitTexts(reader.takeText());
  if (!texts) throw new SourceError(source.span, 'expected two texts with a comma between them');
  return texts[0] === texts[1];
}

function sameStrings(_: SourceAssembler, reader: TokenReader): boolean {
  const first = stringOf(reader);
  reader.expect(',');
  return first === stringOf(reader);
}

function stringOf(reader: TokenReader): string {
  const token = reader.peek();
  if (token?.kind !== 'string') throw reader.failure('expected a string');
  return readString(reader.next().text.slice(1, -1)).join();
}
