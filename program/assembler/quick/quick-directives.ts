import { alignSection } from '../directives/layout-directives';
import { bindSymbol, setVisibility, symbolTypes } from '../directives/symbol-directives';
import { SymbolUse } from '../expression';
import type { QuickLines } from './quick-lines';
import { shapes } from './quick-scanner';

/** Assembles the directive whose name is between two positions; false, with nothing done, where it is left to the general way. */
export function assembleDirective(lines: QuickLines, start: number, end: number): boolean {
  const { scanner, source } = lines;
  const name = scanner.text.slice(start, end);
  const directive = quickDirectives.get(name);
  return directive !== undefined && !(source.macros.size > 0 && source.macros.has(name)) && directive(lines, end, start);
}

type QuickDirective = (lines: QuickLines, at: number, start: number) => boolean;

const quickDirectives: ReadonlyMap<string, QuickDirective> = new Map<string, QuickDirective>([
  ...['.byte', '.dc.b'].map((name) => [name, numbers(1)] as const),
  ...['.half', '.2byte', '.short', '.hword'].map((name) => [name, numbers(2)] as const),
  ...['.word', '.4byte', '.long', '.int'].map((name) => [name, numbers(4)] as const),
  ...['.dword', '.quad', '.8byte'].map((name) => [name, numbers(8)] as const),
  ['.ascii', string(false)],
  ['.asciz', string(true)],
  ['.string', string(true)],
  ['.globl', named((lines, name) => bindSymbol(lines.source.symbols.get(name), 'global'))],
  ['.global', named((lines, name) => bindSymbol(lines.source.symbols.get(name), 'global'))],
  ['.local', named((lines, name) => bindSymbol(lines.source.symbols.get(name), 'local'))],
  ['.weak', named((lines, name) => bindSymbol(lines.source.symbols.get(name), 'weak'))],
  ['.hidden', named((lines, name) => setVisibility(lines.source.symbols.get(name), 'hidden'))],
  ['.type', type],
  ['.size', size],
  ['.text', section('.text')],
  ['.data', section('.data')],
  ['.bss', section('.bss')],
  ['.align', align(true)],
  ['.p2align', align(true)],
  ['.balign', align(false)],
  ['.loc', location],
]);

const [quote, backslash, comma, at, percent, dot, minus] = [0x22, 0x5c, 0x2c, 0x40, 0x25, 0x2e, 0x2d];

/** Numbers that fit, and names of symbols. */
function numbers(bytes: 1 | 2 | 4 | 8): QuickDirective {
  const highest = 2 ** (8 * bytes);
  return (lines, at) => {
    const { scanner, source } = lines;
    const { section } = source;
    if (!section.hasBits || !scanner.operands(at) || scanner.count === 0) return false;
    for (let index = 0; index < scanner.count; index++) {
      const shape = scanner.shapes[index];
      const value = scanner.values[index]!;
      if (shape === shapes.number ? value >= highest || value < -highest / 2 : shape !== shapes.name) return false;
      if (shape === shapes.name && source.symbols.find(scanner.name(index))?.isVariable) return false;
    }
    section.begin('data');
    for (let index = 0; index < scanner.count; index++) {
      if (scanner.shapes[index] === shapes.number) section.fixed.appendNumber(scanner.values[index]!, bytes);
      else {
        const use = lines.use(index)!;
        section.fixups.push({ kind: 'data', place: section.here(), size: bytes, expression: use, span: use.span });
        section.fixed.skip(bytes);
      }
    }
    return true;
  };
}

/** One string with no escapes but `\n`, `\t`, `\r`, `\\` and `\"`. */
function string(isTerminated: boolean): QuickDirective {
  return ({ scanner, source }, after) => {
    const { codes } = scanner;
    const { section } = source;
    const start = scanner.blanks(after);
    if (!section.hasBits || codes[start] !== quote) return false;
    let end = start + 1;
    for (let code = codes[end]!; code !== quote; code = codes[++end]!) {
      if (code < 0x20 || code >= 0x7f) return false;
      if (code === backslash && escaped[codes[++end]!] === 0) return false;
    }
    if (!scanner.isEnd(scanner.blanks(end + 1))) return false;
    if (end > start + 1 || isTerminated) section.begin('data');
    for (let index = start + 1; index < end; index++) {
      const code = codes[index]!;
      section.fixed.appendByte(code === backslash ? escaped[codes[++index]!]! : code);
    }
    if (isTerminated) section.fixed.appendByte(0);
    return true;
  };
}

/** What the letters after a backslash stand for, 0 where they are left to the general way. */
const escaped = new Uint8Array(256);
for (const [letter, code] of Object.entries({ n: 10, t: 9, r: 13, '\\': backslash, '"': quote })) escaped[letter.charCodeAt(0)] = code;

function named(action: (lines: QuickLines, name: string) => void): QuickDirective {
  return (lines, at) => {
    const { scanner } = lines;
    if (!scanner.operands(at) || scanner.count !== 1 || scanner.shapes[0] !== shapes.name) return false;
    action(lines, scanner.name(0));
    return true;
  };
}

/** `.type NAME, @function`. */
function type({ scanner, source }: QuickLines, after: number): boolean {
  const { codes, text } = scanner;
  const start = scanner.blanks(after);
  const end = scanner.word(start);
  let next = scanner.blanks(end);
  if (end === start || isDigit(codes[start]!) || codes[next] !== comma) return false;
  next = scanner.blanks(next + 1);
  if (codes[next] !== at && codes[next] !== percent) return false;
  const kindEnd = scanner.word(next + 1);
  const kind = symbolTypes[text.slice(next + 1, kindEnd)];
  if (kind === undefined || !scanner.isEnd(scanner.blanks(kindEnd))) return false;
  source.symbols.get(text.slice(start, end)).type = kind;
  return true;
}

/** `.size NAME, .-NAME`, or a number. */
function size(lines: QuickLines, after: number): boolean {
  const { scanner, source } = lines;
  const { codes, text } = scanner;
  const start = scanner.blanks(after);
  const end = scanner.word(start);
  let next = scanner.blanks(end);
  if (end === start || isDigit(codes[start]!) || codes[next] !== comma) return false;
  next = scanner.blanks(next + 1);
  if (codes[next] !== dot) return false;
  const operator = scanner.blanks(next + 1);
  if (codes[operator] !== minus) return false;
  const nameStart = scanner.blanks(operator + 1);
  const nameEnd = scanner.word(nameStart);
  const name = text.slice(start, end);
  if (text.slice(nameStart, nameEnd) !== name || !scanner.isEnd(scanner.blanks(nameEnd))) return false;
  const symbol = source.symbols.get(name);
  if (symbol.isVariable) return false;
  const span = lines.span(operator, operator + 1);
  const left = { kind: 'place', place: source.here() } as const;
  symbol.size = { kind: 'binary', operator: '-', left, right: SymbolUse.at(symbol, span), span };
  return true;
}

function section(name: string): QuickDirective {
  return ({ scanner, source }, at) => {
    if (!scanner.isEnd(scanner.blanks(at))) return false;
    source.switchTo(source.sectionNamed(name));
    return true;
  };
}

/** The alignment alone. */
function align(isPower: boolean): QuickDirective {
  return (lines, after, start) => {
    const { scanner } = lines;
    if (!scanner.operands(after) || scanner.count !== 1 || scanner.shapes[0] !== shapes.number) return false;
    const value = scanner.values[0]!;
    const alignment = isPower ? 2 ** value : value;
    if (value < 0 || alignment < 1 || alignment > 4096 || (alignment & (alignment - 1)) !== 0) return false;
    alignSection(lines.source, lines.span(start, after), alignment);
    return true;
  };
}

/** `.loc FILE LINE COLUMN` and no more. */
function location({ scanner, source }: QuickLines, after: number): boolean {
  const numbers = [0, 0, 0];
  let next = scanner.blanks(after);
  for (let index = 0; index < 3; index++) {
    if (index === 2 && scanner.isEnd(next)) break;
    const end = scanner.word(next);
    for (let position = next; position < end; position++) {
      if (!isDigit(scanner.codes[position]!)) return false;
      numbers[index] = numbers[index]! * 10 + scanner.codes[position]! - zero;
    }
    if (end === next || end > next + 8) return false;
    next = scanner.blanks(end);
  }
  const [file, line, column] = numbers as [number, number, number];
  if (!scanner.isEnd(next) || !source.lines.files.has(file)) return false;
  source.lines.locate({ file, line, column, isStatement: true, prologueEnd: false });
  return true;
}

const [zero, nine] = [0x30, 0x39];

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}
