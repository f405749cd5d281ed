/**
 * A C++ name with its template arguments as gdb writes them (cp-name-parser.y, `cp_canonicalize_string`): GCC has `Pair<const T, long
 * int>` and LLVM `Head<0UL, const Item *>` for `Pair<T const, long>` and `Head<0ul, Item const*>`. A name that is not understood stays
 * as it is, as in gdb.
 */
export function canonicalName(name: string): string {
  if (!name.includes('<') || name.startsWith('operator')) return name;
  const known = canonicalNames.get(name);
  if (known !== undefined) return known;
  const result = new NameReader(name).whole() ?? name;
  if (canonicalNames.size >= mostKept) canonicalNames.clear();
  canonicalNames.set(name, result);
  return result;
}

const canonicalNames = new Map<string, string>();
const mostKept = 10_000;
const deepest = 50;
/** A declarator in parentheses starts so. */
const innerDeclarator = /\(\s*(?:[*&]|[\w:]+::\s*\*)/y;
const word = /(?:\(anonymous namespace\)|~?[A-Za-z_$][\w$]*)(?:::(?:\(anonymous namespace\)|~?[A-Za-z_$][\w$]*))*/y;
const plainWords: ReadonlySet<string> = new Set(['unsigned', 'signed', 'long', 'short', 'int', 'char', 'double']);

/** Reads what can be an argument of a template: a type, a number, a character, an address. Undefined is what it cannot. */
class NameReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): string | undefined {
    const result = this.name();
    return this.at === this.text.length ? result : undefined;
  }

  /** `a::b<c>::d`. */
  private name(): string | undefined {
    let result = this.match(word);
    while (result !== undefined && this.text[this.at] === '<') {
      const inner = this.templateArguments();
      if (inner === undefined) return undefined;
      result += inner;
      if (!this.text.startsWith('::', this.at) || /\s*\*/y.test(this.text.slice(this.at + 2))) break;
      this.at += 2;
      const more = this.match(word);
      if (more === undefined) return undefined;
      result += `::${more}`;
    }
    return result;
  }

  private templateArguments(): string | undefined {
    if (++this.depth > deepest) return undefined;
    this.at++;
    const list = this.list('>', () => this.argument());
    this.depth--;
    // gdb does not understand a template without arguments.
    return list && list.length > 0 ? `<${list.join(', ')}${list.at(-1)!.endsWith('>') ? ' ' : ''}>` : undefined;
  }

  /** What is between commas until a bracket, which is consumed. */
  private list(end: string, item: () => string | undefined): string[] | undefined {
    const items: string[] = [];
    for (this.space(); this.text[this.at] !== end; this.space()) {
      if (items.length > 0 && !this.take(',')) return undefined;
      this.space();
      const next = item();
      if (next === undefined) return undefined;
      items.push(next);
    }
    this.at++;
    return items;
  }

  private argument(): string | undefined {
    const literal = this.match(/'(?:\\(?:[0-7]{1,3}|[^x0-7])|[^'\\])'/y);
    if (literal) return `(char)${literal}`;
    const number = this.match(/-?\d+[uUlL]*/y);
    if (number) return number.toLowerCase();
    const cast = this.match(/\((?!anonymous)[\w: ]+\)-?\d+/y);
    if (cast) return cast;
    const address = this.match(/\(& ?[\w:]+\)|&[\w:]+/y);
    if (address) return address.replace(/[() ]/g, '');
    return this.type();
  }

  private type(): string | undefined {
    const qualifiers = new Set<string>();
    let base: string[] = [];
    for (this.space(); ; this.space()) {
      const qualifier = this.match(/(?:const|volatile)\b/y);
      if (qualifier) {
        qualifiers.add(qualifier);
        continue;
      }
      const start = this.at;
      // The class of a pointer to a member is none of the specifiers.
      if (base.length > 0 && !base.every((each) => plainWords.has(each))) break;
      const next = this.name();
      if (next === undefined) {
        if (this.at !== start) return undefined;
        break;
      }
      if (base.length > 0 && !plainWords.has(next)) {
        this.at = start;
        break;
      }
      base.push(next);
    }
    if (base.length === 0) return undefined;
    if (base.length > 1) base = canonicalWords(base);
    const own = ['const', 'volatile'].filter((each) => qualifiers.has(each));
    const declarator = this.declarator();
    return declarator === undefined ? undefined : [...base, ...own].join(' ') + declarator;
  }

  /** `*`, `&`, `[n]`, `(*)(...)` after the specifiers. */
  private declarator(): string | undefined {
    let result = '';
    for (this.space(); ; this.space()) {
      const sign = this.match(/&&|[*&]/y);
      if (sign) result += sign;
      else {
        const more = this.match(/(?:const|volatile)\b/y) ?? this.match(/\[\d*\]/y) ?? this.memberPointer();
        if (more === undefined) break;
        result += ` ${more}`;
      }
    }
    innerDeclarator.lastIndex = this.at;
    if (innerDeclarator.test(this.text)) {
      this.at++;
      const inner = this.declarator();
      if (inner === undefined || !this.take(')')) return undefined;
      result += ` (${inner.trimStart()})`;
    }
    // A function's own type, as in `function<int(int)>`, is what gdb does not understand.
    if (this.text[this.at] === '(') {
      if (!result.endsWith(')')) return undefined;
      this.at++;
      const parameters = this.list(')', () => this.type());
      if (!parameters) return undefined;
      result += `(${parameters.join(', ')})`;
    }
    for (let more = this.suffix(); more !== undefined; more = this.suffix()) result += ` ${more}`;
    return result;
  }

  private suffix(): string | undefined {
    this.space();
    return this.match(/(?:const|volatile)\b/y) ?? this.match(/\[\d*\]/y);
  }

  private memberPointer(): string | undefined {
    const start = this.at;
    const holder = this.name();
    if (holder !== undefined && this.text.startsWith('::', this.at)) {
      this.at += 2;
      if (this.take('*')) return `${holder}::*`;
    }
    this.at = start;
    return undefined;
  }

  private take(sign: string): boolean {
    this.space();
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  private space(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

/** `long unsigned int` as `unsigned long`. */
function canonicalWords(words: readonly string[]): string[] {
  const sizes = words.filter((each) => each === 'long' || each === 'short');
  const isUnsigned = words.includes('unsigned');
  const rest = words.filter((each) => each === 'char' || each === 'double');
  const signed = words.includes('signed') && rest.includes('char');
  const base = [...sizes, ...rest];
  return [...(isUnsigned ? ['unsigned'] : signed ? ['signed'] : []), ...(base.length > 0 ? base : ['int'])];
}
