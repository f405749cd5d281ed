/** A problem with an expression, at a place in its text. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';

  constructor(
    /** A sentence without its stop. */
    readonly problem: string,
    /** Characters before the place; undefined where it is the expression as a whole. */
    readonly at?: number,
  ) {
    super(problem);
  }
}
