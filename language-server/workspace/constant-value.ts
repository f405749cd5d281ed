import { SourceError } from '../../program/assembler/diagnostics';
import { knownNumber } from '../../program/assembler/evaluate';
import { constant, type Expression, type ExpressionScope, parseExpression } from '../../program/assembler/expression';
import type { Token } from '../../program/assembler/lexer';
import { TokenReader } from '../../program/assembler/token-reader';
import { definitionsOf, type NamePlace, nameAt } from './names';
import type { Workspace } from './workspace';

/** Names that refer to names deeper than this have no value here, so that a circle ends. */
const deepest = 16;

/** The number that a constant stands for; undefined where it depends on addresses, or on what is not defined. */
export function constantValue(workspace: Workspace, definition: NamePlace, depth = 0): bigint | undefined {
  if (depth > deepest || definition.occurrence.kind !== 'constant') return undefined;
  const { document, line, occurrence } = definition;
  const column = occurrence.start + 1;
  const statement = line.parsed.statements.find(({ start, end }) => start <= column && column < end);
  if (!statement) return undefined;
  const tokens = statement.operands.slice(statement.isAssignment ? 1 : 2);
  return numberOf(tokens, (name) => {
    const place = tokens.find((token) => token.text === name);
    const reference = place && nameAt(document, { line: line.number, character: place.column - 1 });
    const next = reference && definitionsOf(workspace, reference)[0];
    return next && constantValue(workspace, next, depth + 1);
  });
}

/** The value of an expression; undefined where it has none that is known. */
export function numberOf(tokens: readonly Token[], lookUp: (name: string) => bigint | undefined): bigint | undefined {
  const reader = new TokenReader(tokens, { path: '', text: '', line: 1 }, 1);
  const unknown = (): Expression => {
    throw new SourceError(reader.span, 'not known here');
  };
  const scope: ExpressionScope = {
    here: unknown as never,
    numeric: () => unknown(),
    warn: unknown,
    symbol: (name) => {
      const value = lookUp(name);
      return value === undefined ? unknown() : constant(value);
    },
  };
  try {
    const value = knownNumber(parseExpression(reader, scope));
    return reader.atEnd ? value : undefined;
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
