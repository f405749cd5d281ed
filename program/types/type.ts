/** A type of the program's language, as the debug information describes it. */
export type Type = VoidType | BaseType | PointerType | ArrayType | RecordType | EnumType | FunctionType | TypedefType | QualifiedType;

/** Nothing, or a type that is not described. */
export interface VoidType {
  readonly kind: 'void';
  readonly name: string;
}

export interface BaseType {
  readonly kind: 'base';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly encoding: BaseEncoding;
  /** The high byte is first, as GCC's `scalar_storage_order` has it. */
  readonly isBigEndian?: boolean | undefined;
}

/** The parts of complex numbers are floating-point numbers or, as an extension of C, signed integers. */
export type BaseEncoding =
  | 'signed'
  | 'unsigned'
  | 'signed-char'
  | 'unsigned-char'
  | 'utf'
  | 'boolean'
  | 'float'
  | 'complex'
  | 'complex-integer';

export interface PointerType {
  readonly kind: 'pointer';
  /** A pointer, a C++ reference, or a C++ pointer to a member of `holder`. */
  readonly flavour: '*' | '&' | '&&' | 'member';
  readonly size: number;
  readonly target: Type;
  readonly holder?: Type | undefined;
}

/** The null pointer to a data member (Itanium C++ ABI, section 2.3.1). */
export const noMember = 0xffff_ffff_ffff_ffffn;

/** An array of one dimension: those of several are arrays of arrays. */
export interface ArrayType {
  readonly kind: 'array';
  readonly element: Type;
  /** Undefined where the program does not say, as in `extern int a[]`. */
  readonly count: number | DynamicCount | undefined;
  readonly lowerBound: number;
  /** A vector of a GNU extension. */
  readonly isVector: boolean;
}

/** A count that the frame tells: of an array of variable length. */
export interface DynamicCount {
  /** The number of elements, by the debug information's attribute. */
  evaluate(context: CountContext): number | undefined;
}

/** What a frame knows of debug information: the value of an entry's expression, and of a variable. */
export interface CountContext {
  evaluateExpression(entry: object, expression: Uint8Array): bigint | undefined;
  variableValue(entry: object): bigint | undefined;
}

export interface RecordType {
  readonly kind: 'record';
  readonly keyword: 'struct' | 'union' | 'class';
  /** Qualified by its namespaces; undefined where it has none. */
  readonly name: string | undefined;
  readonly isCplusplus: boolean;
  readonly size: number;
  /** Bases first, in the order of the source. */
  readonly members: readonly Member[];
  /** The functions that it declares, those of one name together. */
  readonly methods: readonly Method[];
  /** The typedefs that it declares. */
  readonly typedefs: readonly NestedTypedef[];
  /** The types that its template was given, by the names of its parameters. */
  readonly templateTypes: readonly TemplateType[];
  /** Its members are not described anywhere. */
  readonly isIncomplete: boolean;
  /** Its objects are passed and returned by their address whatever their size. */
  readonly isByAddress: boolean;
}

export type Access = 'public' | 'protected' | 'private';

export interface NestedTypedef {
  readonly name: string;
  readonly type: TypedefType;
  readonly access: Access;
}

export interface TemplateType {
  readonly name: string;
  readonly type: Type;
}

export interface Member {
  /** Undefined for an anonymous struct or union. */
  readonly name: string | undefined;
  readonly type: Type;
  /** Bytes from the start of the record; undefined for a static member and a virtual base. */
  readonly offset: number | undefined;
  readonly bits?: BitField | undefined;
  readonly isBase: boolean;
  /** What the compiler has made for itself, as the pointer to the virtual table, is private. */
  readonly access: Access;
  /** Of a base: objects share it. */
  readonly isVirtual?: boolean;
  /** The entry of a static member, whose value is a variable's. */
  readonly staticEntry?: object | undefined;
  /** How a virtual base is found: an expression that starts with the object's address. */
  readonly dynamicOffset?: { readonly entry: object; readonly expression: Uint8Array } | undefined;
}

/** A function of a class, as the class declares it. */
export interface Method {
  readonly name: string;
  /** Its entry, by which its code is found. */
  readonly entry: object;
  /** Its name in the program with its parameters: `Shape::area(int)`. */
  readonly text: string;
  /** Its place in the virtual table; undefined where it is not virtual. */
  readonly slot: number | undefined;
  /** It has no `this`. */
  readonly isStatic: boolean;
  /** It makes or ends objects. */
  readonly isConstructor: boolean;
  readonly access: Access;
  /** What `this` points to, with its qualifiers; undefined without one. */
  readonly object: Type | undefined;
  /** The types of what is in its parentheses. */
  readonly parameters: readonly Type[];
  readonly type: FunctionType;
}

/** Bits of a record: `size` of them, from bit `offset` of byte 0 on, the low one first. */
export interface BitField {
  readonly offset: number;
  readonly size: number;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string | undefined;
  readonly isCplusplus: boolean;
  /** A C++ `enum class`. */
  readonly isClass: boolean;
  /** The type that its values have, where the program says so. */
  readonly underlying: Type | undefined;
  readonly size: number;
  readonly isSigned: boolean;
  readonly enumerators: readonly Enumerator[];
}

export interface Enumerator {
  /** As it is written in the source: of a C++ `enum class`, and of an enumeration in a namespace, with that before it. */
  readonly name: string;
  readonly value: bigint;
}

export interface FunctionType {
  readonly kind: 'function';
  readonly result: Type;
  readonly parameters: readonly Type[];
  readonly isVariadic: boolean;
  /** It says its parameters. */
  readonly isPrototyped: boolean;
}

export interface TypedefType {
  readonly kind: 'typedef';
  readonly name: string;
  readonly target: Type;
}

export interface QualifiedType {
  readonly kind: 'qualified';
  readonly qualifier: 'const' | 'volatile' | 'restrict' | '_Atomic';
  readonly target: Type;
}

/** The type without its typedefs and qualifiers. */
export function strip(type: Type): Exclude<Type, TypedefType | QualifiedType> {
  let current = type;
  for (let depth = 0; depth < deepest; depth++) {
    if (current.kind !== 'typedef' && current.kind !== 'qualified') return current;
    current = current.target;
  }
  return voidType;
}

/** The type without its qualifiers. */
export function unqualified(type: Type): Type {
  let current = type;
  for (let depth = 0; current.kind === 'qualified' && depth < deepest; depth++) current = current.target;
  return current;
}

/** The type without its outermost typedefs; what they qualify stays so. */
export function withoutTypedefs(type: Type): Type {
  let current = type;
  for (let depth = 0; depth < deepest; depth++) {
    if (current.kind === 'typedef') current = current.target;
    else if (current.kind === 'qualified' && current.target.kind === 'typedef') current = { ...current, target: current.target.target };
    else break;
  }
  return current;
}

/** Typedefs of typedefs; a corrupt file has cycles. */
const deepest = 100;

export const voidType: VoidType = { kind: 'void', name: 'void' };
