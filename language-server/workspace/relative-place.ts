/** The path of a file as seen from another: `lib/print.s`. */
export function relativePlace(from: string, to: string): string {
  const base = new URL('.', from).href;
  const shown = to.startsWith(base) ? to.slice(base.length) : (to.split('/').at(-1) ?? to);
  try {
    return decodeURIComponent(shown);
  } catch {
    return shown;
  }
}
