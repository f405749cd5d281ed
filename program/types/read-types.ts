import { At, Encoding, Tag } from '../dwarf/entries/constants';
import type { DebugEntries } from '../dwarf/entries/debug-entries';
import type { Entry } from '../dwarf/entries/entry';
import { orNothing } from '../dwarf/entries/or-nothing';
import { qualifiedName } from '../dwarf/entries/qualified-name';
import { isByAddress } from './by-reference';
import { readArray } from './read-arrays';
import { readMembers } from './read-members';
import { readMethods } from './read-methods';
import { readNestedTypedefs, readTemplateTypes } from './read-nested-types';
import { type BaseEncoding, type BaseType, type EnumType, type FunctionType, type RecordType, type Type, voidType } from './type';

/** Types by their entries, each made once. What a type refers to is read when asked for, so cycles are no matter. */
export class TypeReader {
  private readonly types = new Map<Entry, Type>();

  constructor(private readonly entries: DebugEntries) {}

  /** The type that an entry describes; void where there is none. */
  read(entry: Entry | undefined): Type {
    if (!entry) return voidType;
    let type = this.types.get(entry);
    if (!type) {
      type = orNothing(() => this.make(entry)) ?? { kind: 'void', name: '<corrupt type>' };
      this.types.set(entry, type);
    }
    return type;
  }

  /** The type of a variable, a parameter or a member. */
  typeOf(entry: Entry): Type {
    return this.read(orNothing(() => entry.type));
  }

  /** A function's own type. */
  functionType(entry: Entry): FunctionType {
    const reader = this;
    const described = entry.origin ?? entry;
    const parameters = (entry.children.length > 0 ? entry : described).children.filter(({ tag }) => tag === Tag.formal_parameter);
    return {
      kind: 'function',
      isVariadic: entry.children.some(({ tag }) => tag === Tag.unspecified_parameters),
      isPrototyped: entry.flag(At.prototyped) || described.flag(At.prototyped) || entry.unit.isCplusplus,
      get result() {
        return reader.typeOf(entry);
      },
      get parameters() {
        return parameters.map((each) => (isThis(each, entry, described) ? constant(reader.typeOf(each)) : reader.typeOf(each)));
      },
    };
  }

  private make(entry: Entry): Type {
    // A type that has a unit of its own, with no more here than its signature.
    const elsewhere = entry.has(At.signature) ? entry.reference(At.signature) : undefined;
    if (elsewhere && !elsewhere.has(At.signature)) return this.read(elsewhere);
    const target = () => this.typeOf(entry);
    switch (entry.tag) {
      case Tag.base_type:
        return baseType(entry);
      case Tag.pointer_type:
        return pointer('*', target);
      case Tag.reference_type:
        return pointer('&', target);
      case Tag.rvalue_reference_type:
        return pointer('&&', target);
      case Tag.ptr_to_member_type:
        return memberPointer(target, () => this.read(entry.reference(containingType)));
      case Tag.const_type:
      case Tag.immutable_type:
        return qualified('const', target);
      case Tag.volatile_type:
        return qualified('volatile', target);
      case Tag.restrict_type:
        return qualified('restrict', target);
      case Tag.atomic_type:
        return qualified('_Atomic', target);
      case Tag.typedef:
        return {
          kind: 'typedef',
          name: qualifiedName(entry) ?? '<unnamed>',
          get target() {
            return target();
          },
        };
      case Tag.array_type:
        return readArray(entry, target);
      case Tag.structure_type:
      case Tag.class_type:
      case Tag.union_type:
        return this.record(entry);
      case Tag.enumeration_type:
        return this.enumeration(entry);
      case Tag.subroutine_type:
      case Tag.subprogram:
        return this.functionType(entry);
      case Tag.unspecified_type:
        return { kind: 'void', name: entry.name ?? 'void' };
      default:
        return { kind: 'void', name: entry.name ?? '<unknown type>' };
    }
  }

  private record(entry: Entry): Type {
    const reader = this;
    const definition = entry.flag(At.declaration) ? this.definitionOf(entry) : entry;
    if (definition && definition !== entry) return this.read(definition);
    let members: RecordType['members'] | undefined;
    let methods: RecordType['methods'] | undefined;
    const keyword = entry.tag === Tag.union_type ? 'union' : entry.tag === Tag.class_type ? 'class' : 'struct';
    return {
      kind: 'record',
      keyword,
      name: qualifiedName(entry),
      isCplusplus: entry.unit.isCplusplus,
      size: entry.number(At.byte_size) ?? 0,
      isIncomplete: definition === undefined,
      get isByAddress() {
        return isByAddress(entry);
      },
      get members() {
        members ??= orNothing(() => readMembers(entry, (each) => reader.typeOf(each))) ?? [];
        return members;
      },
      get methods() {
        methods ??= orNothing(() => readMethods(entry, reader)) ?? [];
        return methods;
      },
      get typedefs() {
        return orNothing(() => readNestedTypedefs(entry, reader)) ?? [];
      },
      get templateTypes() {
        return definition ? (orNothing(() => readTemplateTypes(entry, reader)) ?? []) : [];
      },
    };
  }

  /** Where another unit describes what here is only declared. */
  private definitionOf(entry: Entry): Entry | undefined {
    const name = qualifiedName(entry);
    return this.entries
      .named(entry.name ?? '')
      .find((each) => each.tag === entry.tag && !each.flag(At.declaration) && qualifiedName(each) === name);
  }

  private enumeration(entry: Entry): EnumType {
    const isClass = entry.flag(At.enum_class);
    const outer = enclosingScope(entry);
    const scope = isClass ? qualifiedName(entry) : outer && qualifiedName(outer);
    const prefix = scope && entry.unit.isCplusplus ? `${scope}::` : '';
    const size = entry.number(At.byte_size) ?? 4;
    const list = entry.children.filter(({ tag }) => tag === Tag.enumerator);
    const underlying = this.typeOf(entry);
    const isSigned =
      underlying.kind === 'void' ? list.some((each) => (each.constant(At.const_value) ?? 0n) < 0n) : isSignedType(underlying);
    const inType = (value: bigint) => (isSigned ? BigInt.asIntN(8 * size, value) : BigInt.asUintN(8 * size, value));
    return {
      kind: 'enum',
      name: qualifiedName(entry),
      isCplusplus: entry.unit.isCplusplus,
      isClass,
      underlying: underlying.kind === 'void' ? undefined : underlying,
      size,
      isSigned,
      enumerators: list.map((each) => ({ name: prefix + (each.name ?? '?'), value: inType(each.constant(At.const_value) ?? 0n) })),
    };
  }
}

/** The namespace or class that an entry is in, also inside of a function. */
function enclosingScope(entry: Entry): Entry | undefined {
  let scope = (entry.origin ?? entry).parent;
  while (scope && !scopes.has(scope.tag)) scope = scope.parent;
  return scope;
}

const scopes: ReadonlySet<number> = new Set([Tag.namespace, Tag.structure_type, Tag.class_type, Tag.union_type]);
const containingType = 0x1d;
/** DW_END_big (DWARF 5, section 7.8). */
const bigEndian = 1;

/** What a member function is called on, which it cannot change: GCC says so where it is defined, LLVM nowhere. */
function isThis(parameter: Entry, ...functions: readonly Entry[]): boolean {
  if (!parameter.holderOf(At.artificial)?.flag(At.artificial)) return false;
  // A declaration has no names.
  if (parameter.fullName === undefined && functions.some((each) => each.children[0] === parameter && !each.has(At.object_pointer)))
    return true;
  return parameter.fullName === 'this' || functions.some((each) => orNothing(() => each.reference(At.object_pointer)) === parameter);
}

function constant(type: Type): Type {
  return type.kind === 'qualified' && type.qualifier === 'const' ? type : { kind: 'qualified', qualifier: 'const', target: type };
}

function pointer(flavour: '*' | '&' | '&&', target: () => Type): Type {
  return {
    kind: 'pointer',
    flavour,
    size: 8,
    get target() {
      return target();
    },
  };
}

function memberPointer(target: () => Type, holder: () => Type): Type {
  return {
    kind: 'pointer',
    flavour: 'member',
    get size() {
      return target().kind === 'function' ? 16 : 8;
    },
    get target() {
      return target();
    },
    get holder() {
      return holder();
    },
  };
}

function qualified(qualifier: 'const' | 'volatile' | 'restrict' | '_Atomic', target: () => Type): Type {
  return {
    kind: 'qualified',
    qualifier,
    get target() {
      return target();
    },
  };
}

const encodings: ReadonlyMap<number, BaseEncoding> = new Map<number, BaseEncoding>([
  [Encoding.complexInteger, 'complex-integer'],
  [Encoding.boolean, 'boolean'],
  [Encoding.complex_float, 'complex'],
  [Encoding.float, 'float'],
  [Encoding.signed, 'signed'],
  [Encoding.signed_char, 'signed-char'],
  [Encoding.unsigned, 'unsigned'],
  [Encoding.unsigned_char, 'unsigned-char'],
  [Encoding.UTF, 'utf'],
]);

function baseType(entry: Entry): BaseType {
  const size = Math.min(32, entry.number(At.byte_size) ?? 0);
  return {
    kind: 'base',
    name: canonicalName(entry.name ?? '?'),
    size,
    encoding: encodings.get(entry.number(At.encoding) ?? 0) ?? 'unsigned',
    ...(entry.number(At.endianity) === bigEndian ? { isBigEndian: true } : {}),
  };
}

/** GCC has `long unsigned int` for what the language's authors, and gdb, write `unsigned long`. */
function canonicalName(name: string): string {
  const words = name.split(' ');
  if (words.length < 2 || !words.every((word) => integerWords.has(word))) return name;
  const isUnsigned = words.includes('unsigned');
  const size = words.filter((word) => word === 'long' || word === 'short');
  if (size.length === 0) return name;
  return [...(isUnsigned ? ['unsigned'] : []), ...size].join(' ');
}

const integerWords: ReadonlySet<string> = new Set(['long', 'short', 'int', 'unsigned', 'signed']);

function isSignedType(type: Type): boolean {
  if (type.kind === 'typedef' || type.kind === 'qualified') return isSignedType(type.target);
  return type.kind === 'base' && (type.encoding === 'signed' || type.encoding === 'signed-char');
}
