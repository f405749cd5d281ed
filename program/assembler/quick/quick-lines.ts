import { rowOf } from '../../../riscv/instruction-table';
import type { Span } from '../diagnostics';
import { appendLate, appendPair, emitBranchWords, emitLoadImmediate } from '../emit-instruction';
import { SymbolUse } from '../expression';
import type { SourceAssembler } from '../source-assembler';
import { type SourceLine, spanIn } from '../source-line';
import { type AssemblySymbol, isPlace } from '../symbols';
import type { WrittenLines } from '../written-lines';
import { assembleDirective } from './quick-directives';
import { placements, type QuickConstant, type QuickPair, type QuickSingle, wants } from './quick-forms';
import { codesOf, QuickScanner, shapes } from './quick-scanner';

const [newline, hash, dot, zero, nine, colon, backwards] = [0x0a, 0x23, 0x2e, 0x30, 0x39, 0x3a, 0x62];

/**
 * Assembles lines that hold labels and one instruction or directive with nothing unusual: registers, small numbers, names of symbols,
 * `8(sp)`, `%lo(name)`. Nearly all lines of compilers and people are such. It makes no tokens and no objects for instructions that
 * wait for no address, so a line takes a fraction of the time. What is unusual or has a mistake is left to the general way, and
 * nothing is done for it before that is known.
 */
export class QuickLines {
  readonly scanner = new QuickScanner();
  /** The line that is assembled: written in a file, or made by a macro. */
  private path = '';
  private line = 0;
  private lineStart = 0;
  private made: SourceLine | undefined;
  /** The position after the last label of the line, which is defined already where the rest is left. */
  private done = 0;
  /** The registers of the instruction by slots. */
  private readonly fields = new Uint8Array(4);

  constructor(readonly source: SourceAssembler) {}

  /** Assembles the lines of a file from where it stands up to the first that is left to the general way. */
  run(lines: WrittenLines): void {
    const { scanner } = this;
    const { codes } = lines;
    scanner.load(lines.text, codes);
    this.made = undefined;
    this.path = this.source.lines.path = lines.path;
    while (lines.position < codes.length) {
      this.lineStart = this.done = lines.position;
      this.line = this.source.lines.line = lines.line + 1;
      if (!this.statement(lines.position)) {
        lines.leave(this.done);
        return;
      }
      lines.pass(scanner.nextLine(this.done));
    }
  }

  /** Assembles a line that a macro or the preprocessor made; false, with nothing done, where it is left to the general way. */
  assembleLine(line: SourceLine): boolean {
    this.scanner.load(line.text, codesOf(line.text));
    this.made = line;
    this.lineStart = this.done = 0;
    if (line.text.includes(':')) return false;
    this.source.enter(line, 1, 1);
    return this.statement(0);
  }

  /** The span of what is between two positions of the line. */
  span(start: number, end: number): Span {
    const column = start - this.lineStart + 1;
    if (this.made) return spanIn(this.made, column, end - start);
    return { path: this.path, line: this.line, column, length: end - start };
  }

  /** The symbol that an operand names, as used there. */
  use(operand: number): SymbolUse | undefined {
    const { scanner, source } = this;
    const [start, end] = [scanner.starts[operand]!, scanner.ends[operand]!];
    source.consultsNames = true;
    if (scanner.shapes[operand] === shapes.local) {
      const direction = scanner.codes[end - 1] === backwards ? 'b' : 'f';
      const numeric = source.symbols.numeric(scanner.values[operand]!, direction);
      return numeric && this.useOf(numeric, start, end);
    }
    const symbol = source.symbols.get(scanner.text.slice(start, end));
    // What `.set` gave a value has that of this line.
    return symbol.isVariable ? undefined : this.useOf(symbol, start, end);
  }

  private useOf(symbol: AssemblySymbol, start: number, end: number): SymbolUse {
    if (this.made) return SymbolUse.at(symbol, this.span(start, end));
    return new SymbolUse(symbol, this.path, this.line, start - this.lineStart + 1, end - start, undefined);
  }

  /** Assembles the statement that begins there, after its labels. */
  private statement(start: number): boolean {
    const { scanner } = this;
    const { codes } = scanner;
    for (let at = scanner.blanks(start); ; ) {
      const first = codes[at]!;
      if (first === newline || first === hash) {
        this.done = at;
        return true;
      }
      const end = scanner.word(at);
      if (end === at) return false;
      if (codes[end] !== colon) {
        const isDone = first === dot ? assembleDirective(this, at, end) : this.instruction(at, end);
        if (isDone) this.done = end;
        return isDone;
      }
      if (!this.label(at, end)) return false;
      this.done = end + 1;
      at = scanner.blanks(end + 1);
    }
  }

  private label(start: number, end: number): boolean {
    const { source, scanner } = this;
    const first = scanner.codes[start]!;
    const name = scanner.text.slice(start, end);
    const isNumeric = first >= zero && first <= nine;
    if (isNumeric && (end - start > 9 || !/^\d+$/.test(name))) return false;
    const symbol = isNumeric ? source.symbols.nextNumeric(Number(name)) : source.symbols.get(name);
    if (symbol.definition) return false;
    source.defineLabel(symbol, name, this.span(start, end));
    return true;
  }

  private instruction(start: number, end: number): boolean {
    const { scanner, source } = this;
    if (!source.section.hasBits) return false;
    const mnemonic = scanner.text.slice(start, end);
    const forms = source.quickForms.of(mnemonic);
    if (forms.length === 0 || (source.macros.size > 0 && source.macros.has(mnemonic)) || !scanner.operands(end)) return false;
    for (let index = 0; index < forms.length; index++) {
      const form = forms[index]!;
      if (form.operands.length !== scanner.count) continue;
      if (form.kind === 'general') return false;
      if (!this.fits(form.operands)) continue;
      if (form.kind === 'single') return this.single(form);
      return form.kind === 'pair' ? this.pair(form) : this.constant(form);
    }
    return false;
  }

  /** Whether the operands look as a form wants them. */
  private fits(operands: Uint8Array): boolean {
    const { shapes: given } = this.scanner;
    for (let index = 0; index < operands.length; index++) if (shapesOf[operands[index]!]![given[index]!] === 0) return false;
    return true;
  }

  private single(form: QuickSingle): boolean {
    const { scanner, source } = this;
    const fields = this.fields;
    fields[0] = form.rd;
    fields[1] = form.rs1;
    fields[2] = form.rs2;
    fields[3] = 0;
    let { immediate } = form;
    let target = -1;
    let modified = -1;
    for (let index = 0; index < form.operands.length; index++) {
      const slots = form.registers[index]!;
      if (slots !== 0) {
        const register = scanner.registers[index]!;
        for (let slot = 0; slot < 4; slot++) if ((slots & (1 << slot)) !== 0) fields[slot] = register;
      }
      const shape = scanner.shapes[index]!;
      switch (form.operands[index]) {
        case wants.upper:
          if (shape === shapes.modified) modified = index;
          else {
            immediate = scanner.values[index]!;
            if (immediate < 0 || immediate > 0xfffff) return false;
            immediate = (immediate << 12) | 0;
          }
          break;
        case wants.immediate:
        case wants.memory:
          if (shape >= shapes.modified) modified = index;
          else immediate = scanner.values[index]!;
          break;
        case wants.address:
          if (scanner.values[index] !== 0) return false;
          break;
        case wants.target:
          target = index;
      }
    }
    if (immediate < form.minimum || immediate > form.maximum) return false;
    const word = form.match | (fields[0] << 7) | (fields[1] << 15) | (fields[2] << 20) | (fields[3] << 27);
    if (target >= 0) return this.branch(form, word, target);
    if (modified >= 0) return this.late(form, word, modified);
    const short = form.compressor?.encode(fields[0], fields[1], fields[2], immediate) ?? 0;
    const { section } = source;
    section.begin('code');
    source.lines.instruction(section);
    if (short !== 0) section.fixed.append16(short);
    else section.fixed.append32(word | immediateBits(form.placement, immediate));
    return true;
  }

  private branch(form: QuickSingle, word: number, operand: number): boolean {
    const target = this.use(operand);
    if (!target) return false;
    const fields = this.fields;
    const short = form.compressor?.encode(fields[0]!, fields[1]!, fields[2]!, 0) ?? 0;
    emitBranchWords(this.source, word, short, form.isJump, target, target.span);
    return true;
  }

  /** An instruction with a part of an address. */
  private late(form: QuickSingle, word: number, operand: number): boolean {
    const { scanner } = this;
    const kind = form.modifiers[scanner.text.slice(scanner.modifierStarts[operand], scanner.modifierEnds[operand])];
    const use = kind && this.use(operand);
    if (!use) return false;
    appendLate(this.source, word, kind, use, this.span(scanner.modifierStarts[operand]! - 1, scanner.ends[operand]! + 1));
    return true;
  }

  private pair(form: QuickPair): boolean {
    const { scanner, source } = this;
    let { first, second } = form;
    let use: SymbolUse | undefined;
    for (let index = 0; index < form.operands.length; index++) {
      if (form.operands[index] === wants.symbol) use = this.use(index);
      else {
        first += scanner.registers[index]! * form.firstFactors[index]!;
        second += scanner.registers[index]! * form.secondFactors[index]!;
      }
    }
    if (!use) return false;
    if (form.name === 'la' || form.name === 'lla') {
      // What is a number already is loaded as one, and position-independent code reads the address from a table.
      const { definition } = use.symbol;
      if (source.options.state.pic || (definition && (!isPlace(definition) || definition.section.isAbsolute))) return false;
    }
    appendPair(source, first, second, form.fixup, use, use.span);
    return true;
  }

  /** `li` with a number that lui and addiw can make. */
  private constant({ small, upper, word }: QuickConstant): boolean {
    const { scanner, source } = this;
    const value = scanner.values[1]!;
    const rd = scanner.registers[0]!;
    if (scanner.shapes[1] === shapes.longNumber || value >= 2 ** 31) return this.longConstant(rd);
    const { section } = source;
    const low = (value << 20) >> 20;
    section.begin('code');
    source.lines.instruction(section);
    if (value === low) {
      const short = small?.encode(rd, 0, 0, low) ?? 0;
      if (short !== 0) section.fixed.append16(short);
      else section.fixed.append32(addi | (rd << 7) | (low << 20));
      return true;
    }
    const high = (value - low) | 0;
    const shortHigh = upper?.encode(rd, 0, 0, high) ?? 0;
    if (shortHigh !== 0) section.fixed.append16(shortHigh);
    else section.fixed.append32(lui | (rd << 7) | high);
    if (low === 0) return true;
    const shortLow = word?.encode(rd, rd, 0, low) ?? 0;
    if (shortLow !== 0) section.fixed.append16(shortLow);
    else section.fixed.append32(addiw | (rd << 7) | (rd << 15) | (low << 20));
    return true;
  }

  /** `li` with a number of more than 32 bits, whose instructions are kept for the next time. */
  private longConstant(rd: number): boolean {
    const { scanner, source } = this;
    const text = scanner.name(1);
    const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
    if (value >= 1n << 64n) return false;
    const { fixed } = source.section;
    const key = `${rd} ${text}`;
    const { constants } = source.quickForms;
    const known = constants.get(key);
    if (known) {
      source.section.begin('code');
      source.lines.instruction(source.section);
      fixed.append(known);
      return true;
    }
    const before = fixed.length;
    emitLoadImmediate(source, rd, value);
    constants.set(key, fixed.bytes.slice(before));
    return true;
  }
}

const [addi, addiw, lui] = (['addi', 'addiw', 'lui'] as const).map((mnemonic) => rowOf(mnemonic).match) as [number, number, number];

function immediateBits(placement: number, immediate: number): number {
  if (placement === placements.high) return immediate << 20;
  if (placement === placements.upper) return immediate;
  return placement === placements.store ? ((immediate >> 5) << 25) | ((immediate & 31) << 7) : 0;
}

/** For each of `wants` which shapes it may have, in the order of `shapes`. */
const shapesOf: readonly Uint8Array[] = [
  [shapes.register],
  [shapes.floatRegister],
  [shapes.number, shapes.modified],
  [shapes.number, shapes.modified],
  [shapes.memory, shapes.modifiedMemory],
  [shapes.memory],
  [shapes.name, shapes.local],
  [shapes.name],
  [shapes.number, shapes.longNumber],
].map((allowed) => Uint8Array.from({ length: 9 }, (_, shape) => (allowed.includes(shape as never) ? 1 : 0)));
