import type { Diagnostic } from '../program';

/** A program that cannot be built. The message names cause and place for people; `diagnostics` has every error by place. */
export class BuildError extends Error {
  override readonly name = 'BuildError';

  constructor(
    message: string,
    readonly diagnostics: readonly Diagnostic[] = [],
  ) {
    super(message);
  }
}
