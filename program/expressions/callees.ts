import { type FunctionType, type RecordType, strip, type Type } from '../types/type';
import { typeName } from '../types/type-name';
import { addressOf, type Value } from '../values/value';
import type { Argument } from './calls';
import { methodOf, methodsNamed, objectOf } from './methods';
import { fail, type Operands } from './operands';
import { bestOf, type Candidate, qualifiersOf } from './overloads';
import { splitScope } from './scoped-name';

/** What is called: a function, the object of a method, and the arguments beside it. */
export interface Callee {
  readonly value: Value;
  readonly self: Value | undefined;
  readonly list: readonly Argument[];
}

/** Finds functions that are no methods: those of that name in sight, and in namespaces besides. */
export type FunctionLookup = (name: string, namespaces: readonly string[]) => readonly Value[];

/** Finds what a call or an operator means in C++: of several functions the one that the arguments fit best. */
export class Callees {
  constructor(
    private readonly operands: Operands,
    private readonly functionsNamed: FunctionLookup,
  ) {}

  /** The function of a name, also in the namespaces of the arguments' types; undefined where `known` is all that the name means. */
  named(name: string, known: Value | undefined, list: readonly Argument[], at: number): Callee | undefined {
    if (known && strip(known.type).kind !== 'function') return undefined;
    const found = this.functionsNamed(name, this.namespacesOf(list));
    if (found.length === 0 || (known && found.every((each) => addressOf(each) === addressOf(known)))) return undefined;
    const candidates = found.map((value) => ({ value, self: undefined, list, ...freeType(value) }));
    return bestOf(candidates, this.operands) ?? this.refuse(name, list, at);
  }

  /** The function of an object; undefined where its class has none of that name. Throws ExpressionError where none fits. */
  method(object: Value, record: RecordType, name: string, list: readonly Argument[], at: number): Callee | undefined {
    const found = methodsNamed(record, name);
    if (found.length === 0) return undefined;
    const candidates = this.methods(object, record, name, list);
    if (candidates.length === 0) return fail(`"${found[0]!.method.text}" has no code of its own in this program`, at);
    return candidates.length === 1 ? candidates[0] : (bestOf(candidates, this.operands) ?? this.refuse(name, list, at));
  }

  /** The function of a class that takes no object, of several; undefined where there are not several. */
  withoutObject(record: RecordType, name: string, list: readonly Argument[], at: number): Callee | undefined {
    const candidates = methodsNamed(record, name).flatMap(({ method }) => {
      const value = method.isStatic ? this.operands.memory.method(method.entry) : undefined;
      return value ? [{ value, self: undefined, list, ...freeType(value) }] : [];
    });
    return candidates.length < 2 ? undefined : (bestOf(candidates, this.operands) ?? this.refuse(name, list, at));
  }

  /** The operator that a program has for its classes; undefined where no operand is of a class, or the class has none that fits. */
  operator(symbol: string, list: readonly Argument[]): Callee | undefined {
    const [first, ...rest] = list.map((each) => ({ ...each, value: this.operands.held(this.operands.referred(each.value)) }));
    const record = strip(first!.value.type);
    if (![first!, ...rest].some(({ value }) => isOfClass(value.type))) return undefined;
    const name = `operator${symbol}`;
    const methods = record.kind === 'record' ? this.methods(first!.value, record, name, rest) : [];
    const free = onlyMethods.has(symbol) ? [] : this.functionsNamed(name, this.namespacesOf(list));
    const others = free.map((value) => ({ value, self: undefined, list: [first!, ...rest], ...freeType(value) }));
    return bestOf([...methods, ...others], this.operands);
  }

  private methods(object: Value, record: RecordType, name: string, list: readonly Argument[]): (Callee & Candidate)[] {
    return methodsNamed(record, name).flatMap((found): (Callee & Candidate)[] => {
      const { method } = found;
      const self = objectOf(object, found, this.operands.memory);
      const value = self && methodOf(self, method, this.operands.memory);
      if (!value) return [];
      if (method.isStatic) return [{ value, self: undefined, list, type: method.type, object: 'none' }];
      const taken = method.object ? qualifiersOf(method.object) : 0;
      return [{ value, self, list, type: method.type, object: { taken, given: qualifiersOf(object.type) } }];
    });
  }

  /** The namespaces of the arguments' types (C++17, "Argument-dependent name lookup"). */
  private namespacesOf(list: readonly Argument[]): readonly string[] {
    return [...new Set(list.flatMap(({ value }) => namespacesOfType(this.operands.referred(value).type)))];
  }

  private refuse(name: string, list: readonly Argument[], at: number): never {
    const types = list.map(({ value }) => typeName(this.operands.referred(value).type)).join(', ');
    return fail(`None of the functions "${name}" takes (${types})`, at);
  }
}

/** Operators that are members always. */
const onlyMethods: ReadonlySet<string> = new Set(['=', '[]', '()', '->']);

function freeType(value: Value) {
  return { type: strip(value.type) as FunctionType, object: undefined };
}

function isOfClass(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'record' && bare.isCplusplus;
}

function namespacesOfType(type: Type, depth = 0): readonly string[] {
  const bare = strip(type);
  if (depth > deepest) return [];
  if (bare.kind === 'pointer') return namespacesOfType(bare.target, depth + 1);
  if (bare.kind === 'array') return namespacesOfType(bare.element, depth + 1);
  if (bare.kind !== 'record' && bare.kind !== 'enum') return [];
  const own: string[] = [];
  for (let { scope } = splitScope(visibleName(bare.name)); scope !== ''; { scope } = splitScope(scope)) own.push(scope);
  const bases = bare.kind === 'record' ? bare.members.filter(({ isBase }) => isBase) : [];
  return [...own, ...bases.flatMap((each) => namespacesOfType(each.type, depth + 1))];
}

const deepest = 20;

function visibleName(name = ''): string {
  return name.replaceAll('(anonymous namespace)::', '');
}
