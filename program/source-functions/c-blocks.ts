import type { CToken } from './c-tokens';
import type { Places } from './places';

/** The index of the brace that closes a body: where one is missing, of the next that starts a line. */
export function endOfBody(tokens: readonly CToken[], open: number, places: Places): number {
  return endOfBlock(tokens, open) ?? endOfBlock(tokens, open, (token) => places.of(token.offset).column === 1) ?? tokens.length - 1;
}

/**
 * The index of the brace that closes the block opened at `open`, or of the first one that `closes`; undefined where there is
 * none. Where a condition chooses between two texts, each starts with the braces that are open before them.
 */
function endOfBlock(tokens: readonly CToken[], open: number, closes = (_token: CToken) => false): number | undefined {
  const conditions: number[] = [];
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.kind === 'if') conditions.push(depth);
    else if (token.kind === 'else') depth = conditions.at(-1) ?? depth;
    else if (token.kind === 'endif') conditions.pop();
    else if (token.kind !== 'punctuation') continue;
    else if (token.text === '{') depth++;
    else if (token.text === '}' && (--depth === 0 || closes(token))) return index;
  }
  return undefined;
}
