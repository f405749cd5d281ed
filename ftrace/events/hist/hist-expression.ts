import { fieldValue } from '../event-filter';
import type { FieldValue, FieldValues, TraceEvent } from '../trace-event';
import { HistError } from './hist-error';

/** What an expression is evaluated on: an event's fields, the time, and the variables that it refers to. */
export interface HistMoment {
  readonly values: FieldValues;
  /** Nanoseconds. */
  readonly now: bigint;
  variable(reference: VariableReference): FieldValue | undefined;
}

/** `$NAME`, or `SYSTEM.EVENT.$NAME`. */
export interface VariableReference {
  readonly name: string;
  readonly system?: string | undefined;
  readonly event?: string | undefined;
}

/** A value that a histogram computes for each event: a field, a variable, or some arithmetic on them. */
export interface HistExpression {
  /** As the trigger's text has it. */
  readonly text: string;
  readonly isText: boolean;
  readonly usesTimestamp: boolean;
  readonly references: readonly VariableReference[];
  /** Undefined where a variable that it refers to is not set. */
  evaluate(moment: HistMoment): FieldValue | undefined;
}

const tokenPattern = /\s*(?:([-+*/()])|([0-9]\w*)|((?:[A-Za-z_]\w*\.){0,2}\$[A-Za-z_]\w*|[A-Za-z_]\w*(?:\.[a-z]\w*)?))/y;
const mostSubexpressions = 3;

/** `FIELD`, `FIELD.usecs`, `$VAR`, a number, and `+ - * /` on them. Throws HistError. */
export function parseHistExpression(text: string, event: TraceEvent): HistExpression {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const match = tokenPattern.exec(text);
    if (!match) throw new HistError("Couldn't find field", text);
    tokens.push(match[1] ?? match[2] ?? match[3]!);
  }
  if (tokens.filter((token) => /^[-+*/]$/.test(token)).length > mostSubexpressions) {
    throw new HistError('Too many subexpressions (3 max)', text);
  }
  const parser = new ExpressionParser(tokens, text, event);
  const parsed = parser.sum();
  parser.expectEnd();
  return { ...parsed, text };
}

type Part = Omit<HistExpression, 'text'>;

class ExpressionParser {
  private position = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly text: string,
    private readonly event: TraceEvent,
  ) {}

  sum(): Part {
    let left = this.product();
    for (let operator = this.accept('+', '-'); operator; operator = this.accept('+', '-')) left = this.join(left, operator, this.product());
    return left;
  }

  expectEnd(): void {
    if (this.position < this.tokens.length) throw new HistError("Couldn't find field", this.text);
  }

  private product(): Part {
    let left = this.operand();
    for (let operator = this.accept('*', '/'); operator; operator = this.accept('*', '/')) left = this.join(left, operator, this.operand());
    return left;
  }

  private operand(): Part {
    if (this.accept('-')) return this.join(constant(0n), '-', this.operand());
    if (this.accept('(')) {
      const inner = this.sum();
      if (!this.accept(')')) throw new HistError('No closing paren found', this.text);
      return inner;
    }
    const token = this.tokens[this.position++];
    if (token === undefined) throw new HistError("Couldn't find field", this.text);
    if (/^[0-9]/.test(token)) {
      if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(token)) throw new HistError('Expecting numeric literal', token);
      return constant(BigInt(token));
    }
    return token.includes('$') ? reference(token) : this.field(token);
  }

  private field(token: string): Part {
    const [name = '', modifier] = token.split('.');
    if (name === 'common_timestamp') {
      if (modifier !== undefined && modifier !== 'usecs') throw new HistError('Invalid field modifier', token);
      const divisor = modifier === 'usecs' ? 1000n : 1n;
      return { isText: false, usesTimestamp: true, references: [], evaluate: ({ now }) => now / divisor };
    }
    const field = this.event.field(name);
    if (!field) throw new HistError("Couldn't find field", token);
    if (modifier !== undefined) throw new HistError('Invalid field modifier', token);
    const { comm } = this.event;
    const isText = /char/.test(field.type) && field.size !== 1;
    return { isText, usesTimestamp: false, references: [], evaluate: ({ values }) => fieldValue(values, name, comm) };
  }

  private join(left: Part, operator: string, right: Part): Part {
    if (left.isText || right.isText) throw new HistError('String type can not be an operand in expression', this.text);
    return {
      isText: false,
      usesTimestamp: left.usesTimestamp || right.usesTimestamp,
      references: [...left.references, ...right.references],
      evaluate: (moment) => {
        const [one, other] = [left.evaluate(moment), right.evaluate(moment)];
        return typeof one === 'bigint' && typeof other === 'bigint' ? BigInt.asUintN(64, compute(operator, one, other)) : undefined;
      },
    };
  }

  private accept(...wanted: readonly string[]): string | undefined {
    const token = this.tokens[this.position];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.position++;
    return token;
  }
}

function constant(value: bigint): Part {
  return { isText: false, usesTimestamp: false, references: [], evaluate: () => value };
}

/** `$NAME`, `SYSTEM.EVENT.$NAME` and `EVENT.$NAME`. */
export function parseReference(text: string): VariableReference {
  const parts = text.split('.');
  return { name: parts.at(-1)!.slice(1), event: parts.at(-2), system: parts.at(-3) };
}

function reference(text: string): Part {
  const to = parseReference(text);
  return { isText: false, usesTimestamp: false, references: [to], evaluate: (moment) => moment.variable(to) };
}

function compute(operator: string, one: bigint, other: bigint): bigint {
  switch (operator) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    default:
      // The kernel's answer to a division by zero is all ones.
      return other === 0n ? -1n : one / other;
  }
}
