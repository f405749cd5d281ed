import type { GuestException } from '../machine';
import type { HostFile } from './host-folder';

/** What a guest process reaches of the world outside: its standard streams and the folders that are mounted, and nothing else. */
export interface ProcessHost {
  /** Takes bytes that the program wrote to standard output (1) or standard error (2). */
  write(descriptor: 1 | 2, bytes: Uint8Array): void;
  /** How many bytes it takes for now: at 0 the program waits. Any number, where there is no such function. */
  room?(descriptor: 1 | 2): number;
  /** At most `length` bytes of standard input; `wait` when there are none yet, `end` when there will be none. */
  read(length: number): Uint8Array | 'wait' | 'end';
  /** Standard input where that is a file; the program then does not ask `read`. */
  readonly inputFile?: InputFile | undefined;
  /** Told of each system call, when it begins and, with its result, when it has been served. */
  onSystemCall?: ((number: number, args: readonly bigint[], result: bigint | undefined) => void) | undefined;
  /** Told of each exception that an instruction at `pc` has made, before its signal is sent. */
  onFault?: ((exception: GuestException, pc: bigint) => void) | undefined;
  /** A sentence for the user about the program, for example a system call that it misses. */
  note(message: string): void;
  /** Whether a standard stream is a terminal, so that a C library flushes each line; false unless given. */
  isTerminal?(descriptor: 0 | 1 | 2): boolean;
}

/** A file as standard input, which can be read anywhere. */
export interface InputFile extends Pick<HostFile, 'size' | 'read'> {
  /** Where the next read begins, in bytes: the program moves it, and finds it where who started the program has left it. */
  position: number;
}
