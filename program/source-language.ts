export type SourceLanguage = 'assembly' | 'c' | 'cpp';

/** The language of a source by its name; undefined where it is none of ours. Headers are C's unless their names say more. */
export function languageOf(path: string): SourceLanguage | undefined {
  if (/\.([sS]|asm|inc)$/.test(path)) return 'assembly';
  if (/\.[ch]$/.test(path)) return 'c';
  return isCplusplus(path) ? 'cpp' : undefined;
}

export function isCplusplus(path: string): boolean {
  return /\.(cpp|cc|cxx|c\+\+|C|hpp|hh|hxx)$/.test(path);
}

/** Whether a source is one that a program is made of, not one that others include. */
export function isProgramSource(path: string): boolean {
  return languageOf(path) !== undefined && !/\.(inc|h|hpp|hh|hxx)$/.test(path);
}
