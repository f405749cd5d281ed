import type { Machine, Stop } from './machine';

/** What an `ecall` calls: an operating system, for a user program. */
export interface Environment {
  /**
   * Serves the ecall at the machine's pc. Undefined when it is served: the instruction retires. A stop ends `run`; the ecall has
   * then retired if it is of kind `exit`, and else is executed again by the next `run`.
   */
  call(machine: Machine): Stop | undefined;
}
