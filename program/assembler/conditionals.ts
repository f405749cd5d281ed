import { type Diagnostics, SourceError, type Span } from './diagnostics';

interface Conditional {
  /** The directive that opened it. */
  readonly opener: Span;
  /** `taken` where its current part is assembled, `waiting` for a part to take, `over` where no further part may be taken. */
  state: 'taken' | 'waiting' | 'over';
  hasElse: boolean;
}

/** Which of the conditionals (`.if` to `.endif`) are open at a line, and whether the line is assembled. */
export class Conditionals {
  private readonly open: Conditional[] = [];

  /** `mark` begins the names of the directives: `.`, or `#` for those of the C preprocessor. */
  constructor(
    private readonly diagnostics: Diagnostics,
    private readonly mark: '.' | '#',
  ) {}

  /** Whether lines are passed over here. */
  get isSkipping(): boolean {
    const innermost = this.open.at(-1);
    return innermost !== undefined && innermost.state !== 'taken';
  }

  get depth(): number {
    return this.open.length;
  }

  /** Opens one; its condition is asked for only where it is not inside text that is passed over. */
  begin(opener: Span, holds: () => boolean): void {
    const conditional: Conditional = { opener, state: 'over', hasElse: false };
    const isPassedOver = this.isSkipping;
    this.open.push(conditional);
    if (!isPassedOver) conditional.state = holds() ? 'taken' : 'waiting';
  }

  /** Goes on with `.elseif`, or with `.else` where `holds` is absent. */
  otherwise(span: Span, holds: (() => boolean) | undefined): void {
    const conditional = this.innermost(span, holds ? (this.mark === '.' ? '.elseif' : '#elif') : `${this.mark}else`);
    if (conditional.hasElse) {
      throw new SourceError(span, `the ${this.mark}if in line ${conditional.opener.line} has its ${this.mark}else already`);
    }
    conditional.hasElse = holds === undefined;
    if (conditional.state !== 'waiting') {
      conditional.state = 'over';
      return;
    }
    conditional.state = 'over';
    conditional.state = !holds || holds() ? 'taken' : 'waiting';
  }

  end(span: Span): void {
    this.innermost(span, `${this.mark}endif`);
    this.open.pop();
  }

  /** Closes all but the outermost `depth`, without a word where a macro is left early. */
  leave(depth: number, isEarly: boolean): void {
    while (this.open.length > depth) {
      const { opener } = this.open.pop()!;
      if (!isEarly) this.diagnostics.error(opener, `this has no ${this.mark}endif`);
    }
  }

  private innermost(span: Span, name: string): Conditional {
    const conditional = this.open.at(-1);
    if (!conditional) throw new SourceError(span, `${name} without an ${this.mark}if before it`);
    return conditional;
  }
}
