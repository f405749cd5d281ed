/** What a guest process reaches of the world outside: its standard streams, and nothing else. */
export interface ProcessHost {
  /** Takes bytes that the program wrote to standard output (1) or standard error (2). */
  write(fd: 1 | 2, bytes: Uint8Array): void;
  /** At most `length` bytes of standard input; `wait` when there are none yet, `end` when there will be none. */
  read(length: number): Uint8Array | 'wait' | 'end';
  /** A sentence for the user about the program, for example a system call that it misses. */
  note(message: string): void;
}
