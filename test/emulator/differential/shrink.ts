import { stateSize } from './layout';
import { isPaired } from './random-variants';
import { compare, type Difference, type Engine } from './run-both';
import type { Variant } from './variants';

/** A difference that remains with fewer instructions and simpler contents: what can be left out or zeroed without losing it is. */
export function shrink(difference: Difference): Difference {
  let best = difference;
  const attempt = (variant: Variant, contents: Uint8Array): boolean => {
    const found = differenceOf(variant, contents, difference.engine);
    if (found) best = found;
    return found !== undefined;
  };
  if (!attempt(best.variant, best.contents)) return best;
  // From the last to the first, so that the indices of those still to be tried stay.
  for (let index = best.variant.steps.length - 1; index >= 0 && best.variant.steps.length > 1; index -= 1) {
    const steps = best.variant.steps.filter((_, step) => step !== index);
    attempt({ ...best.variant, steps }, best.contents);
  }
  for (let at = 8; at < stateSize; at += 8) {
    if (best.contents.subarray(at, at + 8).every((byte) => byte === 0)) continue;
    const contents = best.contents.slice();
    contents.fill(0, at, at + 8);
    attempt(best.variant, contents);
  }
  return best;
}

/** Enough for the translator to have taken over. */
const repetitions = 16;

/** A branch that a step has been taken away from behind may now lead into the middle of something: such a run counts as none. */
function differenceOf(variant: Variant, contents: Uint8Array, engine: Engine): Difference | undefined {
  if (variant.jump !== undefined || (variant.row === undefined && !isPaired(variant.steps))) return undefined;
  try {
    return compare(
      [() => variant],
      Array.from({ length: engine === 'translator' ? repetitions : 1 }, () => contents),
      engine,
    ).differences[0];
  } catch {
    return undefined;
  }
}
