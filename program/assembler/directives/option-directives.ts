import { IsaError, parseIsa, withExtensions } from '../../../riscv/isa-string';
import { SourceError } from '../diagnostics';
import { unknownName } from '../nearest-name';
import type { OptionState } from '../options';
import { attributeTags } from '../riscv-attributes';
import type { SourceAssembler } from '../source-assembler';
import { expectNone, type TokenReader } from '../token-reader';
import type { DirectiveTable } from './directive';

/** `.option` and the directives that say something about the whole object (RISC-V assembly programmer's manual). */
export const optionDirectives: DirectiveTable = {
  '.option': option,
  '.attribute': attribute,
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
    reader.takeText();
    source.warn(span, `expected one of ${optionNames.join(', ')}, not '${text}': it is ignored`);
  }
}

/** `.attribute TAG, VALUE`; the architecture is also what is in force from there on. */
function attribute(source: SourceAssembler, reader: TokenReader): void {
  const [tagReader, valueReader, ...more] = reader.operands();
  expectNone(more);
  if (!tagReader || !valueReader) throw new SourceError(source.span, '.attribute takes a tag and a value');
  const token = tagReader.peek();
  const name = token?.kind === 'name' ? token.text.replace(/^Tag_RISCV_/, '') : undefined;
  const tag = name === undefined ? source.numberBetween(tagReader, 'tag', 0, 0xffff) : attributeTags[name];
  if (tag === undefined) throw new SourceError(tagReader.span, unknownName('tag', name!, Object.keys(attributeTags)));
  if (tag % 2 === 0) {
    source.attributes.set(tag, BigInt.asUintN(64, source.number(valueReader, 'value')));
    return;
  }
  const value = valueReader.peek();
  if (value?.kind !== 'string') throw valueReader.failure('expected a string');
  const text = new TextDecoder().decode(value.bytes!);
  if (tag !== attributeTags.arch) {
    source.attributes.set(tag, text);
    return;
  }
  try {
    source.options.change({ isa: parseIsa(text) });
  } catch (error) {
    if (!(error instanceof IsaError)) throw error;
    source.warn(valueReader.span, `${error.message}; the extensions stay as they are`);
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
