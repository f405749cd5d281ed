import { SourceError } from '../diagnostics';
import type { SourceAssembler } from '../source-assembler';
import type { TokenReader } from '../token-reader';
import type { DirectiveTable } from './directive';

/** `.file` and `.loc`, with which compilers say where instructions come from (GNU as manual, section "DWARF"). */
export const debugDirectives: DirectiveTable = {
  '.file': file,
  '.loc': location,
};

/** `.file "name"` names the source and says nothing new; `.file NUMBER "directory" "name"` numbers a file for `.loc`. */
function file(source: SourceAssembler, reader: TokenReader): void {
  const number = reader.peek()?.kind === 'number' ? Number(reader.next().value) : undefined;
  const { text } = reader.name('the name of a file');
  const second = reader.peek()?.kind === 'string' ? reader.name('the name of a file').text : undefined;
  if (reader.peek()?.text === 'md5') {
    reader.next();
    reader.next('an MD5 sum');
  }
  if (number === undefined) return;
  const path = source.lines.files.get(number);
  const isAbsolute = second !== undefined && /^([/\\]|[A-Za-z]:)/.test(second);
  const given = second === undefined || isAbsolute ? (second ?? text) : `${text}/${second}`;
  if (path !== undefined && path !== given) throw new SourceError(source.span, `the file ${number} is '${path}' already`);
  source.lines.files.set(number, given);
}

function location(source: SourceAssembler, reader: TokenReader): void {
  const number = Number(readNumber(source, reader));
  const line = Number(readNumber(source, reader));
  const column = reader.peek()?.kind === 'number' ? Number(readNumber(source, reader)) : 0;
  let isStatement = true;
  let prologueEnd = false;
  while (!reader.atEnd) {
    const { text, span } = reader.name('an attribute of the line');
    if (text === 'prologue_end') prologueEnd = true;
    else if (text === 'is_stmt') isStatement = readFlag(source, reader, text);
    else if (['isa', 'discriminator', 'view'].includes(text)) reader.next('a value');
    else if (text !== 'basic_block' && text !== 'epilogue_begin') throw new SourceError(span, `'${text}' is no attribute of a line`);
  }
  if (number !== 0 && !source.lines.files.has(number)) throw new SourceError(source.span, `no .file has the number ${number}`);
  source.lines.locate({ file: number, line, column, isStatement, prologueEnd });
}

function readFlag(source: SourceAssembler, reader: TokenReader, name: string): boolean {
  const value = readNumber(source, reader);
  if (value > 1n) throw new SourceError(source.span, `${name} is 0 or 1, not ${value}`);
  return value === 1n;
}

function readNumber(source: SourceAssembler, reader: TokenReader): bigint {
  const token = reader.peek();
  if (token?.kind !== 'number' || token.value! > 0x7fffffffn)
    throw new SourceError(source.span, '.loc takes a file number, a line and a column');
  return reader.next().value!;
}
