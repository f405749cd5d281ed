import { Conditionals } from './conditionals';
import { type Expansion, SourceError, type Span } from './diagnostics';
import { needsPreprocessor, type PreprocessorContext, preprocess } from './preprocessor/preprocessor';
import type { QuickLines } from './quick/quick-lines';
import { pieceOf, type SourceLine } from './source-line';
import { withoutComments } from './source-lines';
import { parseLine, type Statement } from './statement';
import { localNames, type Substitution, substitute } from './substitute';
import { WrittenLines } from './written-lines';

/** Macros may call macros as deep as in GNU as. */
const deepest = 100;

/** What all macros and repetitions of a source may make together, so that no source runs without end or fills the memory. */
const mostLines = 1_000_000;
const longestLine = 1 << 20;
const mostCharacters = 1 << 27;

/** Lines that are being assembled: those of the source, or those that a macro or repetition makes. */
interface Frame {
  readonly lines: Iterator<SourceLine, void>;
  /** The line read last, its statements, and which of them comes next. */
  line: SourceLine;
  pending: readonly Statement[];
  position: number;
  /** How many conditionals were open before it; undefined for the lines of a file, which may end inside of one. */
  readonly conditionalDepth: number | undefined;
  /** The call; of the source itself its first line. */
  readonly span: Span;
}

/** The statements of a source in order, with those that its macros and repetitions make. */
export class SourceInput {
  readonly conditionals: Conditionals;
  /** The line of the statement that `next` gave last. */
  line: SourceLine;
  /** Assembles lines at once where it can, without their statements. */
  quick: QuickLines | undefined;
  private readonly frames: Frame[] = [];
  private madeLines = 0;
  private madeCharacters = 0;
  /** How many names LOCAL has made. */
  private localNames = 0;

  constructor(
    path: string,
    text: string,
    private readonly context: PreprocessorContext,
  ) {
    const diagnostics = context.diagnostics;
    this.conditionals = new Conditionals(diagnostics, '.');
    this.line = { path, text: '', line: 1 };
    const span = { path, line: 1, column: 1, length: 1 };
    this.enter(needsPreprocessor(path) ? preprocess(path, text, context) : this.linesOf(path, text), span, 0);
  }

  /** Assembles a file next (`.include`). Throws SourceError where there is none. */
  include(name: string, span: Span): void {
    if (this.frames.length > deepest) {
      while (this.frames.length > 1) this.leave(true);
      throw new SourceError(span, `files and macros are nested deeper than ${deepest}: does one include itself?`);
    }
    const file = this.context.files.find(name, this.line.path);
    if (typeof file === 'string') throw new SourceError(span, file);
    this.enter(this.linesOf(file.path, new TextDecoder().decode(file.bytes)), span, undefined);
  }

  private linesOf(path: string, text: string): Iterator<SourceLine, void> {
    const { kept, openComment } = withoutComments(text);
    if (openComment) this.context.diagnostics.error({ path, ...openComment, length: 2 }, 'this comment is not closed');
    return new WrittenLines(path, kept);
  }

  /** The next statement; undefined at the end of the source. */
  next(): Statement | undefined {
    for (let frame = this.frames.at(-1); frame; frame = this.frames.at(-1)) {
      const statement = frame.pending[frame.position++];
      if (statement) {
        this.line = frame.line;
        return statement;
      }
      if (!this.readLine(frame, this.conditionals.isSkipping ? undefined : this.quick)) this.leave(false);
    }
    return undefined;
  }

  /** Takes the statements up to the directive that closes what is open, one a line; undefined where there is no such directive. */
  body(openers: ReadonlySet<string>, closer: string): SourceLine[] | undefined {
    const frame = this.frames.at(-1)!;
    const lines: SourceLine[] = [];
    for (let depth = 1; ; ) {
      const statement = frame.pending[frame.position++];
      if (statement) {
        const name = statement.key;
        if (openers.has(name)) depth++;
        else if (name === closer && --depth === 0) return lines;
        lines.push(pieceOf(frame.line, statement.start, statement.end));
      } else if (!this.readLine(frame)) return undefined;
    }
  }

  /** Assembles a body next, once for each round. Throws SourceError where that is nested too deep. */
  expand(
    called: Pick<Expansion, 'macro' | 'title'>,
    body: readonly SourceLine[],
    rounds: { readonly count: number; readonly substitutions: Iterable<Substitution> },
    span: Span,
  ): void {
    const outer = this.line.within;
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > deepest) {
      while (this.frames.length > 1) this.leave(true);
      throw new SourceError(span, `macros and repetitions are nested deeper than ${deepest}: does one call itself without end?`);
    }
    if (body.length === 0) return;
    if (body.length * rounds.count > mostLines) throw new SourceError(span, tooMany);
    this.enter(this.madeBy(body, rounds.substitutions, { ...called, path: this.line.path, line: this.line.line, outer, depth }), span);
  }

  /** Leaves the innermost macro or repetition; false where there is none. */
  exit(): boolean {
    if (this.frames.length < 2 || !this.frames.at(-1)!.line.within) return false;
    this.leave(true);
    return true;
  }

  /** Ends the source here (`.end`): what follows is not read. */
  end(): void {
    while (this.frames.length > 0) this.leave(true);
  }

  private enter(lines: Iterator<SourceLine, void>, span: Span, conditionalDepth: number | undefined = this.conditionals.depth): void {
    this.frames.push({ lines, line: this.line, pending: [], position: 0, conditionalDepth, span });
  }

  private leave(isEarly: boolean): void {
    const frame = this.frames.pop();
    if (frame?.conditionalDepth !== undefined) this.conditionals.leave(frame.conditionalDepth, isEarly);
  }

  /** Goes to the next line that is not done at once; false at the end. */
  private readLine(frame: Frame, quick?: QuickLines): boolean {
    for (;;) {
      if (quick && frame.lines instanceof WrittenLines) quick.run(frame.lines);
      const { value } = frame.lines.next();
      if (!value) return false;
      frame.line = value;
      frame.position = 0;
      frame.pending = nothing;
      if (quick && !(frame.lines instanceof WrittenLines) && quick.assembleLine(value)) continue;
      frame.pending = parseLine(value.text);
      return true;
    }
  }

  private *madeBy(body: readonly SourceLine[], rounds: Iterable<Substitution>, within: Expansion): Generator<SourceLine, void> {
    for (const round of rounds) {
      for (const written of body) {
        const names = round.locals && localNames(written.text);
        if (names) {
          for (const name of names) round.locals!.set(name, `.LL${(++this.localNames).toString(16).padStart(4, '0')}`);
          continue;
        }
        const line = substitute(written, round, longestLine);
        this.madeLines++;
        this.madeCharacters += line?.text.length ?? 0;
        if (!line || this.madeLines > mostLines || this.madeCharacters > mostCharacters) {
          this.giveUp(line ? tooMany : `this makes a line of more than ${longestLine} characters`);
          return;
        }
        yield { ...line, within };
      }
    }
  }

  /** Ends the source with an error at the outermost call. */
  private giveUp(message: string): void {
    this.context.diagnostics.error(this.frames[1]!.span, message);
    while (this.frames.length > 0) this.leave(true);
  }
}

const nothing: readonly Statement[] = [];

const tooMany = `the macros and repetitions of a source may make ${mostLines} lines, and this makes more`;
