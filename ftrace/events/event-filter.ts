import { FtraceError } from '../ftrace-error';
import { globMatches } from '../glob';
import { taskPid } from '../tracing/trace-instance';
import type { EventField, FieldValue, FieldValues, TraceEvent } from './trace-event';

/** A predicate over an event's fields (kernel/trace/trace_events_filter.c). */
export interface EventFilter {
  readonly text: string;
  /** What it says, where it is of numbers alone. */
  readonly term: FilterTerm | undefined;
  matches(values: FieldValues): boolean;
}

export type NumberOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '&';

/** A predicate over fields that are numbers, as data. */
export type FilterTerm =
  | { readonly kind: 'all' | 'any'; readonly terms: readonly FilterTerm[] }
  | { readonly kind: 'not'; readonly term: FilterTerm }
  /** `value` is within the field's type. */
  | { readonly kind: 'compare'; readonly field: EventField; readonly operator: NumberOperator; readonly value: bigint };

/** What is wrong in a filter, with the kernel's words, and at which character. */
export class FilterError extends FtraceError {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super('EINVAL', message);
  }
}

type Predicate = (values: FieldValues) => boolean;

/** What a part of the text means. */
interface Part {
  readonly matches: Predicate;
  readonly term: FilterTerm | undefined;
}

const tokenPattern = /\s*(?:(&&|\|\||==|!=|<=|>=|[<>&~!()])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s&|=!<>~()"']+))/y;

interface Token {
  readonly kind: 'operator' | 'string' | 'word' | 'end';
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** `FIELD OP VALUE`, joined by `&&`, `||`, `!` and parentheses. Throws FilterError. */
export function parseFilter(text: string, event: TraceEvent): EventFilter {
  if (text === '') throw new FilterError('No filter found', 0);
  const parser = new Parser(tokensOf(text), event, text.length);
  const part = parser.or();
  parser.expectEnd();
  return { text, ...part };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const start = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (!match) {
      const rest = text.slice(start).trimStart();
      throw new FilterError(/^['"]/.test(rest) ? 'Missing matching quote' : 'Invalid operator', text.length - rest.length);
    }
    const [whole, operator, double, single, word] = match;
    const place = { at: start + whole.length - whole.trimStart().length, end: tokenPattern.lastIndex };
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, ...place });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, ...place });
    else tokens.push({ kind: 'string', text: double ?? single ?? '', ...place });
  }
  return tokens;
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly event: TraceEvent,
    private readonly length: number,
  ) {}

  or(): Part {
    const parts = [this.and()];
    while (this.accept('||')) parts.push(this.and());
    return joined('any', parts, (values) => parts.some(({ matches }) => matches(values)));
  }

  expectEnd(): void {
    const { kind, text, at } = this.peek();
    if (kind === 'end') return;
    throw new FilterError(text === ')' ? "Too few '('" : 'Too many terms in predicate expression', at);
  }

  private and(): Part {
    const parts = [this.not()];
    while (this.accept('&&')) parts.push(this.not());
    return joined('all', parts, (values) => parts.every(({ matches }) => matches(values)));
  }

  private not(): Part {
    if (++this.depth > 200) throw new FilterError("Too many '('", this.peek().at);
    try {
      if (this.accept('!')) {
        const { matches, term } = this.not();
        return { matches: (values) => !matches(values), term: term && { kind: 'not', term } };
      }
      if (this.accept('(')) {
        const inner = this.or();
        if (!this.accept(')')) throw new FilterError("Too many '('", this.peek().at);
        return inner;
      }
      return this.comparison();
    } finally {
      this.depth--;
    }
  }

  private comparison(): Part {
    const name = this.next('word', 'Meaningless filter expression');
    const field = this.event.field(name.text);
    if (!field) throw new FilterError('Field not found', name.end);
    const operator = this.next('operator', 'Invalid operator');
    const value = this.tokens[this.position++];
    if (!value || value.kind === 'operator') throw new FilterError('Invalid value (did you forget quotes)?', value?.at ?? this.length);
    const isText = /char|__data_loc/.test(field.type) && field.size !== 1;
    const bits = field.size * 8;
    const read = (values: FieldValues) => fieldValue(values, name.text, this.event.comm);
    if (!isOperator(operator.text)) throw new FilterError('Invalid operator', operator.at);
    if (isText && value.kind === 'word') {
      throw new FilterError(/^[-0-9]/.test(value.text) ? 'Expecting string field' : 'Invalid value (did you forget quotes)?', value.at);
    }
    if (!isText && value.kind === 'string') throw new FilterError('Expecting numeric field', value.at);
    if (!(operator.text === '==' || operator.text === '!=' || isText === (operator.text === '~'))) {
      throw new FilterError('Illegal operation for field type', operator.end);
    }
    if (isText) return { matches: textPredicate(operator.text, value.text, read), term: undefined };
    const wrap = (number: bigint) => (field.signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number));
    const wanted = wrap(numberOf(value));
    const matches = numberPredicate(operator.text as NumberOperator, wanted, (values) => {
      const found = read(values);
      return wrap(typeof found === 'bigint' ? found : 0n);
    });
    return { matches, term: { kind: 'compare', field, operator: operator.text as NumberOperator, value: wanted } };
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '', at: this.length, end: this.length };
  }

  private accept(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'operator' || token.text !== text) return false;
    this.position++;
    return true;
  }

  private next(kind: Token['kind'], otherwise: string): Token {
    const token = this.peek();
    if (token.kind !== kind) throw new FilterError(otherwise, token.at);
    this.position++;
    return token;
  }
}

function joined(kind: 'all' | 'any', parts: readonly Part[], matches: Predicate): Part {
  if (parts.length === 1) return parts[0]!;
  const terms = parts.flatMap(({ term }) => (term ? [term] : []));
  return { matches, term: terms.length === parts.length ? { kind, terms } : undefined };
}

function isOperator(text: string): boolean {
  return ['==', '!=', '<', '<=', '>', '>=', '&', '~'].includes(text);
}

/** A field's value; those that every event has are of the one task. */
export function fieldValue(values: FieldValues, name: string, comm: string): FieldValue {
  const value = values.get(name);
  if (value !== undefined) return value;
  if (/comm$/i.test(name)) return comm;
  return name === 'common_pid' ? BigInt(taskPid) : 0n;
}

function textPredicate(operator: string, wanted: string, read: (values: FieldValues) => FieldValue): Predicate {
  switch (operator) {
    case '==':
      return (values) => read(values) === wanted;
    case '!=':
      return (values) => read(values) !== wanted;
    default:
      return (values) => globMatches(wanted, String(read(values)));
  }
}

function numberPredicate(operator: NumberOperator, wanted: bigint, read: (values: FieldValues) => bigint): Predicate {
  switch (operator) {
    case '==':
      return (values) => read(values) === wanted;
    case '!=':
      return (values) => read(values) !== wanted;
    case '<':
      return (values) => read(values) < wanted;
    case '<=':
      return (values) => read(values) <= wanted;
    case '>':
      return (values) => read(values) > wanted;
    case '>=':
      return (values) => read(values) >= wanted;
    default:
      return (values) => (read(values) & wanted) !== 0n;
  }
}

/** `kstrtoull` or `kstrtoll` with base 0. */
function numberOf({ text, at }: Token): bigint {
  if (/^[^0-9-]/.test(text)) throw new FilterError('Invalid value (did you forget quotes)?', at);
  if (!/^-?(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/i.test(text)) throw new FilterError('Illegal integer value', at);
  const digits = text.replace('-', '');
  const number = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return text.startsWith('-') ? -number : number;
}
