import type { Node } from './node';
import { operatorOf } from './operators';
import { Unknown } from './reader';
import { Writer } from './writer';

/** Writes expressions, every operand of which that is no name is in parentheses. */
export abstract class ExpressionPrinter extends Writer {
  protected abstract writeCast(node: Node): void;

  protected writeUnary(operator: Node, operand: Node): void {
    const code = operator.kind === 'operator' ? operator.text : '';
    if (operand.kind === 'suffix') {
      this.writeOperand(operand.left!);
      this.writeOperator(operator);
      return;
    }
    if (code === 'sZ') {
      this.add(String(this.packIn(operand)?.list.length ?? this.fail()));
      return;
    }
    if (code === 'sP') {
      this.add(String(this.lengthOf(operand.list)));
      return;
    }
    if (operator.kind === 'cast') {
      this.add('(');
      this.writeCast(operator);
      this.add(')');
    } else this.writeOperator(operator);
    if (code === 'gs') {
      this.write(operand);
      return;
    }
    if (code === 'st' || code === 'nx') {
      this.add('(');
      this.write(operand);
      this.add(')');
      return;
    }
    // The address of a function is that of its name alone.
    const isMethod = code === 'ad' && operand.kind === 'typed' && operand.left!.kind === 'qualified' && operand.right!.kind === 'function';
    this.writeOperand(isMethod ? operand.left! : operand);
  }

  private fail(): never {
    throw new Unknown();
  }

  private lengthOf(list: readonly Node[]): number {
    let length = 0;
    for (const node of list) length += node.kind === 'expansion' ? (this.packIn(node.left)?.list.length ?? 0) : 1;
    return length;
  }

  protected writeBinary(operator: Node, left: Node, right: Node): void {
    const code = operator.kind === 'operator' ? operator.text : '';
    if (code === 'cc' || code === 'dc' || code === 'rc' || code === 'sc') {
      this.writeOperator(operator);
      this.add('<');
      this.write(left);
      this.add('>(');
      this.write(right);
      this.add(')');
      return;
    }
    if (code === 'fl' || code === 'fr') {
      this.folded(() => this.writeFold(code, left, right));
      return;
    }
    if (code === 'di' || code === 'dx') {
      this.writeDesignated(code, left, right);
      return;
    }
    // A > would be taken for the end of the template's arguments.
    if (code === 'gt') this.add('(');
    if (code === 'cl' && left.kind === 'typed') this.writeOperand(left.left!);
    else this.writeOperand(left);
    if (code === 'ix') {
      this.add('[');
      this.write(right);
      this.add(']');
    } else {
      if (code !== 'cl') this.writeOperator(operator);
      this.writeOperand(right);
    }
    if (code === 'gt') this.add(')');
  }

  private writeDesignated(code: string, left: Node, right: Node): void {
    this.add(code === 'di' ? '.' : '[');
    this.write(left);
    if (code === 'dx') this.add(']');
    const isNext = (right.kind === 'binary' || right.kind === 'trinary') && /^d[ixX]$/.test(right.left!.text);
    if (isNext) {
      this.write(right);
      return;
    }
    this.add('=');
    this.writeOperand(right);
  }

  private writeFold(code: string, operator: Node, pack: Node): void {
    this.add('(');
    if (code === 'fl') {
      this.add('...');
      this.writeOperator(operator);
    }
    this.writeOperand(pack);
    if (code === 'fr') {
      this.writeOperator(operator);
      this.add('...');
    }
    this.add(')');
  }

  protected writeTrinary(operator: Node, [first, second, third]: readonly Node[]): void {
    if (operator.text === 'dX') {
      this.add('[');
      this.write(first!);
      this.add(' ... ');
      this.write(second!);
      this.add(']=');
      this.writeOperand(third!);
      return;
    }
    if (operator.text === 'fL' || operator.text === 'fR') {
      this.folded(() => {
        this.add('(');
        this.writeOperand(second!);
        this.writeOperator(first!);
        this.add('...');
        this.writeOperator(first!);
        this.writeOperand(third!);
        this.add(')');
      });
      return;
    }
    if (operator.text === 'qu') {
      this.writeOperand(first!);
      this.writeOperator(operator);
      this.writeOperand(second!);
      this.add(' : ');
      this.writeOperand(third!);
      return;
    }
    this.add('new ');
    if (first!.list.length > 0) {
      this.writeOperand(first!);
      this.add(' ');
    }
    this.write(second!);
    if (third) this.writeOperand(third);
  }

  /** A fold is of the whole pack. */
  private folded(write: () => void): void {
    const { packIndex } = this;
    this.packIndex = -1;
    write();
    this.packIndex = packIndex;
  }

  protected writeOperand(node: Node): void {
    const { kind } = node;
    const isSimple = kind === 'name' || kind === 'qualified' || kind === 'initializer' || kind === 'function parameter';
    if (isSimple) {
      this.write(node);
      return;
    }
    this.add('(');
    this.write(node);
    this.add(')');
  }

  protected writeOperator(operator: Node): void {
    if (operator.kind === 'operator') this.add(operatorOf(operator.text)!.text);
    else this.write(operator);
  }
}
