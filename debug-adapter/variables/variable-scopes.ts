import type { DebugProtocol } from '@vscode/debugprotocol';
import { At, Tag } from '../../program/dwarf/entries/constants';
import type { Entry } from '../../program/dwarf/entries/entry';
import { qualifiedName } from '../../program/dwarf/entries/qualified-name';
import { variablesOf } from '../../program/frames/activations';
import { sizeOf } from '../../program/types/base-types';
import { addressOf, type Value } from '../../program/values/value';
import type { Changed } from '../changed';
import type { Debuggee } from '../debuggee';
import * as errors from '../errors';
import type { Frame } from '../stack-walk';
import { assignIn } from '../values';
import { type NamedValue, type TypedContext, typedVariable } from './typed-variable';

/** What variables of a frame share; `frame` is its index. */
export function typedContext(debuggee: Debuggee, frame: number | undefined): TypedContext {
  return { debuggee, frame, assign: (target, text) => assignTo(debuggee, frame, target, text) };
}

/** The parameters and local variables of a frame. */
export function localVariables(debuggee: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[] {
  const context = typedContext(debuggee, frame.index);
  return localsOf(frame).map((each) => typedVariable(context, each, onlyHex));
}

/** The variables outside of functions of the frame's source. */
export function globalVariables(debuggee: Debuggee, frame: Frame, onlyHex: boolean): DebugProtocol.Variable[] {
  const context = typedContext(debuggee, frame.index);
  return globalsOf(frame).map((each) => typedVariable(context, each, onlyHex));
}

export function hasLocals({ activation }: Frame): boolean {
  return activation !== undefined && !activation.entry.unit.isAssembly;
}

export function hasGlobals(frame: Frame): boolean {
  return hasLocals(frame) && frame.program.debugInfo.globalsOf(frame.activation!.entry).length > 0;
}

export function writeLocal(debuggee: Debuggee, frame: Frame, name: string, text: string): Omit<Changed<object>, 'body'> {
  return writeNamed(debuggee, frame, localsOf(frame), name, text);
}

export function writeGlobal(debuggee: Debuggee, frame: Frame, name: string, text: string): Omit<Changed<object>, 'body'> {
  return writeNamed(debuggee, frame, globalsOf(frame), name, text);
}

function writeNamed(debuggee: Debuggee, frame: Frame, all: readonly NamedValue[], name: string, text: string) {
  const found = all.find((each) => each.name === name);
  if (!found) throw errors.unknownVariable(name);
  return assignTo(debuggee, frame.index, found.value, text);
}

/** Writes, and says what else the editor shows that may have changed. */
function assignTo(debuggee: Debuggee, frame: number | undefined, target: Value, text: string): Omit<Changed<object>, 'body'> {
  assignIn(debuggee, frame === undefined ? undefined : debuggee.frame(frame), target, text);
  const address = addressOf(target);
  return { areas: ['variables'], ...(address === undefined ? {} : { memory: { address, size: sizeOf(target.type) ?? 8 } }) };
}

/** Each with a name of its own: a variable that an inner block hides says its line. */
function localsOf({ activation, scope, program }: Frame): NamedValue[] {
  const entries = activation ? variablesOf(activation).filter(isShown) : [];
  const names = entries.map((entry) => entry.fullName!);
  const taken = new Set<string>();
  return entries.map((entry, index) => {
    const name = names[index]!;
    const isHidden = names.indexOf(name, index + 1) >= 0;
    let shown = isHidden ? `${name} (line ${program.debugInfo.declarationPlace(entry)?.line ?? 0})` : name;
    while (taken.has(shown)) shown += "'";
    taken.add(shown);
    return { name: shown, value: scope.valueOf(entry), expression: isHidden ? undefined : name };
  });
}

function globalsOf({ activation, scope, program }: Frame): NamedValue[] {
  const entries = activation ? program.debugInfo.globalsOf(activation.entry) : [];
  return entries.map((entry) => {
    const name = qualifiedName(entry)!;
    return { name, value: scope.valueOf(entry), expression: name.replaceAll('(anonymous namespace)::', '') };
  });
}

/** What the source declares here: not what the compiler has made for itself, nor what is defined elsewhere. */
function isShown(entry: Entry): boolean {
  if (entry.fullName === undefined || entry.flag(At.declaration)) return false;
  if (entry.tag === Tag.formal_parameter || entry.fullName === 'this') return true;
  return !(entry.holderOf(At.artificial)?.flag(At.artificial) ?? false);
}
