import { wordType } from '../program/expressions/numbers';
import { typeName } from '../program/types/type-name';
import { namedTypeText, typeText } from '../program/types/type-text';
import type { Debuggee } from './debuggee';
import { FrameExpressionScope } from './expressions/frame-expression-scope';
import type { Frame } from './stack-walk';
import { typeIn } from './values';

/**
 * What `ptype` and `whatis` print of an expression or of a type's name: the type with what is in it, or its name, of a typedef what it is of.
 * Throws a UserError where there is no such type.
 */
export function typeCommand(debuggee: Debuggee, frame: Frame | undefined, command: 'ptype' | 'whatis', operand: string): string {
  const { type, isName } = typeIn(debuggee, frame, operand);
  const symbol = type === wordType && !new FrameExpressionScope(debuggee, frame).isAssembly ? debuggee.code.named(operand) : undefined;
  // As gdb has what the program only has a symbol of.
  if (symbol?.kind === 'function') return command === 'ptype' ? 'int (void)' : '<text variable, no debug info>';
  if (symbol) return '<data variable, no debug info>';
  if (command === 'ptype') return typeText(type);
  return isName ? namedTypeText(type) : typeName(type);
}
