import type { SourceFunction } from '../source-functions';
import { endOfBody } from './c-blocks';
import { type CToken, cTokens } from './c-tokens';
import { cppDeclarator } from './cpp-declarator';
import { Places } from './places';

/**
 * The functions that a C++ source defines, with the names of their namespaces and classes: `geo::Rect::area`, without arguments of
 * templates. Where several have one name each has its parameters too: `add(int, int)`. The source is not preprocessed.
 */
export function cppFunctions(text: string): SourceFunction[] {
  const found = new Scan(text).functions();
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  return found.map(({ parameters, ...each }) => (counts.get(each.name)! > 1 ? { ...each, name: `${each.name}${parameters}` } : each));
}

interface Found extends SourceFunction {
  /** `(int, char *)`, without names where those can be told. */
  readonly parameters: string;
}

/** A brace that is open: the names that what is in it has before its own. */
type Scope = readonly string[];

class Scan {
  private readonly tokens: readonly CToken[];
  private readonly places: Places;
  private readonly scopes: Scope[] = [];
  private readonly conditions: { readonly declaration: readonly CToken[]; readonly depth: number }[] = [];
  private declaration: CToken[] = [];

  constructor(text: string) {
    this.tokens = cTokens(withoutRawStrings(text));
    this.places = new Places(text);
  }

  functions(): Found[] {
    const found: Found[] = [];
    for (let index = 0; index < this.tokens.length; index++) {
      const token = this.tokens[index]!;
      if (token.kind !== 'word' && token.kind !== 'punctuation') this.direct(token);
      else if (token.kind === 'word') this.declaration.push(token);
      else if (token.text === ';') this.declaration = [];
      else if (token.text === '}') {
        this.scopes.pop();
        this.declaration = [];
      } else if (token.text === ':' && isAccess(this.declaration) && this.tokens[index + 1]?.text !== ':') this.declaration = [];
      else if (token.text === '{') index = this.open(index, found);
      else this.declaration.push(token);
    }
    return found;
  }

  /** Of alternatives each starts with what is open before the first. */
  private direct(token: CToken): void {
    if (token.kind === 'if') this.conditions.push({ declaration: [...this.declaration], depth: this.scopes.length });
    else if (token.kind === 'else') {
      const before = this.conditions.at(-1);
      if (!before) return;
      this.declaration = [...before.declaration];
      this.scopes.length = Math.min(this.scopes.length, before.depth);
    } else if (token.kind === 'endif') this.conditions.pop();
    else this.declaration.push(token);
  }

  /** Goes into what has functions in it; else returns the index of the brace that closes the block. */
  private open(index: number, found: Found[]): number {
    const { declaration, tokens } = this;
    const end = () => endOfBody(tokens, index, this.places);
    const scope = scopeOf(declaration);
    if (scope) {
      this.scopes.push(scope);
      this.declaration = [];
      return index;
    }
    const declarator = cppDeclarator(declaration);
    if (!declarator || declarator.isInInitializers) {
      const close = end();
      // The braces are an initializer's, or the members of an enumeration.
      this.declaration = [...declaration, tokens[index]!, tokens[close]!];
      return close;
    }
    const close = end();
    const { line, column } = this.places.of(declarator.token.offset);
    found.push({
      name: [...this.scopes.flat(), ...declarator.path].join('::'),
      parameters: declarator.parameters,
      startLine: this.places.of(declaration[0]!.offset).line,
      endLine: this.places.of(tokens[close]!.offset).line,
      nameLine: line,
      nameColumn: column,
    });
    this.declaration = [];
    return close;
  }
}

/** `public:` and its kin. */
function isAccess(declaration: readonly CToken[]): boolean {
  return declaration.length <= 2 && /^(public|private|protected|signals|Q_SIGNALS|slots|Q_SLOTS)$/.test(declaration[0]?.text ?? '');
}

/** The names of a namespace or class whose braces a declaration opens; undefined where it opens others. */
function scopeOf(declaration: readonly CToken[]): Scope | undefined {
  const words = declaration.map(({ text }) => text);
  if (words[0] === 'extern' && declaration[1]?.kind === 'string' && words.length === 2) return [];
  const space = words.indexOf('namespace');
  if (space >= 0 && words.slice(0, space).every((each) => each === 'inline')) {
    return declaration
      .slice(space + 1)
      .flatMap(({ kind, text }) => (kind === 'word' && text !== 'inline' && !text.startsWith('__') ? [text] : []));
  }
  return classOf(declaration);
}

/** The name of a class that a declaration defines, which may be that of a class in a class, or an instance of a template. */
function classOf(declaration: readonly CToken[]): Scope | undefined {
  let angles = 0;
  let start = -1;
  for (const [index, { text }] of declaration.entries()) {
    if (text === '<') angles++;
    else if (text === '>') angles = Math.max(0, angles - 1);
    else if (angles > 0) continue;
    else if (start < 0 && (text === 'class' || text === 'struct' || text === 'union')) {
      if (declaration[index - 1]?.text === 'enum') return undefined;
      start = index;
    } else if (text === '=' || (text === '(' && !isAttribute(declaration, index))) return undefined;
  }
  if (start < 0) return undefined;
  const names: string[] = [];
  let depth = 0;
  for (let index = start + 1; index < declaration.length; index++) {
    const { kind, text } = declaration[index]!;
    if (/^[(<[]$/.test(text)) depth++;
    else if (/^[)>\]]$/.test(text)) depth--;
    else if (depth > 0 || text === 'final' || /^(alignas|__attribute__|__declspec)$/.test(text)) continue;
    else if (text === ':' && declaration[index + 1]?.text !== ':' && declaration[index - 1]?.text !== ':') break;
    else if (kind === 'word') {
      // After `::` it is in the class before; otherwise what was before was a macro.
      if (declaration[index - 1]?.text !== ':') names.length = 0;
      names.push(text);
    }
  }
  return names;
}

function isAttribute(declaration: readonly CToken[], open: number): boolean {
  for (let index = open; index >= 0 && declaration[index]; index--) {
    if (/^(alignas|__attribute__|__declspec)$/.test(declaration[index]!.text)) return true;
    if (declaration[index]!.kind === 'word' && index !== open - 1) break;
  }
  return /^[A-Z][A-Z0-9_]*$/.test(declaration[open - 1]?.text ?? '') || declaration[open - 1]?.text === '(';
}

/** The text with raw strings as blanks, so that places stay. */
function withoutRawStrings(text: string): string {
  if (!text.includes('R"')) return text;
  return text.replace(/\b(?:u8|[uUL])?R"([^()\\\s]{0,16})\([\s\S]*?\)\1"/g, (found) => `""${found.slice(2).replace(/[^\n]/g, ' ')}`);
}
