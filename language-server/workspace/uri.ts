/** The path of a file's address; the address itself where it is of another kind. */
export function pathOf(uri: string): string {
  try {
    const { protocol, pathname } = new URL(uri);
    return protocol === 'file:' ? decodeURIComponent(pathname) : uri;
  } catch {
    return uri;
  }
}

/** The address of the file at a path, the inverse of `pathOf`. */
export function uriOf(path: string): string {
  return path.startsWith('/') ? `file://${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}` : path;
}
