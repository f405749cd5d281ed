import { type Token, tokenize } from './lexer';

/** One statement of a line: labels, then an instruction, a directive or an assignment. */
export interface Statement {
  /** Names, or numbers of numeric labels. */
  readonly labels: readonly Token[];
  /** The mnemonic or directive; for an assignment the symbol. */
  readonly name: Token | undefined;
  /** The name in lower case, as tables have it; empty where there is no name. */
  readonly key: string;
  readonly isAssignment: boolean;
  readonly operands: readonly Token[];
  /** The column of its first word. */
  readonly start: number;
  /** The column after its last word. */
  readonly end: number;
}

/** The statements of one line of text. Nothing but the text decides, so who has the text may keep the result. */
export function parseLine(line: string): readonly Statement[] {
  const tokens = tokenize(line);
  if (tokens.length === 0) return nothing;
  const cut = tokens.findIndex((token) => isPunctuator(token, ';'));
  if (cut < 0) return [parseStatement(tokens, 0, tokens.length)];
  const statements: Statement[] = [];
  let start = 0;
  for (let index = cut; index <= tokens.length; index++) {
    if (index < tokens.length && !isPunctuator(tokens[index], ';')) continue;
    if (index > start) statements.push(parseStatement(tokens, start, index));
    start = index + 1;
  }
  return statements;
}

const nothing: readonly Statement[] = [];
const none: readonly Token[] = [];

function parseStatement(tokens: readonly Token[], start: number, end: number): Statement {
  const first = tokens[start]!;
  const last = tokens[end - 1]!;
  let position = start;
  let labels: Token[] | undefined;
  for (; position + 1 < end && isPunctuator(tokens[position + 1], ':') && canBeLabel(tokens[position]!); position += 2) {
    labels ??= [];
    labels.push(tokens[position]!);
  }
  const name = position < end ? tokens[position] : undefined;
  const next = position + 1 < end ? tokens[position + 1] : undefined;
  const isAssignment = name?.kind === 'name' && next !== undefined && (isPunctuator(next, '=') || isPunctuator(next, '=='));
  return {
    labels: labels ?? none,
    name,
    key: name?.text.toLowerCase() ?? '',
    isAssignment,
    operands: next ? tokens.slice(position + 1, end) : none,
    start: first.column,
    end: last.column + last.length,
  };
}

function canBeLabel(token: Token): boolean {
  return token.kind === 'name' || token.kind === 'string' || (token.kind === 'number' && /^\d+$/.test(token.text));
}

function isPunctuator(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuator' && token.text === text;
}
