import type { Machine } from '../emulator/machine';
import { type NativeHook, together } from '../emulator/recorder/native-hook';

/** What there is at an address, and the native hooks that are in force. */
interface Place {
  readonly callbacks: Map<() => void, NativeHook | undefined>;
  natives: readonly NativeHook[];
}

/** Several callbacks at one address of the machine, which itself keeps one. */
export class HookTable {
  private readonly places = new Map<bigint, Place>();

  constructor(
    private readonly machine: Pick<Machine, 'setHook' | 'clearHook'>,
    /** Called where the engine has left a native hook: whether there is more room for its records than there was. */
    private readonly makeRoom: () => boolean,
  ) {}

  add(address: bigint, callback: () => void): void {
    const known = this.places.get(address);
    if (known) {
      known.callbacks.set(callback, undefined);
      this.update(address, known);
      return;
    }
    const place: Place = { callbacks: new Map([[callback, undefined]]), natives: [] };
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

  /** What the engine does in place of a callback that was added, while it does so of all at the address; undefined for the callback. */
  setNative(address: bigint, callback: () => void, native: NativeHook | undefined): void {
    const place = this.places.get(address);
    if (!place?.callbacks.has(callback)) return;
    place.callbacks.set(callback, native);
    this.update(address, place);
  }

  private update(address: bigint, place: Place): void {
    const all = [...place.callbacks.values()].flatMap((native) => native ?? []);
    const natives = all.length === place.callbacks.size ? all : [];
    if (natives.length === place.natives.length && natives.every((native, index) => native === place.natives[index])) return;
    place.natives = natives;
    this.put(address, place);
  }

  private put(address: bigint, { callbacks, natives }: Place): void {
    const native = natives.length > 1 ? together(natives) : natives[0];
    const call = () => {
      if (native && this.makeRoom()) return 'again' as const;
      for (const each of [...callbacks.keys()]) each();
      return 'continue' as const;
    };
    this.machine.setHook(address, call, { native });
  }
}
