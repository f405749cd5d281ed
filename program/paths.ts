/** Whether a path says by itself where it is: `/x`, `C:\x`, `\\host\x`. */
export function isAbsolutePath(path: string): boolean {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path);
}

/** `path` taken from `folder` unless it is absolute, without `.` and `..` parts; in the style of separators that `folder` has. */
export function joinPath(folder: string, path: string): string {
  const whole = isAbsolutePath(path) || folder === '' ? path : `${folder}/${path}`;
  const separator = /^([A-Za-z]:)?\\|^[A-Za-z]:/.test(whole) ? '\\' : '/';
  const root = /^([A-Za-z]:)?[/\\]*/.exec(whole)![0];
  const parts: string[] = [];
  for (const part of whole.slice(root.length).split(separator === '/' ? '/' : /[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || root === '') parts.push(part);
  }
  return (separator === '/' ? root : root.replaceAll('/', '\\')) + parts.join(separator);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.replace(/^.*[/\\]/s, '');
}

/** The path without its last part; empty where it has only one. */
export function folderOf(path: string): string {
  const folder = path.slice(0, path.length - baseName(path).length);
  return folder.length > 1 ? folder.slice(0, -1) : folder;
}
