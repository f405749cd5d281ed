import type { FileImage } from '../../../program/program';
import { LinuxError } from '../errno';
import type { Mount } from '../host-folder';
import type { ProcessHost } from '../process-host';
import { Device, fullStream, nullStream, type Randomness, zeroStream } from './devices';
import { GeneratedFile } from './generated-file';
import { firstHostDevice, HostDirectory } from './host-files';
import { MemoryDirectory, MemoryFile, type Tree } from './memory-files';
import { bytesOfName } from './names';
import type { Node } from './node';
import { terminal } from './standard-streams';

export interface GuestFilesOptions {
  readonly tree: Tree;
  readonly host: ProcessHost;
  readonly mounts: readonly Mount[];
  readonly randomness: Randomness;
  /** The program's own file, by the name it has in `/`. */
  readonly program: { readonly name: string; readonly image: FileImage };
  /** The texts of files in /proc that are made when they are opened, by path below `/proc/self`, or `/proc` with a leading `/`. */
  readonly proc: Readonly<Record<string, () => string>>;
}

/** The tree of files that a program finds: directories in memory, devices, /proc, and the host's folders that are mounted. */
export function makeGuestFiles({ tree, host, mounts, randomness, program, proc }: GuestFilesOptions): MemoryDirectory {
  const root = new MemoryDirectory(tree, 0o755);
  const [dev, etc, processes] = ['dev', 'etc', 'proc'].map((name) => root.makeDirectory(name, 0o755)) as [
    MemoryDirectory,
    MemoryDirectory,
    MemoryDirectory,
  ];
  root.makeDirectory('tmp', 0o1777);
  for (const [name, node] of devices(tree, host, randomness)) dev.put(name, node);
  for (const [name, target] of links) dev.makeLink(name, target);
  root.put(program.name, new ProgramFile(tree, program.image));
  const self = processes.makeDirectory('self', 0o755);
  self.makeLink('exe', `/${program.name}`);
  self.makeLink('cwd', '/');
  self.makeLink('root', '/');
  for (const [name, text] of Object.entries(proc)) {
    const file = new GeneratedFile(tree, text);
    if (name.startsWith('/')) processes.put(name.slice(1), file);
    else self.put(name, file);
  }
  mounts.forEach((mount, index) => {
    attach(root, mount, firstHostDevice + index);
  });
  for (const directory of [dev, processes, self]) directory.setMode(0o555);
  etc.setMode(0o755);
  return root;
}

function devices(tree: Tree, host: ProcessHost, randomness: Randomness): [string, Node][] {
  const device = (
    major: number,
    minor: number,
    ...rest: ConstructorParameters<typeof Device> extends [unknown, unknown, unknown, ...infer Rest] ? Rest : never
  ) => new Device(tree.nextInode(), major, minor, ...rest);
  return [
    ['null', device(1, 3, () => nullStream)],
    ['zero', device(1, 5, () => zeroStream)],
    ['full', device(1, 7, () => fullStream)],
    ['random', device(1, 8, () => randomness)],
    ['urandom', device(1, 9, () => randomness)],
    ['tty', device(5, 0, () => terminal(host))],
  ];
}

const links = [
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['fd', '/proc/self/fd'],
] as const;

/** The program as a file that can be read and not written. */
class ProgramFile extends MemoryFile {
  constructor(
    tree: Tree,
    private readonly image: FileImage,
  ) {
    super(tree, 0o755);
  }

  override status() {
    return { ...super.status(), size: this.image.length };
  }

  override open({ write }: { readonly write: boolean }) {
    if (write) throw new LinuxError('EACCES');
    const { image } = this;
    return {
      size: image.length,
      read: (position: number, length: number) => image.subarray(position, position + length).slice(),
      write: () => 0,
      truncate: () => {},
      close: () => {},
    };
  }
}

/** Puts a host's folder at its path, whose directories are made. */
function attach(root: MemoryDirectory, { path, folder, writable }: Mount, device: number): void {
  const names = bytesOfName(path)
    .split('/')
    .filter((name) => name !== '');
  const last = names.pop();
  let directory = root;
  for (const name of names) {
    const known = directory.lookup(name);
    if (known && !(known instanceof MemoryDirectory)) throw new RangeError(`the mount ${path} lies within another`);
    directory = known ?? directory.makeDirectory(name, 0o755);
  }
  if (last === undefined) throw new RangeError('nothing can be mounted at /');
  const known = directory.lookup(last);
  if (known && (known.type !== 'directory' || (known as MemoryDirectory).entries().length > 0)) {
    throw new RangeError(`there is something at ${path} already: a mount needs a path of its own`);
  }
  directory.put(last, new HostDirectory({ folder, writable, device }, '', directory, last));
}
