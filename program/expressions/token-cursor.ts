import { canonicalName } from '../dwarf/entries/canonical-name';
import { ExpressionError } from './expression-error';
import { type Token, tokensOf } from './tokens';

const deepest = 200;
/** What no operator's name has. */
const closing: ReadonlySet<string> = new Set([')', ']', '}', '{', '::', '.', '?', ':', '@']);
/** Parts that are read, some twice: what could be a type is read as one first. */
const mostSteps = 100_000;

/** A place among the tokens of an expression. */
export class TokenCursor {
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;
  private steps = 0;

  constructor(private readonly source: string) {
    this.tokens = tokensOf(source);
  }

  get token(): Token | undefined {
    return this.tokens[this.index];
  }

  /** Characters before the token. */
  get at(): number {
    return this.token?.at ?? this.source.length;
  }

  /** The text of the token if it is a name. */
  get name(): string | undefined {
    const { token } = this;
    return token?.kind === 'name' ? token.text : undefined;
  }

  next(): void {
    this.index++;
  }

  save(): number {
    return this.index;
  }

  restore(index: number): void {
    this.index = index;
  }

  sees(operator: string): boolean {
    const { token } = this;
    return token?.kind === 'operator' && token.text === operator;
  }

  take(operator: string): boolean {
    if (!this.sees(operator)) return false;
    this.index++;
    return true;
  }

  takeOneOf<Operator extends string>(operators: readonly Operator[]): Operator | undefined {
    return operators.find((operator) => this.take(operator));
  }

  /** The value of the token if it is an integer, which is consumed. */
  integer(): bigint | undefined {
    const { token } = this;
    if (token?.kind !== 'integer') return undefined;
    this.index++;
    return token.value;
  }

  /**
   * A name with its C++ scopes, `a::b`, consumed. Template arguments belong to it where `isKnown` says so of the name with them,
   * which are written as the program has them: `Pair<int, char>`.
   */
  qualifiedName(isKnown: (name: string) => boolean): string | undefined {
    this.take('::');
    let name = this.name;
    if (name === undefined) return undefined;
    this.next();
    for (;;) {
      const symbol = /(^|::)operator$/.test(name) ? this.operatorSymbol() : undefined;
      if (symbol !== undefined) return name + symbol;
      const whole = this.withTemplateArguments(name, isKnown);
      if (whole !== undefined) name = whole;
      const start = this.index;
      if (!this.take('::')) return name;
      const inner = this.name;
      if (inner === undefined) {
        this.index = start;
        return name;
      }
      this.next();
      name = `${name}::${inner}`;
    }
  }

  /** Parses a part of a part. Throws an ExpressionError where there are too many of either. */
  nested<Result>(parse: () => Result): Result {
    if (++this.depth > deepest) this.fail('Too deeply nested');
    if (++this.steps > mostSteps) this.fail('Too many parts');
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** Throws an ExpressionError at the token, or at another place. */
  fail(problem: string, at = this.at): never {
    throw new ExpressionError(problem, at);
  }

  /** What the name of an operator function has behind `operator`, consumed. */
  private operatorSymbol(): string | undefined {
    const [first, second, third] = [0, 1, 2].map((ahead) => this.operatorAt(this.index + ahead));
    if (first === undefined || closing.has(first)) return undefined;
    const isPair = (first === '(' && second === ')' && third === '(') || (first === '[' && second === ']');
    if ((first === '(' || first === '[') && !isPair) return undefined;
    this.index += isPair ? 2 : 1;
    return isPair ? first + second : first;
  }

  private operatorAt(index: number): string | undefined {
    const token = this.tokens[index];
    return token?.kind === 'operator' ? token.text : undefined;
  }

  private withTemplateArguments(name: string, isKnown: (name: string) => boolean): string | undefined {
    if (!this.sees('<')) return undefined;
    let depth = 0;
    for (let index = this.index; index < this.tokens.length; index++) {
      const token = this.tokens[index]!;
      if (token.kind !== 'operator') continue;
      if (token.text === '<') depth++;
      if (token.text === '>') depth--;
      if (token.text === '>>') depth -= 2;
      if (depth > 0) continue;
      const whole = canonicalName(name + this.source.slice(this.at, token.end));
      const isScope = this.tokens[index + 1]?.kind === 'operator' && (this.tokens[index + 1] as { text: string }).text === '::';
      if (!isScope && !isKnown(whole)) return undefined;
      this.index = index + 1;
      return whole;
    }
    return undefined;
  }
}
