import { type ArrayType, type BaseType, type PointerType, strip, type Type } from './type';

/** C's arithmetic types of lp64d, for expressions whose program does not describe them. */
export const charType = base('char', 1, 'unsigned-char');
export const signedCharType = base('signed char', 1, 'signed-char');
export const unsignedCharType = base('unsigned char', 1, 'unsigned-char');
export const wideCharType = base('wchar_t', 4, 'signed');
export const char16Type = base('char16_t', 2, 'utf');
export const char32Type = base('char32_t', 4, 'utf');
export const shortType = base('short', 2, 'signed');
export const unsignedShortType = base('unsigned short', 2, 'unsigned');
export const intType = base('int', 4, 'signed');
export const unsignedType = base('unsigned int', 4, 'unsigned');
export const longType = base('long', 8, 'signed');
export const unsignedLongType = base('unsigned long', 8, 'unsigned');
export const longLongType = base('long long', 8, 'signed');
export const unsignedLongLongType = base('unsigned long long', 8, 'unsigned');
export const int128Type = base('__int128', 16, 'signed');
export const unsignedInt128Type = base('unsigned __int128', 16, 'unsigned');
export const boolType = base('bool', 1, 'boolean');
export const floatType = base('float', 4, 'float');
export const doubleType = base('double', 8, 'float');
export const longDoubleType = base('long double', 16, 'float');

export const baseTypes: readonly BaseType[] = [
  charType,
  signedCharType,
  unsignedCharType,
  shortType,
  unsignedShortType,
  intType,
  unsignedType,
  longType,
  unsignedLongType,
  longLongType,
  unsignedLongLongType,
  int128Type,
  unsignedInt128Type,
  boolType,
  floatType,
  doubleType,
  longDoubleType,
];

function base(name: string, size: number, encoding: BaseType['encoding']): BaseType {
  return { kind: 'base', name, size, encoding };
}

export function pointerTo(target: Type): PointerType {
  return { kind: 'pointer', flavour: '*', size: 8, target };
}

export function arrayOf(element: Type, count: number): ArrayType {
  return { kind: 'array', element, count, lowerBound: 0, isVector: false };
}

/** Bytes of a value of the type; undefined where it has none that is known. */
export function sizeOf(type: Type): number | undefined {
  const bare = strip(type);
  switch (bare.kind) {
    case 'void':
    case 'function':
      return undefined;
    case 'record':
      return bare.isIncomplete ? undefined : bare.size;
    case 'array': {
      const element = sizeOf(bare.element);
      return typeof bare.count === 'number' && element !== undefined ? bare.count * element : undefined;
    }
    default:
      return bare.size;
  }
}

export function isIntegral(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'enum' || (bare.kind === 'base' && bare.encoding !== 'float' && !isComplexEncoding(bare));
}

function isComplexEncoding({ encoding }: BaseType): boolean {
  return encoding === 'complex' || encoding === 'complex-integer';
}

export function isFloat(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'base' && bare.encoding === 'float';
}

export function isSigned(type: Type): boolean {
  const bare = strip(type);
  if (bare.kind === 'enum') return bare.isSigned;
  return bare.kind === 'base' && (bare.encoding === 'signed' || bare.encoding === 'signed-char');
}

/** A type whose values print as a number and a character. */
export function isCharacter(type: Type): boolean {
  return characterPrefix(type) !== undefined;
}

/** What stands before a literal of a character type: nothing, `L`, `u` or `U`; undefined for other types. C's wide ones are typedefs. */
export function characterPrefix(type: Type): string | undefined {
  let current = type;
  for (let depth = 0; depth < deepestTypedef; depth++) {
    const prefix = 'name' in current ? widePrefixes.get(current.name ?? '') : undefined;
    if (prefix !== undefined) return prefix;
    if (current.kind !== 'typedef' && current.kind !== 'qualified') break;
    current = current.target;
  }
  if (current.kind !== 'base') return undefined;
  if (current.encoding === 'utf') return { 2: 'u', 4: 'U' }[current.size] ?? '';
  return current.encoding === 'signed-char' || current.encoding === 'unsigned-char' ? '' : undefined;
}

const widePrefixes: ReadonlyMap<string, string> = new Map([
  ['wchar_t', 'L'],
  ['char16_t', 'u'],
  ['char32_t', 'U'],
]);
const deepestTypedef = 100;

/** A number or pointer. C counts complex numbers to them too, but those are two. */
export function isScalar(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'base' ? !isComplexEncoding(bare) : bare.kind === 'enum' || bare.kind === 'pointer';
}

/** Bytes that a type's objects start at multiples of, which nothing in the program has changed. */
export function alignmentOf(type: Type, depth = 0): number {
  const bare = strip(type);
  if (bare.kind === 'array') return bare.isVector ? (sizeOf(bare) ?? 1) : alignmentOf(bare.element, depth + 1);
  if (bare.kind !== 'record') return bare.kind === 'pointer' ? 8 : (sizeOf(bare) ?? 1);
  const parts = depth > deepestRecord ? [] : bare.members.filter(({ staticEntry }) => !staticEntry);
  return Math.max(1, ...parts.map((member) => alignmentOf(member.type, depth + 1)));
}

const deepestRecord = 30;
