import { SourceError } from '../diagnostics';
import type { SourceAssembler } from '../source-assembler';
import type { TokenReader } from '../token-reader';
import type { DirectiveTable } from './directive';

/** `.option` and the directives that say something about the whole object (RISC-V assembly programmer's manual). */
export const optionDirectives: DirectiveTable = {
  '.option': option,
  '.attribute': (source, reader) => {
    const operands = reader.operands();
    if (operands.length !== 2) throw new SourceError(source.span, '.attribute takes a tag and a value');
  },
  '.ident': skip,
  '.addrsig': skip,
  '.addrsig_sym': skip,
};

const settings: Readonly<Record<string, Partial<SourceAssembler['options']['state']>>> = {
  rvc: { rvc: true },
  norvc: { rvc: false },
  relax: { relax: true },
  norelax: { relax: false },
  pic: { pic: true },
  nopic: { pic: false },
};

const optionNames = [...Object.keys(settings), 'push', 'pop', 'arch'];

function option(source: SourceAssembler, reader: TokenReader): void {
  const { text, span } = reader.name(`one of ${optionNames.join(', ')}`);
  const setting = settings[text];
  if (setting) source.options.state = { ...source.options.state, ...setting };
  else if (text === 'push') source.options.push();
  else if (text === 'pop') {
    if (!source.options.pop()) throw new SourceError(span, '.option pop without a push before it');
  } else if (text === 'arch') architecture(source, reader);
  else throw new SourceError(span, `expected one of ${optionNames.join(', ')}, not '${text}'`);
}

/** `.option arch, +c, -c`; other extensions that the assembler has are always on. */
function architecture(source: SourceAssembler, reader: TokenReader): void {
  reader.expect(',');
  for (const operand of reader.operands()) {
    const { span } = operand;
    let text = '';
    while (!operand.atEnd) text += operand.next().text;
    if (text === '+c' || text === '-c') source.options.state = { ...source.options.state, rvc: text === '+c' };
    else if (!/^(\+(i|m|a|zicsr|zifencei|zmmul)|rv64i?m?a?c?(_\w+)*)$/.test(text)) {
      throw new SourceError(span, `there is no extension '${text}' here: the assembler knows rv64imac_zicsr_zifencei`);
    }
  }
}

/** Takes the operands of a directive that has no meaning for a linked program. */
function skip(_: SourceAssembler, reader: TokenReader): void {
  reader.operands();
}
