import type { NestedTypedef, TemplateType, Type } from './type';
import { typeName } from './type-name';

/** What types are called in a class: by its template's parameters, and by its typedefs without its own name. */
export class LocalNames {
  private readonly names = new Map<string, string>();
  private readonly unnamed = new Map<string, string>();
  private readonly parameters: readonly [type: string, name: string][];

  constructor(templateTypes: readonly TemplateType[], typedefs: readonly NestedTypedef[], outer?: LocalNames) {
    for (const { name, type } of templateTypes) if (!isNamed(type)) this.unnamed.set(typeName(type), name);
    const own = templateTypes.filter(({ type }) => isNamed(type)).map(({ name, type }): [string, string] => [typeName(type), name]);
    // What is in another is replaced after it.
    this.parameters = [...own, ...(outer?.parameters ?? [])].toSorted(([a], [b]) => b.length - a.length);
    for (const [type, name] of own) if (!this.names.has(type)) this.names.set(type, name);
    for (const { name, type } of typedefs) if (!this.names.has(type.name)) this.names.set(type.name, name);
    for (const [type, name] of outer?.names ?? []) if (!this.names.has(type)) this.names.set(type, name);
  }

  /** The parameter that is a type without a name, as `char *`; undefined for other types. */
  parameterOf(type: Type): string | undefined {
    return isNamed(type) ? undefined : this.unnamed.get(typeName(type));
  }

  /** The name of a type that has one; template arguments have theirs too. */
  nameOf(type: Type): string {
    const name = typeName(type);
    return this.names.get(name) ?? (name.includes('<') ? this.withParameters(name) : name);
  }

  private withParameters(name: string): string {
    const start = name.indexOf('<');
    let rest = name.slice(start);
    for (const [type, parameter] of this.parameters) {
      // A template that ends so has a space between two brackets.
      const word = new RegExp(`(?<![\\w:])${type.replace(/[^\w]/g, '\\$&')}(?![\\w:<])( (?=>))?`, 'g');
      rest = rest.replace(word, (_, space) => parameter + (space && !type.endsWith('>') ? space : ''));
    }
    return name.slice(0, start) + rest;
  }
}

function isNamed({ kind }: Type): boolean {
  return kind === 'base' || kind === 'record' || kind === 'enum' || kind === 'typedef';
}
