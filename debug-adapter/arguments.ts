import { badArguments } from './errors';

/**
 * What a request's arguments must look like before its handler sees them. A name ending in `?` may be left out; what is not
 * named is not looked at.
 */
export interface Shape {
  readonly [name: string]: Kind;
}
type Kind = 'string' | 'integer' | 'boolean' | 'strings' | 'object' | Shape | readonly [Shape];

/** Throws `badArguments`, naming the first argument that is not as it must be. */
export function checkArguments(command: string, shape: Shape, value: unknown): void {
  const problem = problemOf(shape, value, 'arguments');
  if (problem) throw badArguments(command, problem);
}

/** The same without members that are null: some editors send those for what they leave out. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}

function problemOf(kind: Kind, value: unknown, name: string): string | undefined {
  if (typeof kind === 'string') return kindOf[kind].test(value) ? undefined : `${name} must be ${kindOf[kind].text}`;
  if (isList(kind)) {
    if (!Array.isArray(value)) return `${name} must be a list`;
    return first(value, (element, index) => problemOf(kind[0], element, `${name}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${name} must be an object`;
  return first(Object.entries(kind), ([key, inner]) => {
    const optional = key.endsWith('?');
    const member = (value as Record<string, unknown>)[optional ? key.slice(0, -1) : key];
    if (optional && member === undefined) return undefined;
    return problemOf(inner, member, `"${optional ? key.slice(0, -1) : key}"`);
  });
}

const kindOf = {
  string: { text: 'a string', test: (value: unknown) => typeof value === 'string' },
  integer: { text: 'an integer', test: (value: unknown) => Number.isSafeInteger(value) },
  boolean: { text: 'true or false', test: (value: unknown) => typeof value === 'boolean' },
  object: { text: 'an object', test: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  strings: {
    text: 'a list of strings',
    test: (value: unknown) => Array.isArray(value) && value.every((element) => typeof element === 'string'),
  },
} as const;

function isList(kind: Shape | readonly [Shape]): kind is readonly [Shape] {
  return Array.isArray(kind);
}

function first<T>(list: readonly T[], problem: (element: T, index: number) => string | undefined): string | undefined {
  for (const [index, element] of list.entries()) {
    const found = problem(element, index);
    if (found) return found;
  }
  return undefined;
}
