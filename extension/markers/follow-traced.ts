import type { TracedFunction } from '../../debug-adapter/trace-protocol';
import type { Marker } from './marker';

/**
 * The markers after somebody has written to `set_ftrace_filter`: one more for each function that is traced now, and without those that
 * were in force (`isOn`) and are not traced any more. `uriOf` gives the document of a source. Functions whose source is not known have none.
 */
export function followTraced(
  markers: readonly Marker[],
  functions: readonly TracedFunction[],
  isOn: (marker: Marker) => boolean,
  uriOf: (path: string) => string,
): readonly Marker[] {
  const isTraced = (marker: Marker) =>
    functions.some((each) => each.function === marker.function && (each.source === undefined || uriOf(each.source) === marker.uri));
  const kept = markers.filter((marker) => !isOn(marker) || isTraced(marker));
  const added = functions.flatMap(({ function: name, source, line }): Marker[] => {
    if (source === undefined) return [];
    const uri = uriOf(source);
    const isThere = kept.some((marker) => marker.function === name && marker.uri === uri);
    return isThere ? [] : [{ uri, function: name, line: Math.max(0, (line ?? 1) - 1), stop: false }];
  });
  return added.length === 0 && kept.length === markers.length ? markers : [...kept, ...added];
}
