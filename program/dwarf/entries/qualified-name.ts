import { canonicalName } from './canonical-name';
import { At, Tag } from './constants';
import type { Entry } from './entry';
import { orNothing } from './or-nothing';

/** The name with those of its C++ namespaces and classes before it; undefined where the entry has none. */
export function qualifiedName(entry: Entry): string | undefined {
  const name = entry.fullName;
  if (name === undefined) return entry.tag === Tag.namespace ? joined(entry, '(anonymous namespace)') : undefined;
  return joined(entry, name);
}

function joined(entry: Entry, name: string): string {
  const parts = [canonicalName(name)];
  let scope = declarationOf(entry).parent;
  for (let depth = 0; scope && depth < deepest; depth++, scope = declarationOf(scope).parent) {
    if (!scopes.has(scope.tag)) continue;
    const text = scope.name ?? elsewhere(scope)?.name ?? (scope.tag === Tag.namespace ? '(anonymous namespace)' : undefined);
    if (text !== undefined) parts.unshift(canonicalName(text));
  }
  return parts.join('::');
}

/** A class that has a unit of its own, of which no more may be here than its signature. */
function elsewhere(scope: Entry): Entry | undefined {
  return scope.has(At.signature) ? orNothing(() => scope.reference(At.signature)) : undefined;
}

/** Where it stands in the source: what a definition elsewhere completes. */
function declarationOf(entry: Entry): Entry {
  let current = entry;
  for (let depth = 0, origin = current.origin; origin && depth < 8; depth++, origin = current.origin) current = origin;
  return current;
}

/** Scopes in scopes; in a corrupt file what one completes may be in it. */
const deepest = 100;

const scopes: ReadonlySet<number> = new Set([Tag.namespace, Tag.structure_type, Tag.class_type, Tag.union_type]);
