import { FtraceError } from '../ftrace-error';
import { globMatches } from '../glob';
import { taskPid } from '../tracing/trace-instance';
import type { FieldValue, FieldValues, TraceEvent } from './trace-event';

/** A predicate over an event's fields (kernel/trace/trace_events_filter.c). */
export interface EventFilter {
  readonly text: string;
  matches(values: FieldValues): boolean;
}

type Predicate = (values: FieldValues) => boolean;

const tokenPattern = /\s*(?:(&&|\|\||==|!=|<=|>=|[<>&~!()])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s&|=!<>~()"']+))/y;

interface Token {
  readonly kind: 'operator' | 'string' | 'word' | 'end';
  readonly text: string;
}

/** `FIELD OP VALUE`, joined by `&&`, `||`, `!` and parentheses. Throws FtraceError (EINVAL), the message saying what is wrong. */
export function parseFilter(text: string, event: TraceEvent): EventFilter {
  const parser = new Parser(tokensOf(text), event);
  const predicate = parser.or();
  parser.expectEnd();
  return { text, matches: predicate };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.trimEnd().length) {
    const match = tokenPattern.exec(text);
    if (!match) throw new FtraceError('EINVAL', 'Invalid operator');
    const [, operator, double, single, word] = match;
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'string', text: double ?? single ?? '' });
  }
  return tokens;
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly event: TraceEvent,
  ) {}

  or(): Predicate {
    const parts = [this.and()];
    while (this.accept('||')) parts.push(this.and());
    return parts.length === 1 ? parts[0]! : (values) => parts.some((part) => part(values));
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw new FtraceError('EINVAL', 'Missing or unexpected operator');
  }

  private and(): Predicate {
    const parts = [this.not()];
    while (this.accept('&&')) parts.push(this.not());
    return parts.length === 1 ? parts[0]! : (values) => parts.every((part) => part(values));
  }

  private not(): Predicate {
    if (++this.depth > 200) throw new FtraceError('EINVAL', 'Too many operands');
    try {
      if (this.accept('!')) {
        const inner = this.not();
        return (values) => !inner(values);
      }
      if (this.accept('(')) {
        const inner = this.or();
        if (!this.accept(')')) throw new FtraceError('EINVAL', 'Unbalanced parens');
        return inner;
      }
      return this.comparison();
    } finally {
      this.depth--;
    }
  }

  private comparison(): Predicate {
    const name = this.next('word');
    const field = this.event.field(name);
    if (!field) throw new FtraceError('EINVAL', 'Field not found');
    const operator = this.next('operator');
    const value = this.tokens[this.position++];
    if (!value || value.kind === 'operator') throw new FtraceError('EINVAL', 'Missing field name and/or value');
    const isText = /char|__data_loc/.test(field.type);
    const bits = field.size * 8;
    const read = (values: FieldValues) => fieldValue(values, name);
    if (isText) return textPredicate(operator, value.text, read);
    const wanted = numberOf(value.text);
    const wrap = (number: bigint) => (field.signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number));
    return numberPredicate(operator, wrap(wanted), (values) => {
      const found = read(values);
      return wrap(typeof found === 'bigint' ? found : 0n);
    });
  }

  private peek(): Token {
    return this.tokens[this.position] ?? { kind: 'end', text: '' };
  }

  private accept(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'operator' || token.text !== text) return false;
    this.position++;
    return true;
  }

  private next(kind: Token['kind']): string {
    const token = this.peek();
    if (token.kind !== kind) throw new FtraceError('EINVAL', kind === 'operator' ? 'Invalid operator' : 'Missing field name and/or value');
    this.position++;
    return token.text;
  }
}

/** A field's value; those that every event has are of the one task. */
export function fieldValue(values: FieldValues, name: string): FieldValue {
  const value = values.get(name);
  if (value !== undefined) return value;
  return name === 'common_pid' ? BigInt(taskPid) : 0n;
}

function textPredicate(operator: string, wanted: string, read: (values: FieldValues) => FieldValue): Predicate {
  switch (operator) {
    case '==':
      return (values) => read(values) === wanted;
    case '!=':
      return (values) => read(values) !== wanted;
    case '~':
      return (values) => globMatches(wanted, String(read(values)));
    default:
      throw new FtraceError('EINVAL', 'Invalid operator for the field');
  }
}

function numberPredicate(operator: string, wanted: bigint, read: (values: FieldValues) => bigint): Predicate {
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
    case '&':
      return (values) => (read(values) & wanted) !== 0n;
    default:
      throw new FtraceError('EINVAL', 'Invalid operator for the field');
  }
}

function numberOf(text: string): bigint {
  if (!/^-?(0x[0-9a-f]+|[0-9]+)$/i.test(text)) throw new FtraceError('EINVAL', 'Invalid operand');
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}
