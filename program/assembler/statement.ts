import { type Token, tokenize } from './lexer';

/** One statement of a line: labels, then an instruction, a directive or an assignment. */
export interface Statement {
  /** Names, or numbers of numeric labels. */
  readonly labels: readonly Token[];
  /** The mnemonic or directive; for an assignment the symbol. */
  readonly name: Token | undefined;
  readonly isAssignment: boolean;
  readonly operands: readonly Token[];
  /** The column of its first word. */
  readonly start: number;
  /** The column after its last word. */
  readonly end: number;
}

/** The statements of one line of text. Nothing but the text decides, so equal lines may share the result. */
export function parseLine(line: string): Statement[] {
  const statements: Statement[] = [];
  let start = 0;
  const tokens = tokenize(line);
  for (let index = 0; index <= tokens.length; index++) {
    const token = tokens[index];
    if (token && !(token.kind === 'punctuator' && token.text === ';')) continue;
    if (index > start) statements.push(parseStatement(tokens.slice(start, index)));
    start = index + 1;
  }
  return statements;
}

function parseStatement(tokens: readonly Token[]): Statement {
  const last = tokens.at(-1)!;
  let position = 0;
  while (canBeLabel(tokens[position]) && isPunctuator(tokens[position + 1], ':')) position += 2;
  const labels = tokens.slice(0, position).filter((_, index) => index % 2 === 0);
  const name = tokens[position];
  const isAssignment = name?.kind === 'name' && (isPunctuator(tokens[position + 1], '=') || isPunctuator(tokens[position + 1], '=='));
  return { labels, name, isAssignment, operands: tokens.slice(position + 1), start: tokens[0]!.column, end: last.column + last.length };
}

function canBeLabel(token: Token | undefined): boolean {
  return token?.kind === 'name' || token?.kind === 'string' || (token?.kind === 'number' && /^\d+$/.test(token.text));
}

function isPunctuator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuator' && token.text === text;
}
