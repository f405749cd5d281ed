import type { GuestException, Machine, Stop } from './machine';

/** What an `ecall` calls and what takes exceptions: an operating system, for a user program. */
export interface Environment {
  /**
   * Serves the ecall at the machine's pc. Undefined when it is served: the instruction retires. A stop ends `run`; the ecall has
   * then retired if it is of kind `exit`, and else is executed again by the next `run`.
   */
  call(machine: Machine): Stop | undefined;
  /** After an ecall that was served has retired: may send the hart elsewhere, or stop it. */
  returned?(machine: Machine): Stop | undefined;
  /**
   * Takes an exception: the pc is at the instruction, which changed nothing. Undefined when the hart goes on, from the pc that it
   * then has; a stop ends `run`. Without it every exception is a stop.
   */
  exception?(machine: Machine, exception: GuestException): Stop | undefined;
  /** The value of `instret` at which `interrupt` is due; undefined where none is. It changes in `call`, `returned` and `interrupt` only. */
  readonly interruptAt?: bigint | undefined;
  /** Called between two instructions, once `instret` has come to `interruptAt`. */
  interrupt?(machine: Machine): Stop | undefined;
}
