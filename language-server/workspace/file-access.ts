/** The files that a workspace is made of; the server on a desktop passes one for the file system. */
export interface FileAccess {
  /** The text of a file; undefined where it cannot be read, is no text or is larger than what is read. */
  read(uri: string): string | undefined;
  /** The assembly sources in a folder and those below it, at most `limit`. */
  list(folder: string, limit: number): Promise<string[]>;
}
