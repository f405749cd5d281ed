import type { Machine } from '../../emulator/machine';

/** Several callbacks at one address of the machine, which itself keeps one. */
export class HookTable {
  private readonly callbacks = new Map<bigint, Set<() => void>>();

  constructor(private readonly machine: Pick<Machine, 'setHook' | 'clearHook'>) {}

  add(address: bigint, callback: () => void): void {
    const known = this.callbacks.get(address);
    if (known) {
      known.add(callback);
      return;
    }
    const all = new Set([callback]);
    this.callbacks.set(address, all);
    this.machine.setHook(address, () => {
      for (const each of [...all]) each();
      return 'continue';
    });
  }

  delete(address: bigint, callback: () => void): void {
    const all = this.callbacks.get(address);
    if (!all?.delete(callback) || all.size > 0) return;
    this.callbacks.delete(address);
    this.machine.clearHook(address);
  }
}
