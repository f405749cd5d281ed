/**
 * The kernel's glob (lib/glob.c, `glob_match`): `*` any run, `?` any character, `[a-z]` and `[!a-z]` classes, a backslash takes the
 * next character literally. A class that is not closed is a literal `[`; a `]` right after the opening belongs to the class; a
 * backslash at the end of the pattern takes the end of the text.
 * Takes time proportional to the product of the lengths at most.
 */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let retry: { at: number; position: number } | undefined;
  while (position < text.length || at < pattern.length) {
    if (pattern[at] === '*') {
      retry = { at: ++at, position };
      continue;
    }
    const length = position < text.length ? elementMatch(pattern, at, text[position]!) : 0;
    if (length > 0) {
      at += length;
      position++;
      continue;
    }
    if (position === text.length) return pattern.slice(at) === '\\';
    if (!retry) return false;
    retry.position++;
    at = retry.at;
    position = retry.position;
  }
  return true;
}

/** How many characters of the pattern the element at `at` takes when it matches the character; 0 when it does not. */
function elementMatch(pattern: string, at: number, character: string): number {
  const element = pattern[at];
  if (element === '?') return 1;
  if (element === '[') {
    const parsed = parseClass(pattern, at);
    if (parsed) return parsed.has(character) ? parsed.length : 0;
  }
  if (element === '\\' && at + 1 < pattern.length) return pattern[at + 1] === character ? 2 : 0;
  return element === character ? 1 : 0;
}

function parseClass(pattern: string, start: number): { length: number; has: (character: string) => boolean } | undefined {
  const inverted = pattern[start + 1] === '!';
  const ranges: [string, string][] = [];
  let at = start + (inverted ? 2 : 1);
  do {
    const first = pattern[at++];
    if (first === undefined) return undefined;
    if (pattern[at] === '-' && pattern[at + 1] !== ']') {
      const last = pattern[at + 1];
      if (last === undefined) return undefined;
      ranges.push([first, last]);
      at += 2;
    } else ranges.push([first, first]);
  } while (pattern[at] !== ']');
  return {
    length: at + 1 - start,
    has: (character) => ranges.some(([first, last]) => first <= character && character <= last) !== inverted,
  };
}
