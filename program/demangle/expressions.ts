import { Node } from './node';
import { type Operator, operatorOf } from './operators';
import { Reader, Unknown } from './reader';

/** Expressions (the ABI's section 5.1.6), which stand in template arguments, array bounds and decltype. */
export abstract class ExpressionParser extends Reader {
  protected isExpression = false;

  protected abstract type(): Node;
  protected abstract mangled(): Node;
  protected abstract templateParameter(): Node;
  protected abstract templateArguments(): Node;
  protected abstract argumentList(): Node;
  protected abstract unqualified(scope?: Node): Node;
  protected abstract operatorName(): Node;
  protected abstract sourceName(): Node;

  protected expression(): Node {
    const was = this.isExpression;
    this.isExpression = true;
    const result = this.nested(() => this.anyExpression());
    this.isExpression = was;
    return result;
  }

  private anyExpression(): Node {
    const { next } = this;
    if (next === 'L') return this.primary();
    if (next === 'T') return this.templateParameter();
    if (this.take('sr')) {
      const levels = this.levels();
      if (levels) return this.withArguments(new Node('qualified', levels, this.unqualified()));
      const scope = this.type();
      return new Node('qualified', scope, this.withArguments(this.unqualified()));
    }
    if (this.take('sp')) return new Node('expansion', this.expression());
    if (this.take('fp')) return new Node('function parameter', undefined, undefined, '', this.take('T') ? 0 : this.compactNumber() + 1);
    if (this.seesDigit || this.text.startsWith('on', this.at)) return this.withArguments(this.unqualified());
    if (this.take('il')) return new Node('initializer', undefined, this.list('E'));
    if (this.take('tl')) {
      const type = this.type();
      return new Node('initializer', type, this.list('E'));
    }
    if (this.take('u')) {
      const name = this.sourceName();
      return new Node('vendor expression', name, this.argumentList());
    }
    return this.operation(this.operatorName());
  }

  /** The names of scopes before an `E` and another name; before anything else the first of them is a type. */
  private levels(): Node | undefined {
    const { at } = this;
    let scope: Node | undefined;
    while (this.seesDigit) {
      const level = this.withArguments(this.sourceName());
      scope = scope ? new Node('qualified', scope, level) : level;
    }
    if (scope && this.next === 'E' && (/[0-9]/.test(this.afterNext) || this.text.startsWith('Eon', this.at))) {
      this.at++;
      return scope;
    }
    this.at = at;
    return undefined;
  }

  private withArguments(name: Node): Node {
    return this.next === 'I' ? new Node('template', name, this.templateArguments()) : name;
  }

  private operation(name: Node): Node {
    const code = name.kind === 'operator' ? name.text : '';
    if (code === 'st') return new Node('unary', name, this.type());
    const operands = name.kind === 'cast' ? 1 : name.kind === 'vendor operator' ? name.number : (operatorOf(code) as Operator).operands;
    if (operands === 0) return new Node('nullary', name);
    if (operands === 1) return this.unary(name, code);
    if (operands === 2) return this.binary(name, code);
    if (operands === 3) return this.trinary(name, code);
    throw new Unknown();
  }

  private unary(name: Node, code: string): Node {
    const isSuffix = (code === 'pp' || code === 'mm') && !this.take('_');
    if (name.kind === 'cast' && this.take('_')) return new Node('unary', name, this.list('E'));
    if (code === 'sP') return new Node('unary', name, this.argumentList());
    const operand = this.expression();
    return new Node('unary', name, isSuffix ? new Node('suffix', operand) : operand);
  }

  private binary(name: Node, code: string): Node {
    const isCast = code === 'cc' || code === 'dc' || code === 'rc' || code === 'sc';
    const left = isCast ? this.type() : code.startsWith('f') ? this.operatorName() : this.designated(code);
    return new Node('binary', name, undefined, '', 0, [left, this.secondOperand(code)]);
  }

  /** A designated initializer names a member first. */
  private designated(code: string): Node {
    return code === 'di' ? this.unqualified() : this.expression();
  }

  private secondOperand(code: string): Node {
    if (code === 'cl') return this.list('E');
    if (code === 'dt' || code === 'pt') {
      if (this.text.startsWith('gs', this.at) || this.text.startsWith('sr', this.at)) return this.expression();
      return this.withArguments(this.unqualified());
    }
    return this.expression();
  }

  private trinary(name: Node, code: string): Node {
    if (code === 'nw' || code === 'na') {
      const placement = this.list('_');
      const type = this.type();
      if (this.take('E')) return new Node('trinary', name, undefined, '', 0, [placement, type]);
      if (this.take('pi')) return new Node('trinary', name, undefined, '', 0, [placement, type, this.list('E')]);
      if (this.text.startsWith('il', this.at)) return new Node('trinary', name, undefined, '', 0, [placement, type, this.expression()]);
      throw new Unknown();
    }
    const first = code.startsWith('f') ? this.operatorName() : this.expression();
    const second = this.expression();
    return new Node('trinary', name, undefined, '', 0, [first, second, this.expression()]);
  }

  private list(end: string): Node {
    const members: Node[] = [];
    while (!this.take(end)) members.push(this.expression());
    return new Node('list', undefined, undefined, '', 0, members);
  }

  protected primary(): Node {
    this.expect('L');
    if (this.next === '_' || this.next === 'Z') {
      this.take('_');
      this.expect('Z');
      const name = this.mangled();
      this.expect('E');
      return name;
    }
    const type = this.type();
    if (type.kind === 'builtin' && type.text === 'decltype(nullptr)' && this.take('E')) return type;
    const kind = this.take('n') ? 'negative literal' : 'literal';
    const end = this.text.indexOf('E', this.at);
    if (end <= this.at) throw new Unknown();
    const digits = this.text.slice(this.at, end);
    this.at = end + 1;
    return new Node(kind, type, undefined, digits);
  }
}
