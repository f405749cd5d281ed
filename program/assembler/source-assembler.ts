import { generalIsa, type Isa } from '../../riscv/isa-string';
import type { AssembleOptions } from './assemble';
import { CallFrames } from './call-frames';
import { CallSiteCandidates } from './call-sites';
import { type Diagnostics, debugPlace, SourceError, type Span } from './diagnostics';
import { conditionalDirectives } from './directives/conditional-directives';
import { directives } from './directives/directives';
import { callMacro } from './directives/macro-directives';
import { placeRelocation, type WrittenRelocation } from './directives/reloc-directive';
import { finalNumber, knownNumber } from './evaluate';
import { constant, type Expression, type ExpressionScope, parseExpression, SymbolUse } from './expression';
import { assembleInstruction } from './instruction-statement';
import { LineRecorder } from './line-recorder';
import type { Macro } from './macro';
import { unknownName } from './nearest-name';
import { Options } from './options';
import { needsPreprocessor } from './preprocessor/preprocessor';
import { QuickForms } from './quick/quick-forms';
import { QuickLines } from './quick/quick-lines';
import { type AlignFragment, type Place, Section, type SectionAttributes } from './section';
import { attributesOf } from './section-attributes';
import { SourceFiles } from './source-files';
import { SourceInput } from './source-input';
import { type SourceLine, spanIn } from './source-line';
import type { Statement } from './statement';
import { type AssemblySymbol, isPlace, SymbolTable } from './symbols';
import { TokenReader } from './token-reader';

/** Reads one source into sections, symbols and line rows, statement by statement; what is wrong goes to `diagnostics`. */
export class SourceAssembler implements ExpressionScope {
  readonly symbols = new SymbolTable();
  readonly sections = new Map<string, Section>();
  readonly options: Options;
  readonly lines: LineRecorder;
  readonly files: SourceFiles;
  readonly frames = new CallFrames();
  readonly callSites: CallSiteCandidates | undefined;
  readonly input: SourceInput;
  /** By their names in lower case. */
  readonly macros = new Map<string, Macro>();
  /** What `.attribute` says, by tags. */
  readonly attributes = new Map<number, bigint | string>();
  /** How many macros were called so far, which is what `\@` stands for. */
  macroCalls = 0;
  /** Whether macros are in the alternate mode (`.altmacro`). */
  isAlternate = false;
  /** By the section's name and the number. */
  private readonly subsections = new Map<string, Section>();
  readonly sectionStack: { readonly section: Section; readonly previous: Section | undefined }[] = [];
  /** What `.lcomm`, and `.comm` of local symbols, put at the end of `.bss`. */
  readonly localBlocks: { readonly symbol: AssemblySymbol; readonly size: number; readonly alignment: number; readonly span: Span }[] = [];
  readonly relocations: WrittenRelocation[] = [];
  section: Section;
  /** The one before, to which `.previous` goes back. */
  previousSection: Section | undefined;
  /** Whether a name, a numeric label or the current place was asked for so far. */
  consultsNames = false;
  /** Whether the linker will relax. */
  private readonly relaxes: boolean;
  /** The line of the statement being assembled, and where its mnemonic or directive stands in it. */
  private line: SourceLine;
  private column = 1;
  private length = 1;
  private quickIsa: Isa;
  private formsInForce: QuickForms;

  constructor(
    readonly path: string,
    text: string,
    readonly diagnostics: Diagnostics,
    { callSites = false, callSiteLead = 0, isa = generalIsa, defines = [], relax = false, ...access }: AssembleOptions = {},
  ) {
    this.lines = new LineRecorder(path);
    this.files = new SourceFiles(access);
    this.options = new Options(isa);
    this.relaxes = relax;
    this.quickIsa = isa;
    this.formsInForce = QuickForms.in(isa);
    this.line = { path, text: '', line: 1 };
    this.input = new SourceInput(path, text, { files: this.files, isa, defines, diagnostics });
    this.callSites = callSites ? new CallSiteCandidates(text, needsPreprocessor(path), callSiteLead) : undefined;
    for (const name of ['.text', '.data', '.bss']) this.sectionNamed(name);
    this.section = this.sectionNamed('.text');
  }

  /** Reads the source and settles what its end decides. */
  run(): void {
    this.read();
    for (const relocation of this.relocations) this.attempt(() => placeRelocation(relocation));
    this.joinSubsections();
    this.attempt(() => this.frames.finish());
    for (const { symbol, size, alignment, span } of this.localBlocks) {
      this.attempt(() => {
        this.switchTo(this.sectionNamed('.bss'));
        this.addPadding(alignment, Uint8Array.of(0));
        this.section.align(alignment);
        symbol.definedAt = undefined;
        this.defineLabel(symbol, symbol.name, span);
        this.section.fixed.skip(size);
      });
    }
    this.callSites?.settle(this.sections.values());
    for (const section of this.sections.values()) this.padToAlignment(section);
  }

  /** Notes where the statement that is assembled next stands. */
  enter(line: SourceLine, column: number, length: number): void {
    this.line = line;
    this.column = column;
    this.length = length;
    const place = line.within ? debugPlace(line) : line;
    this.lines.path = place.path;
    this.lines.line = place.line;
  }

  /** Reads the statements, one after the other. */
  read(): void {
    this.input.quick = new QuickLines(this);
    for (let statement = this.input.next(); statement && !this.diagnostics.isFull; statement = this.input.next()) {
      try {
        this.assemble(statement);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        this.diagnostics.error(error.span, error.message);
      }
    }
  }

  /** Whether the linker may relax the instructions that follow. */
  get mayRelax(): boolean {
    return this.relaxes && this.options.state.relax;
  }

  /** The quick forms of the instructions that may be used here. */
  get quickForms(): QuickForms {
    const { isa } = this.options.state;
    if (isa !== this.quickIsa) {
      this.quickIsa = isa;
      this.formsInForce = QuickForms.in(isa);
    }
    return this.formsInForce;
  }

  /** The mnemonic or directive of the statement being assembled. */
  get span(): Span {
    return spanIn(this.line, this.column, this.length);
  }

  /** Runs something that may throw a SourceError, which becomes a diagnostic. */
  attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.diagnostics.error(error.span, error.message);
    }
  }

  warn(span: Span, message: string): void {
    this.diagnostics.warning(span, message);
  }

  here(): Place {
    this.consultsNames = true;
    return this.section.here();
  }

  symbol(name: string, span: Span): Expression {
    this.consultsNames = true;
    const symbol = this.symbols.get(name);
    if (symbol.isVariable && symbol.definition && !isPlace(symbol.definition)) return symbol.definition;
    return SymbolUse.at(symbol, span);
  }

  numeric(number: number, direction: 'b' | 'f', span: Span): Expression | undefined {
    this.consultsNames = true;
    const symbol = this.symbols.numeric(number, direction);
    return symbol && SymbolUse.at(symbol, span);
  }

  expression(reader: TokenReader): Expression {
    return parseExpression(reader, this);
  }

  /** Reads a number that must be known at this line. */
  number(reader: TokenReader, what: string): bigint {
    const span = reader.span;
    const value = knownNumber(this.expression(reader));
    if (value === undefined) throw new SourceError(span, `${what} must be a number that is known at this line`);
    return value;
  }

  /** The same, within bounds. */
  numberBetween(reader: TokenReader, what: string, lowest: number, highest: number): number {
    const span = reader.span;
    const value = this.number(reader, what);
    if (value < lowest || value > highest) throw new SourceError(span, `${what} ${value} is out of range ${lowest}..${highest}`);
    return Number(value);
  }

  /** Defines a label at the end of the current section. */
  defineLabel(symbol: AssemblySymbol, shown: string, span: Span): void {
    if (symbol.definition) throw new SourceError(span, `'${shown}' is already defined ${this.firstPlace(symbol, span)}`);
    this.section.isReferenced = true;
    symbol.definition = this.callSites?.place(this.section, symbol, span) ?? this.here();
    symbol.definedAt = span;
  }

  /** Gives a symbol a value; `again` where a later `.set` may change it. */
  assign(name: string, span: Span, value: Expression, again: boolean): void {
    const symbol = this.symbols.get(name);
    if (symbol.definition && !(again && symbol.isVariable)) {
      throw new SourceError(span, `'${name}' is already defined ${this.firstPlace(symbol, span)}`);
    }
    const number = knownNumber(value);
    symbol.definition = number === undefined ? value : constant(number);
    symbol.definedAt = span;
    symbol.isVariable = again;
  }

  sectionNamed(name: string, attributes?: SectionAttributes): Section {
    let section = this.sections.get(name);
    if (!section) {
      section = new Section(name, attributes ?? attributesOf(name));
      this.sections.set(name, section);
    }
    return section;
  }

  /** The subsection of a section with that number; the section itself for 0. */
  subsection(section: Section, number: number): Section {
    const main = this.sections.get(section.name) ?? section;
    if (number === 0) return main;
    const key = `${number} ${section.name}`;
    let found = this.subsections.get(key);
    if (!found) {
      found = new Section(main.name, main.attributes, number);
      this.subsections.set(key, found);
    }
    return found;
  }

  /** Puts the subsections behind their sections, by their numbers. */
  private joinSubsections(): void {
    for (const subsection of [...this.subsections.values()].sort((a, b) => a.number - b.number)) {
      const section = this.sections.get(subsection.name)!;
      this.lines.join(section, subsection);
      section.join(subsection);
    }
  }

  switchTo(section: Section): void {
    this.previousSection = this.section;
    this.section = section;
  }

  isDirective(name: string): boolean {
    return directives.has(name);
  }

  /** Appends bytes that are data. */
  emit(bytes: Uint8Array, span: Span): void {
    const { section } = this;
    if (!section.hasBits && bytes.some((byte) => byte !== 0)) throw noBits(section, span);
    if (bytes.length > 0) section.begin('data');
    if (section.hasBits) section.fixed.append(bytes);
    else section.fixed.skip(bytes.length);
  }

  /** Appends a number of 1 to 8 bytes that may depend on addresses. */
  emitValue(expression: Expression, size: number, span: Span): void {
    const { section } = this;
    const known = expression.kind === 'constant' ? expression.value : finalNumber(expression);
    if (!section.hasBits && known !== 0n) throw noBits(section, span);
    section.begin('data');
    if (known === undefined) {
      section.fixups.push({ kind: 'data', place: this.here(), size, expression, span });
      section.fixed.skip(size);
      return;
    }
    const bits = size * 8;
    // GNU as warns of neither sign where only the bits that say nothing but the sign are lost.
    if (size < 8 && (known < 0n ? -known : known) >= 1n << BigInt(bits)) {
      this.warn(
        span,
        `${hexadecimal(known)} does not fit in ${size} ${size === 1 ? 'byte' : 'bytes'}: ${hexadecimal(BigInt.asUintN(bits, known))} is taken`,
      );
    }
    if (section.hasBits) section.fixed.appendValue(known, size);
    else section.fixed.skip(size);
  }

  private assemble(statement: Statement): void {
    const { line, conditionals } = this.input;
    const { name, key } = statement;
    if (conditionals.isSkipping && !(name && Object.hasOwn(conditionalDirectives, key))) return;
    this.enter(line, name?.column ?? 1, name?.length ?? 1);
    if (statement.labels.length > 0 && !conditionals.isSkipping) this.defineLabels(statement);
    if (!name) return;
    const reader = new TokenReader(statement.operands, line, statement.end);
    if (name.kind === 'problem') throw new SourceError(this.span, name.text);
    if (name.kind !== 'name') throw new SourceError(this.span, `expected an instruction, a directive or a label, not '${name.text}'`);
    const macro = this.macros.size > 0 ? this.macros.get(key) : undefined;
    if (statement.isAssignment) {
      const isFinal = reader.accept('==');
      if (!isFinal) reader.expect('=');
      const value = this.expression(reader);
      reader.expectEnd();
      this.assign(name.text, this.span, value, !isFinal);
    } else if (macro) {
      callMacro(this, macro, reader);
    } else if (key.startsWith('.')) {
      const directive = directives.get(key);
      if (!directive) throw new SourceError(this.span, unknownName('directive', name.text, directives.keys()));
      directive(this, reader);
      reader.expectEnd();
    } else {
      assembleInstruction(this, name.text, key, reader);
    }
  }

  private defineLabels(statement: Statement): void {
    const { line } = this.input;
    for (const label of statement.labels) {
      const span = spanIn(line, label.column, label.length);
      this.attempt(() => {
        const symbol =
          label.kind === 'number'
            ? this.symbols.nextNumeric(Number(label.value))
            : this.symbols.get(label.bytes ? new TextDecoder().decode(label.bytes) : label.text);
        this.defineLabel(symbol, label.text, span);
      });
    }
  }

  /**
   * GNU as makes the size of code a multiple of its alignment. That padding, and all that the linker must not change, is of zeros where the
   * source ends with linker relaxation allowed, else of nops.
   */
  private padToAlignment(section: Section): void {
    const { alignment, fragments } = section;
    if (alignment === 1 || !section.isCode) return;
    this.section = section;
    this.addPadding(alignment, 'nops');
    if (!this.options.state.relax) return;
    for (const fragment of fragments) {
      if (fragment.kind === 'align' && fragment.fill === 'nops' && fragment.reserved === undefined) fragment.fill = Uint8Array.of(0);
    }
  }

  private addPadding(alignment: number, fill: AlignFragment['fill']): void {
    const { section } = this;
    const offset = section.fixed.length;
    section.fragments.push({
      kind: 'align',
      offset,
      size: 0,
      span: this.span,
      alignment,
      most: alignment,
      fill,
      reserved: undefined,
      active: true,
    });
  }

  private firstPlace(symbol: AssemblySymbol, span: Span): string {
    const at = symbol.definedAt;
    if (at?.within && at.within !== span.within) return `in line ${at.line} by ${at.within.title} at line ${at.within.line}`;
    return at && at.line !== span.line ? `in line ${at.line}` : 'in this line';
  }
}

function noBits(section: Section, span: Span): SourceError {
  return new SourceError(span, `'${section.name}' holds no bytes in the file: only zeros can be put there`);
}

function hexadecimal(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
