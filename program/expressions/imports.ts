import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { qualifiedName } from '../dwarf/entries/qualified-name';

/** What `using` and `namespace a = b` say in a source (DWARF 5, section 3.2). Scopes are names, the empty one that of the program. */
export interface Imports {
  /** `using namespace`: the scope that has it, and the namespace. */
  readonly namespaces: readonly { readonly scope: string; readonly target: string }[];
  /** `using a::b`, and another name of a namespace. */
  readonly names: readonly { readonly scope: string; readonly name: string; readonly entry: Entry }[];
}

export const noImports: Imports = { namespaces: [], names: [] };

/** Those of a unit, and of blocks in one of its functions, which count as the function's own scope. */
export function importsOf(root: Entry, blocks: readonly Entry[], functionScope: string): Imports {
  const namespaces: { scope: string; target: string }[] = [];
  const names: { scope: string; name: string; entry: Entry }[] = [];
  const read = (children: readonly Entry[], scope: string) => {
    for (const each of children) {
      if (each.tag === Tag.namespace) {
        read(each.children, visible(each) ?? scope);
        continue;
      }
      const isModule = each.tag === Tag.imported_module;
      if (!isModule && each.tag !== Tag.imported_declaration) continue;
      const entry = orNothing(() => each.reference(At.import));
      const target = entry && visible(entry);
      const name = each.name ?? entry?.fullName;
      if (isModule && target !== undefined && target !== scope) namespaces.push({ scope, target });
      else if (!isModule && entry && name !== undefined) names.push({ scope, name, entry });
    }
  };
  for (const block of blocks) {
    read(block.children, functionScope);
    const origin = orNothing(() => block.reference(At.abstract_origin));
    if (origin) read(origin.children, functionScope);
  }
  read(root.children, '');
  return { namespaces, names };
}

/** The name of an entry as it may be written: without the namespaces that have no name, and those that need none. */
export function visible(entry: Entry): string | undefined {
  return qualifiedName(entry)
    ?.replaceAll('(anonymous namespace)::', '')
    .replace(/(?:^|::)\(anonymous namespace\)$/, '');
}
