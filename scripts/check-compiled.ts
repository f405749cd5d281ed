/**
 * Fails where V8 does not take the code beside a bundle: `check-compiled.ts BUNDLE...`, in a process of its own, whose flags are those of a
 * user's. Commands would start without it, and be slower for nobody knows what.
 */
import { openBundle } from '../debug-adapter/open-bundle';

for (const path of process.argv.slice(2)) {
  if (!openBundle(path).startsFromCode) throw new Error(`${path}: V8 does not take the code that was made for it`);
}
