import { globMatches } from './glob';

/** What a filter pattern matches against: one of the available filter functions. */
interface Named {
  readonly name: string;
}

/**
 * A pattern of `set_ftrace_filter`, read as kernel/trace/trace_events_filter.c (`filter_parse_regex`) does: a whole name, `x*`,
 * `*x`, `*x*`, any other pattern with `*`, `?`, `[` or a backslash as a glob, or a number: the function of that 1-based index.
 */
export type FilterPattern =
  | { readonly kind: 'full' | 'front' | 'end' | 'middle' | 'glob'; readonly text: string }
  | { readonly kind: 'index'; readonly index: number };

/** Parses a pattern without its leading `!`. Every text is a pattern. */
export function parseFilterPattern(text: string): FilterPattern {
  if (/^[0-9]/.test(text)) return { kind: 'index', index: parseIndex(text) };
  const special = text.search(/[*[?\\]/);
  if (special < 0) return { kind: 'full', text };
  const inner = text.slice(1, -1);
  const plain = !/[*[?\\]/.test(inner);
  const [starts, ends] = [text.startsWith('*'), text.length > 1 && text.endsWith('*')];
  if (plain && starts && ends) return { kind: 'middle', text: inner };
  if (plain && starts && !/[[?\\]$/.test(text)) return { kind: 'end', text: text.slice(1) };
  if (plain && ends && !/^[[?\\]/.test(text)) return { kind: 'front', text: text.slice(0, -1) };
  return { kind: 'glob', text };
}

/** The functions that a pattern matches, in their order. `functions` are all there are, in the order of their indexes. */
export function matchFunctions<Function extends Named>(pattern: string, functions: readonly Function[]): Function[] {
  const parsed = parseFilterPattern(pattern);
  if (parsed.kind === 'index') return functions.slice(parsed.index - 1, parsed.index);
  const matches = matcher(parsed.kind, parsed.text);
  return functions.filter((each) => matches(each.name));
}

function matcher(kind: 'full' | 'front' | 'end' | 'middle' | 'glob', text: string): (name: string) => boolean {
  switch (kind) {
    case 'full':
      return (name) => name === text;
    case 'front':
      return (name) => name.startsWith(text);
    case 'end':
      return (name) => name.endsWith(text);
    case 'middle':
      return (name) => name.includes(text);
    case 'glob':
      return (name) => globMatches(text, name);
  }
}

/** `kstrtoul` with base 0; an index that matches nothing where the text is no number. */
function parseIndex(text: string): number {
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8) || Number.POSITIVE_INFINITY;
  return /^([1-9][0-9]*|0x[0-9a-f]+)$/i.test(text) ? Number(text) || Number.POSITIVE_INFINITY : Number.POSITIVE_INFINITY;
}
