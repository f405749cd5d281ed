import type { Position, Range, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { needsPreprocessor } from '../../program/assembler/preprocessor/preprocessor';
import { DocumentLine } from './document-line';
import type { LineState } from './line-state';
import { type ParsedLine, parseOnce } from './parsed-line';
import { SymbolIndex } from './symbol-index';

const lineEnd = /\r\n|\n|\r/;

/**
 * A source as it is in the editor: its lines, and an index of their names. An edit costs what it touches; only
 * numbering lines anew after one was added or taken goes to the end of the file.
 */
export class AssemblyDocument {
  readonly isPreprocessed: boolean;
  readonly index = new SymbolIndex();
  /** The lines that are new since somebody last cleared this. */
  readonly newLines = new Set<DocumentLine>();
  private all: DocumentLine[] = [];

  constructor(
    readonly uri: string,
    text: string,
    public version: number,
  ) {
    this.isPreprocessed = needsPreprocessor(uri);
    this.replace(0, 0, text.split(lineEnd));
  }

  get lines(): readonly DocumentLine[] {
    return this.all;
  }

  get text(): string {
    return this.all.map((line) => line.text).join('\n');
  }

  /** Applies changes in their order, each to the text that the one before has left. */
  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.version = version;
    for (const change of changes) {
      if (!('range' in change)) {
        this.replace(0, this.all.length, change.text.split(lineEnd));
        continue;
      }
      const start = this.clamp(change.range.start);
      const end = this.clamp(change.range.end);
      const before = this.all[start.line]!.text.slice(0, start.character);
      const after = this.all[end.line]!.text.slice(end.character);
      this.replace(start.line, end.line - start.line + 1, (before + change.text + after).split(lineEnd));
    }
  }

  line(number: number): DocumentLine | undefined {
    return this.all[number];
  }

  /** The nearest position that is in the text. */
  clamp({ line, character }: Position): Position {
    if (line < 0) return { line: 0, character: 0 };
    if (line >= this.all.length) return { line: this.all.length - 1, character: this.all.at(-1)!.text.length };
    return { line, character: Math.min(Math.max(character, 0), this.all[line]!.text.length) };
  }

  get wholeRange(): Range {
    return { start: { line: 0, character: 0 }, end: this.clamp({ line: this.all.length, character: 0 }) };
  }

  private replace(from: number, count: number, texts: readonly string[]): void {
    for (let at = from; at < from + count; at++) this.forget(this.all[at]!);
    let state: LineState = this.all[from - 1]?.next ?? 'code';
    const added: DocumentLine[] = [];
    for (const text of texts) {
      const parsed = parseOnce(text, state, this.isPreprocessed);
      const line = new DocumentLine(text, state, this.isPreprocessed, parsed);
      added.push(line);
      this.learn(line, parsed);
      state = line.next;
    }
    const isSameCount = added.length === count;
    // More arguments than this could exhaust the stack.
    if (added.length < 1000) this.all.splice(from, count, ...added);
    else this.all = [...this.all.slice(0, from), ...added, ...this.all.slice(from + count)];
    this.number(from, isSameCount ? from + count : this.all.length);
    this.carry(from + added.length, state);
  }

  /** Reads the lines on from there again for as long as a comment, begun or ended before them, makes a difference. */
  private carry(from: number, entry: LineState): void {
    let state = entry;
    for (let at = from; at < this.all.length && this.all[at]!.state !== state; at++) {
      const old = this.all[at]!;
      const parsed = parseOnce(old.text, state, this.isPreprocessed);
      const line = new DocumentLine(old.text, state, this.isPreprocessed, parsed);
      line.number = at;
      this.forget(old);
      this.all[at] = line;
      this.learn(line, parsed);
      state = line.next;
    }
  }

  private learn(line: DocumentLine, { occurrences }: ParsedLine): void {
    this.index.add(line, occurrences);
    this.newLines.add(line);
  }

  private forget(line: DocumentLine): void {
    this.index.remove(line);
    this.newLines.delete(line);
  }

  private number(from: number, to: number): void {
    for (let at = from; at < to; at++) this.all[at]!.number = at;
  }
}
