import {
  arrayOf,
  boolType,
  charType,
  doubleType,
  floatType,
  int128Type,
  intType,
  longDoubleType,
  longLongType,
  longType,
  pointerTo,
  shortType,
  signedCharType,
  unsignedCharType,
  unsignedInt128Type,
  unsignedLongLongType,
  unsignedLongType,
  unsignedShortType,
  unsignedType,
} from '../types/base-types';
import { type QualifiedType, type Type, voidType } from '../types/type';
import { complexOf } from './complex';
import type { TypeNames } from './syntax';
import type { TokenCursor } from './token-cursor';

const qualifiers: ReadonlyMap<string, QualifiedType['qualifier']> = new Map([
  ['const', 'const'],
  ['volatile', 'volatile'],
  ['restrict', 'restrict'],
  ['__restrict', 'restrict'],
  ['_Atomic', '_Atomic'],
]);
const operandWords: ReadonlySet<string> = new Set(['typeof', '__typeof__', '__typeof', 'decltype', '__decltype']);
const tags: ReadonlySet<string> = new Set(['struct', 'union', 'enum', 'class']);
const words: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
  'bool',
  '__int128',
  '_Complex',
  '__complex__',
]);

/** The sorted words of each arithmetic type; `int` is left out where it says nothing. */
const arithmetic: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['void', voidType],
  ['char', charType],
  ['char signed', signedCharType],
  ['char unsigned', unsignedCharType],
  ['short', shortType],
  ['short signed', shortType],
  ['short unsigned', unsignedShortType],
  ['int', intType],
  ['signed', intType],
  ['unsigned', unsignedType],
  ['long', longType],
  ['long signed', longType],
  ['long unsigned', unsignedLongType],
  ['long long', longLongType],
  ['long long signed', longLongType],
  ['long long unsigned', unsignedLongLongType],
  ['__int128', int128Type],
  ['__int128 signed', int128Type],
  ['__int128 unsigned', unsignedInt128Type],
  ['float', floatType],
  ['double', doubleType],
  ['double long', longDoubleType],
  ['_Complex', complexOf(doubleType)],
  ['_Complex float', complexOf(floatType)],
  ['_Complex double', complexOf(doubleType)],
  ['_Complex double long', complexOf(longDoubleType)],
  ['_Bool', { ...boolType, name: '_Bool' }],
  ['bool', boolType],
]);

/** What a type's name may need besides: the type of an expression in `typeof(...)`, which is consumed. */
export interface TypeParserNames extends TypeNames {
  operandType(): Type;
}

/** Parses a type name of C or C++ at the cursor; undefined, and nothing consumed, where there is none. */
export function parseTypeName(cursor: TokenCursor, names: TypeParserNames): Type | undefined {
  return cursor.nested(() => {
    const base = parseSpecifiers(cursor, names);
    return base && parseDeclarator(cursor, base, names);
  });
}

function parseSpecifiers(cursor: TokenCursor, names: TypeParserNames): Type | undefined {
  const found: QualifiedType['qualifier'][] = [];
  const parts: string[] = [];
  let type: Type | undefined;
  for (let word = cursor.name; word !== undefined; word = cursor.name) {
    const qualifier = qualifiers.get(word);
    if (qualifier) found.push(qualifier);
    else if (words.has(word) && !type) parts.push(word);
    else if (tags.has(word) && parts.length === 0 && !type) {
      cursor.next();
      type = tagged(cursor, word as 'struct', names);
      continue;
    } else if (operandWords.has(word) && parts.length === 0 && !type) {
      cursor.next();
      type = typeOfOperand(cursor, names);
      continue;
    } else if (parts.length === 0 && !type) {
      type = namedType(cursor, names);
      if (!type) break;
      continue;
    } else break;
    cursor.next();
  }
  const base = type ?? arithmeticType(cursor, parts);
  if (!base && found.length > 0) cursor.fail('A type is missing');
  return base && found.reduce((target: Type, qualifier) => ({ kind: 'qualified', qualifier, target }), base);
}

/** `(type)` or `(expression)` after `typeof`. */
function typeOfOperand(cursor: TokenCursor, names: TypeParserNames): Type {
  if (!cursor.take('(')) cursor.fail('Missing "("');
  const start = cursor.save();
  let type = cursor.name === undefined ? undefined : parseTypeName(cursor, names);
  if (!type || !cursor.sees(')')) {
    cursor.restore(start);
    type = names.operandType();
  }
  if (!cursor.take(')')) cursor.fail('Missing ")"');
  return type;
}

function arithmeticType(cursor: TokenCursor, parts: readonly string[]): Type | undefined {
  if (parts.length === 0) return undefined;
  const isShort = parts.length > 1 && parts.includes('int');
  const words = parts.map((part) => (part === '__complex__' ? '_Complex' : part));
  const key = (isShort ? words.filter((part) => part !== 'int') : words).toSorted().join(' ');
  return arithmetic.get(key) ?? cursor.fail(`"${parts.join(' ')}" is no type`);
}

function tagged(cursor: TokenCursor, tag: 'struct' | 'union' | 'enum' | 'class', names: TypeParserNames): Type {
  const { at } = cursor;
  const name = cursor.qualifiedName((text) => names.typeNamed(text, tag) !== undefined);
  if (name === undefined) cursor.fail(`A name is missing after "${tag}"`);
  return names.typeNamed(name!, tag) ?? cursor.fail(`The program has no type "${tag} ${name}"`, at);
}

function namedType(cursor: TokenCursor, names: TypeParserNames): Type | undefined {
  const start = cursor.save();
  const name = cursor.qualifiedName((text) => names.typeNamed(text) !== undefined);
  const type = name === undefined ? undefined : names.typeNamed(name);
  if (!type) cursor.restore(start);
  return type;
}

/** `*`, `&`, `[n]`, `(*)(...)` after the specifiers. */
function parseDeclarator(cursor: TokenCursor, base: Type, names: TypeParserNames): Type {
  let type = base;
  for (;;) {
    if (cursor.take('*')) type = pointerTo(type);
    else if (cursor.take('&')) type = { ...pointerTo(type), flavour: '&' };
    else if (cursor.take('&&')) type = { ...pointerTo(type), flavour: '&&' };
    else {
      const qualifier = qualifiers.get(cursor.name ?? '');
      const member = qualifier ? undefined : memberPointer(cursor, type, names);
      if (!qualifier && !member) break;
      if (qualifier) cursor.next();
      type = member ?? { kind: 'qualified', qualifier: qualifier!, target: type };
    }
  }
  const inner = innerPointers(cursor);
  const whole = parseSuffixes(cursor, type, names);
  return inner.reduce((target: Type, flavour) => ({ ...pointerTo(target), flavour }), whole);
}

/** `Class::*`. */
function memberPointer(cursor: TokenCursor, target: Type, names: TypeParserNames): Type | undefined {
  const start = cursor.save();
  const name = cursor.qualifiedName((text) => names.typeNamed(text) !== undefined);
  const holder = name === undefined || !cursor.sees('::') ? undefined : names.typeNamed(name);
  if (holder && cursor.take('::') && cursor.take('*')) return { kind: 'pointer', flavour: 'member', size: 8, target, holder };
  cursor.restore(start);
  return undefined;
}

/** The pointers and references of `(*)`, which what follows the parentheses belongs to. */
function innerPointers(cursor: TokenCursor): readonly ('*' | '&' | '&&')[] {
  const start = cursor.save();
  if (!cursor.take('(')) return [];
  const found: ('*' | '&' | '&&')[] = [];
  for (let sign = cursor.takeOneOf(inners); sign; sign = cursor.takeOneOf(inners)) found.push(sign);
  if (found.length > 0 && cursor.take(')')) return found;
  cursor.restore(start);
  return [];
}

const inners = ['*', '&', '&&'] as const;

function parseSuffixes(cursor: TokenCursor, type: Type, names: TypeParserNames): Type {
  if (cursor.take('[')) {
    const count = cursor.integer();
    if (!cursor.take(']')) cursor.fail('Missing "]"');
    const element = cursor.nested(() => parseSuffixes(cursor, type, names));
    return arrayOf(element, Number(count ?? 0n));
  }
  if (!cursor.take('(')) return type;
  const parameters: Type[] = [];
  let isVariadic = false;
  while (!cursor.take(')')) {
    if (cursor.take('.')) {
      while (cursor.take('.'));
      isVariadic = true;
    } else parameters.push(parseTypeName(cursor, names) ?? cursor.fail('A type is missing'));
    if (!cursor.take(',') && !cursor.sees(')')) cursor.fail('Missing ")"');
  }
  const real = parameters.length === 1 && parameters[0]!.kind === 'void' ? [] : parameters;
  return { kind: 'function', result: type, parameters: real, isVariadic, isPrototyped: parameters.length > 0 || isVariadic };
}
