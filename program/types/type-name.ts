import { type ArrayType, type FunctionType, type Type, unqualified } from './type';

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
      if (type.isVector) return `${inner(type.element, '')} __attribute__ ((vector_size(${type.count})))${spaced(declarator)}`;
      return inner(type.element, `${declarator}${bounds(type.count)}`);
    case 'function':
      return inner(type.result, `${declarator}${parameters(type, depth)}`);
    case 'qualified':
      if (type.target.kind === 'pointer') {
        const space = declarator === '' || /^[[(]/.test(declarator) ? '' : ' ';
        return inner(type.target, ` ${type.qualifier}${space}${declarator}`);
      }
      return type.qualifier === '_Atomic'
        ? `_Atomic(${typeName(type.target)})${spaced(declarator)}`
        : qualifiedBase(type, declarator, depth);
    default:
      return `${ownName(type)}${spaced(declarator)}`;
  }
}

const deepest = 60;

function qualifiedBase(type: Type & { kind: 'qualified' }, declarator: string, depth: number): string {
  const { target } = type;
  if (target.kind === 'function') return declaration(target, declarator, depth + 1);
  if (target.kind === 'array') return declaration(qualifiedArray(target, type), declarator, depth + 1);
  // gdb has the two in this order, whatever the source has.
  if (type.qualifier === 'volatile' && target.kind === 'qualified' && target.qualifier === 'const') {
    return `const ${declaration({ ...type, target: target.target }, declarator, depth + 1)}`;
  }
  return `${type.qualifier} ${declaration(target, declarator, depth + 1)}`;
}

/** Of an array it is its elements that are qualified, which GCC says besides. */
function qualifiedArray(array: ArrayType, { qualifier }: Type & { kind: 'qualified' }): ArrayType {
  const { element } = array;
  for (let each = element; each.kind === 'qualified'; each = each.target) if (each.qualifier === qualifier) return array;
  return { ...array, element: { kind: 'qualified', qualifier, target: element } };
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
  if (type.isVariadic) names.push('...');
  if (names.length > 0) return `(${names.join(', ')})`;
  return type.isPrototyped ? '(void)' : '()';
}

/** A declarator after the name of a base type: gdb leaves a space before it, whatever it starts with. */
function spaced(declarator: string): string {
  if (declarator === '') return '';
  return declarator.startsWith(' ') ? declarator : ` ${declarator}`;
}
