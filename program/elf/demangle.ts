/**
 * The C++ name of a mangled symbol (Itanium C++ ABI, section 5.1), as binutils' c++filt prints it; undefined for what is no mangled
 * name, or one with parts that are not known here.
 */
export function demangle(symbol: string): string | undefined {
  if (!symbol.startsWith('_Z') || symbol.length > longest) return undefined;
  const [mangled, ...suffix] = symbol.slice(2).split(/(?=\.)/);
  try {
    const parser = new Demangler(mangled!);
    const name = parser.encoding();
    if (!parser.atEnd) return undefined;
    return suffix.length > 0 ? `${name} [clone ${suffix.join('')}]` : name;
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

const longest = 4096;
const deepest = 200;
/** Characters of one name: substitutions of substitutions grow fast. */
const largestName = 20_000;

class Unknown extends Error {}

const builtins: Readonly<Record<string, string>> = {
  v: 'void',
  w: 'wchar_t',
  b: 'bool',
  c: 'char',
  a: 'signed char',
  h: 'unsigned char',
  s: 'short',
  t: 'unsigned short',
  i: 'int',
  j: 'unsigned int',
  l: 'long',
  m: 'unsigned long',
  x: 'long long',
  y: 'unsigned long long',
  n: '__int128',
  o: 'unsigned __int128',
  f: 'float',
  d: 'double',
  e: 'long double',
  g: '__float128',
  z: '...',
  Dn: 'decltype(nullptr)',
  Di: 'char32_t',
  Ds: 'char16_t',
  Du: 'char8_t',
  Da: 'auto',
};

// biome-ignore format: a table.
const operators: Readonly<Record<string, string>> = {
  nw: 'new', na: 'new[]', dl: 'delete', da: 'delete[]', ps: '+', ng: '-', ad: '&', de: '*', co: '~', pl: '+', mi: '-', ml: '*',
  dv: '/', rm: '%', an: '&', or: '|', eo: '^', aS: '=', pL: '+=', mI: '-=', mL: '*=', dV: '/=', rM: '%=', aN: '&=', oR: '|=',
  eO: '^=', ls: '<<', rs: '>>', lS: '<<=', rS: '>>=', eq: '==', ne: '!=', lt: '<', gt: '>', le: '<=', ge: '>=', ss: '<=>', nt: '!',
  aa: '&&', oo: '||', pp: '++', mm: '--', cm: ',', pm: '->*', pt: '->', cl: '()', ix: '[]', qu: '?',
};

const special: Readonly<Record<string, string>> = {
  TV: 'vtable for ',
  TT: 'VTT for ',
  TI: 'typeinfo for ',
  TS: 'typeinfo name for ',
  GV: 'guard variable for ',
  GR: 'reference temporary #0 for ',
  TW: 'TLS wrapper function for ',
  TH: 'TLS init function for ',
};

/** As gdb has them, in full: a stack is to show one name for a class, whether its debug information is there or not. */
const standard: Readonly<Record<string, string>> = {
  St: 'std',
  Sa: 'std::allocator',
  Sb: 'std::basic_string',
  Ss: 'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
  Si: 'std::basic_istream<char, std::char_traits<char> >',
  So: 'std::basic_ostream<char, std::char_traits<char> >',
  Sd: 'std::basic_iostream<char, std::char_traits<char> >',
};

/** A type in two halves: what is declared goes between them, as in `int (*` and `)(char)`. */
interface TypeText {
  readonly left: string;
  readonly right: string;
  /** What a pointer to it must put into parentheses. */
  readonly isCompound: boolean;
}

interface Name {
  readonly text: string;
  readonly hasTemplateArguments: boolean;
  readonly isStructor: boolean;
  readonly qualifiers: string;
}

class Demangler {
  private at = 0;
  private depth = 0;
  private readonly substitutions: TypeText[] = [];
  private templateArguments: string[] = [];

  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  encoding(): string {
    const kind = special[this.text.slice(this.at, this.at + 2)];
    if (kind !== undefined) {
      this.at += 2;
      const isType = kind.includes('table') || kind.includes('VTT') || kind.includes('typeinfo');
      return kind + (isType ? whole(this.type()) : this.name().text);
    }
    if (this.take('TC')) {
      const outer = whole(this.type());
      this.number();
      if (!this.take('_')) throw new Unknown();
      return `construction vtable for ${whole(this.type())}-in-${outer}`;
    }
    if (this.take('Th') || this.take('Tv')) return this.thunk(this.text[this.at - 1] === 'h');
    const name = this.name();
    if (this.atEnd || this.sees('E')) return name.text;
    const result = name.hasTemplateArguments && !name.isStructor ? this.type() : undefined;
    const parameters = this.parameters();
    const head = `${name.text}(${parameters})${name.qualifiers}`;
    return result ? sized(`${result.left}${result.right === '' ? ' ' : ''}${head}${result.right}`) : head;
  }

  private thunk(isPlain: boolean): string {
    for (let left = isPlain ? 1 : 2; left > 0; left--) {
      this.take('n');
      this.number();
      if (!this.take('_')) throw new Unknown();
    }
    return `${isPlain ? 'non-virtual' : 'virtual'} thunk to ${this.encoding()}`;
  }

  private parameters(): string {
    const types: string[] = [];
    while (!this.atEnd && !this.sees('E')) types.push(whole(this.type()));
    return types.length === 1 && types[0] === 'void' ? '' : types.join(', ');
  }

  private name(): Name {
    return this.nested(() => {
      if (this.take('N')) return this.nestedName();
      if (this.take('Z')) return this.localName();
      if (this.sees('S') && !this.startsWith('St')) {
        const text = whole(this.substitution());
        return this.withArguments({ text, hasTemplateArguments: false, isStructor: false, qualifiers: '' }, false);
      }
      const prefix = this.take('St') ? 'std::' : '';
      const text = prefix + this.unqualified('');
      return this.withArguments({ text, hasTemplateArguments: false, isStructor: false, qualifiers: '' }, true);
    });
  }

  private withArguments(name: Name, isNew: boolean): Name {
    if (!this.sees('I')) return name;
    if (isNew) this.add(name.text);
    return { ...name, text: closed(name.text, this.arguments()), hasTemplateArguments: true };
  }

  private nestedName(): Name {
    let qualifiers = '';
    for (let letter = this.text[this.at]; letter === 'r' || letter === 'V' || letter === 'K'; letter = this.text[this.at]) {
      qualifiers = `${{ r: ' restrict', V: ' volatile', K: ' const' }[letter]}${qualifiers}`;
      this.at++;
    }
    if (this.take('R')) qualifiers += ' &';
    else if (this.take('O')) qualifiers += ' &&';
    let text = '';
    let last = '';
    let hasTemplateArguments = false;
    let isStructor = false;
    while (!this.take('E')) {
      const start = this.at;
      if (this.sees('S') && text === '') {
        text = this.take('St') ? 'std' : whole(this.substitution());
        last = lastPart(text);
        continue;
      }
      if (this.sees('I')) {
        text = closed(text, this.arguments());
        hasTemplateArguments = true;
      } else if (this.sees('T') && text === '') text = this.templateParameter();
      else {
        const isNextStructor = /^[CD][0-5I]/.test(this.text.slice(this.at));
        const part = this.unqualified(last);
        text = text === '' ? part : `${text}::${part}`;
        if (!isNextStructor) last = part;
        hasTemplateArguments = false;
        isStructor = isNextStructor || (part.startsWith('operator ') && /^cv/.test(this.text.slice(start)));
      }
      sized(text);
      if (!this.sees('E')) this.add(text);
    }
    return { text, hasTemplateArguments, isStructor, qualifiers };
  }

  private localName(): Name {
    const outer = this.encoding();
    if (!this.take('E')) throw new Unknown();
    if (this.take('s')) {
      this.discriminator();
      return { text: `${outer}::string literal`, hasTemplateArguments: false, isStructor: false, qualifiers: '' };
    }
    if (this.take('d')) {
      this.number();
      if (!this.take('_')) throw new Unknown();
    }
    const inner = this.name();
    this.discriminator();
    return { ...inner, text: sized(`${outer}::${inner.text}`) };
  }

  private discriminator(): void {
    if (!this.take('_')) return;
    if (this.take('_')) {
      this.number();
      this.take('_');
    } else this.number();
  }

  /** `last` is the class that a constructor or destructor is of. */
  private unqualified(last: string): string {
    const { text } = this;
    this.take('L');
    const letter = text[this.at] ?? '';
    if (/\d/.test(letter)) return this.withTags(this.sourceName());
    const pair = text.slice(this.at, this.at + 2);
    if (/^C[1-5I]$/.test(pair) || /^D[0-5]$/.test(pair)) {
      if (last === '') throw new Unknown();
      this.at += 2;
      if (pair === 'CI') return this.inheritedConstructor();
      return (pair.startsWith('D') ? '~' : '') + last.replace(/<.*$/s, '');
    }
    if (this.take('Ul')) return this.lambda();
    if (this.take('Ut')) return `{unnamed type#${this.ordinal()}}`;
    if (this.take('cv')) return `operator ${whole(this.type())}`;
    if (this.take('li')) return `operator"" ${this.sourceName()}`;
    const operator = operators[pair];
    if (operator === undefined) throw new Unknown();
    this.at += 2;
    return this.withTags(`operator${/^[a-z]/.test(operator) ? ' ' : ''}${operator}`);
  }

  /** A constructor of a base class that a `using` makes one of the class: named after the base, whose type follows. */
  private inheritedConstructor(): string {
    if (!/^[1-5]$/.test(this.text[this.at] ?? '')) throw new Unknown();
    this.at += 1;
    return lastPart(whole(this.type()).replace(/<.*$/s, ''));
  }

  private lambda(): string {
    const types = this.parameters();
    if (!this.take('E')) throw new Unknown();
    return `{lambda(${types})#${this.ordinal()}}`;
  }

  private ordinal(): number {
    const number = /\d/.test(this.text[this.at] ?? '') ? this.number() + 2 : 1;
    if (!this.take('_')) throw new Unknown();
    return number;
  }

  private withTags(name: string): string {
    let text = name;
    while (this.take('B')) text += `[abi:${this.sourceName()}]`;
    return text;
  }

  private sourceName(): string {
    const length = this.number();
    const name = this.text.slice(this.at, this.at + length);
    if (name.length < length || length === 0) throw new Unknown();
    this.at += length;
    return name.startsWith('_GLOBAL__N') ? '(anonymous namespace)' : name;
  }

  private type(): TypeText {
    return this.nested(() => {
      const { text } = this;
      const pair = text.slice(this.at, this.at + 2);
      const builtin = builtins[pair] ?? builtins[text[this.at] ?? ''];
      if (builtin !== undefined) {
        this.at += builtins[pair] !== undefined ? 2 : 1;
        return plain(builtin);
      }
      if (this.sees('S') && !this.startsWith('St')) {
        const found = this.substitution();
        if (!this.sees('I')) return found;
        return this.remember(plain(closed(whole(found), this.arguments())));
      }
      return this.remember(this.compound());
    });
  }

  private compound(): TypeText {
    const qualifier = this.qualifiers();
    if (qualifier !== '') return qualified(this.type(), qualifier);
    if (this.take('P')) return pointed(this.type(), '*');
    if (this.take('R')) return pointed(this.type(), '&');
    if (this.take('O')) return pointed(this.type(), '&&');
    if (this.take('F')) return this.functionType();
    if (this.take('A')) {
      const count = this.sees('_') ? '' : String(this.number());
      if (!this.take('_')) throw new Unknown();
      const element = this.type();
      return { left: element.left, right: ` [${count}]${element.right}`, isCompound: true };
    }
    if (this.take('M')) {
      const holder = whole(this.type());
      return pointed(this.type(), `${holder}::*`);
    }
    if (this.sees('T') && /^T[\d_]/.test(this.text.slice(this.at))) {
      const parameter = this.templateParameter();
      return plain(this.sees('I') ? closed(parameter, this.arguments()) : parameter);
    }
    if (this.take('Dp')) return this.type();
    return plain(this.name().text);
  }

  private qualifiers(): string {
    let text = '';
    for (;;) {
      if (this.take('r')) text = ` restrict${text}`;
      else if (this.take('V')) text = ` volatile${text}`;
      else if (this.take('K')) text = ` const${text}`;
      else return text;
    }
  }

  private functionType(): TypeText {
    this.take('Y');
    const result = this.type();
    const parameters = this.parameters();
    if (!this.take('E')) throw new Unknown();
    return { left: `${result.left} `, right: `(${parameters})${result.right}`, isCompound: true };
  }

  private arguments(): string[] {
    if (!this.take('I')) throw new Unknown();
    const outermost = this.depth <= 2 || this.templateArguments.length === 0;
    const list: string[] = [];
    while (!this.take('E')) list.push(...this.argument());
    if (outermost) this.templateArguments = list;
    return list;
  }

  private argument(): string[] {
    if (this.take('J')) {
      const list: string[] = [];
      while (!this.take('E')) list.push(...this.argument());
      return list;
    }
    if (this.take('XadL_Z')) {
      const name = this.encoding();
      if (!this.take('EE')) throw new Unknown();
      return [`&${addressed(name)}`];
    }
    if (!this.take('L')) return [whole(this.type())];
    if (this.take('_Z')) {
      const name = this.encoding();
      if (!this.take('E')) throw new Unknown();
      return [name];
    }
    const type = whole(this.type());
    const sign = this.take('n') ? '-' : '';
    const digits = /^\d*/.exec(this.text.slice(this.at))![0];
    this.at += digits.length;
    if (!this.take('E')) throw new Unknown();
    return [literal(type, sign + digits)];
  }

  private templateParameter(): string {
    if (!this.take('T')) throw new Unknown();
    const index = /\d/.test(this.text[this.at] ?? '') ? this.number() + 1 : 0;
    if (!this.take('_')) throw new Unknown();
    const found = this.templateArguments[index];
    if (found === undefined) throw new Unknown();
    return found;
  }

  private substitution(): TypeText {
    const name = standard[this.text.slice(this.at, this.at + 2)];
    if (name !== undefined) {
      this.at += 2;
      return plain(this.withTags(name));
    }
    if (!this.take('S')) throw new Unknown();
    const digits = /^[0-9A-Z]*/.exec(this.text.slice(this.at))![0];
    this.at += digits.length;
    if (!this.take('_')) throw new Unknown();
    const found = this.substitutions[digits === '' ? 0 : Number.parseInt(digits, 36) + 1];
    if (!found) throw new Unknown();
    return found;
  }

  private remember(type: TypeText): TypeText {
    sized(whole(type));
    this.substitutions.push(type);
    return type;
  }

  private add(name: string): void {
    this.substitutions.push(plain(name));
  }

  private number(): number {
    const digits = /^\d+/.exec(this.text.slice(this.at, this.at + 10))?.[0];
    if (digits === undefined) throw new Unknown();
    this.at += digits.length;
    return Number(digits);
  }

  private sees(letter: string): boolean {
    return this.text[this.at] === letter;
  }

  private startsWith(letters: string): boolean {
    return this.text.startsWith(letters, this.at);
  }

  private take(letters: string): boolean {
    if (!this.startsWith(letters)) return false;
    this.at += letters.length;
    return true;
  }

  private nested<Result>(parse: () => Result): Result {
    if (++this.depth > deepest) throw new Unknown();
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }
}

function plain(text: string): TypeText {
  return { left: text, right: '', isCompound: false };
}

function whole({ left, right }: TypeText): string {
  return left + right;
}

function qualified(type: TypeText, qualifier: string): TypeText {
  return { ...type, left: type.left.trimEnd() + qualifier + (type.isCompound ? ' ' : '') };
}

function pointed(type: TypeText, mark: string): TypeText {
  if (!type.isCompound) {
    const space = mark.length > 2 ? ' ' : '';
    // A reference to a reference is one, and the single & wins (C++17, 11.3.2).
    if (mark.startsWith('&') && /&$/.test(type.left)) return mark === '&' ? { ...type, left: type.left.replace(/&+$/, '&') } : type;
    return { ...type, left: type.left + space + mark };
  }
  return { left: `${type.left}${type.left.endsWith(' ') ? '' : ' '}(${mark}`, right: `)${type.right}`, isCompound: false };
}

function closed(name: string, list: readonly string[]): string {
  const inner = list.join(', ');
  return sized(`${name}${name.endsWith('<') ? ' ' : ''}<${inner}${inner.endsWith('>') ? ' ' : ''}>`);
}

function sized(text: string): string {
  if (text.length > largestName) throw new Unknown();
  return text;
}

function literal(type: string, digits: string): string {
  if (type === 'bool') return digits === '1' ? 'true' : 'false';
  const suffix = { int: '', 'unsigned int': 'u', long: 'l', 'unsigned long': 'ul', 'long long': 'll', 'unsigned long long': 'ull' }[type];
  return suffix === undefined ? `(${type})${digits}` : digits + suffix;
}

/** What an address is of: of a method its name alone, where that is not overloaded by const. */
function addressed(name: string): string {
  const [, method] = /^([^()]*::[^()]*)\([^()]*\)$/s.exec(name) ?? [];
  return method ?? (name.includes('(') ? `(${name})` : name);
}

function lastPart(name: string): string {
  return name.replace(/<.*$/s, '').replace(/^.*::/s, '');
}
