/** What names lead to in the guest's tree of files. Names and link targets are byte strings: one character for each byte. */
export type Node = FileNode | Directory | SymbolicLink | DeviceNode;

interface NodeBase {
  status(): FileStatus;
  /** chmod and utimensat; they throw LinuxError where that cannot be. Absent where nothing can be changed. */
  setMode?(mode: number): void;
  setTimes?(accessed: bigint | undefined, modified: bigint | undefined): void;
}

export interface FileNode extends NodeBase {
  readonly type: 'file';
  /** The file's bytes, for as long as it is open. */
  open(access: Access): FileBytes;
}

export interface SymbolicLink extends NodeBase {
  readonly type: 'link';
  readonly target: string;
}

export interface DeviceNode extends NodeBase {
  readonly type: 'device';
  open(access: Access): Stream;
}

/** A directory. What changes it throws LinuxError where the tree, or the host, does not have it. */
export interface Directory extends NodeBase {
  readonly type: 'directory';
  /** Itself for the root. */
  readonly parent: Directory;
  readonly name: string;
  lookup(name: string): Node | undefined;
  entries(): readonly DirectoryEntry[];
  create(name: string, mode: number): FileNode;
  makeDirectory(name: string, mode: number): void;
  makeLink(name: string, target: string): void;
  /** A second name for a file. */
  link(name: string, node: Node): void;
  remove(name: string): void;
  removeDirectory(name: string): void;
  /** Moves what `name` leads to; `target` is free or of a kind that may be replaced. */
  rename(name: string, directory: Directory, target: string): void;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  readonly inode: bigint;
}

export type FileType = 'file' | 'directory' | 'link' | 'device' | 'pipe';

export interface Access {
  readonly read: boolean;
  readonly write: boolean;
}

/** The bytes of an open file. */
export interface FileBytes {
  readonly size: number;
  /** At most `length` bytes from a position on, to be used before anything else is read; none at the end. */
  read(position: number, length: number): Uint8Array;
  /** How many bytes were written. */
  write(position: number, bytes: Uint8Array): number;
  truncate(size: number): void;
  close(): void;
}

/** Bytes that come and go: `wait` where the host has none yet, or takes no more for now. */
export interface Stream {
  read(length: number): Uint8Array | 'wait';
  write(bytes: Uint8Array): number | 'wait';
  readonly isTerminal?: boolean;
  /** Whether a read would find something, or the end; true unless given. */
  hasInput?(): boolean;
  close?(): void;
}

export interface FileStatus {
  readonly type: FileType;
  /** The low 12 bits of st_mode. */
  readonly mode: number;
  readonly inode: bigint;
  readonly links: number;
  readonly user: number;
  readonly group: number;
  readonly size: number;
  /** The device that it is on, and for a device node the one that it is: major * 256 + minor. */
  readonly device: number;
  readonly deviceNumber: number;
  /** Nanoseconds of the guest's clock, or of the host's for a host's file. */
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}
