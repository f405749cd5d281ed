import type { GuestMemory } from '../../emulator/machine';
import { xNumber } from '../../riscv/registers';
import { FtraceError } from '../ftrace-error';
import type { Symbols } from '../output/symbols';
import { comm } from '../output/task';
import type { FieldValue } from './trace-event';

/** The hart at a probe, or the function at its return. */
export interface ProbeMoment {
  readonly memory: GuestMemory;
  /** a0 to a7 at the function's entry. */
  readonly args: readonly bigint[];
  readonly retval: bigint | undefined;
  readonly sp: bigint;
  /** Register x0-x31, where all are known: at a kprobe. */
  register(number: number): bigint | undefined;
}

export interface FetchArgument {
  readonly name: string;
  /** Its C type in `format`. */
  readonly type: string;
  readonly size: number;
  readonly signed: boolean;
  /** How `print fmt` writes it. */
  readonly format: string;
  fetch(moment: ProbeMoment): FieldValue;
  /** Its value as the trace shows it. */
  show(value: FieldValue, symbols: Symbols): string;
}

/** What the parsing of a probe knows beside its words. */
export interface FetchContext {
  readonly symbols: Symbols;
  readonly programName: string;
  readonly isReturn: boolean;
  /** Registers may be named: at a kprobe. */
  readonly hasRegisters: boolean;
  /** The number of the parameter of that name, by debug information. */
  readonly parameter?: ((name: string) => number | undefined) | undefined;
}

const argumentRegisters = 8;
const longestString = 256;

/**
 * `[NAME=]FETCHARG[:TYPE]` (Documentation/trace/kprobetrace.rst, fprobetrace.rst): `$argN`, `$retval`, `$stack`, `$stackN`, `$comm`,
 * `%REG`, `@ADDR`, `@SYM[+OFF]`, `+OFF(FETCHARG)`, `\IMM`. Throws FtraceError (EINVAL) with the kernel's words.
 */
export function parseFetchArgument(text: string, index: number, context: FetchContext): FetchArgument {
  const [, named, body = ''] = /^(?:([A-Za-z_]\w*)=)?(.*)$/.exec(text) ?? [];
  const [, expression = '', typeName] = /^(.*?)(?::([\w[\]@/]+))?$/.exec(body) ?? [];
  if (expression === '') throw new FtraceError('EINVAL', 'No argument body');
  const fetch = parseExpression(expression, context, 0);
  const isText = expression === '$comm' || expression === '$COMM';
  const type = typeName ?? (isText ? 'string' : 'x64');
  const name = named ?? (/^[A-Za-z_]\w*$/.test(expression) ? expression : `arg${index + 1}`);
  return { name, ...typed(type, fetch) };
}

type Fetch = (moment: ProbeMoment) => FieldValue;

/** A number of that many bits, a string, or a symbol. */
function typed(type: string, fetch: Fetch): Omit<FetchArgument, 'name'> {
  if (type === 'string' || type === 'ustring') {
    return {
      type: '__data_loc char[]',
      size: 4,
      signed: false,
      format: '\\"%s\\"',
      fetch: (moment) => {
        const value = fetch(moment);
        return typeof value === 'string' ? value : stringAt(moment.memory, value);
      },
      show: (value) => (value === faultText ? faultText : `"${value}"`),
    };
  }
  if (type === 'symbol' || type === 'symstr') {
    return { type: 'u64', size: 8, signed: false, format: '%pS', fetch, show: (value, symbols) => symbols.withOffset(value as bigint) };
  }
  if (type === 'char') {
    return {
      type: 'char',
      size: 1,
      signed: true,
      format: "'%c'",
      fetch: (moment) => BigInt.asUintN(8, number(fetch(moment))),
      show: (value) => `'${String.fromCharCode(Number(value))}'`,
    };
  }
  const [, sign, digits] = /^([usx])(8|16|32|64)$/.exec(type) ?? [];
  if (sign === undefined) throw new FtraceError('EINVAL', 'Unknown type is specified');
  const bits = Number(digits);
  const isSigned = sign === 's';
  return {
    type: `${isSigned ? 's' : 'u'}${bits}`,
    size: bits / 8,
    signed: isSigned,
    format: sign === 'x' ? '0x%Lx' : isSigned ? '%Ld' : '%Lu',
    fetch: (moment) => {
      const value = number(fetch(moment));
      return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
    },
    show: (value) => (sign === 'x' ? `0x${(value as bigint).toString(16)}` : String(value)),
  };
}

function number(value: FieldValue): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

const faultText = '(fault)';

function stringAt(memory: GuestMemory, address: bigint): string {
  const bytes = memory.read(BigInt.asUintN(64, address), longestString);
  if (bytes.length === 0) return faultText;
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function parseExpression(text: string, context: FetchContext, depth: number): Fetch {
  if (depth > 8) throw new FtraceError('EINVAL', 'Dereference too deep');
  const nested = /^([+-])(u?)(\d+|0x[0-9a-f]+)\((.*)\)$/i.exec(text);
  if (nested) {
    const inner = parseExpression(nested[4]!, context, depth + 1);
    const offset = BigInt(nested[3]!) * (nested[1] === '-' ? -1n : 1n);
    return (moment) => moment.memory.load(BigInt.asUintN(64, number(inner(moment)) + offset), 8) ?? 0n;
  }
  switch (text[0]) {
    case '$':
      return variable(text.slice(1), context);
    case '%': {
      const register = xNumber(text.slice(1));
      if (!context.hasRegisters) throw new FtraceError('EINVAL', '%register is not supported');
      if (register === undefined) throw new FtraceError('EINVAL', 'Invalid register name');
      return (moment) => moment.register(register) ?? 0n;
    }
    case '@': {
      const [, place = '', sign, digits] = /^(.+?)(?:([+-])(\w+))?$/.exec(text.slice(1)) ?? [];
      const base = /^(0x|[0-9])/.test(place) ? bigintOf(place) : context.symbols.named(place);
      if (base === undefined) throw new FtraceError('EINVAL', 'Symbol not found');
      const offset = digits === undefined ? 0n : bigintOf(digits) * (sign === '-' ? -1n : 1n);
      return ({ memory }) => memory.load(BigInt.asUintN(64, base + offset), 8) ?? 0n;
    }
    case '\\': {
      const value = bigintOf(text.slice(1));
      return () => value;
    }
    default: {
      const parameter = context.parameter?.(text);
      if (parameter === undefined) throw new FtraceError('EINVAL', 'Invalid fetch argument');
      return ({ args }) => args[parameter] ?? 0n;
    }
  }
}

function variable(name: string, context: FetchContext): Fetch {
  const argument = /^arg([0-9]+)$/.exec(name);
  if (argument) {
    const index = Number(argument[1]);
    if (index < 1 || index > argumentRegisters) throw new FtraceError('EINVAL', 'Invalid argument number');
    return ({ args }) => args[index - 1] ?? 0n;
  }
  const stack = /^stack([0-9]*)$/.exec(name);
  if (stack) {
    const index = BigInt(stack[1] || '0');
    return stack[1] === '' ? ({ sp }) => sp : ({ memory, sp }) => memory.load(BigInt.asUintN(64, sp + 8n * index), 8) ?? 0n;
  }
  if (name === 'retval') {
    if (!context.isReturn) throw new FtraceError('EINVAL', '$retval is only available on return probes');
    return ({ retval }) => retval ?? 0n;
  }
  if (name.toLowerCase() === 'comm') return () => comm(context.programName);
  throw new FtraceError('EINVAL', 'Invalid $-variable specified');
}

function bigintOf(text: string): bigint {
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new FtraceError('EINVAL', 'Invalid memory address');
  return BigInt(text);
}
