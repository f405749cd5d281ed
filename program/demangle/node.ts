/** A part of a mangled name: what it is, and the parts it is made of. */
export class Node {
  /** How often it is being printed now: a name that contains itself has no text. */
  printing = 0;

  constructor(
    readonly kind: Kind,
    readonly left: Node | undefined = undefined,
    /** Of a function its result is taken away where a local name is in it. */
    readonly right: Node | undefined = undefined,
    readonly text: string = '',
    readonly number: number = 0,
    /** Of a list, its members. */
    readonly list: readonly Node[] = none,
  ) {}
}

export type Kind =
  // Names.
  | 'name'
  | 'qualified'
  | 'local'
  | 'typed'
  | 'template'
  | 'parameter'
  | 'list'
  | 'constructor'
  | 'destructor'
  | 'tagged'
  | 'module'
  | 'owned'
  | 'lambda'
  | 'unnamed'
  | 'binding'
  | 'default argument'
  | 'clone'
  | 'special'
  | 'construction'
  | 'temporary'
  // Types.
  | 'builtin'
  | 'pointer'
  | 'reference'
  | 'rvalue'
  | 'const'
  | 'volatile'
  | 'restrict'
  | 'vendor qualified'
  | 'complex'
  | 'imaginary'
  | 'vector'
  | 'array'
  | 'function'
  | 'member pointer'
  | 'decltype'
  | 'expansion'
  // What follows the parameters of a function.
  | 'const this'
  | 'volatile this'
  | 'restrict this'
  | 'reference this'
  | 'rvalue this'
  | 'transaction safe'
  | 'noexcept'
  | 'throw'
  // Operators and expressions.
  | 'operator'
  | 'vendor operator'
  | 'literal operator'
  | 'conversion'
  | 'cast'
  | 'nullary'
  | 'unary'
  | 'suffix'
  | 'binary'
  | 'trinary'
  | 'initializer'
  | 'function parameter'
  | 'literal'
  | 'negative literal'
  | 'vendor expression';

const none: readonly Node[] = [];

const ofFunctions: ReadonlySet<Kind> = new Set<Kind>([
  'const this',
  'volatile this',
  'restrict this',
  'reference this',
  'rvalue this',
  'transaction safe',
  'noexcept',
  'throw',
]);

/** Whether it is written after the parameters of the function that it qualifies. */
export function isFunctionQualifier({ kind }: Node): boolean {
  return ofFunctions.has(kind);
}
