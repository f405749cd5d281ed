/** An expression and the letter of the format that it is to be shown in. */
export interface FormattedExpression {
  readonly source: string;
  readonly letter: string | undefined;
}

/** Takes `,x` off the end of an expression; `,10` asks for so many elements, as in other editors. */
export function splitFormat(expression: string, otherwise: string | undefined): FormattedExpression {
  const [, source, suffix] = /^(.+\S)\s*,\s*([xXzdutoacfsbh]|\d+)\s*$/s.exec(expression) ?? [];
  if (source === undefined || suffix === undefined || !isBalanced(source)) return { source: expression, letter: otherwise };
  if (/^\d/.test(suffix)) return { source: `*(${source})@${suffix}`, letter: otherwise };
  const letter = suffix.toLowerCase();
  return { source, letter: letter === 'h' ? 'x' : letter };
}

/** The comma is not inside of parentheses or a text. */
function isBalanced(source: string): boolean {
  const bare = source.replace(/'(?:\\.|[^'\\])+'|"(?:\\.|[^"\\])*"/g, '');
  return (bare.match(/[([{]/g)?.length ?? 0) === (bare.match(/[)\]}]/g)?.length ?? 0);
}
