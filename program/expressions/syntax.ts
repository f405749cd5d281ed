import type { Type } from '../types/type';

/** A parsed expression; `at` is the place in its text, in characters, that a message points to. */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'integer'; readonly value: bigint; readonly suffix: string; readonly isDecimal: boolean }
  | { readonly kind: 'float'; readonly text: string; readonly suffix: string }
  /** GNU C's `2i`, of an integer or a floating-point number. */
  | { readonly kind: 'imaginary'; readonly part: Expression }
  | { readonly kind: 'character'; readonly value: number; readonly prefix: string }
  | { readonly kind: 'string'; readonly text: string; readonly prefix: string }
  | { readonly kind: 'register'; readonly name: string }
  /** A variable, function or enumerator, with its C++ scopes. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly isPrefix: boolean; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'logical'; readonly operator: '&&' | '||'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'assign'; readonly operator: BinaryOperator | undefined; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'choice'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'comma'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'member'; readonly object: Expression; readonly name: string; readonly isArrow: boolean }
  /** `object.*pointer` and `object->*pointer`. */
  | { readonly kind: 'member-pointer'; readonly object: Expression; readonly pointer: Expression; readonly isArrow: boolean }
  | { readonly kind: 'index'; readonly array: Expression; readonly index: Expression }
  | { readonly kind: 'call'; readonly callee: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'cast'; readonly type: Type; readonly operand: Expression }
  | { readonly kind: 'dynamic-cast'; readonly type: Type; readonly operand: Expression }
  /** gdb's `{type} address`. */
  | { readonly kind: 'memory'; readonly type: Type; readonly address: Expression }
  /** gdb's `element@count`. */
  | { readonly kind: 'sequence'; readonly first: Expression; readonly count: Expression }
  | { readonly kind: 'sizeof'; readonly operand: Expression }
  | { readonly kind: 'sizeof-type'; readonly type: Type }
  | { readonly kind: 'alignof'; readonly type: Type }
);

export type UnaryOperator = '-' | '+' | '~' | '!' | '*' | '&';
export type BinaryOperator = '|' | '^' | '&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';

/** What a parser must know of the program: which names are types. */
export interface TypeNames {
  /** The type of that name, tagged where C says `struct name`; undefined where the name means something else. */
  typeNamed(name: string, tag?: 'struct' | 'union' | 'enum' | 'class'): Type | undefined;
  /** Whether a variable, function or enumerator has that name, template arguments included. */
  hasName(name: string): boolean;
}

/** What an expression's parser must know of the program besides: the types of operands, as in `typeof(x)`. */
export interface ParserNames extends TypeNames {
  typeOf(operand: Expression): Type;
}
