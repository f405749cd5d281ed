import { type ArrayType, type FunctionType, type QualifiedType, type Type, unqualified } from './type';

/** A type as it is written in C or C++, and as gdb's `whatis` prints it: `int [10]`, `void (*)(int)`, `const char *`. */
export function typeName(type: Type): string {
  return declaration(type, '');
}

/** A declaration of that type: `int (*callback)(int)`. */
export function declaration(type: Type, declarator: string, depth = 0): string {
  if (depth > deepest) return '...';
  const inner = (next: Type, text: string) => declaration(next, text, depth + 1);
  switch (type.kind) {
    case 'pointer': {
      if (type.flavour === 'member') {
        const holder = type.holder ? typeName(type.holder) : '?';
        return inner(type.target, parenthesised(type.target, `${holder}::*${declarator}`));
      }
      return inner(type.target, parenthesised(type.target, `${type.flavour}${declarator}`));
    }
    case 'array':
      if (type.isVector) return inner(type.element, `${declarator} __attribute__ ((vector_size(${type.count})))`);
      return inner(type.element, `${declarator}${bounds(type.count)}`);
    case 'function':
      return inner(type.result, `${declarator}${parameters(type, depth)}`);
    case 'qualified': {
      const target = unqualified(type);
      if (target.kind === 'pointer') {
        const space = declarator === '' || /^[[(]/.test(declarator) ? '' : ' ';
        return inner(target, ` ${qualifiersOf(type).join(' ')}${space}${declarator}`);
      }
      if (target.kind === 'function') return inner(target, declarator);
      if (target.kind === 'array') return inner(qualifiedArray(target, qualifiersOf(type)), declarator);
      return `${qualifiersOf(type).join(' ')} ${inner(target, declarator)}`;
    }
    default:
      return `${ownName(type)}${spaced(declarator)}`;
  }
}

const deepest = 60;

/** In the order that gdb has them in, whatever the source has. */
const order = ['const', 'volatile', 'restrict', '_Atomic'] as const;

function qualifiersOf(type: Type): readonly QualifiedType['qualifier'][] {
  const found = new Set<QualifiedType['qualifier']>();
  for (let each = type; each.kind === 'qualified'; each = each.target) found.add(each.qualifier);
  return order.filter((each) => found.has(each));
}

/** Of an array it is its elements that are qualified, which GCC says besides. */
function qualifiedArray(array: ArrayType, qualifiers: readonly QualifiedType['qualifier'][]): ArrayType {
  const own = qualifiersOf(array.element);
  const missing = qualifiers.filter((each) => !own.includes(each));
  const element = missing.reduce<Type>((target, qualifier) => ({ kind: 'qualified', qualifier, target }), array.element);
  return { ...array, element };
}

function ownName(type: Type): string {
  switch (type.kind) {
    case 'record':
      if (type.name === undefined) return `${type.keyword} {...}`;
      return type.isCplusplus ? type.name : `${type.keyword} ${type.name}`;
    case 'enum':
      if (type.name === undefined) return 'enum {...}';
      return type.isCplusplus ? type.name : `enum ${type.name}`;
    case 'void':
    case 'base':
    case 'typedef':
      return type.name;
    default:
      return '';
  }
}

/** A pointer to an array or function needs parentheses. */
function parenthesised(target: Type, declarator: string): string {
  const { kind } = unqualified(target);
  return kind === 'array' || kind === 'function' ? `(${declarator.trimStart()})` : declarator;
}

function bounds(count: number | object | undefined): string {
  return typeof count === 'number' ? `[${count}]` : '[]';
}

function parameters(type: FunctionType, depth: number): string {
  const names = type.parameters.map((each) => declaration(each, '', depth + 1));
  // Any arguments, as C has it before prototypes.
  if (names.length === 0 && !type.isPrototyped) return '()';
  if (type.isVariadic) names.push('...');
  return `(${names.join(', ') || 'void'})`;
}

/** A declarator after the name of a base type: gdb leaves a space before it, whatever it starts with. */
function spaced(declarator: string): string {
  if (declarator === '') return '';
  return declarator.startsWith(' ') ? declarator : ` ${declarator}`;
}
