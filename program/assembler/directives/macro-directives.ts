import { SourceError } from '../diagnostics';
import { tokenize } from '../lexer';
import { bindArguments, type Macro, parseMacroHead } from '../macro';
import { ArgumentReader, type Evaluate } from '../macro-arguments';
import type { SourceAssembler } from '../source-assembler';
import type { SourceLine } from '../source-line';
import type { Substitution } from '../substitute';
import { TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Macros, repetitions and other files (GNU as manual, sections ".include", ".macro", ".rept", ".irp", ".irpc"). */
export const macroDirectives: DirectiveTable = {
  '.include': include,
  '.macro': define,
  '.endm': (source) => source.warn(source.span, '.endm without a .macro before it'),
  '.purgem': forget,
  '.exitm': exit,
  '.mexit': exit,
  '.altmacro': (source) => {
    source.isAlternate = true;
  },
  '.noaltmacro': (source) => {
    source.isAlternate = false;
  },
  '.rept': repeat,
  '.rep': repeat,
  '.irp': forEach(valuesOf),
  '.irep': forEach(valuesOf),
  '.irpc': forEach(charactersOf),
  '.irepc': forEach(charactersOf),
  '.endr': (source) => source.warn(source.span, '.endr without a .rept, .irp or .irpc before it'),
};

const macroOpeners: ReadonlySet<string> = new Set(['.macro']);
const repetitionOpeners: ReadonlySet<string> = new Set(['.rept', '.rep', '.irp', '.irep', '.irpc', '.irepc']);

/** Assembles the body of a macro with the arguments of a call. Throws SourceError. */
export function callMacro(source: SourceAssembler, macro: Macro, reader: TokenReader): void {
  const { name, body } = macro;
  const values = bindArguments(macro, reader.takeText(), source.span, evaluator(source));
  const substitutions = [{ values, number: source.macroCalls++, locals: newLocals(source) }];
  source.input.expand({ macro: name, title: `macro '${name}', called` }, body, { count: 1, substitutions }, source.span);
}

function exit(source: SourceAssembler): void {
  if (!source.input.exit()) source.warn(source.span, '.exitm outside of a macro has no effect');
}

function include(source: SourceAssembler, reader: TokenReader): void {
  const { span } = reader;
  const { text } = reader.name('the name of a file in quotes');
  reader.expectEnd();
  source.input.include(text, span);
}

function define(source: SourceAssembler, reader: TokenReader): void {
  const { span } = source;
  const text = reader.takeText();
  const body = source.input.body(macroOpeners, '.endm');
  if (!body) throw new SourceError(span, 'this .macro has no .endm');
  const head = parseMacroHead(text, span);
  const key = head.name.toLowerCase();
  if (source.macros.has(key)) throw new SourceError(span, `the macro '${head.name}' is already defined: '.purgem ${head.name}' forgets it`);
  if (source.isDirective(key)) {
    source.warn(span, `'${head.name}' is a directive and cannot be made a macro`);
    return;
  }
  source.macros.set(key, { ...head, body });
}

function forget(source: SourceAssembler, reader: TokenReader): void {
  for (const operand of reader.operands()) {
    const { text, span } = operand.name('the name of a macro');
    operand.expectEnd();
    if (!source.macros.delete(text.toLowerCase())) source.warn(span, `there is no macro '${text}'`);
  }
}

/** The body of a repetition, which is taken even where its directive is wrong. */
function bodyOf(source: SourceAssembler, title: string): SourceLine[] {
  const body = source.input.body(repetitionOpeners, '.endr');
  if (!body) throw new SourceError(source.span, `this ${title} has no .endr`);
  return body;
}

/** In the alternate mode what `%expression` is; undefined in the usual one. */
function evaluator(source: SourceAssembler): Evaluate | undefined {
  if (!source.isAlternate) return undefined;
  const { span } = source;
  return (text) => {
    const line = { path: span.path, line: span.line, text, ...(span.within && { within: span.within }) };
    return source.number(new TokenReader(tokenize(text), line, text.length + 1), 'the expression after %');
  };
}

function newLocals(source: SourceAssembler): Map<string, string> | undefined {
  return source.isAlternate ? new Map() : undefined;
}

const unchanged: Substitution = { values: new Map() };

function repeat(source: SourceAssembler, reader: TokenReader): void {
  const { span } = source;
  const body = bodyOf(source, '.rept');
  const count = source.number(reader, 'the count');
  if (count < 0n) {
    throw new SourceError(span, `the count ${count} is negative`);
  }
  source.input.expand({ macro: undefined, title: "'.rept'" }, body, { count: Number(count), substitutions: copies(count) }, span);
}

function* copies(count: bigint): Iterable<Substitution> {
  for (let index = 0n; index < count; index++) yield unchanged;
}

function forEach(read: (reader: ArgumentReader) => string[]): Directive {
  return (source, reader) => {
    const { span } = source;
    const title = read === valuesOf ? '.irp' : '.irpc';
    const body = bodyOf(source, title);
    const texts = new ArgumentReader(reader.takeText(), evaluator(source));
    const name = texts.name();
    if (name === undefined) throw new SourceError(span, 'expected the name of a parameter');
    texts.skipSeparator();
    const values = texts.atEnd ? [''] : read(texts);
    const substitutions = values.map((value) => ({ values: new Map([[name, value]]), locals: newLocals(source) }));
    source.input.expand({ macro: undefined, title: `'${title}'` }, body, { count: values.length, substitutions }, span);
  };
}

function valuesOf(texts: ArgumentReader): string[] {
  const values: string[] = [];
  while (!texts.atEnd) values.push(texts.argument());
  return values;
}

/** The characters of a word, or of a string with its blanks. */
function charactersOf(texts: ArgumentReader): string[] {
  return texts.next === '"' ? [...texts.argument()] : [...texts.rest().replaceAll(' ', '')];
}
