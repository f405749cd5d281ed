import { folderOf, joinPath } from '../paths';

/** A file that a source includes. */
export interface IncludedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** How sources reach other files (`.include`, `.incbin`, `#include`): only through what the caller of the assembler passes in. */
export interface FileAccess {
  /** The bytes of a file, undefined where there is none or it may not be read. Absent: no source can include another file. */
  readonly readFile?: ((path: string) => Uint8Array | undefined) | undefined;
  /** Folders to look in after that of the including file, in their order (`-I`). */
  readonly includeFolders?: readonly string[] | undefined;
}

/** More bytes than this in all included files together are an error, so that no chain of includes fills the memory. */
const mostBytes = 1 << 28;

/** The same for the number of times that a file is included. */
const mostFiles = 100_000;

/** The files that one source includes. */
export class SourceFiles {
  /** The paths of all files that were read, each once, in the order of their first use. */
  readonly paths = new Set<string>();
  private total = 0;
  private count = 0;

  constructor(private readonly access: FileAccess) {}

  /**
   * Looks in the folder of the including file, then in the include folders, then for the name as it is; `from` is undefined for
   * `#include <name>`, which is for the include folders alone. A text where it cannot be included, which says why.
   */
  find(name: string, from: string | undefined): IncludedFile | string {
    const { readFile, includeFolders = [] } = this.access;
    if (!readFile) return `'${name}' cannot be included: there is no access to files here`;
    const folders = from === undefined ? includeFolders : [folderOf(from), ...includeFolders, ''];
    for (const path of new Set(folders.map((folder) => joinPath(folder, name)))) {
      const bytes = readFile(path);
      if (!bytes) continue;
      if (++this.count > mostFiles) return `files are included more than ${mostFiles} times`;
      this.total += bytes.length;
      if (this.total > mostBytes) return `the included files have more than ${mostBytes / 2 ** 20} MiB together`;
      this.paths.add(path);
      return { path, bytes };
    }
    return `there is no file '${name}'${from === undefined ? ' in the include folders' : ''}`;
  }
}
