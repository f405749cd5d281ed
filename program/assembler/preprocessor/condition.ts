import { type Definitions, PreprocessorError } from './definitions';
import { isBlank, isIdentifier, type PreprocessorToken, preprocessorTokens } from './preprocessor-token';

/** Whether what follows `#if` holds (C11, section 6.10.1). Throws PreprocessorError. */
export function conditionHolds(text: string, definitions: Definitions): boolean {
  const asked = text.replaceAll(/\bdefined\s*(?:\(\s*([A-Za-z_$][\w$]*)\s*\)|([A-Za-z_$][\w$]*))/g, (_, inside, bare) =>
    definitions.has(inside ?? bare) ? '1' : '0',
  );
  const tokens = definitions.expand(preprocessorTokens(asked, () => 0)).filter((token) => !isBlank(token));
  const parser = new ConditionParser(tokens);
  const value = parser.conditional(0);
  parser.expectEnd();
  return value !== 0n;
}

/** The binary operators of C, each line binding tighter than the one before. */
const levels = [['||'], ['&&'], ['|'], ['^'], ['&'], ['==', '!='], ['<', '<=', '>', '>='], ['<<', '>>'], ['+', '-'], ['*', '/', '%']];

const deepest = 100;

class ConditionParser {
  private position = 0;

  constructor(private readonly tokens: readonly PreprocessorToken[]) {}

  conditional(depth: number): bigint {
    const condition = this.binary(0, depth);
    if (!this.accept('?')) return condition;
    const whenTrue = this.conditional(depth + 1);
    if (!this.accept(':')) throw this.unexpected("':'");
    const whenFalse = this.conditional(depth + 1);
    return condition !== 0n ? whenTrue : whenFalse;
  }

  expectEnd(): void {
    if (this.position < this.tokens.length) throw this.unexpected('the end of the condition');
  }

  private binary(level: number, depth: number): bigint {
    const operators = levels[level];
    if (!operators) return this.unary(depth);
    let left = this.binary(level + 1, depth);
    for (;;) {
      const operator = operators.find((each) => this.accept(each));
      if (!operator) return left;
      left = BigInt.asIntN(64, compute(operator, left, this.binary(level + 1, depth)));
    }
  }

  private unary(depth: number): bigint {
    if (depth > deepest) throw new PreprocessorError('this condition is nested too deep');
    if (this.accept('!')) return this.unary(depth + 1) === 0n ? 1n : 0n;
    if (this.accept('-')) return BigInt.asIntN(64, -this.unary(depth + 1));
    if (this.accept('+')) return this.unary(depth + 1);
    if (this.accept('~')) return ~this.unary(depth + 1);
    if (this.accept('(')) {
      const value = this.conditional(depth + 1);
      if (!this.accept(')')) throw this.unexpected("')'");
      return value;
    }
    const token = this.tokens[this.position];
    if (!token) throw this.unexpected('a number');
    this.position++;
    if (isIdentifier(token)) return 0n;
    if (/^'[^\\]'$/u.test(token.text)) return BigInt(token.text.codePointAt(1)!);
    const number = /^(0[xX][\da-fA-F]+|0[bB][01]+|0[0-7]*|[1-9]\d*)(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU])$/.exec(token.text)?.[1];
    if (number === undefined) {
      this.position--;
      throw this.unexpected('a number');
    }
    return BigInt.asIntN(64, BigInt(/^0\d/.test(number) ? `0o${number.slice(1)}` : number));
  }

  private accept(text: string): boolean {
    if (this.tokens[this.position]?.text !== text) return false;
    this.position++;
    return true;
  }

  private unexpected(expected: string): PreprocessorError {
    const token = this.tokens[this.position];
    return new PreprocessorError(`expected ${expected}${token ? `, not '${token.text}'` : ' at the end of the condition'}`);
  }
}

function compute(operator: string, left: bigint, right: bigint): bigint {
  const truth = (holds: boolean) => (holds ? 1n : 0n);
  switch (operator) {
    case '||':
      return truth(left !== 0n || right !== 0n);
    case '&&':
      return truth(left !== 0n && right !== 0n);
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '&':
      return left & right;
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '<':
      return truth(left < right);
    case '<=':
      return truth(left <= right);
    case '>':
      return truth(left > right);
    case '>=':
      return truth(left >= right);
    case '<<':
      return left << BigInt.asUintN(6, right);
    case '>>':
      return left >> BigInt.asUintN(6, right);
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      // Behind a false `&&` the division is not meant to happen.
      if (right === 0n) return 0n;
      return operator === '/' ? left / right : left % right;
  }
}
