/** A token of C, as far as finding functions needs; of the directives, those that choose between texts. */
export interface CToken {
  readonly kind: 'word' | 'number' | 'string' | 'punctuation' | 'if' | 'else' | 'endif';
  readonly text: string;
  /** Where it starts in the source. */
  readonly offset: number;
}

/** The tokens of a source without comments. What `#if 0` leaves out is left out; all else is there, between its directives. */
export function cTokens(text: string): CToken[] {
  const tokens: CToken[] = [];
  const pattern = new RegExp(lexicon, 'gy');
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const offset = match.index;
    const { directive, ...kinds } = match.groups as Readonly<Record<string, string | undefined>>;
    const kind = directive === undefined ? tokenKinds.find((each) => kinds[each] !== undefined) : conditionOf(directive);
    if (kind) tokens.push({ kind, text: match[0], offset });
  }
  return withoutDeadParts(tokens);
}

const tokenKinds = ['word', 'number', 'string', 'punctuation'] as const;

/** Every character of any text belongs to one of these; the last alternative takes what no other does. */
const lexicon = [
  String.raw`\s+`,
  String.raw`\/\*[\s\S]*?(?:\*\/|$)`,
  String.raw`\/\/(?:\\\r?\n|[^\n])*`,
  String.raw`(?<directive>(?<=(?:^|\n)[ \t]*)#(?:\\\r?\n|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"|\/\/.*|[^\n])*)`,
  String.raw`(?<string>"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?)`,
  String.raw`(?<number>\.?[0-9](?:[eEpP][+-]|'(?=\w)|[\w.])*)`,
  String.raw`(?<word>[\w$\u0080-\uffff]+)`,
  String.raw`(?<punctuation>[\s\S])`,
].join('|');

function conditionOf(directive: string): 'if' | 'else' | 'endif' | undefined {
  const name = /^#\s*(\w+)/.exec(directive)?.[1] ?? '';
  if (/^if(n?def)?$/.test(name)) return 'if';
  if (/^(else|elif(n?def)?)$/.test(name)) return 'else';
  return name === 'endif' ? 'endif' : undefined;
}

function withoutDeadParts(tokens: readonly CToken[]): CToken[] {
  let depth = 0;
  return tokens.filter(({ kind, text }) => {
    if (depth === 0) {
      if (kind === 'if' && /^#\s*if\s+0\s*(\/[/*].*)?$/s.test(text)) depth = 1;
      return true;
    }
    if (kind === 'if') depth++;
    else if (kind === 'endif') depth--;
    else if (kind === 'else' && depth === 1) depth = 0;
    return depth === 0;
  });
}
