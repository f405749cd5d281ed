/** Something that is not a program this debugger can run. The message names the file, the place in it and the cause. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}
