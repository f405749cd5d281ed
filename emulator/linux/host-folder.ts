import type { ErrorName } from './errno';

/** A folder of the host that a program may reach under a path of its own. */
export interface Mount {
  /** An absolute path in the guest, such as `/data`. */
  readonly path: string;
  readonly folder: HostFolder;
  readonly writable: boolean;
}

/**
 * The host's side of a mount. Paths are relative to the folder, their parts joined by `/`, none of them empty, `.` or `..`; the
 * folder itself is the empty path. No call follows a symbolic link, waits, or touches anything but folders, regular files and the
 * links themselves. Failures are a HostError.
 */
export interface HostFolder {
  status(path: string): HostStatus;
  entries(path: string): readonly { readonly name: string; readonly type: HostStatus['type']; readonly inode: bigint }[];
  target(path: string): string;
  open(path: string, access: { readonly write: boolean }): HostFile;
  create(path: string, mode: number): void;
  makeDirectory(path: string, mode: number): void;
  makeLink(path: string, target: string): void;
  link(path: string, target: string): void;
  remove(path: string): void;
  removeDirectory(path: string): void;
  rename(path: string, target: string): void;
  setMode(path: string, mode: number): void;
  /** Nanoseconds since 1970. */
  setTimes(path: string, accessed: bigint, modified: bigint): void;
}

export interface HostStatus {
  /** `other`: a device, pipe or socket, which the guest sees and cannot open. */
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly mode: number;
  readonly inode: bigint;
  readonly links: number;
  readonly size: number;
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

export interface HostFile {
  readonly size: number;
  /** At most `length` bytes from a position on, to be used before anything else is read. */
  read(position: number, length: number): Uint8Array;
  write(position: number, bytes: Uint8Array): number;
  truncate(size: number): void;
  close(): void;
}

/** A call of the host's that failed, with Linux's name for why. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(readonly code: ErrorName) {
    super(code);
  }
}
