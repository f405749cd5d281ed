import { builtinTypes, standardNames } from './builtins';
import { ExpressionParser } from './expressions';
import { type Kind, Node } from './node';
import { Unknown } from './reader';

/** Types (the ABI's section 5.1.5), template arguments (5.1.5.8) and what is abbreviated (5.1.10). */
export abstract class TypeParser extends ExpressionParser {
  /** The name that a constructor or destructor after it is of. */
  protected last = '';
  /** Whether the type is one that a conversion operator is named after. */
  protected isConversion = false;
  private readonly substitutions: Node[] = [];

  protected abstract name(): Node;

  protected type(): Node {
    return this.nested(() => {
      const letter = this.next;
      const builtin = builtinTypes.get(letter === 'D' ? this.text.slice(this.at, this.at + 2) : letter);
      if (builtin !== undefined) {
        this.at += letter === 'D' ? 2 : 1;
        return new Node('builtin', undefined, undefined, builtin);
      }
      if (letter === 'S') return this.abbreviatedType();
      return this.typeOfLetter(letter);
    });
  }

  private abbreviatedType(): Node {
    const next = this.afterNext;
    if (next !== '_' && !/[0-9A-Z]/.test(next)) {
      const start = this.at;
      const named = this.name();
      return this.at === start + 2 ? named : this.remember(named);
    }
    const start = this.at;
    const found = this.substitution();
    if (found.kind === 'module') {
      this.at = start;
      return this.remember(this.name());
    }
    return this.next === 'I' ? this.remember(new Node('template', found, this.templateArguments())) : found;
  }

  private typeOfLetter(letter: string): Node {
    if (this.seesQualifier()) return this.remember(this.qualified());
    const pointing = pointers[letter];
    if (pointing !== undefined) {
      this.at++;
      return this.remember(new Node(pointing, this.type()));
    }
    switch (letter) {
      case 'F':
        return this.remember(this.functionType());
      case 'A':
        return this.remember(this.arrayType());
      case 'M': {
        this.at++;
        const holder = this.type();
        return this.remember(new Node('member pointer', holder, this.type()));
      }
      case 'T':
        return this.remember(this.typeParameter());
      case 'U':
        return this.remember(this.vendorQualified());
      case 'u': {
        this.at++;
        const named = this.sourceName();
        return this.remember(this.next === 'I' ? new Node('template', named, this.templateArguments()) : named);
      }
      case 'D':
        return this.longType();
      default:
        return this.remember(this.name());
    }
  }

  private longType(): Node {
    if (this.take('DT') || this.take('Dt')) return this.remember(this.declaredType());
    if (this.take('Dp')) return this.remember(new Node('expansion', this.type()));
    if (this.take('DF')) return this.floatType();
    if (!this.take('Dv')) throw new Unknown();
    const count = this.take('_') ? this.expression() : new Node('name', undefined, undefined, String(this.number()));
    this.expect('_');
    return this.remember(new Node('vector', count, this.type()));
  }

  /** After `DT`. */
  protected declaredType(): Node {
    const expression = this.expression();
    this.expect('E');
    return new Node('decltype', expression);
  }

  /** A type of ISO/IEC TS 18661-3. */
  private floatType(): Node {
    const bits = this.number();
    if (this.take('b')) return new Node('builtin', undefined, undefined, 'std::bfloat16_t');
    const end = this.take('x') ? 'x' : '';
    if (end === '') this.expect('_');
    return new Node('builtin', undefined, undefined, `_Float${bits}${end}`);
  }

  private typeParameter(): Node {
    const parameter = this.templateParameter();
    if (this.next !== 'I') return parameter;
    if (!this.isConversion) {
      this.remember(parameter);
      return new Node('template', parameter, this.templateArguments());
    }
    // The arguments are the operator's, but where others follow.
    const { at } = this;
    const count = this.substitutions.length;
    this.remember(parameter);
    const list = this.templateArguments();
    if (this.next === 'I') {
      return new Node('template', parameter, list);
    }
    this.at = at;
    this.substitutions.length = count;
    return parameter;
  }

  private vendorQualified(): Node {
    this.at++;
    const named = this.sourceName();
    const qualifier = this.next === 'I' ? new Node('template', named, this.templateArguments()) : named;
    return new Node('vendor qualified', this.type(), qualifier);
  }

  private arrayType(): Node {
    this.at++;
    let bound: Node | undefined;
    if (this.seesDigit) bound = new Node('name', undefined, undefined, String(this.number()));
    else if (this.next !== '_') bound = this.expression();
    this.expect('_');
    return new Node('array', bound, this.type());
  }

  private functionType(): Node {
    this.expect('F');
    this.take('Y');
    const result = this.signature(true);
    const reference = this.referenceQualifier();
    this.expect('E');
    return reference ? new Node(reference, result) : result;
  }

  protected referenceQualifier(): Kind | undefined {
    return this.take('R') ? 'reference this' : this.take('O') ? 'rvalue this' : undefined;
  }

  protected signature(hasResult: boolean): Node {
    const result = this.take('J') || hasResult ? this.type() : undefined;
    return new Node('function', result, this.parameters());
  }

  protected parameters(): Node {
    const list: Node[] = [];
    for (;;) {
      const { next } = this;
      if (next === '' || next === 'E' || next === '.' || ((next === 'R' || next === 'O') && this.afterNext === 'E')) break;
      list.push(this.type());
    }
    if (list.length === 0) throw new Unknown();
    const isVoid = list.length === 1 && list[0]!.kind === 'builtin' && list[0]!.text === 'void';
    return new Node('list', undefined, undefined, '', 0, isVoid ? [] : list);
  }

  private seesQualifier(): boolean {
    const { next } = this;
    return next === 'K' || next === 'V' || next === 'r' || (next === 'D' && /[xoOw]/.test(this.afterNext));
  }

  private qualified(): Node {
    const marks = this.qualifiers();
    const isFunction = this.next === 'F';
    const type = isFunction ? this.functionType() : this.type();
    // A function's & is written after its qualifiers.
    const isReference = type.kind === 'reference this' || type.kind === 'rvalue this';
    const qualified = wrapped(isReference ? type.left! : type, marks, isFunction);
    return isReference ? new Node(type.kind, qualified) : qualified;
  }

  /** In their order in the symbol, that is the outermost first. */
  protected qualifiers(): Qualifier[] {
    const marks: Qualifier[] = [];
    for (;;) {
      if (this.take('K')) marks.push({ kind: 'const' });
      else if (this.take('V')) marks.push({ kind: 'volatile' });
      else if (this.take('r')) marks.push({ kind: 'restrict' });
      else if (this.take('Dx')) marks.push({ kind: 'transaction safe' });
      else if (this.take('Do')) marks.push({ kind: 'noexcept' });
      else if (this.take('DO')) {
        marks.push({ kind: 'noexcept', right: this.expression() });
        this.expect('E');
      } else if (this.take('Dw')) {
        marks.push({ kind: 'throw', right: this.parameters() });
        this.expect('E');
      } else return marks;
    }
  }

  protected templateParameter(): Node {
    this.expect('T');
    return new Node('parameter', undefined, undefined, '', this.compactNumber());
  }

  protected templateArguments(): Node {
    if (this.next !== 'I' && this.next !== 'J') throw new Unknown();
    this.at++;
    return this.argumentList();
  }

  /** After `I`. */
  protected argumentList(): Node {
    const { last } = this;
    const list: Node[] = [];
    while (!this.take('E')) list.push(this.templateArgument());
    this.last = last;
    return new Node('list', undefined, undefined, '', 0, list);
  }

  protected templateArgument(): Node {
    return this.nested(() => {
      if (this.take('X')) {
        const expression = this.expression();
        this.expect('E');
        return expression;
      }
      if (this.next === 'L') return this.primary();
      return this.next === 'I' || this.next === 'J' ? this.templateArguments() : this.type();
    });
  }

  protected substitution(): Node {
    this.expect('S');
    const standard = standardNames.get(this.next);
    if (standard) {
      this.at++;
      if (standard[1] !== '') this.last = standard[1];
      return this.tagged(new Node('name', undefined, undefined, standard[0]));
    }
    const end = this.text.indexOf('_', this.at);
    const digits = this.text.slice(this.at, end);
    if (end < 0 || !/^[0-9A-Z]{0,6}$/.test(digits)) throw new Unknown();
    this.at = end + 1;
    const found = this.substitutions[digits === '' ? 0 : Number.parseInt(digits, 36) + 1];
    if (!found) throw new Unknown();
    return found;
  }

  protected tagged(name: Node): Node {
    let result = name;
    const { last } = this;
    while (this.take('B')) result = new Node('tagged', result, this.sourceName());
    this.last = last;
    return result;
  }

  protected remember(part: Node): Node {
    this.substitutions.push(part);
    return part;
  }
}

interface Qualifier {
  readonly kind: Kind;
  readonly right?: Node;
}

export function wrapped(inner: Node, marks: readonly Qualifier[], isOfFunction: boolean): Node {
  return marks.reduceRight((node, { kind, right }) => new Node((isOfFunction && ofThis.get(kind)) || kind, node, right), inner);
}

const ofThis: ReadonlyMap<Kind, Kind> = new Map([
  ['const', 'const this'],
  ['volatile', 'volatile this'],
  ['restrict', 'restrict this'],
]);

const pointers: Readonly<Record<string, Kind>> = { P: 'pointer', R: 'reference', O: 'rvalue', C: 'complex', G: 'imaginary' };
