import type { CToken } from './c-tokens';

/** The name in what stands before a brace, if that starts a function's body and not a type, an initializer or a macro's. */
export function functionName(declaration: readonly CToken[]): CToken | undefined {
  if (declaration.length > longestDeclaration) return undefined;
  const tokens = withoutAttributes(declaration);
  if (tokens.some(({ text }, index) => text === '=' && depthAt(tokens, index) === 0) || tokens[0]?.text === 'typedef') return undefined;
  return declaratorName(tokens);
}

/** Tokens of what is still taken for a declaration; what is longer is no program. */
export const longestDeclaration = 2000;

/** Words before a parenthesis that name no function. */
const keywords = new Set(
  'if else for while do switch return sizeof typeof __typeof__ typeof_unqual alignof _Alignof static_assert _Static_assert'.split(' '),
);
/** Words that take parenthesised text and say nothing of the declarator. */
const attributes = new Set(
  '__attribute__ __attribute __declspec __asm__ __asm asm _Alignas alignas __extension__ _BitInt _Atomic'.split(' '),
);
const typeWords = new Set(
  'void char short int long float double signed unsigned _Bool bool struct union enum const volatile static extern inline register'.split(
    ' ',
  ),
);

interface Call {
  /** Index of the word before the parenthesis, of the parenthesis, and of the one that closes it. */
  readonly name: number;
  readonly close: number;
}

/**
 * The declared function among `word(...)` groups: the first that is no macro. Macros are in capitals; or another group follows
 * with its type between, as in `__printf(1, 2) int log(...)`.
 */
function declaratorName(tokens: readonly CToken[]): CToken | undefined {
  const nested = nestedDeclarator(tokens);
  if (nested) return nested;
  const calls = topLevelCalls(tokens).filter(({ name }) => {
    const { text } = tokens[name]!;
    return !keywords.has(text) && !typeWords.has(text) && !/^[A-Z][A-Z0-9_]*$/.test(text);
  });
  const chosen = calls.find(({ close }, index) => {
    const next = calls[index + 1];
    return !next || !tokens.slice(close + 1, next.name).some(({ kind, text }) => kind === 'word' && !text.startsWith('__'));
  });
  return chosen && tokens[chosen.name];
}

/** The name in `int (*f(int a))(void)` or `int (f)(void)`; undefined for a pointer to a function, and where there is no such group. */
function nestedDeclarator(tokens: readonly CToken[]): CToken | undefined {
  const open = tokens.findIndex(({ text }, index) => text === '(' && (index === 0 || !isCallName(tokens[index - 1]!)));
  if (open < 0 || depthAt(tokens, open) !== 0) return undefined;
  const close = closing(tokens, open);
  if (tokens[close + 1]?.text !== '(' && tokens[close + 1]?.text !== '[') return undefined;
  const inside = tokens.slice(open + 1, close);
  if (inside.length === 1 && inside[0]!.kind === 'word' && tokens[close + 1]?.text === '(') return inside[0];
  return declaratorName(inside);
}

function isCallName({ kind, text }: CToken): boolean {
  return kind === 'word' && !typeWords.has(text);
}

function topLevelCalls(tokens: readonly CToken[]): Call[] {
  const calls: Call[] = [];
  for (let index = 0; index < tokens.length; index++) {
    if (tokens[index]!.text !== '(') continue;
    const close = closing(tokens, index);
    if (index > 0 && tokens[index - 1]!.kind === 'word') calls.push({ name: index - 1, close });
    index = close;
  }
  return calls;
}

/** The index of the parenthesis that closes the one at `open`; the last token where none does. */
function closing(tokens: readonly CToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]!.text === '(') depth++;
    else if (tokens[index]!.text === ')' && --depth === 0) return index;
  }
  return tokens.length - 1;
}

function depthAt(tokens: readonly CToken[], end: number): number {
  let depth = 0;
  for (const { text } of tokens.slice(0, end)) depth += text === '(' || text === '[' ? 1 : text === ')' || text === ']' ? -1 : 0;
  return depth;
}

function withoutAttributes(tokens: readonly CToken[]): CToken[] {
  const kept: CToken[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const { kind, text } = tokens[index]!;
    if (kind === 'word' && attributes.has(text)) {
      while (tokens[index + 1]?.text === 'volatile' || tokens[index + 1]?.text === '__volatile__') index++;
      if (tokens[index + 1]?.text === '(') index = closing(tokens, index + 1);
    } else if (text === '[' && tokens[index + 1]?.text === '[') {
      const end = tokens.findIndex((token, at) => at > index && token.text === ']' && tokens[at + 1]?.text === ']');
      index = end < 0 ? tokens.length : end + 1;
    } else {
      kept.push(tokens[index]!);
    }
  }
  return kept;
}
