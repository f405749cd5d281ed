import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version. Its package.json is one folder up, both from the sources and from the bundle. */
export function version(): string {
  return JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')).version;
}
