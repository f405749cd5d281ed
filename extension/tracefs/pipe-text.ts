/** Characters of a pipe's text that are kept: the newest lines. */
const most = 1 << 20;

/**
 * What was read of a `trace_pipe`. Reading takes the lines away, and an editor reads a file whenever it likes: so the text that it gets
 * is all that was taken in this session, its end where that is long.
 */
export class PipeText {
  #text = '';
  #time = 0;

  constructor(private readonly now: () => number = Date.now) {}

  get text(): string {
    return this.#text;
  }

  /** When something was last taken. */
  get time(): number {
    return this.#time;
  }

  /** False where nothing has come. */
  append(lines: string): boolean {
    if (lines === '') return false;
    const all = this.#text + lines;
    this.#text = all.length <= most ? all : all.slice(all.indexOf('\n', all.length - most - 1) + 1);
    this.#time = this.now();
    return true;
  }
}
