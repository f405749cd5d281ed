import { longestDeclaration } from './c-declarator';
import type { CToken } from './c-tokens';

/** What stands before a brace that starts the body of a function. */
export interface CppDeclarator {
  /** The last name, and all of them with the classes before it: `Rect`, `area`. */
  readonly token: CToken;
  readonly path: readonly string[];
  /** `(int, char *)`, without the names of parameters where those can be told. */
  readonly parameters: string;
  /** The brace is that of a member that a constructor initializes: `Rect() : w{1} {`. */
  readonly isInInitializers: boolean;
}

/** Words before a parenthesis that name no function. */
const noNames: ReadonlySet<string> = new Set(
  (
    'if else for while do switch return catch sizeof alignof decltype typeof noexcept requires explicit alignas __attribute__ __declspec ' +
    'asm __asm__ static_assert throw new delete constexpr consteval'
  ).split(' '),
);

/** The declarator of a function definition; undefined where the brace opens something else. */
export function cppDeclarator(declaration: readonly CToken[]): CppDeclarator | undefined {
  if (declaration.length === 0 || declaration.length > longestDeclaration) return undefined;
  const tokens = withoutTemplates(declaration);
  const open = parameterList(tokens);
  if (open === undefined) return undefined;
  const close = closing(tokens, open);
  if (tokens.slice(0, open).some(({ text }, index) => text === '=' && !isOperator(tokens, index))) return undefined;
  if (tokens[0]?.text === 'typedef' || tokens[0]?.text === 'using') return undefined;
  const rest = tokens.slice(close + 1);
  if (rest.some(({ text }, index) => text === '=' && depthAt(rest, index) === 0) && initializers(rest) === undefined) return undefined;
  const name = nameBefore(tokens, open);
  return name && { ...name, parameters: parametersOf(tokens.slice(open + 1, close)), isInInitializers: isOpenInitializer(rest) };
}

/** Without `template <...>` and attributes, which have parentheses and equals signs of their own. */
function withoutTemplates(declaration: readonly CToken[]): CToken[] {
  const kept: CToken[] = [];
  for (let index = 0; index < declaration.length; index++) {
    const token = declaration[index]!;
    if (token.text === 'template' && declaration[index + 1]?.text === '<') index = closing(declaration, index + 1);
    else if (/^(__attribute__|__declspec|alignas|requires)$/.test(token.text) && declaration[index + 1]?.text === '(') {
      index = closing(declaration, index + 1);
    } else if (token.text === '[' && declaration[index + 1]?.text === '[') index = closing(declaration, index);
    else kept.push(token);
  }
  return kept;
}

/** The index of the parenthesis that opens the parameters: the first behind a name that is no macro's. */
function parameterList(tokens: readonly CToken[]): number | undefined {
  let macro: number | undefined;
  const end = initializers(tokens) ?? tokens.length;
  for (let index = 1; index < end; index++) {
    const { text } = tokens[index]!;
    if (text === '<' && tokens[index - 1]!.kind === 'word' && tokens[index - 1]!.text !== 'operator') {
      const close = closing(tokens, index);
      if (close < tokens.length - 1) index = close;
      continue;
    }
    if (text !== '(') continue;
    const before = tokens[index - 1]!;
    const operator = operatorBefore(tokens, index);
    // `operator()` has parentheses in its name.
    if (before.text === 'operator' && tokens[index + 1]?.text === ')') {
      index++;
      continue;
    }
    if (operator !== undefined) return index;
    // `int (*f(int))(char)`: the name is inside.
    if (typeWords.has(before.text) || /^[*&]$/.test(before.text)) continue;
    if ((before.kind === 'word' && !noNames.has(before.text)) || before.text === '>') {
      if (!/^[A-Z][A-Z0-9_]*$/.test(before.text) || index === 1) return index;
      macro ??= index;
    }
    index = closing(tokens, index);
  }
  // A class may have a name in capitals.
  return macro;
}

/** The index of the word `operator` that what stands before a parenthesis belongs to. */
function operatorBefore(tokens: readonly CToken[], open: number): number | undefined {
  for (let index = open - 1; index >= 0 && index >= open - 8; index--) {
    if (tokens[index]!.text === 'operator') return index;
    if (/^[;{}]$/.test(tokens[index]!.text)) return undefined;
  }
  return undefined;
}

function isOperator(tokens: readonly CToken[], index: number): boolean {
  return tokens.slice(Math.max(0, index - 3), index).some(({ text }) => text === 'operator');
}

/** The name that ends before a parenthesis, with its scopes. */
function nameBefore(tokens: readonly CToken[], open: number): Pick<CppDeclarator, 'token' | 'path'> | undefined {
  const operator = operatorBefore(tokens, open);
  let at = open - 1;
  let token = tokens[at]!;
  let last: string;
  if (operator !== undefined) {
    const words = tokens.slice(operator + 1, open);
    const isWord = words[0]?.kind === 'word';
    last = `operator${isWord ? ' ' : ''}${words.map(({ text }) => text).join('')}`;
    token = tokens[operator]!;
    at = operator;
  } else {
    at = beforeArguments(tokens, at);
    token = tokens[at]!;
    if (token?.kind !== 'word') return undefined;
    last = token.text;
    if (tokens[at - 1]?.text === '~') {
      token = tokens[--at]!;
      last = `~${last}`;
    }
  }
  const path = [last];
  while (tokens[at - 1]?.text === ':' && tokens[at - 2]?.text === ':') {
    at = beforeArguments(tokens, at - 3);
    const scope = tokens[at];
    if (scope?.kind !== 'word') break;
    path.unshift(scope.text);
  }
  return { token, path };
}

/** The index of the name that template arguments which end at an index belong to. */
function beforeArguments(tokens: readonly CToken[], end: number): number {
  if (tokens[end]?.text !== '>') return end;
  let depth = 0;
  for (let index = end; index >= 0; index--) {
    if (tokens[index]!.text === '>') depth++;
    else if (tokens[index]!.text === '<' && --depth === 0) return index - 1;
  }
  return end;
}

/** Where the initializers of a constructor start behind its parameters. */
function initializers(rest: readonly CToken[]): number | undefined {
  const found = rest.findIndex(({ text }, index) => {
    return text === ':' && rest[index + 1]?.text !== ':' && rest[index - 1]?.text !== ':' && depthAt(rest, index) === 0;
  });
  return found < 0 ? undefined : found;
}

/** Whether a brace that follows is that of a member: after its name, which nothing initializes yet. */
function isOpenInitializer(rest: readonly CToken[]): boolean {
  if (initializers(rest) === undefined) return false;
  const last = rest.at(-1)!;
  return last.kind === 'word' || last.text === '>';
}

/** The types of parameters, as far as their names can be told: the last word of those that have several. */
function parametersOf(tokens: readonly CToken[]): string {
  const list: CToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (/^[([{<]$/.test(token.text)) depth++;
    if (/^[)\]}>]$/.test(token.text)) depth--;
    if (token.text === ',' && depth === 0) list.push([]);
    else list.at(-1)!.push(token);
  }
  const texts = list.map((each) => {
    const value = each.findIndex(({ text }) => text === '=');
    const type = value < 0 ? each : each.slice(0, value);
    const last = type.at(-1);
    const hasName = last?.kind === 'word' && type.length > 1 && !typeWords.has(last.text) && type.at(-2)!.text !== ':';
    return spelled(hasName ? type.slice(0, -1) : type);
  });
  return `(${texts.join(', ') === 'void' ? '' : texts.join(', ')})`;
}

function spelled(tokens: readonly CToken[]): string {
  return tokens
    .map(({ text, kind }, index) => (index > 0 && kind === 'word' && /^\w/.test(tokens[index - 1]!.text) ? ` ${text}` : text))
    .join('');
}

const typeWords: ReadonlySet<string> = new Set('void bool char short int long float double signed unsigned const volatile auto'.split(' '));

const pairs: Readonly<Record<string, string>> = { '(': ')', '<': '>', '[': ']', '{': '}' };

/** The index of the bracket that closes the one at `open`; the last token where none does. */
function closing(tokens: readonly CToken[], open: number): number {
  const [start, end] = [tokens[open]!.text, pairs[tokens[open]!.text]];
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (tokens[index]!.text === start) depth++;
    else if (tokens[index]!.text === end && --depth === 0) return index;
  }
  return tokens.length - 1;
}

function depthAt(tokens: readonly CToken[], end: number): number {
  let depth = 0;
  for (const { text } of tokens.slice(0, end)) depth += /^[([{]$/.test(text) ? 1 : /^[)\]}]$/.test(text) ? -1 : 0;
  return depth;
}
