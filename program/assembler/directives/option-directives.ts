import { IsaError, parseIsa, withExtensions } from '../../../riscv/isa-string';
import { SourceError } from '../diagnostics';
import type { OptionState } from '../options';
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
};

const settings: ReadonlyMap<string, Partial<OptionState>> = new Map([
  ['relax', { relax: true }],
  ['norelax', { relax: false }],
  ['pic', { pic: true }],
  ['nopic', { pic: false }],
]);

const optionNames = ['rvc', 'norvc', ...settings.keys(), 'push', 'pop', 'arch', 'csr-check', 'no-csr-check'];

function option(source: SourceAssembler, reader: TokenReader): void {
  const { options } = source;
  const { text: first, span } = reader.name(`one of ${optionNames.join(', ')}`);
  let text = first;
  while (reader.accept('-')) text += `-${reader.name('the rest of the name').text}`;
  const setting = settings.get(text);
  if (setting) options.change(setting);
  else if (text === 'rvc') options.change({ isa: withExtensions(options.state.isa, '+', 'c') });
  else if (text === 'norvc') options.change({ isa: withExtensions(options.state.isa, '-', 'c') });
  else if (text === 'push') options.push();
  else if (text === 'pop') {
    if (!options.pop()) throw new SourceError(span, '.option pop without a push before it');
  } else if (text === 'arch') architecture(source, reader);
  else if (!text.endsWith('csr-check')) {
    throw new SourceError(span, `expected one of ${optionNames.join(', ')}, not '${text}'`);
  }
}

/** `.option arch, +zba, -c`, or a whole ISA string. */
function architecture(source: SourceAssembler, reader: TokenReader): void {
  reader.expect(',');
  for (const operand of reader.operands()) {
    const { span } = operand;
    const text = operand.takeText().replaceAll(/\s/g, '');
    const sign = /^[+-]/.exec(text)?.[0] as '+' | '-' | undefined;
    try {
      const { isa } = source.options.state;
      source.options.change({ isa: sign ? withExtensions(isa, sign, text.slice(1)) : parseIsa(text) });
    } catch (error) {
      if (!(error instanceof IsaError)) throw error;
      throw new SourceError(span, error.message);
    }
  }
}
