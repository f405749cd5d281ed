import type { CallArgument } from '../../../program/frames/call-arguments';
import { type RecordType, strip, type Type } from '../../../program/types/type';
import { xNumber } from '../../../riscv/registers';
import { FtraceError } from '../../ftrace-error';
import type { Symbols } from '../../output/symbols';
import { comm } from '../../output/task';
import { stringAt } from './fetch-type';
import { type FetchWord, fieldOf, type ProbeMoment, sumOf } from './fetch-word';

/** What the parsing of a probe knows beside its words. */
export interface FetchContext {
  readonly symbols: Symbols;
  readonly programName: string;
  readonly isReturn: boolean;
  /** Registers may be named: at a kprobe and a uprobe. */
  readonly hasRegisters: boolean;
  /** Arguments by number, which are in their registers at a function's entry alone. */
  readonly hasArguments: boolean;
  /** How many a tracepoint has; a function, eight. */
  readonly argumentCount: number;
  /** Symbols may be named: at all but a uprobe. */
  readonly hasSymbols: boolean;
  /** The parameters by debug information, where the program has it. */
  readonly parameters: readonly Pick<CallArgument, 'name' | 'type' | 'registers' | 'isReference'>[] | undefined;
  /** The type of the result by debug information. */
  readonly result: Type | undefined;
  /** At an event probe: whether the event has a field of that name, which `$NAME` then is. */
  readonly hasField?: (name: string) => boolean;
}

/** Where a value is, and what debug information says of it. */
export type Source =
  /** `text` is the text of a field that is one, or that points to one. */
  (
    | { readonly kind: 'word'; readonly word: FetchWord; readonly text?: (moment: ProbeMoment) => string }
    | { readonly kind: 'memory'; readonly address: FetchWord }
    | { readonly kind: 'text'; readonly text: string }
  ) & {
    readonly type?: Type | undefined;
    /** Of a bit-field in memory: from bit `offset` of its first byte on. */
    readonly bits?: { readonly offset: number; readonly size: number } | undefined;
  };

const deepest = 8;
/** PARAM_MAX_STACK: THREAD_SIZE in words. */
const mostStack = 2048;
const wordSize = 8;

/** FETCHARG of `[NAME=]FETCHARG[:TYPE]` (Documentation/trace/kprobetrace.rst, fprobetrace.rst). Throws FtraceError (EINVAL). */
export function parseFetchExpression(text: string, context: FetchContext, depth = 0): Source {
  if (depth > deepest) throw new FtraceError('EINVAL', 'Dereference is too much nested');
  switch (text[0]) {
    case '+':
    case '-':
      return dereference(text, context, depth);
    case '$':
      return variable(text.slice(1), context);
    case '%': {
      const register = xNumber(text.slice(1));
      if (register === undefined || !context.hasRegisters) throw new FtraceError('EINVAL', 'Invalid register name');
      return { kind: 'word', word: { kind: 'register', number: register } };
    }
    case '@':
      return place(text.slice(1), context);
    case '\\':
      return immediate(text.slice(1));
    default:
      return named(text, context);
  }
}

/** What the word that is the value of a source is fetched as. */
export function wordOf(source: Source): FetchWord {
  if (source.kind === 'word') return source.word;
  return source.kind === 'memory' ? { kind: 'memory', address: source.address, size: wordSize } : { kind: 'constant', value: 0n };
}

/** `+OFF(FETCHARG)`, `-uOFF(FETCHARG)`. */
function dereference(text: string, context: FetchContext, depth: number): Source {
  const [, sign, digits = '', brace, rest = ''] = /^([+-])u?([^(]*)(\()?(.*)$/s.exec(text) ?? [];
  if (brace === undefined) throw new FtraceError('EINVAL', 'Dereference needs a brace');
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(digits)) throw new FtraceError('EINVAL', 'Invalid dereference offset');
  if (!rest.endsWith(')')) throw new FtraceError('EINVAL', 'Dereference brace is not closed');
  const inner = parseFetchExpression(rest.slice(0, -1), context, depth + 1);
  if (inner.kind === 'text') throw new FtraceError('EINVAL', '$comm can not be dereferenced');
  const offset = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return { kind: 'memory', address: sumOf(wordOf(inner), offset) };
}

function variable(text: string, context: FetchContext): Source {
  const [, name = '', path = ''] = /^(\w*)(.*)$/.exec(text) ?? [];
  if (context.hasField) return fieldSource(text, context.hasField, context.programName);
  if (name === 'retval') {
    if (!context.isReturn) throw new FtraceError('EINVAL', '$retval is not available on probe');
    if (context.result && strip(context.result).kind === 'void') throw new FtraceError('EINVAL', "This function returns 'void' type");
    return memberOf({ kind: 'word', word: { kind: 'retval' }, type: context.result }, path);
  }
  if (path !== '') throw new FtraceError('EINVAL', 'Invalid $-valiable specified');
  const argument = /^arg([0-9]+)$/.exec(name);
  if (argument) {
    if (!context.hasArguments) throw new FtraceError('EINVAL', 'Invalid $-valiable specified');
    const index = Number(argument[1]);
    if (index < 1 || index > context.argumentCount) throw new FtraceError('EINVAL', 'Invalid argument number');
    return { kind: 'word', word: { kind: 'argument', index: index - 1 } };
  }
  const stack = /^stack([0-9]*)$/.exec(name);
  if (stack) {
    if (stack[1] === '') return { kind: 'word', word: { kind: 'sp' } };
    if (Number(stack[1]) > mostStack) throw new FtraceError('EINVAL', 'Invalid stack number');
    const offset = 8n * BigInt(stack[1]!);
    return { kind: 'word', word: { kind: 'memory', address: sumOf({ kind: 'sp' }, offset), size: wordSize } };
  }
  if (name === 'comm' || name === 'COMM') return { kind: 'text', text: comm(context.programName) };
  throw new FtraceError('EINVAL', 'Invalid $-valiable specified');
}

/** `$FIELD` of an event probe, or `$comm`. */
function fieldSource(name: string, hasField: (name: string) => boolean, programName: string): Source {
  const isComm = name === 'comm' || name === 'COMM';
  if (isComm) return { kind: 'text', text: comm(programName) };
  if (!hasField(name)) throw new FtraceError('EINVAL', 'Attached event does not have this field');
  const text = (moment: ProbeMoment) => {
    const found = fieldOf(moment, name);
    return typeof found === 'string' ? found : stringAt(moment.memory, found);
  };
  return { kind: 'word', word: { kind: 'field', name }, text };
}

/** `@ADDR`, `@SYM[+OFF]`: memory there. */
function place(text: string, { symbols, hasSymbols }: FetchContext): Source {
  const [, base = '', sign, digits] = /^(.+?)(?:([+-])(\w+))?$/.exec(text) ?? [];
  const isNumber = /^[0-9]/.test(base);
  if (!isNumber && !hasSymbols) throw new FtraceError('EINVAL', 'Symbol is not available with uprobe');
  const start = isNumber ? addressOf(base) : symbols.named(base);
  if (start === undefined) throw new FtraceError('EINVAL', 'Invalid memory address');
  const offset = digits === undefined ? 0n : addressOf(digits) * (sign === '-' ? -1n : 1n);
  return { kind: 'memory', address: { kind: 'constant', value: start + offset } };
}

function addressOf(text: string): bigint {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new FtraceError('EINVAL', 'Invalid memory address');
  return BigInt(text);
}

/** `\IMM` or `\"TEXT"`. */
function immediate(text: string): Source {
  if (text.startsWith('"')) {
    if (text.length < 2 || !text.endsWith('"')) throw new FtraceError('EINVAL', "String is not closed with '\"'");
    return { kind: 'text', text: text.slice(1, -1) };
  }
  if (!/^[+-]?(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new FtraceError('EINVAL', 'Invalid immediate value');
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace('+', ''));
  return { kind: 'word', word: { kind: 'constant', value } };
}

/** A parameter by its name, and what `->` and `.` lead to from it. */
function named(text: string, { parameters, hasArguments }: FetchContext): Source {
  const [, name = '', path = ''] = /^([A-Za-z_]\w*)(.*)$/.exec(text) ?? [];
  if (name === '') throw new FtraceError('EINVAL', 'Invalid fetch argument');
  if (!parameters) throw new FtraceError('EINVAL', 'No BTF entry for this probe point');
  const parameter = hasArguments ? parameters.find((each) => each.name === name) : undefined;
  if (!parameter) throw new FtraceError('EINVAL', 'This variable is not found at this probe point');
  const { registers, isReference, type } = parameter;
  if (registers.length !== 1 || isReference || strip(type).kind === 'record') {
    throw new FtraceError('EINVAL', 'Non pointer structure/union argument is not supported.');
  }
  const register = registers[0]!;
  return memberOf({ kind: 'word', word: { kind: 'argument', index: register }, type }, path);
}

/** `->NAME` goes to where a pointer points, `.NAME` to a member of that (`parse_btf_field`). */
function memberOf(source: Source, path: string): Source {
  let current = source;
  let rest = path;
  while (rest !== '') {
    const [whole, operator, name] = /^(->|\.)([A-Za-z_]\w*)/.exec(rest) ?? [];
    if (whole === undefined) throw new FtraceError('EINVAL', rest.startsWith('-') ? badHyphen : 'Invalid fetch argument');
    const outer = current;
    const type = current.type && strip(current.type);
    const target = operator === '->' && type?.kind === 'pointer' ? strip(type.target) : operator === '.' ? type : undefined;
    if (target?.kind !== 'record' || (operator === '.' && outer.kind !== 'memory')) {
      throw new FtraceError('EINVAL', 'This is not a pointer to union/structure.');
    }
    const found = findMember(target, name!);
    if (!found) throw new FtraceError('EINVAL', 'This field is not found.');
    const offset = BigInt(found.offset);
    const base = operator === '.' && outer.kind === 'memory' ? outer.address : wordOf(outer);
    current = { kind: 'memory', address: sumOf(base, offset), type: found.type, bits: found.bits };
    rest = rest.slice(whole.length);
  }
  return current;
}

const badHyphen = "Failed to parse single hyphen. Forgot '>'?";

interface FoundMember {
  readonly offset: number;
  readonly type: Type;
  readonly bits: { readonly offset: number; readonly size: number } | undefined;
}

/** The member of that name, also of members without one and of bases. */
function findMember({ members }: RecordType, name: string, depth = 0): FoundMember | undefined {
  if (depth > deepest) return undefined;
  for (const { name: each, type, offset, bits, isBase } of members) {
    if (each === name && !isBase) {
      if (bits) return { offset: bits.offset >> 3, type, bits: { offset: bits.offset & 7, size: bits.size } };
      return offset === undefined ? undefined : { offset, type, bits: undefined };
    }
    const inner = strip(type);
    if (offset === undefined || inner.kind !== 'record' || (each !== undefined && !isBase)) continue;
    const found = findMember(inner, name, depth + 1);
    if (found) return { ...found, offset: found.offset + offset };
  }
  return undefined;
}
