import type { Machine } from '../../emulator/machine';
import type { NativeHook } from '../../emulator/recorder/native-hook';

/** What there is at an address, and the native hook that is in force. */
interface Place {
  readonly callbacks: Map<() => void, NativeHook | undefined>;
  native: NativeHook | undefined;
}

/** Several callbacks at one address of the machine, which itself keeps one. */
export class HookTable {
  private readonly places = new Map<bigint, Place>();

  constructor(private readonly machine: Pick<Machine, 'setHook' | 'clearHook'>) {}

  add(address: bigint, callback: () => void): void {
    const known = this.places.get(address);
    if (known) {
      known.callbacks.set(callback, undefined);
      this.update(address, known);
      return;
    }
    const place: Place = { callbacks: new Map([[callback, undefined]]), native: undefined };
    this.places.set(address, place);
    this.put(address, place);
  }

  delete(address: bigint, callback: () => void): void {
    const place = this.places.get(address);
    if (!place?.callbacks.delete(callback)) return;
    if (place.callbacks.size > 0) {
      this.update(address, place);
      return;
    }
    this.places.delete(address);
    this.machine.clearHook(address);
  }

  /** What the engine does in place of a callback that was added, while there is no other at its address; undefined for the callback. */
  setNative(address: bigint, callback: () => void, native: NativeHook | undefined): void {
    const place = this.places.get(address);
    if (!place?.callbacks.has(callback)) return;
    place.callbacks.set(callback, native);
    this.update(address, place);
  }

  private update(address: bigint, place: Place): void {
    const { callbacks } = place;
    const native = callbacks.size === 1 ? [...callbacks.values()][0] : undefined;
    if (native === place.native) return;
    place.native = native;
    this.put(address, place);
  }

  private put(address: bigint, { callbacks, native }: Place): void {
    const call = () => {
      for (const each of [...callbacks.keys()]) each();
      return 'continue' as const;
    };
    this.machine.setHook(address, call, { native });
  }
}
