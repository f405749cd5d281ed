import { setFlagsFromString } from 'node:v8';
import { as } from './as';
import { execute } from './execute';

/** `riscv-ftrace as`, in a bundle of its own. */
export function runAs(words: readonly string[]): void {
  // A run is over before larger compiled functions have paid for the time that making them takes.
  setFlagsFromString('--no-turbo-inlining');
  void execute(() => as(words));
}
