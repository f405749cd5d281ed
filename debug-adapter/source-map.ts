import { resolve } from 'node:path';
import * as errors from './errors';

/** The launch option `sourceMap`: where a folder (or file) of the compiler's is on this computer. */
export type SourceMapArguments = Readonly<Record<string, string>>;

/** Where a path of the line table is now; undefined where nothing is said of it. */
export type SourceMap = (path: string) => string | undefined;

/** The longest of the folders counts, in whole names; relative places are taken from `base`. Throws `badArguments`. */
export function makeSourceMap(asked: SourceMapArguments | undefined, base: string): SourceMap {
  const moves = Object.entries(asked ?? {}).map(([from, to]) => {
    if (typeof to !== 'string') throw errors.badArguments('launch', `"sourceMap": ${from}: the folder where it is now is needed`);
    return { from: withoutSlash(from), to: resolve(base, to) };
  });
  moves.sort((one, other) => other.from.length - one.from.length);
  return (path) => {
    const name = path.replaceAll('\\', '/');
    const move = moves.find(({ from }) => name === from || name.startsWith(`${from}/`));
    return move && resolve(move.to, `.${name.slice(move.from.length)}`);
  };
}

function withoutSlash(path: string): string {
  return path.replaceAll('\\', '/').replace(/\/+$/, '');
}
