import type { Instruction } from '../riscv/instruction';
import type { GuestException, Machine, Stop } from './machine';

/** An instruction that is not to be executed there, and why in words. */
export interface Illegal {
  readonly kind: 'illegal';
  readonly why: string;
}

/** A load, store or atomic access that memory refused. */
export interface RefusedAccess {
  readonly kind: 'load' | 'store';
  readonly address: bigint;
  /** Bytes. */
  readonly size: number;
}

/**
 * What is around the user-level hart (Volume I, section "RISC-V Software Execution Environments and Harts"): an operating system
 * for a user program, or the privileged architecture and the devices of a bare machine.
 */
export interface Environment {
  /**
   * Serves the ecall at the machine's pc. Undefined when it is served: the instruction retires. A stop ends `run`; the ecall has
   * then retired if it is of kind `exit`, and else is executed again by the next `run`. Without it an ecall is an exception.
   */
  call?(machine: Machine): Stop | undefined;
  /** After an ecall that was served has retired: may send the hart elsewhere, or stop it. */
  returned?(machine: Machine): Stop | undefined;
  /**
   * Takes an exception: the pc is at the instruction, which changed nothing. Undefined when the hart goes on, from the pc that it
   * then has; a stop ends `run`. Without it every exception is a stop.
   */
  exception?(machine: Machine, exception: GuestException): Stop | undefined;
  /**
   * The value of `instret` from which on `interrupt` is due; undefined where none is. It changes in the calls of this interface
   * only.
   */
  readonly interruptAt?: bigint | undefined;
  /** Called before an instruction, once `instret` has come to `interruptAt`. */
  interrupt?(machine: Machine): Stop | undefined;

  /** Whether the engine must not execute this instruction but leave it to `execute`; asked when it is decoded. */
  leaves?(instruction: Instruction): boolean;
  /**
   * Executes the instruction at the pc, which is one that the engine leaves or a privileged one, and retires it (`RiscvMachine.retire`).
   * A stop ends `run`. Without it such an instruction is illegal.
   */
  execute?(instruction: Instruction): Illegal | Stop | undefined;
  /** Makes an access to a device, or to memory that is watched, and retires its instruction. A stop ends `run`. */
  access?(access: RefusedAccess): 'refused' | Stop | undefined;
  /** The privilege mode, where there are several. */
  readonly privilege?: 'user' | 'machine';
  /** The CSRs beside those that a user program has, as `Machine` has them. */
  readCsr?(number: number): bigint | undefined;
  writeCsr?(number: number, value: bigint): boolean;
}
