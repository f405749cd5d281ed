import { literalSuffixes, realTypes } from './builtins';
import { ExpressionPrinter } from './expression-printer';
import { isFunctionQualifier, type Node } from './node';
import { operatorOf } from './operators';
import type { Modifier, Scope } from './writer';

/** Writes a name as binutils and gdb do. */
export class Printer extends ExpressionPrinter {
  /** The template that a conversion operator in it has its parameters from. */
  private template: Node | undefined;
  /** References' scopes, as they were where these were first written: a substitution has the meaning of its first place. */
  private readonly scopes = new Map<Node, Scope | undefined>();

  print(node: Node): string {
    this.write(node);
    return this.text;
  }

  protected writePart(node: Node): void {
    const { left, right } = node;
    switch (node.kind) {
      case 'name':
      case 'builtin':
      case 'constructor':
        this.add(node.text);
        return;
      case 'destructor':
        this.add(`~${node.text}`);
        return;
      case 'qualified':
        this.write(left!);
        this.add('::');
        this.write(right!);
        return;
      case 'local':
        this.writeLocal(node);
        return;
      case 'default argument':
        this.write(left!);
        return;
      case 'typed':
        this.writeTyped(node);
        return;
      case 'template':
        this.writeTemplate(node);
        return;
      case 'parameter':
        this.writeParameter(node);
        return;
      case 'list':
        this.writeList(node.list);
        return;
      case 'tagged':
        this.write(left!);
        this.add('[abi:');
        this.write(right!);
        this.add(']');
        return;
      case 'owned':
        this.write(left!);
        this.add('@');
        this.write(right!);
        return;
      case 'module':
        if (left) {
          this.write(left);
          this.add(node.text);
        } else if (node.text === ':') this.add(':');
        this.write(right!);
        return;
      case 'lambda':
        this.writeLambda(node);
        return;
      case 'unnamed':
        this.add(`{unnamed type#${node.number + 1}}`);
        return;
      case 'binding':
        this.add('[');
        this.writeList(node.list);
        this.add(']');
        return;
      case 'clone':
        this.write(left!);
        this.add(` [clone ${node.text}]`);
        return;
      case 'special':
        this.add(node.text);
        this.write(left!);
        return;
      case 'construction':
        this.add('construction vtable for ');
        this.write(left!);
        this.add('-in-');
        this.write(right!);
        return;
      case 'temporary':
        this.add(`reference temporary #${node.number} for `);
        this.write(left!);
        return;
      case 'function':
        this.writeFunctionType(node);
        return;
      case 'array':
        this.writeArrayType(node);
        return;
      case 'member pointer':
      case 'vector':
        this.writeModified(node, right!);
        return;
      case 'const':
      case 'volatile':
      case 'restrict':
        if (this.isQualifiedAlready(node)) this.write(left!);
        else this.writeModified(node, left!);
        return;
      case 'reference':
      case 'rvalue':
        this.writeReference(node);
        return;
      case 'decltype':
        this.add('decltype (');
        this.write(left!);
        this.add(')');
        return;
      case 'expansion':
        this.writeExpansion(left!);
        return;
      case 'operator':
        this.writeOperatorName(operatorOf(node.text)!.text.trimEnd());
        return;
      case 'literal operator':
        this.add('operator"" ');
        this.write(right!);
        return;
      case 'vendor operator':
        this.add('operator ');
        this.write(right!);
        return;
      case 'conversion':
        this.add('operator ');
        this.writeConversion(left!);
        return;
      case 'cast':
        this.write(left!);
        return;
      case 'nullary':
        this.writeOperator(left!);
        return;
      case 'unary':
        this.writeUnary(left!, right!);
        return;
      case 'binary':
        this.writeBinary(left!, node.list[0]!, node.list[1]!);
        return;
      case 'trinary':
        this.writeTrinary(left!, node.list);
        return;
      case 'initializer':
        if (left) this.write(left);
        this.add('{');
        this.write(right!);
        this.add('}');
        return;
      case 'function parameter':
        this.add(node.number === 0 ? 'this' : `{parm#${node.number}}`);
        return;
      case 'literal':
      case 'negative literal':
        this.writeLiteral(node);
        return;
      case 'vendor expression':
        this.write(left!);
        this.add('(');
        this.write(right!);
        this.add(')');
        return;
      default:
        this.writeModified(node, left!);
        return;
    }
  }

  private writeOperatorName(text: string): void {
    this.add(/^[a-z]/.test(text) ? `operator ${text}` : `operator${text}`);
  }

  /** A function: its qualifiers go behind its parameters, its name before them. */
  private writeTyped({ left, right }: Node): void {
    const { modifiers, scope } = this;
    this.modifiers = undefined;
    const own: Modifier[] = [];
    let name = left!;
    for (;;) {
      own.push(this.push(name));
      if (!isFunctionQualifier(name)) break;
      name = name.left!;
    }
    if (name.kind === 'local') {
      name = name.right!;
      if (name.kind === 'default argument') name = name.left!;
      const local = own.pop()!;
      this.modifiers = local.next;
      for (; isFunctionQualifier(name); name = name.left!) own.push(this.push(name));
      own.push(this.push(local.node));
    }
    if (name.kind === 'template') this.scope = { template: name, outer: scope };
    this.write(right!);
    if (name.kind === 'template') this.scope = scope;
    for (const modifier of own.reverse()) {
      if (modifier.isWritten) continue;
      this.add(' ');
      this.writeModifier(modifier.node);
    }
    this.modifiers = modifiers;
  }

  private push(node: Node): Modifier {
    this.modifiers = { node, next: this.modifiers, scope: this.scope, isWritten: false };
    return this.modifiers;
  }

  private writeTemplate(node: Node): void {
    const { template } = this;
    this.template = node;
    this.withoutModifiers(() => {
      this.write(node.left!);
      this.writeArguments(node.right!);
    });
    this.template = template;
  }

  private writeParameter(node: Node): void {
    if (this.isInLambda) {
      this.add(`auto:${node.number + 1}`);
      return;
    }
    const argument = this.argumentOfPack(node);
    const { scope } = this;
    this.scope = scope!.outer;
    this.write(argument);
    this.scope = scope;
  }

  private writeLambda({ right, number }: Node): void {
    const { isInLambda } = this;
    this.add('{lambda(');
    this.isInLambda = true;
    this.write(right!);
    this.isInLambda = isInLambda;
    this.add(`)#${number + 1}}`);
  }

  private writeFunctionType(node: Node): void {
    if (node.left) {
      const modifier = this.push(node);
      this.write(node.left);
      this.modifiers = modifier.next;
      if (modifier.isWritten) return;
      this.add(' ');
    }
    this.writeFunction(node, this.modifiers);
  }

  /** The qualifiers of an array are those of its elements. */
  private writeArrayType(node: Node): void {
    const { modifiers } = this;
    const array = this.push(node);
    const qualifiers: Modifier[] = [];
    for (let outer = modifiers; outer && /^(const|volatile|restrict)$/.test(outer.node.kind); outer = outer.next) {
      if (outer.isWritten) continue;
      outer.isWritten = true;
      this.modifiers = { node: outer.node, next: this.modifiers, scope: outer.scope, isWritten: false };
      qualifiers.push(this.modifiers);
    }
    this.write(node.right!);
    this.modifiers = modifiers;
    if (array.isWritten) return;
    for (const { node: qualifier, isWritten } of qualifiers.reverse()) if (!isWritten) this.writeModifier(qualifier);
    this.writeArray(node, modifiers);
  }

  private isQualifiedAlready({ kind }: Node): boolean {
    for (let outer = this.modifiers; outer; outer = outer.next) {
      if (outer.isWritten) continue;
      if (!/^(const|volatile|restrict)$/.test(outer.node.kind)) return false;
      if (outer.node.kind === kind) return true;
    }
    return false;
  }

  private writeModified(node: Node, inner: Node): void {
    const modifier = this.push(node);
    this.write(inner);
    this.modifiers = modifier.next;
    if (!modifier.isWritten) this.writeModifier(node);
  }

  /** A reference to a reference is one, and the single & wins (C++17, 11.3.2). */
  private writeReference(node: Node): void {
    const { scope } = this;
    let inner = node.left!;
    if (!this.isInLambda && inner.kind === 'parameter') {
      if (!this.scopes.has(inner)) this.scopes.set(inner, scope);
      else if (inner.printing === 0 && node.printing <= 1) this.scope = this.scopes.get(inner);
      inner = this.argumentOfPack(inner);
    }
    if (inner.kind === 'reference' || inner.kind === node.kind) this.writeModified(inner, inner.left!);
    else this.writeModified(node, inner.kind === 'rvalue' ? inner.left! : node.left!);
    this.scope = scope;
  }

  private writeExpansion(pattern: Node): void {
    const pack = this.isInLambda ? undefined : this.packIn(pattern);
    if (!pack) {
      // A pack of function parameters.
      this.writeOperand(pattern);
      this.add('...');
      return;
    }
    const { packIndex } = this;
    for (let index = 0; index < pack.list.length; index++) {
      if (index > 0) this.add(', ');
      this.packIndex = index;
      this.write(pattern);
    }
    this.packIndex = packIndex;
  }

  private writeConversion(type: Node): void {
    const { scope } = this;
    if (this.template) this.scope = { template: this.template, outer: scope };
    if (type.kind === 'template') {
      this.write(type.left!);
      this.scope = scope;
      this.writeArguments(type.right!);
      return;
    }
    this.write(type);
    this.scope = scope;
  }

  protected writeCast(node: Node): void {
    this.write(node.left!);
  }

  private writeLiteral({ left, text, kind }: Node): void {
    const type = left!.kind === 'builtin' ? left!.text : '';
    const suffix = literalSuffixes.get(type);
    const sign = kind === 'literal' ? '' : '-';
    if (suffix !== undefined) {
      this.add(sign + text + suffix);
      return;
    }
    if (type === 'bool' && sign === '' && (text === '0' || text === '1')) {
      this.add(text === '0' ? 'false' : 'true');
      return;
    }
    this.add('(');
    this.write(left!);
    this.add(realTypes.has(type) ? `)${sign}[${text}]` : `)${sign}${text}`);
  }

  protected writeModifier(node: Node): void {
    const { left, right } = node;
    switch (node.kind) {
      case 'pointer':
        this.add('*');
        return;
      case 'reference':
        this.add('&');
        return;
      case 'rvalue':
        this.add('&&');
        return;
      case 'reference this':
        this.add(' &');
        return;
      case 'rvalue this':
        this.add(' &&');
        return;
      case 'const':
      case 'volatile':
      case 'restrict':
        this.add(` ${node.kind}`);
        return;
      case 'const this':
      case 'volatile this':
      case 'restrict this':
        this.add(` ${node.kind.slice(0, -' this'.length)}`);
        return;
      case 'transaction safe':
        this.add(' transaction_safe');
        return;
      case 'complex':
        this.add(' _Complex');
        return;
      case 'imaginary':
        this.add(' _Imaginary');
        return;
      case 'noexcept':
      case 'throw':
        this.add(` ${node.kind}`);
        if (!right) return;
        this.add('(');
        this.write(right);
        this.add(')');
        return;
      case 'vendor qualified':
        this.add(' ');
        this.write(right!);
        return;
      case 'member pointer':
        if (this.lastLetter !== '(') this.add(' ');
        this.write(left!);
        this.add('::*');
        return;
      case 'vector':
        this.add(' __vector(');
        this.write(left!);
        this.add(')');
        return;
      case 'typed':
        this.write(left!);
        return;
      default:
        this.write(node);
        return;
    }
  }
}
