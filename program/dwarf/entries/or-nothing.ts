import { ProgramError } from '../../program-error';

/** What reading gives; nothing where the bytes are corrupt. */
export function orNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProgramError) return undefined;
    throw error;
  }
}
