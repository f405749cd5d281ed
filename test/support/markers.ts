import { readFileSync } from 'node:fs';

/** The 1-based number of the line of a file whose comment says `break: NAME`; tests name lines so, never by number. */
export function lineOf(path: string, name: string): number {
  const lines = readFileSync(path, 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (new RegExp(`break: ${name}\\s*(\\*/)?\\s*$`).test(line) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${path} has ${found.length} lines marked "break: ${name}"`);
  return found[0]!;
}
