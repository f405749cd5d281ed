import { LinuxError } from '../errno';
import type { OpenFile } from './open-file';

interface Descriptor {
  readonly file: OpenFile;
  closeOnExec: boolean;
}

/** RLIMIT_NOFILE. */
export const mostDescriptors = 1024;

/** The open files of a process by descriptor. */
export class FileTable {
  private readonly descriptors = new Map<number, Descriptor>();

  /** Throws EBADF where there is none. */
  get(descriptor: number): OpenFile {
    return this.descriptor(descriptor).file;
  }

  has(descriptor: number): boolean {
    return this.descriptors.has(descriptor);
  }

  /** Gives a file the lowest free descriptor, not below `lowest`. Throws EMFILE. */
  add(file: OpenFile, closeOnExec = false, lowest = 0): number {
    let descriptor = lowest;
    while (this.descriptors.has(descriptor)) descriptor += 1;
    if (descriptor >= mostDescriptors) throw new LinuxError('EMFILE');
    this.descriptors.set(descriptor, { file: file.acquire(), closeOnExec });
    return descriptor;
  }

  /** Gives a file that descriptor, in place of what had it. */
  set(descriptor: number, file: OpenFile, closeOnExec: boolean): void {
    if (descriptor < 0 || descriptor >= mostDescriptors) throw new LinuxError('EBADF');
    file.acquire();
    this.descriptors.get(descriptor)?.file.release();
    this.descriptors.set(descriptor, { file, closeOnExec });
  }

  close(descriptor: number): void {
    const { file } = this.descriptor(descriptor);
    this.descriptors.delete(descriptor);
    file.release();
  }

  closesOnExec(descriptor: number): boolean {
    return this.descriptor(descriptor).closeOnExec;
  }

  setClosesOnExec(descriptor: number, closes: boolean): void {
    this.descriptor(descriptor).closeOnExec = closes;
  }

  /** Closes those from `first` to `last`. */
  closeRange(first: number, last: number): void {
    for (const descriptor of [...this.descriptors.keys()]) if (descriptor >= first && descriptor <= last) this.close(descriptor);
  }

  get open(): readonly number[] {
    return [...this.descriptors.keys()].sort((left, right) => left - right);
  }

  private descriptor(descriptor: number): Descriptor {
    const found = this.descriptors.get(descriptor);
    if (!found) throw new LinuxError('EBADF');
    return found;
  }
}
