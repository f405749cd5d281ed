import type { DebugProtocol } from '@vscode/debugprotocol';
import { argumentsOf, argumentValue } from '../../program/frames/call-arguments';
import { strip } from '../../program/types/type';
import { declaration, typeName } from '../../program/types/type-name';
import type { Debuggee } from '../debuggee';
import { openReference, textOf } from './typed-variable';
import { typedContext } from './variable-scopes';

/** A parameter as a saved argument register shows it: `n = 5`, its type, and what opens it. */
export type ParameterView = Pick<DebugProtocol.Variable, 'value' | 'type' | 'variablesReference' | 'namedVariables' | 'indexedVariables'>;

/**
 * The parameters of a traced function, by the first register that each is in: `a0`, `fa0`. `registers` are a0-a7 as they were saved;
 * `floats` fa0-fa7, where they are known.
 */
export function parametersByRegister(
  debuggee: Debuggee,
  functionAddress: bigint,
  registers: readonly bigint[],
  floats: readonly (bigint | undefined)[] | undefined,
  onlyHex: boolean,
): ReadonlyMap<string, ParameterView> {
  const views = new Map<string, ParameterView>();
  const context = typedContext(debuggee, 0);
  for (const argument of argumentsOf(debuggee.program, functionAddress) ?? []) {
    const inFloat = argument.parts?.find(({ file }) => file === 'f');
    if (inFloat && !floats) {
      views.set(`fa${inFloat.register}`, {
        value: `${argument.name} = <not saved>`,
        type: declaration(argument.type, argument.name),
        variablesReference: 0,
      });
      continue;
    }
    const value = argumentValue(argument, registers, floats);
    if (!value) continue;
    const isPointer = strip(argument.type).kind === 'pointer';
    const expression = isPointer ? `(${typeName(argument.type)})0x${registers[argument.registers[0]!]!.toString(16)}` : undefined;
    const { memoryReference: _, ...opened } = openReference(context, value, expression);
    views.set(inFloat ? `fa${inFloat.register}` : `a${argument.registers[0]}`, {
      value: `${argument.name} = ${textOf(context, value, onlyHex ? 'x' : undefined)}`,
      type: declaration(argument.type, argument.name),
      ...opened,
    });
  }
  return views;
}

/** The text of a parameter's new value: `n = 6` as it is shown, or the value alone. */
export function withoutName(text: string): string {
  return text.replace(/^\s*[A-Za-z_]\w*\s*=(?!=)/, '');
}
