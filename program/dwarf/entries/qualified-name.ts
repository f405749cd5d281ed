import { Tag } from './constants';
import type { Entry } from './entry';

/** The name with those of its C++ namespaces and classes before it; undefined where the entry has none. */
export function qualifiedName(entry: Entry): string | undefined {
  const name = entry.fullName;
  if (name === undefined) return entry.tag === Tag.namespace ? joined(entry, '(anonymous namespace)') : undefined;
  return joined(entry, name);
}

function joined(entry: Entry, name: string): string {
  const parts = [canonical(name)];
  const declared = declarationOf(entry);
  for (let scope = declared.parent; scope; scope = scope.parent) {
    if (!scopes.has(scope.tag)) continue;
    const text = scope.name ?? (scope.tag === Tag.namespace ? '(anonymous namespace)' : undefined);
    if (text !== undefined) parts.unshift(canonical(text));
  }
  return parts.join('::');
}

/** GCC has `Pair<long int>` and LLVM `Head<0UL, Item *>` for what gdb writes `Pair<long>` and `Head<0ul, Item*>`. */
function canonical(name: string): string {
  if (!name.includes('<')) return name;
  return name
    .replace(/\b((?:long |short )+)unsigned int\b/g, (_, size: string) => `unsigned ${size.trimEnd()}`)
    .replace(/\b((?:long |short )*(?:long|short)) int\b/g, '$1')
    .replace(/\b(\d+)(U?L?L)\b/g, (_, digits: string, suffix: string) => digits + suffix.toLowerCase())
    .replace(/(?<=[\w>]) (?=[*&])/g, '');
}

/** Where it stands in the source: what a definition elsewhere completes. */
function declarationOf(entry: Entry): Entry {
  let current = entry;
  for (let depth = 0, origin = current.origin; origin && depth < 8; depth++, origin = current.origin) current = origin;
  return current;
}

const scopes: ReadonlySet<number> = new Set([Tag.namespace, Tag.structure_type, Tag.class_type, Tag.union_type]);
