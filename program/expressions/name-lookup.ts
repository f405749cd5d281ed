import type { DebugInfo } from '../debug-info';
import { At, Tag } from '../dwarf/entries/constants';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { rangesOf } from '../dwarf/entries/ranges';
import { type Activation, variablesOf } from '../frames/activations';
import type { FrameScope } from '../frames/frame-scope';
import { baseTypes } from '../types/base-types';
import { strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { targetOf } from '../values/parts';
import { addressOf, inMemory, ofBytes, type Value, type ValueMemory } from '../values/value';
import { bytesOfNumber } from '../values/value-bytes';
import { type Imports, importsOf, noImports, visible } from './imports';
import { findMember, findStaticMember } from './members';
import { splitScope } from './scoped-name';

const typeTags: ReadonlyMap<string, readonly number[]> = new Map([
  ['struct', [Tag.structure_type, Tag.class_type]],
  ['class', [Tag.structure_type, Tag.class_type]],
  ['union', [Tag.union_type]],
  ['enum', [Tag.enumeration_type]],
]);
const recordTags: ReadonlySet<number> = new Set([Tag.structure_type, Tag.class_type, Tag.union_type, Tag.enumeration_type]);
const plainTypeTags: ReadonlySet<number> = new Set([Tag.base_type, Tag.typedef, Tag.unspecified_type]);

/** What a name means in a frame: from the innermost block outwards, then in the object of a method, in the source, in the program. */
export class NameLookup {
  private readonly values = new Map<string, Value | undefined>();
  private known: Imports | undefined;

  constructor(
    private readonly info: DebugInfo,
    private readonly scope: FrameScope | undefined,
    private readonly activation: Activation | undefined,
    private readonly memory: ValueMemory,
  ) {}

  valueNamed(written: string): Value | undefined {
    const name = written.replaceAll('(anonymous namespace)::', '');
    if (!this.values.has(name))
      this.values.set(name, this.local(name) ?? this.memberOfThis(name) ?? this.localOfHost(name) ?? this.global(name));
    return this.values.get(name);
  }

  typeNamed(name: string, tag?: string): Type | undefined {
    const wanted = tag === undefined ? undefined : typeTags.get(tag);
    const isType = (entry: Entry) =>
      wanted ? wanted.includes(entry.tag) : plainTypeTags.has(entry.tag) || (recordTags.has(entry.tag) && entry.unit.isCplusplus);
    const found = this.localType(name, isType) ?? this.find(name, (entry) => isType(entry) && !entry.flag(At.declaration));
    if (found) return this.info.types.read(found);
    return tag === undefined ? baseTypes.find((type) => type.name === name) : undefined;
  }

  /** Names of variables in sight, and of the program's, that start with a text. */
  namesFrom(start: string, limit: number): readonly string[] {
    const local = this.activation ? variablesOf(this.activation).flatMap((entry) => entry.fullName ?? []) : [];
    const members = this.membersOfThis();
    const own = [...new Set([...local, ...members])].filter((name) => name.startsWith(start));
    return [...new Set([...own, ...this.info.entries.namesFrom(start, limit)])].slice(0, limit);
  }

  /**
   * The functions of a name that are no methods, by their code: those of the nearest enclosing scope that has one, and those of namespaces
   * besides, which a name with scopes does not reach.
   */
  functionsNamed(name: string, namespaces: readonly string[]): readonly Value[] {
    const { scope, last } = /^operator\b/.test(name) ? { scope: '', last: name } : splitScope(name);
    const all = this.info.entries.named(last).filter((entry) => entry.tag === Tag.subprogram && !isMethod(entry));
    const named = all.map((entry) => ({ entry, full: visibleName(entry) }));
    const nearest = this.enclosingScopes().find((outer) => named.some(({ full }) => full === within(outer, name)));
    const scopes = [...(nearest === undefined ? [] : [nearest]), ...(scope === '' ? [...namespaces, ...this.usedNamespaces()] : [])];
    const wanted = new Set(scopes.map((outer) => within(outer, name)));
    const found = new Map<bigint, Value>();
    for (const { entry, full } of named) {
      const value = full !== undefined && wanted.has(full) ? this.valueOf(entry) : undefined;
      const address = value && addressOf(value);
      if (address !== undefined && strip(value!.type).kind === 'function') found.set(address, value!);
    }
    return [...found.values()];
  }

  /** What can follow `scope::`: members of a class or enumeration, or what a namespace has. Undefined where the name is no scope. */
  namesIn(scope: string, start: string, limit: number): readonly string[] | undefined {
    const holders = this.scopesNamed(scope);
    if (holders.length === 0) return undefined;
    const names = holders.flatMap(({ tag, children }) => {
      const inner = children.flatMap((each) => (isPlainEnumeration(each) ? [each, ...each.children] : [each]));
      return inner
        .filter((each) => (tag === Tag.subprogram ? each.tag === Tag.variable : !isArgument(each)))
        .flatMap((each) => each.fullName ?? []);
    });
    return [...new Set(names)].filter((name) => name.startsWith(start) && /^[A-Za-z_]/.test(name)).slice(0, limit);
  }

  /** All entries of a scope, as a namespace has in several sources. */
  private scopesNamed(name: string): readonly Entry[] {
    const isScope = (entry: Entry) => scopeTags.has(entry.tag) && !entry.flag(At.declaration);
    const found = this.find(name, isScope);
    const full = found && visible(found);
    return full === undefined ? [] : this.info.entries.named(found!.name ?? '').filter((each) => isScope(each) && visible(each) === full);
  }

  /** The last declaration of the innermost block that has one, and is in sight. */
  private local(name: string, activation = this.activation, scope = this.scope): Value | undefined {
    if (!activation || !scope || name.includes('::')) return undefined;
    for (const entry of variablesOf(activation).toReversed()) {
      if (entry.fullName !== name) continue;
      if (!entry.flag(At.declaration)) return scope.valueOf(entry);
      const definition = this.info.definitionOf(entry);
      const value = definition ? scope.valueOf(definition) : this.declared(entry);
      if (value) return value;
    }
    return undefined;
  }

  /** A variable that the program only declares. */
  private declared(entry: Entry): Value | undefined {
    const address = this.info.declaredAt(entry);
    return address === undefined ? undefined : inMemory(this.info.types.typeOf(entry), address);
  }

  /** A variable of the function that a lambda, or a class of its own, is written in, where that is among the callers, as gdb has it. */
  private localOfHost(name: string): Value | undefined {
    const host = this.activation && orNothing(() => hostOf(this.activation!.entry));
    if (!host || name.includes('::')) return undefined;
    let caller = this.scope?.access.caller();
    for (let depth = 0; caller && depth < deepestHost; depth++, caller = caller.access.caller()) {
      const { functionEntry } = caller;
      if (functionEntry && isSameFunction(functionEntry, host))
        return this.local(name, { entry: functionEntry, blocks: caller.blocks }, caller);
    }
    return undefined;
  }

  private localType(name: string, isType: (entry: Entry) => boolean): Entry | undefined {
    const blocks = this.activation?.blocks ?? [];
    for (const block of blocks.toReversed()) {
      const found = block.children.find((entry) => isType(entry) && entry.name === name);
      if (found) return found;
    }
    return undefined;
  }

  private get thisObject(): Value | undefined {
    const pointer = this.local('this');
    return pointer && targetOf(pointer, this.memory);
  }

  private memberOfThis(name: string): Value | undefined {
    const object = name === 'this' ? undefined : this.thisObject;
    const type = object && strip(object.type);
    return object && type?.kind === 'record' ? findMember(object, type, name, this.memory) : undefined;
  }

  private membersOfThis(): string[] {
    const object = this.thisObject;
    const type = object && strip(object.type);
    return type?.kind === 'record' ? type.members.flatMap(({ name }) => name ?? []) : [];
  }

  private global(name: string): Value | undefined {
    const [, file, rest] = /^'(.+?)'::(.+)$/.exec(name) ?? [];
    if (file !== undefined && rest !== undefined) return this.inFile(file, rest);
    const inFunction = this.staticOfFunction(name);
    if (inFunction) return inFunction;
    const [, overloaded, parameters] = /^([^(]+?)\s*\((.*)\)(?: const)?$/.exec(name) ?? [];
    if (overloaded !== undefined && parameters !== undefined) return this.overload(overloaded, parameters);
    const entry = this.find(name, isValue);
    return entry ? this.valueOf(entry) : this.inheritedStatic(name);
  }

  /** The function of that name that takes such parameters. */
  private overload(name: string, parameters: string): Value | undefined {
    const wanted = spaceless(parameters === 'void' ? '' : parameters);
    const entry = this.find(name, (each) => each.tag === Tag.subprogram && spaceless(this.parametersOf(each)) === wanted);
    return entry && this.valueOf(entry);
  }

  private parametersOf(entry: Entry): string {
    const holder = entry.children.length > 0 ? entry : (entry.origin ?? entry);
    const own = holder.children.filter((each) => each.tag === Tag.formal_parameter && !each.holderOf(At.artificial)?.flag(At.artificial));
    return own.map((each) => typeName(this.info.types.typeOf(each))).join(', ');
  }

  /** `Derived::count` for a static member of a base. */
  private inheritedStatic(name: string): Value | undefined {
    const { scope, last } = splitScope(name);
    const record = scope === '' ? undefined : this.typeNamed(scope);
    const bare = record && strip(record);
    return bare?.kind === 'record' ? findStaticMember(bare, last, this.memory) : undefined;
  }

  /** gdb's `'file.c'::name`: of the sources with that name, or with that end of their path. */
  private inFile(file: string, name: string): Value | undefined {
    const units = this.info.entries.wholeUnits.filter((unit) => `/${orNothing(() => unit.root.name) ?? ''}`.endsWith(`/${file}`));
    for (const unit of units) {
      const entry = this.choose(name, this.info.entries.namedIn(unit, splitScope(name).last).filter(isValue));
      if (entry) return this.valueOf(entry);
    }
    return undefined;
  }

  private valueOf(entry: Entry): Value | undefined {
    const { info } = this;
    const scope = this.scope;
    if (entry.tag === Tag.enumerator) {
      const type = entry.parent && info.types.read(entry.parent);
      return type && ofBytes(type, bytesOfNumber(entry.constant(At.const_value) ?? 0n, type.kind === 'enum' ? type.size : 4));
    }
    if (entry.tag === Tag.subprogram) {
      const address = this.info.functionAddress(entry);
      return address === undefined ? undefined : inMemory(info.types.functionType(entry), address);
    }
    // What the program defines without saying where is optimised out; what it only declares is none of it.
    const isOfClass = entry.parent !== undefined && recordTags.has(entry.parent.tag);
    const definition = info.definitionOf(entry) ?? (entry.flag(At.declaration) && !isOfClass ? undefined : entry);
    return definition ? (scope ?? info.scopeWithoutFrame(this.memory)).valueOf(definition) : this.declared(entry);
  }

  /** gdb's `function::variable`: a static variable of any of the function's blocks. */
  private staticOfFunction(name: string): Value | undefined {
    const parts = /^(.+)::(\w+)$/.exec(name);
    const holder = parts && this.find(parts[1]!, (entry) => entry.tag === Tag.subprogram && entry.hasChildren);
    // An instance of a function leaves out what is the same in all: its static variables.
    const pending = holder ? [...holder.children, ...(holder.origin?.children ?? [])] : [];
    for (let entry = pending.shift(); entry; entry = pending.shift()) {
      if (entry.tag === Tag.variable && entry.fullName === parts![2]) return this.valueOf(entry);
      if (entry.tag === Tag.lexical_block) pending.push(...entry.children);
    }
    return undefined;
  }

  /** The entry that a name means from where the frame is: of the nearest enclosing C++ scope, of this source before others. */
  private find(name: string, isWanted: (entry: Entry) => boolean): Entry | undefined {
    const { last } = splitScope(name);
    const unit = this.activation?.entry.unit;
    const local = unit ? this.info.entries.namedIn(unit, last) : [];
    return (
      this.choose(name, local.filter(isWanted)) ??
      this.choose(name, this.info.entries.named(last).filter(isWanted)) ??
      this.imported(name, isWanted)
    );
  }

  /** What `using` and other names of namespaces make of the name: what they lead to may have some itself. */
  private imported(name: string, isWanted: (entry: Entry) => boolean): Entry | undefined {
    const { names, namespaces } = this.imports;
    if (names.length === 0 && namespaces.length === 0) return undefined;
    const meant = new Set(this.enclosingScopes().map((scope) => within(scope, name)));
    for (const full of meant) {
      const declared = names.find((each) => within(each.scope, each.name) === full && isWanted(each.entry));
      const found = declared?.entry ?? this.exactly(full, isWanted);
      if (found) return found;
      if (meant.size > mostMeanings) return undefined;
      for (const each of names) {
        const alias = within(each.scope, each.name);
        const target = each.entry.tag === Tag.namespace && full.startsWith(`${alias}::`) ? visible(each.entry) : undefined;
        if (target !== undefined) meant.add(target + full.slice(alias.length));
      }
      for (const { scope, target } of namespaces) {
        const prefix = scope === '' ? '' : `${scope}::`;
        if (full.startsWith(prefix) && !full.startsWith(`${target}::`)) meant.add(within(target, full.slice(prefix.length)));
      }
    }
    return undefined;
  }

  private exactly(name: string, isWanted: (entry: Entry) => boolean): Entry | undefined {
    const found = this.info.entries.named(splitScope(name).last).filter((each) => isWanted(each) && visibleName(each) === name);
    return found.find(isDefinition) ?? found[0];
  }

  /** What `using namespace` has made visible where the frame is. */
  private usedNamespaces(): readonly string[] {
    const used = new Set<string>();
    const scopes = new Set(this.enclosingScopes());
    for (const { scope, target } of this.imports.namespaces) {
      if (scopes.has(scope) || used.has(scope)) used.add(target);
    }
    return [...used];
  }

  private get imports(): Imports {
    const { activation } = this;
    this.known ??=
      (activation && orNothing(() => importsOf(activation.entry.unit.tree, activation.blocks, this.enclosingScopes()[0]!))) ?? noImports;
    return this.known;
  }

  private choose(name: string, entries: readonly Entry[]): Entry | undefined {
    if (entries.length === 0) return undefined;
    const named = entries.map((entry) => ({ entry, full: visibleName(entry) }));
    for (const scope of this.enclosingScopes()) {
      const wanted = within(scope, name);
      const found = named.filter(({ full }) => full === wanted);
      if (found.length > 0) return (found.find(({ entry }) => isDefinition(entry)) ?? found[0])!.entry;
    }
    return undefined;
  }

  /** `a::b`, `a` and the empty one for a function `a::b::f`. */
  private enclosingScopes(): string[] {
    const parts = (this.activation && orNothing(() => visibleName(this.activation!.entry)))?.split('::').slice(0, -1) ?? [];
    return [...parts.map((_, index) => parts.slice(0, parts.length - index).join('::')), ''];
  }
}

/** Callers that are looked through for the function that another one is written in. */
const deepestHost = 50;
/** Ways to read one name; namespaces may use each other in circles. */
const mostMeanings = 100;

/**
 * The function that another one's entry is in. gdb has blocks as entries are nested: what is inlined is in what it is inlined into, and
 * an instance that a compiler describes elsewhere is in none.
 */
function hostOf(entry: Entry): Entry | undefined {
  if (entry.tag !== Tag.subprogram) return undefined;
  let scope = entry.parent;
  while (scope && scope.tag !== Tag.subprogram) scope = scope.parent;
  return scope;
}

function isSameFunction(a: Entry, b: Entry): boolean {
  return a === b || a.origin === b || (b.origin !== undefined && (a === b.origin || a.origin === b.origin));
}

const scopeTags: ReadonlySet<number> = new Set([
  Tag.namespace,
  Tag.structure_type,
  Tag.class_type,
  Tag.union_type,
  Tag.enumeration_type,
  Tag.subprogram,
]);

/** An argument of a template. */
function isArgument({ tag }: Entry): boolean {
  return tag === Tag.template_type_parameter || tag === Tag.template_value_parameter;
}

/** Its enumerators are names of the scope that it is in. */
function isPlainEnumeration(entry: Entry): boolean {
  return entry.tag === Tag.enumeration_type && !entry.flag(At.enum_class);
}

function within(scope: string, name: string): string {
  return scope === '' ? name : `${scope}::${name}`;
}

function spaceless(text: string): string {
  return text.replaceAll(' ', '');
}

function isValue(entry: Entry): boolean {
  const { tag } = entry;
  if (tag === Tag.subprogram) return !isConstructor(entry);
  return tag === Tag.variable || tag === Tag.enumerator || tag === Tag.member;
}

function isMethod(entry: Entry): boolean {
  const scope = (entry.holderOf(At.decl_line) ? (entry.origin ?? entry) : entry).parent;
  return scope !== undefined && recordTags.has(scope.tag);
}

/** Its name means the class. */
function isConstructor(entry: Entry): boolean {
  const scope = (entry.holderOf(At.decl_line) ? (entry.origin ?? entry) : entry).parent;
  return scope !== undefined && recordTags.has(scope.tag) && scope.name === entry.fullName;
}

function isDefinition(entry: Entry): boolean {
  return entry.tag === Tag.subprogram ? rangesOf(entry).length > 0 : !entry.flag(At.declaration);
}

/** The name as it may be written: what is in an unnamed namespace, or in an enumeration that is no class, is visible outside of it. */
function visibleName(entry: Entry): string | undefined {
  const scope = entry.tag === Tag.enumerator && entry.parent ? entry.parent : undefined;
  if (!scope) return visible(entry);
  const outer = visible(scope);
  const isClass = scope.flag(At.enum_class);
  const path = isClass ? outer : outer?.split('::').slice(0, -1).join('::');
  return path ? `${path}::${entry.name}` : entry.name;
}
