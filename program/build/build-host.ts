/** What building needs of the machine it runs on; the rooms below reach files and processes only through this. */
export interface BuildHost {
  /** Folder with the sources of the C runtime and its `include`. */
  readonly runtimeFolder: string;
  /** Throws an Error whose message says why the file cannot be read. */
  readFile(path: string): Promise<Uint8Array>;
  /**
   * The bytes of a file that a source includes, at once; undefined where there is none. `folder` is that of the program: files outside
   * of it, also through links, are none. Absent: sources cannot include files.
   */
  readIncluded?(path: string, folder: string): Uint8Array | undefined;
  /** What reads a file with debug information, at once; undefined where there is no such file. Absent: there are none. */
  openDebugFile?(path: string): (() => Uint8Array | undefined) | undefined;
  /** The path of a command: itself where it is a path of a file that can be run, else found on PATH; undefined where there is none. */
  findCommand(command: string): Promise<string | undefined>;
  /** Runs a command in a folder to its end, without input. Throws an Error where it cannot be started. */
  run(command: string, args: readonly string[], folder: string): Promise<CommandResult>;
  /** Gives `use` a new empty folder, which is removed afterwards. */
  withTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result>;
}

export interface CommandResult {
  /** The exit status; -1 where a signal has ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
