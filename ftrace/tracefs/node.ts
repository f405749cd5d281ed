import { FtraceError } from '../ftrace-error';

/** A file of tracefs. A file without `read` or `write` answers EACCES to it. */
export interface FileNode {
  readonly kind: 'file';
  /** `most`: records at most, of a file that gives records and takes them away. */
  readonly read?: (most?: number) => string;
  /** `truncates`: opened by `>`, which most files do not mind. */
  readonly write?: (text: string, truncates: boolean) => void;
}

export interface DirectoryNode {
  readonly kind: 'directory';
  entries(): ReadonlyMap<string, TracefsNode>;
  readonly make?: (name: string) => void;
  readonly remove?: (name: string) => void;
}

export type TracefsNode = FileNode | DirectoryNode;

export function file(read?: (most?: number) => string, write?: (text: string, truncates: boolean) => void): FileNode {
  return { kind: 'file', ...(read && { read }), ...(write && { write }) };
}

export function directory(
  entries: () => Iterable<readonly [string, TracefsNode]>,
  more: Pick<DirectoryNode, 'make' | 'remove'> = {},
): DirectoryNode {
  return { kind: 'directory', entries: () => new Map(entries()), ...more };
}

/** `kstrtoul` of what was written: decimal, 0x or 0. Throws FtraceError (EINVAL). */
export function numberOf(text: string): number {
  const word = text.trim();
  if (!/^\+?(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/i.test(word)) throw new FtraceError('EINVAL');
  const number = /^\+?0[0-7]+$/.test(word) ? Number.parseInt(word, 8) : Number(word);
  if (!Number.isSafeInteger(number)) throw new FtraceError('ERANGE');
  return number;
}

/** The words of a write. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s\0]+/).filter((word) => word !== '');
}
