/** An error for the person at the editor: every one is made by a factory of this file, under an id of its own. */
export class UserError extends Error {
  constructor(
    readonly id: number,
    message: string,
    /** Whether the editor should pop it up, rather than show it where the request came from. */
    readonly showUser = false,
  ) {
    super(message);
  }
}

// 1000-1099: the protocol.
export const unknownCommand = (command: string) => new UserError(1000, `The debug adapter has no request "${command}".`);
export const badArguments = (command: string, problem: string) => new UserError(1001, `${command}: ${problem}.`);
export const notLaunched = (command: string) => new UserError(1002, `${command}: no program is launched.`);
export const alreadyLaunched = () => new UserError(1003, 'launch: this session has launched its program already.');
export const notStopped = (command: string) => new UserError(1004, `${command}: the program is running; pause it first.`);
export const programEnded = (command: string) => new UserError(1005, `${command}: the program has ended.`);
export const uriPaths = () => new UserError(1006, 'initialize: this adapter takes native paths only (pathFormat "path").', true);
export const attachUnsupported = () =>
  new UserError(1007, 'attach: the program runs inside this adapter; use a launch configuration.', true);
export const internal = (command: string, error: unknown) =>
  new UserError(1099, `${command}: internal error: ${error instanceof Error ? error.message : String(error)}`);

// 1100-1199: launching.
export const launchFailed = (cause: string) => new UserError(1100, cause, true);
export const endedMeanwhile = () => new UserError(1101, 'The session was ended while the program was being built.');

// 1200-1299: stack, variables and memory.
export const unknownFrame = (id: number) => new UserError(1200, `There is no stack frame ${id} at this stop.`);
export const unknownVariables = (reference: number) => new UserError(1201, `There are no variables ${reference} at this stop.`);
export const unknownVariable = (name: string) => new UserError(1202, `There is no variable "${name}" here.`);
export const readOnly = (name: string, why: string) => new UserError(1203, `${name} cannot be written: ${why}.`);
export const badReference = (reference: string) => new UserError(1204, `"${reference}" is not an address.`);
export const unreadable = (address: bigint) => new UserError(1205, `Cannot access memory at address 0x${address.toString(16)}.`);
export const badBase64 = () => new UserError(1206, 'writeMemory: "data" is not base64.');
export const unknownSource = (reference: number) => new UserError(1207, `There is no source ${reference} in this session.`);
export const noException = () => new UserError(1210, 'The program has not stopped at an exception.');
export const noCaller = () => new UserError(1209, 'This is the outermost frame: there is nothing to step out to.');

// 1300-1399: expressions and console commands.
export const badExpression = (text: string, column: number, problem: string) =>
  new UserError(1300, `${problem}, in "${excerpt(text, column)}" at column ${column}`);
export const noSymbol = (name: string) => new UserError(1301, `No symbol or register "${name}" in this program.`);
export const badCommand = (text: string, problem: string) => new UserError(1303, `${text}: ${problem}. Type "help" for the commands.`);
export const tracefsFailed = (path: string, errno: string, text: string) => new UserError(1306, `${path}: ${errno}: ${text}`);

/** Of a long text what is around a column. */
function excerpt(text: string, column: number): string {
  const [start, end] = [Math.max(0, column - 1 - mostAround), column - 1 + mostAround];
  return `${start > 0 ? '...' : ''}${text.slice(start, end)}${end < text.length ? '...' : ''}`;
}

const mostAround = 200;
