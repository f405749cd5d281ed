import { SourceError, type Span } from '../diagnostics';
import { constant, SymbolUse } from '../expression';
import type { SourceAssembler } from '../source-assembler';
import type { AssemblySymbol, SymbolType, Visibility } from '../symbols';
import { expectNone, type TokenReader } from '../token-reader';
import type { Directive, DirectiveTable } from './directive';

/** Directives that say something about symbols (GNU as manual, chapter "Pseudo Ops"). */
export const symbolDirectives: DirectiveTable = {
  '.globl': binding('global'),
  '.global': binding('global'),
  '.weak': binding('weak'),
  '.local': binding('local'),
  '.hidden': visibility('hidden'),
  '.protected': visibility('protected'),
  '.internal': visibility('internal'),
  '.type': type,
  '.size': size,
  '.equ': assignment(true),
  '.set': assignment(true),
  '.equiv': assignment(false),
  '.eqv': lazyAssignment,
  '.weakref': weakReference,
  '.lsym': assignment(true),
  '.variant_cc': forEachName((symbol) => {
    symbol.isVariantCall = true;
  }),
  '.symver': versionedName,
  '.vtable_inherit': withoutRelocation('R_RISCV_GNU_VTINHERIT'),
  '.vtable_entry': withoutRelocation('R_RISCV_GNU_VTENTRY'),
  '.rva': withoutRelocation('R_RISCV_RVA'),
  '.tls_common': common('global', true),
  '.comm': common('global'),
  '.common': common('global'),
  '.common.s': common('global'),
  '.xcom': common('global'),
  '.lcomm': common('local'),
};

function binding(kind: 'global' | 'weak' | 'local'): Directive {
  return forEachName((symbol) => bindSymbol(symbol, kind));
}

export function bindSymbol(symbol: AssemblySymbol, kind: 'global' | 'weak' | 'local'): void {
  symbol.binding = kind === 'global' && symbol.binding === 'weak' ? 'weak' : kind;
}

function visibility(kind: Visibility): Directive {
  return forEachName((symbol) => setVisibility(symbol, kind));
}

export function setVisibility(symbol: AssemblySymbol, kind: Visibility): void {
  symbol.visibility = kind;
}

function forEachName(action: (symbol: AssemblySymbol) => void): Directive {
  return (source, reader) => {
    const operands = reader.operands();
    if (operands.length === 0) throw reader.failure('expected the name of a symbol');
    for (const operand of operands) {
      const { text } = operand.name('the name of a symbol');
      operand.expectEnd();
      action(source.symbols.get(text));
    }
  };
}

/** The names of types as `.type` takes them, in lower case. */
export const symbolTypes: Readonly<Record<string, SymbolType>> = {
  function: 'function',
  stt_func: 'function',
  object: 'object',
  stt_object: 'object',
  notype: 'none',
  stt_notype: 'none',
  tls_object: 'tls',
  stt_tls: 'tls',
  common: 'object',
  stt_common: 'object',
  gnu_unique_object: 'object',
  gnu_indirect_function: 'ifunc',
  stt_gnu_ifunc: 'ifunc',
};

/** `.type NAME, @function`; the type may also be written `%function`, `"function"`, `STT_FUNC`, and the comma left out. */
function type(source: SourceAssembler, reader: TokenReader): void {
  const { text } = reader.name('the name of a symbol');
  reader.accept(',');
  if (!reader.accept('@')) reader.accept('%');
  const kind = reader.name('a symbol type such as @function');
  const found = symbolTypes[kind.text.toLowerCase()];
  if (!found) throw new SourceError(kind.span, `expected a symbol type such as @function or @object, not '${kind.text}'`);
  source.symbols.get(text).type = found;
}

function size(source: SourceAssembler, reader: TokenReader): void {
  const { text } = reader.name('the name of a symbol');
  reader.expect(',');
  source.symbols.get(text).size = source.expression(reader);
}

function assignment(again: boolean): Directive {
  return (source, reader) => {
    const { text, span } = reader.name('the name of a symbol');
    reader.expect(',');
    source.assign(text, span, source.expression(reader), again);
  };
}

/** `.eqv NAME, EXPRESSION`: the expression is taken anew wherever the name is used. */
function lazyAssignment(source: SourceAssembler, reader: TokenReader): void {
  const { text, span } = reader.name('the name of a symbol');
  reader.expect(',');
  source.assign(text, span, source.expression(reader), false);
}

/** `.weakref ALIAS, TARGET`: uses of the alias are weak ones of the target. */
function weakReference(source: SourceAssembler, reader: TokenReader): void {
  const alias = reader.name('the name of a symbol');
  reader.expect(',');
  const target = reader.name('the name of a symbol');
  const symbol = source.symbols.get(target.text);
  if (symbol.binding === 'unset') symbol.binding = 'weak';
  source.assign(alias.text, alias.span, SymbolUse.at(symbol, target.span), false);
}

/**
 * `.symver NAME, OTHER@VERSION`: versions are for dynamic linking. Of its names a static program has OTHER where the version is the
 * one that other sources get by default (`@@`).
 */
function versionedName(source: SourceAssembler, reader: TokenReader): void {
  const { text, span } = reader.name('the name of a symbol');
  reader.expect(',');
  const versioned = /^([^@]+)@(@{0,2})([^@,\s]+)(\s*,.*)?$/.exec(reader.takeText().replaceAll('"', '').trim());
  if (!versioned) throw new SourceError(source.span, 'expected a name with a version, such as name@VERSION or name@@VERSION');
  const [, name, isDefault] = versioned;
  if (!isDefault || name === text) return;
  const symbol = source.symbols.get(text);
  source.assign(name!, span, SymbolUse.at(symbol, span), false);
  bindSymbol(source.symbols.get(name!), 'global');
}

/** What GNU as has for machines with a relocation that RISC-V has not. */
function withoutRelocation(relocation: string): Directive {
  return (source, reader) => {
    reader.takeText();
    throw new SourceError(source.span, `this needs a relocation ${relocation}, which RISC-V has not`);
  };
}

/** The largest block that `.comm` may ask for, in bytes. */
const largest = 2 ** 31;

function common(scope: 'global' | 'local', isThreadLocal = false): Directive {
  return (source, reader) => {
    const [nameReader = reader, sizeReader, alignmentReader, ...more] = reader.operands();
    const { text, span } = nameReader.name('the name of a symbol');
    if (!sizeReader) throw reader.failure('expected a comma and the size');
    expectNone(more);
    const sizeSpan = sizeReader.span;
    const bytes = source.number(sizeReader, 'size');
    if (bytes < 0n) {
      source.warn(sizeSpan, `the size ${bytes} is negative: the directive has no effect`);
      return;
    }
    if (bytes > largest) throw new SourceError(sizeSpan, `size ${bytes} is out of range 0..${largest}`);
    define(source, text, span, Number(bytes), alignmentReader, scope, isThreadLocal);
  };
}

function define(
  source: SourceAssembler,
  text: string,
  span: Span,
  bytes: number,
  alignmentReader: TokenReader | undefined,
  scope: 'global' | 'local',
  isThreadLocal: boolean,
): void {
  const alignment = alignmentReader
    ? source.numberBetween(alignmentReader, 'alignment', 1, 65536)
    : scope === 'local'
      ? largestBelow(bytes)
      : smallestAbove(bytes);
  if ((alignment & (alignment - 1)) !== 0) throw new SourceError(alignmentReader!.span, `alignment ${alignment} is not a power of 2`);
  const symbol = source.symbols.get(text);
  if (symbol.definition) throw new SourceError(span, `'${text}' is already defined in line ${symbol.definedAt?.line}`);
  symbol.definedAt ??= span;
  if (symbol.type === 'none') symbol.type = isThreadLocal ? 'tls' : 'object';
  if (symbol.binding === 'unset') symbol.binding = scope;
  if (symbol.binding === 'local' && !isThreadLocal) {
    symbol.size ??= constant(BigInt(bytes));
    source.localBlocks.push({ symbol, size: bytes, alignment, span });
    return;
  }
  const { size = 0, alignment: before = 1 } = symbol.common ?? {};
  symbol.common = { size: Math.max(bytes, size), alignment: Math.max(alignment, before), isThreadLocal };
}

/** The alignment of a local block that says none: the largest power of 2 that is not above its size, at most 8. */
function largestBelow(size: number): number {
  let alignment = 1;
  while (alignment < 8 && alignment * 2 <= size) alignment *= 2;
  return alignment;
}

/** The alignment of a common block that says none: the smallest power of 2 that is not below its size, at most 16. */
function smallestAbove(size: number): number {
  let alignment = 1;
  while (alignment < 16 && alignment < size) alignment *= 2;
  return alignment;
}
