import { isFunctionQualifier, type Kind, type Node } from './node';
import { Unknown } from './reader';

/** What is written around what it is of, as `*`: put off until the type inside it tells where it belongs. */
export interface Modifier {
  readonly node: Node;
  readonly next: Modifier | undefined;
  readonly scope: Scope | undefined;
  isWritten: boolean;
}

/** The templates whose arguments the parameters in a part of a name are. */
export interface Scope {
  readonly template: Node;
  readonly outer: Scope | undefined;
}

/** Writes a name's text, with its template parameters replaced by what they stand for. */
export abstract class Writer {
  protected text = '';
  protected modifiers: Modifier | undefined;
  protected scope: Scope | undefined;
  /** Which of the arguments of a pack is being written; all of them where it is negative. */
  protected packIndex = 0;
  protected isInLambda = false;
  private cutAt = -1;
  private depth = 0;
  private steps = 0;

  protected abstract writePart(node: Node): void;

  protected add(text: string): void {
    this.text += text;
    if (text !== '') this.cutAt = -1;
    if (this.text.length > largest) throw new Unknown();
  }

  /** A space after a comma that was taken back counts, in GNU's texts: `A<B<int>>` where packs are empty. */
  protected get lastLetter(): string {
    return this.text.length === this.cutAt ? ' ' : this.text.charAt(this.text.length - 1);
  }

  protected write(node: Node): void {
    if (node.kind === 'name') {
      this.add(node.text);
      return;
    }
    if (node.printing > 1 || ++this.depth > deepest || ++this.steps > mostSteps) throw new Unknown();
    node.printing++;
    this.writePart(node);
    node.printing--;
    this.depth--;
  }

  /** The commas before packs that are empty are left out at the end. */
  protected writeList(list: readonly Node[]): void {
    let end = this.text.length;
    for (const [index, node] of list.entries()) {
      if (index > 0) this.add(', ');
      const start = this.text.length;
      this.write(node);
      if (this.text.length > start || index === 0) end = this.text.length;
    }
    if (end === this.text.length) return;
    this.text = this.text.slice(0, end);
    this.cutAt = end;
  }

  protected writeArguments(list: Node): void {
    this.add(this.lastLetter === '<' ? ' <' : '<');
    this.write(list);
    this.add(this.lastLetter === '>' ? ' >' : '>');
  }

  protected argument({ number }: Node): Node {
    const list = this.scope?.template.right?.list;
    const found = list?.[number];
    if (!found) throw new Unknown();
    return found;
  }

  protected argumentOfPack(parameter: Node): Node {
    const found = this.argument(parameter);
    if (found.kind !== 'list' || this.packIndex < 0) return found;
    const member = found.list[this.packIndex];
    if (!member) throw new Unknown();
    return member;
  }

  /** The first pack that an expanded pattern has. */
  protected packIn(node: Node | undefined): Node | undefined {
    if (!node || leaves.has(node.kind)) return undefined;
    if (node.kind === 'parameter') {
      const found = this.scope?.template.right?.list[node.number];
      return found?.kind === 'list' ? found : undefined;
    }
    if (++this.steps > mostSteps) throw new Unknown();
    let found = this.packIn(node.left) ?? this.packIn(node.right);
    for (let index = 0; !found && index < node.list.length; index++) found = this.packIn(node.list[index]);
    return found;
  }

  protected withoutModifiers(write: () => void): void {
    const { modifiers } = this;
    this.modifiers = undefined;
    write();
    this.modifiers = modifiers;
  }

  /** `isLast` tells that it is what follows the parameters of a function. */
  protected writeModifiers(first: Modifier | undefined, isLast: boolean): void {
    for (let modifier = first; modifier; modifier = modifier.next) {
      const { node, next } = modifier;
      if (modifier.isWritten || (!isLast && isFunctionQualifier(node))) continue;
      modifier.isWritten = true;
      const { scope } = this;
      this.scope = modifier.scope;
      const isRest = node.kind === 'function' || node.kind === 'array' || node.kind === 'local';
      if (node.kind === 'function') this.writeFunction(node, next);
      else if (node.kind === 'array') this.writeArray(node, next);
      else if (node.kind === 'local') this.writeLocal(node);
      else this.writeModifier(node);
      this.scope = scope;
      if (isRest) return;
    }
  }

  protected abstract writeModifier(node: Node): void;

  protected writeLocal({ left, right }: Node): void {
    this.withoutModifiers(() => this.write(left!));
    this.add('::');
    let inner = right!;
    if (inner.kind === 'default argument') {
      this.add(`{default arg#${inner.number + 1}}::`);
      inner = inner.left!;
    }
    while (isFunctionQualifier(inner)) inner = inner.left!;
    this.write(inner);
  }

  protected writeFunction(node: Node, modifiers: Modifier | undefined): void {
    let hasParentheses = false;
    let hasSpace = false;
    for (let modifier = modifiers; modifier && !modifier.isWritten && !hasParentheses; modifier = modifier.next) {
      const { kind } = modifier.node;
      hasParentheses = kind === 'pointer' || kind === 'reference' || kind === 'rvalue' || spaced.has(kind);
      hasSpace = spaced.has(kind);
    }
    if (hasParentheses) {
      if (!hasSpace) hasSpace = this.lastLetter !== '(' && this.lastLetter !== '*';
      this.add(hasSpace && this.lastLetter !== ' ' ? ' (' : '(');
    }
    this.withoutModifiers(() => {
      this.writeModifiers(modifiers, false);
      this.add(hasParentheses ? ')(' : '(');
      this.write(node.right!);
      this.add(')');
      this.writeModifiers(modifiers, true);
    });
  }

  protected writeArray(node: Node, modifiers: Modifier | undefined): void {
    let unwritten = modifiers;
    while (unwritten?.isWritten) unwritten = unwritten.next;
    const isOfArray = unwritten?.node.kind === 'array';
    if (unwritten && !isOfArray) this.add(' (');
    this.writeModifiers(modifiers, false);
    if (unwritten && !isOfArray) this.add(')');
    this.add(isOfArray ? '[' : ' [');
    if (node.left) this.write(node.left);
    this.add(']');
  }
}

/** Characters: substitutions of substitutions grow fast. */
const largest = 40_000;
const deepest = 600;
const mostSteps = 200_000;

const leaves: ReadonlySet<Kind> = new Set<Kind>([
  'expansion',
  'lambda',
  'name',
  'tagged',
  'operator',
  'builtin',
  'default argument',
  'unnamed',
]);

const spaced: ReadonlySet<Kind> = new Set<Kind>([
  'restrict',
  'volatile',
  'const',
  'vendor qualified',
  'complex',
  'imaginary',
  'member pointer',
]);
