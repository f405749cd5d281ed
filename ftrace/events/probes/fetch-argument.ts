import { isCharacter } from '../../../program/types/base-types';
import { strip, type Type } from '../../../program/types/type';
import { FtraceError } from '../../ftrace-error';
import type { Symbols } from '../../output/symbols';
import type { FieldValue } from '../trace-event';
import { type FetchContext, parseFetchExpression, type Source, wordOf } from './fetch-expression';
import { type FetchType, faultText, isStringKind, numberType, parseTypeSpec, stringAt, stringType, textOf, typeNameOf } from './fetch-type';
import { evaluate, type FetchWord, type ProbeMoment, shortText, sumOf } from './fetch-word';

/** An argument of a probe, which is a field of its event. */
export interface FetchArgument {
  readonly name: string;
  /** Its C type in `format`. */
  readonly type: string;
  readonly size: number;
  readonly signed: boolean;
  /** How `print fmt` writes it, with `REC->NAME` or what stands for it. */
  readonly format: string;
  readonly record: string;
  fetch(moment: ProbeMoment): FieldValue;
  /** Where its value is made of words alone: these, and how. */
  readonly made: Made | undefined;
  /** Its value as the trace shows it. */
  show(value: FieldValue, symbols: Symbols): string;
}

export interface Made {
  readonly words: readonly FetchWord[];
  /** It is the lower bytes of the only word, as many as the argument has. */
  readonly isPlain: boolean;
  /** `rest` gives what follows of the next text of these words that has no end in them; nothing where that was not mapped. */
  value(words: readonly bigint[], rest: () => readonly bigint[]): FieldValue;
}

type Fetched = Omit<FetchArgument, 'name' | 'record'>;

const longestName = 31;
const wordSize = 8;

/**
 * `[NAME=]FETCHARG[:TYPE]` (Documentation/trace/kprobetrace.rst, fprobetrace.rst; kernel/trace/trace_probe.c,
 * `traceprobe_parse_probe_arg`). Throws FtraceError (EINVAL) with the kernel's words.
 */
export function parseFetchArgument(text: string, index: number, context: FetchContext): FetchArgument {
  const [, named, body = ''] = /^(?:([^=(]*)=)?(.*)$/s.exec(text) ?? [];
  if (named === '') throw new FtraceError('EINVAL', 'Argument name is not specified');
  if (named !== undefined && !/^[A-Za-z_]\w*$/.test(named)) {
    throw new FtraceError('EINVAL', 'Argument name must follow the same rules as C identifiers');
  }
  if ((named?.length ?? 0) > longestName) throw new FtraceError('EINVAL', 'Argument name is too long');
  const [expression, typeName] = splitType(body);
  if (expression === '') throw new FtraceError('EINVAL', 'No argument expression');
  const source = parseFetchExpression(expression, context);
  const fetched = typed(typeName, source, context.symbols);
  const name = named ?? (/^[A-Za-z_]\w*$/.test(expression) ? expression : `arg${index + 1}`);
  return { name, record: recordOf(name, fetched), ...fetched };
}

/** The type stands behind the last colon that is in no string. */
function splitType(body: string): [expression: string, type: string | undefined] {
  if (body.startsWith('\\"')) {
    const end = body.lastIndexOf('"');
    return body[end + 1] === ':' ? [body.slice(0, end + 1), body.slice(end + 2)] : [body, undefined];
  }
  const at = body.indexOf(':');
  return at < 0 ? [body, undefined] : [body.slice(0, at), body.slice(at + 1)];
}

function recordOf(name: string, { type }: Fetched): string {
  const [, count] = /\[([0-9]+)\]$/.exec(type) ?? [];
  const one = (suffix: string) => (type.startsWith('__data_loc') ? `__get_str(${name}${suffix})` : `REC->${name}${suffix}`);
  return count === undefined ? one('') : Array.from({ length: Number(count) }, (_, index) => one(`[${index}]`)).join(', ');
}

function typed(typeName: string | undefined, source: Source, symbols: Symbols): Fetched {
  const usual = source.kind === 'text' ? 'string' : source.bits ? 'u64' : ((source.type && typeNameOf(source.type)) ?? 'x64');
  const { name, count } = parseTypeSpec(typeName ?? usual);
  if (source.kind === 'text' && (name !== 'string' || count !== undefined)) {
    throw new FtraceError('EINVAL', '$comm and immediate-string only accepts string type');
  }
  if (isStringKind(name)) return count === undefined ? text(name, source, symbols) : array(textElement(source), source, count);
  const type = numberType(name);
  return count === undefined ? one(type, source) : array(numberElement(type), source, count);
}

function one(type: FetchType, source: Source): Fetched {
  const { bits } = source;
  const shape = { ...layout(type), show: type.show };
  if (source.kind !== 'memory') return { ...shape, ...madeOf([wordOf(source)], ([word]) => type.convert(word!), !type.isBitfield) };
  const { address } = source;
  if (!bits)
    return { ...shape, ...madeOf([{ kind: 'memory', address, size: type.size }], ([word]) => type.convert(word!), !type.isBitfield) };
  const size = Math.min(wordSize, (bits.offset + bits.size + 7) >> 3);
  const value = ([word]: readonly bigint[]) => BigInt.asUintN(bits.size, word! >> BigInt(bits.offset));
  return { ...shape, ...madeOf([{ kind: 'memory', address, size }], value) };
}

function madeOf(words: readonly FetchWord[], value: Made['value'], isPlain = false): Pick<Fetched, 'fetch'> & { readonly made: Made } {
  return {
    made: { words, isPlain, value },
    fetch: (moment) =>
      value(
        words.map((word) => evaluate(word, moment)),
        () => [],
      ),
  };
}

function layout({ type, size, signed, format }: FetchType) {
  return { type, size, signed, format };
}

/** A string at an address in memory, where a pointer to characters points, or the name of the symbol there. */
function text(name: 'string' | 'ustring' | 'symstr', source: Source, symbols: Symbols): Fetched {
  const shape = { ...layout(stringType), show: stringType.show };
  if (source.kind === 'text') return { ...shape, ...madeOf([], () => source.text) };
  if (name === 'symstr') return { ...shape, ...madeOf([wordOf(source)], ([word]) => symbols.withOffset(word!)) };
  if (source.kind === 'word' && source.text) return { ...shape, fetch: source.text, made: undefined };
  const pointed = source.type && pointsToCharacters(source.type);
  if (source.type && !pointed && !isArrayOfCharacters(source.type)) throw new FtraceError('EINVAL', 'This type does not fit for string.');
  if (source.kind === 'word' && !pointed) throw new FtraceError('EINVAL', 'String accepts only memory argument');
  const address = source.kind === 'memory' && !pointed ? source.address : wordOf(source);
  return { ...shape, fetch: (moment) => stringAt(moment.memory, evaluate(address, moment)), made: textMadeAt(address) };
}

/** A text of the words with its first characters, and those of the others where it is long. */
function textMadeAt(address: FetchWord): Made {
  const words = Array.from({ length: shortText / wordSize }, (_, index) => {
    return { kind: 'characters', address, from: wordSize * index } as const;
  });
  const value: Made['value'] = (found, rest) => {
    const first = bytesOf(found);
    if (first.includes(0)) return textOf(first);
    const others = rest();
    return others.length === 0 ? faultText : textOf(bytesOf([...found, ...others]));
  };
  return { words, isPlain: false, value };
}

function bytesOf(words: readonly bigint[]): Uint8Array {
  return new Uint8Array(new BigUint64Array(words).buffer);
}

interface Element {
  readonly type: FetchType;
  /** Bytes from one to the next. */
  readonly stride: number;
  fetched(address: FetchWord): Pick<Fetched, 'fetch'> & { readonly made: Made };
}

function numberElement(type: FetchType): Element {
  const { size } = type;
  return { type, stride: size, fetched: (address) => madeOf([{ kind: 'memory', address, size }], ([word]) => type.convert(word!)) };
}

/** Pointers to strings. */
function textElement(source: Source): Element {
  if (source.kind !== 'memory') throw new FtraceError('EINVAL', 'String accepts only memory argument');
  const fetched = (address: FetchWord) => {
    const pointer: FetchWord = { kind: 'memory', address, size: wordSize };
    return { fetch: (moment: ProbeMoment) => stringAt(moment.memory, evaluate(pointer, moment)), made: textMadeAt(pointer) };
  };
  return { type: stringType, stride: wordSize, fetched };
}

/** `{1,2,3}`: so many of memory; what is in a register is the first alone. */
function array({ type, stride, fetched }: Element, source: Source, count: number): Fetched {
  if (source.kind !== 'memory') throw new FtraceError('EINVAL', 'Array has wrong suffix');
  const shown = (value: FieldValue, symbols: Symbols) =>
    `{${String(value)
      .split(separator)
      .map((each) => type.show(type === stringType ? each : BigInt(each), symbols))
      .join(',')}}`;
  const elements = Array.from({ length: count }, (_, index) => fetched(sumOf(source.address, BigInt(index * stride))));
  return {
    type: `${type.type}[${count}]`,
    size: type.size * count,
    signed: type.signed,
    format: `{${Array.from({ length: count }, () => type.format).join(',')}}`,
    fetch: (moment) => elements.map(({ fetch }) => String(fetch(moment))).join(separator),
    made: {
      words: elements.flatMap(({ made }) => made.words),
      isPlain: false,
      value: (found, rest) => {
        let next = 0;
        const values = elements.map(({ made }) => {
          const start = next;
          next += made.words.length;
          return String(made.value(found.slice(start, next), rest));
        });
        return values.join(separator);
      },
    },
    show: shown,
  };
}

/** Between the elements of an array, which is one value of its event. */
const separator = '\0';

function pointsToCharacters(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'pointer' && isCharacter(bare.target);
}

function isArrayOfCharacters(type: Type): boolean {
  const bare = strip(type);
  return bare.kind === 'array' && isCharacter(bare.element);
}
