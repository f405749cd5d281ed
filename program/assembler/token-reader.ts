import { SourceError, type Span } from './diagnostics';
import type { Token } from './lexer';
import { type SourceLine, spanIn } from './source-line';

/** Reads the tokens of one statement in order. */
export class TokenReader {
  private position: number;

  /** It reads the tokens from index `first` to before `limit`; `end` is the column after them, where a missing word is reported. */
  constructor(
    private readonly tokens: readonly Token[],
    private readonly line: SourceLine,
    private readonly end: number,
    private readonly first = 0,
    private readonly limit = tokens.length,
  ) {
    this.position = first;
  }

  get atEnd(): boolean {
    return this.position >= this.limit;
  }

  peek(ahead = 0): Token | undefined {
    const index = this.position + ahead;
    return index < this.limit ? this.tokens[index] : undefined;
  }

  /** The next token; `expected` says what is missing where there is none. */
  next(expected = 'more'): Token {
    const token = this.peek();
    if (!token) throw new SourceError(this.endSpan(), `expected ${expected} here`);
    this.position++;
    return token;
  }

  /** Takes the punctuator if it is next. */
  accept(text: string): boolean {
    const token = this.peek();
    if (token?.text !== text || token.kind !== 'punctuator') return false;
    this.position++;
    return true;
  }

  expect(text: string): void {
    if (this.accept(text)) return;
    throw this.failure(`expected '${text}'`);
  }

  /** The next token, which must be a name (`what` says of what). A quoted name counts. */
  name(what: string): { readonly text: string; readonly span: Span } {
    const token = this.peek();
    if (token?.kind !== 'name' && token?.kind !== 'string') throw this.failure(`expected ${what}`);
    this.position++;
    return { text: token.kind === 'string' ? new TextDecoder().decode(token.bytes!) : token.text, span: this.spanOf(token) };
  }

  /** Throws where the statement goes on. */
  expectEnd(): void {
    if (!this.atEnd) throw this.failure('expected the end of the statement');
  }

  /** An error at the next token, or at the end of the statement. */
  failure(message: string): SourceError {
    const token = this.peek();
    if (!token) return new SourceError(this.endSpan(), `${message} here`);
    if (token.kind === 'problem') return new SourceError(this.spanOf(token), token.text);
    return new SourceError(this.spanOf(token), `${message}, not '${token.text}'`);
  }

  /** The unread tokens, cut at the commas outside parentheses; none where there are no tokens. */
  operands(): TokenReader[] {
    if (this.atEnd) return [];
    const operands: TokenReader[] = [];
    const { tokens, limit } = this;
    let start = this.position;
    let depth = 0;
    for (let index = start; index <= limit; index++) {
      const token = index < limit ? tokens[index]! : undefined;
      if (token) {
        if (token.kind !== 'punctuator') continue;
        if (token.text === '(') depth++;
        else if (token.text === ')') depth--;
        if (token.text !== ',' || depth > 0) continue;
      }
      operands.push(new TokenReader(tokens, this.line, token?.column ?? this.end, start, index));
      start = index + 1;
    }
    this.position = limit;
    return operands;
  }

  /** Goes back to the first token. */
  restart(): this {
    this.position = this.first;
    return this;
  }

  spanOf(token: Token): Span {
    return spanIn(this.line, token.column, token.length);
  }

  /** All tokens, from the first to the last. */
  get span(): Span {
    if (this.first >= this.limit) return this.endSpan();
    const first = this.tokens[this.first]!;
    const last = this.tokens[this.limit - 1]!;
    return spanIn(this.line, first.column, last.column + last.length - first.column);
  }

  /** Takes the rest as it is written, for directives whose operands are text. */
  takeText(): string {
    const first = this.peek();
    this.position = this.limit;
    return first ? this.line.text.slice(first.column - 1, this.end - 1) : '';
  }

  /** The rest, unread. */
  get rest(): readonly Token[] {
    return this.tokens.slice(this.position, this.limit);
  }

  private endSpan(): Span {
    return spanIn(this.line, this.end, 1);
  }
}

/** Throws where a directive has more operands than it takes. */
export function expectNone(operands: readonly TokenReader[]): void {
  if (operands[0]) throw operands[0].failure('expected the end of the statement');
}
