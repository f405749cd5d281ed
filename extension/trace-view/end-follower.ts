/** The lines of a text that an editor shows, from 0. */
interface VisibleLines {
  readonly first: number;
  readonly last: number;
}

/** Lines from the end that count as the end: the last is empty. */
const endLines = 2;

/** Whether the reader of a text that grows wants to see its end: until they scroll up, and again once they have scrolled back. */
export class EndFollower {
  private readonly firstLines = new Map<string, number>();
  private readonly left = new Set<string>();

  isFollowing(document: string): boolean {
    return !this.left.has(document);
  }

  follow(document: string): void {
    this.left.delete(document);
    this.firstLines.delete(document);
  }

  /**
   * The visible lines have changed. A text that grows under its editor shows a later part or the same, so that an earlier first line
   * is the reader's doing. True where the end is followed again from now on.
   */
  scrolled(document: string, { first, last }: VisibleLines, lineCount: number): boolean {
    const before = this.firstLines.get(document);
    this.firstLines.set(document, first);
    if (last >= lineCount - endLines) return this.left.delete(document);
    if (before !== undefined && first < before) this.left.add(document);
    return false;
  }
}
