import { isFunctionQualifier, Node } from './node';
import { operatorOf } from './operators';
import { Unknown } from './reader';
import { TypeParser, wrapped } from './types';

/** The mangled name of a function, variable or of what the compiler makes (the ABI's sections 5.1.2 to 5.1.4). */
export class Parser extends TypeParser {
  /** A whole symbol, after `_Z`. */
  symbol(): Node {
    let node = this.mangled();
    for (let suffix = this.clone(); suffix !== undefined; suffix = this.clone()) node = new Node('clone', node, undefined, suffix);
    if (!this.atEnd) throw new Unknown();
    return node;
  }

  /** As `.part.9`, that a compiler adds to a copy of a function. */
  private clone(): string | undefined {
    const found = /^\.[a-z0-9_]+(\.[0-9]+)*/.exec(this.text.slice(this.at))?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  protected mangled(): Node {
    return this.nested(() => {
      if (this.next === 'G' || this.next === 'T') return this.special();
      const name = this.name();
      if (this.next === '' || this.next === 'E' || this.next === '.') return name;
      return new Node('typed', name, this.signature(hasResult(name)));
    });
  }

  private special(): Node {
    const code = this.text.slice(this.at, this.at + 2);
    this.at += 2;
    const text = specials[code];
    if (text !== undefined) {
      if (code === 'Th' || code === 'Tc' || code === 'Tv') this.offsets(code);
      return new Node('special', this.specialOf(code), undefined, text);
    }
    if (code === 'TC') {
      const derived = this.type();
      this.number();
      this.expect('_');
      return new Node('construction', this.type(), derived);
    }
    if (code === 'GR') {
      const name = this.name();
      const number = this.number();
      if (!this.atEnd) this.take('_');
      return new Node('temporary', name, undefined, '', number);
    }
    if (code === 'GT') {
      const isNot = this.next === 'n';
      if (this.atEnd) throw new Unknown();
      this.at++;
      return new Node('special', this.mangled(), undefined, isNot ? 'non-transaction clone for ' : 'transaction clone for ');
    }
    throw new Unknown();
  }

  private specialOf(code: string): Node {
    if (code === 'TA') return this.templateArgument();
    if (code === 'GI') return this.moduleName(undefined) ?? this.fail();
    if (code === 'GV' || code === 'TH' || code === 'TW') return this.name();
    return 'Th Tv Tc GA'.includes(code) ? this.mangled() : this.type();
  }

  private fail(): never {
    throw new Unknown();
  }

  private offsets(code: string): void {
    if (code !== 'Tc') {
      this.offset(code === 'Th');
      return;
    }
    for (let left = 2; left > 0; left--) {
      const isPlain = this.next === 'h';
      if (!isPlain && this.next !== 'v') throw new Unknown();
      this.at++;
      this.offset(isPlain);
    }
  }

  private offset(isPlain: boolean): void {
    for (let left = isPlain ? 1 : 2; left > 0; left--) {
      this.number();
      this.expect('_');
    }
  }

  protected name(): Node {
    return this.nested(() => {
      if (this.take('N')) return this.nestedName();
      if (this.take('Z')) return this.localName();
      if (!this.text.startsWith('S', this.at) || this.afterNext === 't') return this.plainName();
      const module = this.afterNext === '_' || /[0-9A-Z]/.test(this.afterNext) ? this.substitution() : undefined;
      if (module?.kind === 'module') return this.withOwnArguments(this.unqualified(undefined, this.moduleName(module)));
      const found = module ?? this.substitution();
      return this.next === 'I' ? new Node('template', found, this.templateArguments()) : found;
    });
  }

  private plainName(): Node {
    const scope = this.take('St') ? standardScope : undefined;
    return this.withOwnArguments(this.unqualified(scope, this.moduleName(undefined)));
  }

  private withOwnArguments(name: Node): Node {
    if (this.next !== 'I') return name;
    this.remember(name);
    return new Node('template', name, this.templateArguments());
  }

  private nestedName(): Node {
    const marks = this.qualifiers();
    const reference = this.referenceQualifier();
    const name = wrapped(this.prefix(), marks, true);
    this.expect('E');
    return reference ? new Node(reference, name) : name;
  }

  private prefix(): Node {
    let scope: Node | undefined;
    while (this.next !== 'E') {
      const next: string = this.next;
      let isKnown = false;
      if (next === 'I') {
        if (!scope) throw new Unknown();
        scope = new Node('template', scope, this.templateArguments());
      } else if (next === 'M') {
        // The initializer of a member, in which a lambda is.
        if (!scope) throw new Unknown();
        this.at++;
        continue;
      } else if (next === 'T') {
        if (scope) throw new Unknown();
        scope = this.templateParameter();
      } else if (next === 'D' && /[Tt]/.test(this.afterNext)) {
        if (scope) throw new Unknown();
        this.at += 2;
        scope = this.declaredType();
      } else {
        let module: Node | undefined;
        if (next === 'S' && !scope) {
          const found = this.take('St') ? standardScope : this.substitution();
          if (found.kind === 'module') module = found;
          else {
            scope = found;
            isKnown = true;
          }
        } else if (next === 'S') {
          module = this.substitution();
          if (module.kind !== 'module') throw new Unknown();
        }
        if (!isKnown) scope = this.unqualified(scope, this.moduleName(module));
      }
      if (scope && !isKnown && this.next !== 'E') this.remember(scope);
    }
    return scope ?? this.fail();
  }

  private localName(): Node {
    const outer = withoutResult(this.mangled());
    this.expect('E');
    if (this.take('s')) {
      this.discriminator();
      return new Node('local', outer, new Node('name', undefined, undefined, 'string literal'));
    }
    const argument = this.take('d') ? this.compactNumber() : undefined;
    const inner = this.name();
    if (inner.kind !== 'lambda' && inner.kind !== 'unnamed') this.discriminator();
    return new Node('local', outer, argument === undefined ? inner : new Node('default argument', inner, undefined, '', argument));
  }

  private discriminator(): void {
    if (!this.take('_')) return;
    const isLong = this.take('_');
    const number = this.number();
    if (number < 0 || (isLong && number >= 10 && !this.take('_'))) throw new Unknown();
  }

  /** `W` and `WP` (a partition), before the name of what a module owns. */
  private moduleName(outer: Node | undefined): Node | undefined {
    let module = outer;
    while (this.take('W')) {
      const isPartition = this.take('P');
      module = this.remember(new Node('module', module, this.sourceName(), isPartition ? ':' : '.'));
    }
    return module;
  }

  protected unqualified(scope?: Node, module?: Node): Node {
    const plain = this.untagged();
    const name = this.tagged(module ? new Node('owned', plain, module) : plain);
    return scope ? new Node('qualified', scope, name) : name;
  }

  private untagged(): Node {
    const { next } = this;
    if (this.seesDigit) return this.sourceName();
    if (next === 'L') {
      this.at++;
      const name = this.sourceName();
      this.discriminator();
      return name;
    }
    if (next === 'C' || next === 'D') return this.take('DC') ? this.binding() : this.structor(next);
    if (this.take('Ul')) {
      const { last } = this;
      const parameters = this.parameters();
      this.expect('E');
      this.last = last;
      return new Node('lambda', undefined, parameters, '', this.compactNumber());
    }
    if (this.take('Ut')) return new Node('unnamed', undefined, undefined, '', this.compactNumber());
    const { isExpression } = this;
    if (this.take('on')) this.isExpression = false;
    const operator = this.operatorName();
    this.isExpression = isExpression;
    return operator.text === 'li' ? new Node('literal operator', undefined, this.sourceName()) : operator;
  }

  private binding(): Node {
    const names: Node[] = [];
    while (!this.take('E')) names.push(this.sourceName());
    if (names.length === 0) throw new Unknown();
    return new Node('binding', undefined, undefined, '', 0, names);
  }

  private structor(letter: string): Node {
    const isInherited = letter === 'C' && this.afterNext === 'I';
    if (isInherited) this.at++;
    if (!(letter === 'C' ? /[1-5]/ : /[01245]/).test(this.afterNext) || this.last === '') throw new Unknown();
    this.at += 2;
    // A constructor of a base class is named after the base.
    if (isInherited) this.type();
    return new Node(letter === 'C' ? 'constructor' : 'destructor', undefined, undefined, this.last);
  }

  protected operatorName(): Node {
    if (this.next === 'v' && /\d/.test(this.afterNext)) {
      const operands = Number(this.afterNext);
      this.at += 2;
      return new Node('vendor operator', undefined, this.sourceName(), '', operands);
    }
    if (this.take('cv')) {
      const { isConversion } = this;
      this.isConversion = !this.isExpression;
      const type = this.type();
      const node = new Node(this.isConversion ? 'conversion' : 'cast', type);
      this.isConversion = isConversion;
      return node;
    }
    const code = this.text.slice(this.at, this.at + 2);
    if (!operatorOf(code)) throw new Unknown();
    this.at += 2;
    return new Node('operator', undefined, undefined, code);
  }

  protected sourceName(): Node {
    const length = this.seesDigit ? this.number() : 0;
    const name = this.text.slice(this.at, this.at + length);
    if (name.length < length || length === 0) throw new Unknown();
    this.at += length;
    this.last = /^_GLOBAL_[._$]N/.test(name) ? '(anonymous namespace)' : name;
    return new Node('name', undefined, undefined, this.last);
  }
}

const standardScope = new Node('name', undefined, undefined, 'std');

const specials: Readonly<Record<string, string>> = {
  TV: 'vtable for ',
  TT: 'VTT for ',
  TI: 'typeinfo for ',
  TS: 'typeinfo name for ',
  TF: 'typeinfo fn for ',
  TJ: 'java Class for ',
  TH: 'TLS init function for ',
  TW: 'TLS wrapper function for ',
  TA: 'template parameter object for ',
  Th: 'non-virtual thunk to ',
  Tv: 'virtual thunk to ',
  Tc: 'covariant return thunk to ',
  GV: 'guard variable for ',
  GA: 'hidden alias for ',
  GI: 'initializer for module ',
};

/** Functions that are instances of templates have their result in their symbols, but for those whose name says it (section 5.1.5.3). */
function hasResult(name: Node): boolean {
  if (name.kind === 'local') return hasResult(name.right!);
  if (isFunctionQualifier(name)) return hasResult(name.left!);
  return name.kind === 'template' && !isNamedByType(name.left!);
}

function isNamedByType({ kind, right }: Node): boolean {
  if (kind === 'qualified' || kind === 'local') return isNamedByType(right!);
  return kind === 'constructor' || kind === 'destructor' || kind === 'conversion';
}

/** It would be taken for the result of the function in it. */
function withoutResult(name: Node): Node {
  const { kind, left, right } = name;
  return kind === 'typed' && right!.kind === 'function' ? new Node('typed', left, new Node('function', undefined, right!.right)) : name;
}
