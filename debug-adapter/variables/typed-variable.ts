import type { DebugProtocol } from '@vscode/debugprotocol';
import { type ArrayType, type RecordType, strip, type Type } from '../../program/types/type';
import { typeName } from '../../program/types/type-name';
import { formatValue } from '../../program/values/format/format-value';
import { dereferenced, elementOf, memberValue, targetOf } from '../../program/values/parts';
import { addressOf, type Value, type ValueMemory } from '../../program/values/value';
import { numberOfBytes, readBytes } from '../../program/values/value-bytes';
import type { Changed } from '../changed';
import type { Debuggee } from '../debuggee';
import * as errors from '../errors';
import { hex } from '../format';
import { FrameMemory } from '../frame-memory';
import type { Openable } from '../handles';

/** A value with its name, and what to evaluate to come to it again; undefined where no expression does. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value;
  readonly expression: string | undefined;
}

/** Writes a value from the text of an expression. */
export type Assign = (target: Value, text: string) => Omit<Changed<object>, 'body'>;

/** What variables of one frame share. */
export interface TypedContext {
  readonly debuggee: Debuggee;
  readonly frame: number | undefined;
  readonly assign: Assign;
}

/** Characters of a value in the variables pane: it shows one line. */
const longest = 400;
/** Children that one answer has at most, where the editor does not ask for fewer. */
const mostChildren = 10_000;

/** A variable as the editor shows it: its text as gdb has it, its type, and a reference where it can be opened. */
export function typedVariable(context: TypedContext, { name, value, expression }: NamedValue, onlyHex: boolean): DebugProtocol.Variable {
  return {
    name,
    value: textOf(context, value, onlyHex ? 'x' : undefined),
    type: typeName(value.type),
    ...(expression === undefined ? {} : { evaluateName: expression }),
    ...openReference(context, value, expression),
  };
}

export function textOf({ debuggee, frame }: TypedContext, value: Value, letter?: string): string {
  return formatValue(value, new FrameMemory(debuggee, frame), { letter, limit: longest });
}

type Opening = Pick<DebugProtocol.Variable, 'variablesReference' | 'namedVariables' | 'indexedVariables' | 'memoryReference'>;

/** How the editor opens a value, and where it is in memory: a pointer leads to what it points to. */
export function openReference(context: TypedContext, value: Value, expression: string | undefined): Opening {
  const memory = new FrameMemory(context.debuggee, context.frame);
  const opened = openingOf(value, expression, memory);
  const address = memoryOf(value, memory);
  const isMapped = address !== undefined && memory.read(address, 1).length > 0;
  return {
    variablesReference: opened ? context.debuggee.handles.add(new OpenValue(context, opened, memory)) : 0,
    ...(opened && opened.count > 0 ? (opened.isIndexed ? { indexedVariables: opened.count } : { namedVariables: opened.count }) : {}),
    ...(isMapped ? { memoryReference: hex(address) } : {}),
  };
}

function memoryOf(value: Value, memory: ValueMemory): bigint | undefined {
  if (strip(value.type).kind !== 'pointer') return addressOf(value);
  const result = readBytes(value, memory);
  return 'missing' in result ? undefined : numberOfBytes(result.bytes);
}

/** The children of a value. */
interface Opened {
  readonly count: number;
  readonly isIndexed: boolean;
  child(index: number): NamedValue;
}

function openingOf(value: Value, expression: string | undefined, memory: ValueMemory): Opened | undefined {
  const type = strip(value.type);
  if (value.location.kind === 'missing') return undefined;
  switch (type.kind) {
    case 'record':
      return openRecord(value, type, expression === undefined ? undefined : `${postfix(expression)}.`, memory);
    case 'array':
      return openArray(value, type, expression);
    case 'pointer': {
      if (type.flavour === 'member') return undefined;
      const target = targetOf(value, memory);
      const pointed = strip(type.target);
      if (!target || pointed.kind === 'void' || pointed.kind === 'function' || !isReadable(target, memory)) return undefined;
      if (type.flavour !== '*') return openingOf(target, expression, memory);
      if (pointed.kind === 'record')
        return openRecord(target, pointed, expression === undefined ? undefined : `${postfix(expression)}->`, memory);
      return {
        count: 1,
        isIndexed: false,
        child: () => ({ name: `*${lastName(expression)}`, value: target, expression: prefixed(expression) }),
      };
    }
    default:
      return undefined;
  }
}

function isReadable(target: Value, memory: ValueMemory): boolean {
  const address = addressOf(target);
  return address === undefined ? target.location.kind !== 'missing' : memory.read(address, 1).length > 0;
}

function openRecord(record: Value, type: RecordType, prefix: string | undefined, memory: ValueMemory): Opened | undefined {
  if (type.isIncomplete || type.members.length === 0) return undefined;
  return {
    count: type.members.length,
    isIndexed: false,
    child(index) {
      const member = type.members[index]!;
      const value = memberValue(record, member, memory) ?? {
        type: member.type,
        location: { kind: 'missing', reason: 'optimized out' },
        from: 0,
      };
      if (member.name !== undefined) return { name: member.name, value, expression: prefix && prefix + member.name };
      // A base and an anonymous member have no name to go through: their members are those of the whole.
      const name = member.isBase ? typeName(member.type) : `<anonymous ${keywordOf(member.type)}>`;
      return { name, value, expression: prefix?.replace(/(\.|->)$/, '') };
    },
  };
}

function keywordOf(type: Type): string {
  const bare = strip(type);
  return bare.kind === 'record' ? bare.keyword : 'member';
}

function openArray(array: Value, type: ArrayType, expression: string | undefined): Opened | undefined {
  const { count, lowerBound } = type;
  if (typeof count !== 'number' || count === 0) return undefined;
  return {
    count,
    isIndexed: true,
    child: (index) => {
      const name = `[${index + lowerBound}]`;
      return { name, value: elementOf(array, type, index), expression: expression && postfix(expression) + name };
    },
  };
}

/** An expression that a postfix operator can follow. */
function postfix(expression: string): string {
  return /^[\w$:.[\]>-]+$/.test(expression) && !/^-/.test(expression) ? expression : `(${expression})`;
}

function prefixed(expression: string | undefined): string | undefined {
  return expression === undefined ? undefined : `*${postfix(expression)}`;
}

function lastName(expression: string | undefined): string {
  return /[\w$]+(\[\d+\])*$/.exec(expression ?? '')?.[0] ?? '';
}

class OpenValue implements Openable {
  constructor(
    private readonly context: TypedContext,
    private readonly opened: Opened,
    private readonly memory: ValueMemory,
  ) {}

  children(start: number, count: number | undefined, onlyHex: boolean): DebugProtocol.Variable[] {
    const last = Math.min(this.opened.count, start + Math.min(count || mostChildren, mostChildren));
    const children: DebugProtocol.Variable[] = [];
    for (let index = start; index < last; index++) children.push(typedVariable(this.context, this.opened.child(index), onlyHex));
    return children;
  }

  write(name: string, text: string): Omit<Changed<object>, 'body'> {
    const { opened } = this;
    if (opened.isIndexed) {
      const first = Number(/-?\d+/.exec(opened.child(0).name)?.[0] ?? 0);
      const index = Number(/^\[(-?\d+)\]$/.exec(name)?.[1] ?? Number.NaN) - first;
      if (!(index >= 0 && index < opened.count)) throw errors.unknownVariable(name);
      return this.assign(opened.child(index).value, text);
    }
    for (let index = 0; index < opened.count; index++) {
      const child = opened.child(index);
      if (child.name === name) return this.assign(child.value, text);
    }
    throw errors.unknownVariable(name);
  }

  private assign(value: Value, text: string): Omit<Changed<object>, 'body'> {
    return this.context.assign(dereferenced(value, this.memory), text);
  }
}
