import type { Range, SemanticTokens, SemanticTokensDelta, SemanticTokensEdit } from 'vscode-languageserver';
import type { Token } from '../../program/assembler/lexer';
import { csrNumber } from '../../riscv/csrs';
import type { AssemblyDocument } from '../document/assembly-document';
import type { DocumentLine } from '../document/document-line';
import { keyOf, type Occurrence } from '../document/occurrence';
import { operationOf } from '../document/parsed-line';
import { roleOf } from '../document/symbol-role';
import { tokensOf } from '../document/token-at';
import { isInstruction, isNameOfInstruction } from '../knowledge/instructions';
import { registerNamed } from '../knowledge/registers';
import type { Workspace } from '../workspace/workspace';

/** The names of the protocol, and two of our own that package.json describes to VS Code. */
export const tokenTypes = [
  ...(['comment', 'keyword', 'macro', 'function', 'variable', 'parameter', 'number', 'string', 'operator', 'namespace'] as const),
  ...(['enumMember', 'label', 'modifier', 'register', 'controlRegister'] as const),
];
export type TokenType = (typeof tokenTypes)[number];

export const tokenModifiers = ['definition', 'declaration', 'readonly'] as const;

const numberOfType: ReadonlyMap<TokenType, number> = new Map(tokenTypes.map((type, index) => [type, index]));

interface SemanticToken {
  readonly start: number;
  readonly length: number;
  readonly type: TokenType;
  /** Bits by the order of `tokenModifiers`. */
  readonly modifiers: number;
}

/** The tokens of the lines of a range (of all without one), in the relative numbers of the protocol. */
export function semanticTokens(workspace: Workspace, document: AssemblyDocument, range?: Range): number[] {
  const from = Math.max(range?.start.line ?? 0, 0);
  const to = Math.min(range?.end.line ?? document.lines.length - 1, document.lines.length - 1);
  const types = typesOfNames(workspace, document);
  // A list that grew to millions of numbers would leave its smaller selves behind.
  const parts: number[][] = [];
  let data: number[] = [];
  let lastLine = 0;
  let lastStart = 0;
  for (let number = from; number <= to; number++) {
    for (const { start, length, type, modifiers } of tokensOfLine(document.line(number)!, types)) {
      const sameLine = number === lastLine;
      data.push(number - lastLine, sameLine ? start - lastStart : start, length, numberOfType.get(type)!, modifiers);
      lastLine = number;
      lastStart = start;
    }
    if (data.length < partLength) continue;
    parts.push(data);
    data = [];
  }
  return parts.length === 0 ? data : ([] as number[]).concat(...parts, data);
}

const partLength = 10_000;

/** What turns one list of numbers into another: one replacement between what both begin and end with. */
export function tokenEdits(before: ArrayLike<number>, after: readonly number[]): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const deleteCount = before.length - start - end;
  const data = after.slice(start, after.length - end);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}

/** The answers that clients can ask the difference to, one a document. */
export class SemanticTokensHistory {
  private readonly last = new Map<string, { readonly id: string; readonly data: Uint32Array }>();
  private count = 0;

  full(uri: string, data: number[]): SemanticTokens {
    const id = String(++this.count);
    this.last.set(uri, { id, data: Uint32Array.from(data) });
    return { resultId: id, data };
  }

  delta(uri: string, previous: string, data: number[]): SemanticTokens | SemanticTokensDelta {
    const known = this.last.get(uri);
    const { resultId } = this.full(uri, data);
    return known?.id === previous ? { resultId: resultId!, edits: tokenEdits(known.data, data) } : { resultId: resultId!, data };
  }

  forget(uri: string): void {
    this.last.delete(uri);
  }
}

type TypeOfName = (occurrence: Occurrence) => TokenType;

/** What a name is decides its colour wherever it stands. */
function typesOfNames(workspace: Workspace, document: AssemblyDocument): TypeOfName {
  const unit = workspace.unitOf(document);
  const known = new Map<string, TokenType>();
  return (occurrence) => {
    const plain = plainTypes[occurrence.kind];
    if (plain) return plain;
    const key = keyOf(occurrence);
    const type = known.get(key) ?? typeOfRole[roleOf(unit, key)];
    known.set(key, type);
    return type;
  };
}

const plainTypes: Partial<Record<Occurrence['kind'], TokenType>> = {
  numeric: 'label',
  argument: 'parameter',
  macro: 'macro',
  word: 'macro',
  section: 'namespace',
};
const typeOfRole = { function: 'function', object: 'variable', constant: 'enumMember', label: 'label', macro: 'macro' } as const;

function tokensOfLine(line: DocumentLine, typeOf: TypeOfName): SemanticToken[] {
  const { comments, statements, occurrences } = line.parsed;
  const tokens: SemanticToken[] = comments.map(({ start, end }) => ({ start, length: end - start, type: 'comment', modifiers: 0 }));
  for (const { start, end, role, ...rest } of occurrences) {
    const modifiers = role === 'definition' ? 1 : role === 'declaration' ? 2 : 0;
    tokens.push({ start, length: end - start, type: typeOf({ start, end, role, ...rest }), modifiers });
  }
  const named = new Set(occurrences.map(({ start }) => start));
  for (const statement of statements) {
    const operation = operationOf(statement) ?? '';
    for (const token of tokensOf(statement)) {
      if (named.has(token.column - 1) || (token.kind === 'string' && named.has(token.column))) continue;
      const type = typeOfToken(token, operation, token === statement.name);
      if (type) tokens.push({ start: token.column - 1, length: token.length, type, modifiers: 0 });
    }
  }
  return tokens.filter(({ length }) => length > 0).sort((left, right) => left.start - right.start);
}

function typeOfToken(token: Token, operation: string, isOperation: boolean): TokenType | undefined {
  if (isOperation) return isInstruction(operation) || operation.startsWith('.') ? 'keyword' : undefined;
  switch (token.kind) {
    case 'number':
    case 'real':
      return 'number';
    case 'string':
      return 'string';
    case 'name':
      break;
    case 'punctuator':
      return /^[-+*/%&|^~!<>=\\]/.test(token.text) ? 'operator' : undefined;
    default:
      return undefined;
  }
  if (registerNamed(token.text) && (isInstruction(operation) || operation.startsWith('.cfi_'))) return 'register';
  if (isInstruction(operation) && csrNumber(token.text) !== undefined && isNameOfInstruction(operation, token.text))
    return 'controlRegister';
  return 'modifier';
}
