import { type FunctionRange, type Marker, sameFunction } from './marker';

type Markers = readonly Marker[];

/** A replaced range of a document, lines and characters from 0, and how many line ends its new text has. */
export interface LineChange {
  readonly startLine: number;
  readonly startCharacter: number;
  readonly endLine: number;
  readonly newLines: number;
}

/** What toggling does: its own kind of marker goes away; "Trace and Stop" on a traced function makes it stop as well. */
export function toggled(markers: Markers, uri: string, target: FunctionRange, stop: boolean): Markers {
  const wanted: Marker = { uri, function: target.name, line: target.line, stop };
  const present = markers.find((each) => sameFunction(each, wanted));
  const others = markers.filter((each) => each !== present);
  const becomesStop = present && stop && !present.stop;
  return present && !becomesStop ? others : [...others, wanted];
}

/** Markers after an edit of their document: their lines move with the text. */
export function shifted(markers: Markers, uri: string, changes: readonly LineChange[]): Markers {
  return mapped(markers, (marker) => {
    if (marker.uri !== uri) return marker;
    const line = changes.reduce(shiftLine, marker.line);
    return line === marker.line ? marker : { ...marker, line };
  });
}

/**
 * Markers set on the functions that a document has now. A marker goes to the nearest function of its name. Where there is none, a
 * function whose name is new and stands on the marker's line is the same function renamed. Else the marker stays, until its function
 * comes back. `before` are the names of the document's functions when it was last looked at.
 */
export function bound(markers: Markers, uri: string, functions: readonly FunctionRange[], before: ReadonlySet<string>): Markers {
  const result: Marker[] = [];
  for (const marker of markers) {
    const next = marker.uri === uri ? boundOne(marker, functions, before) : marker;
    if (!result.some((each) => sameFunction(each, next))) result.push(next);
  }
  return sameMarkers(markers, result) ? markers : result;
}

/** Markers after a file or a folder was renamed. */
export function moved(markers: Markers, from: string, to: string): Markers {
  return mapped(markers, (marker) => (isAtOrIn(marker.uri, from) ? { ...marker, uri: to + marker.uri.slice(from.length) } : marker));
}

/** Markers after a file or a folder was deleted. */
export function withoutFile(markers: Markers, uri: string): Markers {
  const left = markers.filter((marker) => !isAtOrIn(marker.uri, uri));
  return left.length === markers.length ? markers : left;
}

function boundOne(marker: Marker, functions: readonly FunctionRange[], before: ReadonlySet<string>): Marker {
  const distance = (range: FunctionRange): number => Math.abs(range.line - marker.line);
  const [nearest] = functions.filter((range) => range.name === marker.function).sort((a, b) => distance(a) - distance(b));
  const renamed = functions.find((range) => range.line === marker.line && !before.has(range.name));
  const target = nearest ?? renamed;
  if (!target || (target.name === marker.function && target.line === marker.line)) return marker;
  return { ...marker, function: target.name, line: target.line };
}

function shiftLine(line: number, change: LineChange): number {
  const pushedDown = change.endLine === change.startLine && change.startCharacter === 0 && change.startLine === line;
  if (line > change.endLine || pushedDown) return line + change.newLines - (change.endLine - change.startLine);
  if (line <= change.startLine) return line;
  return line === change.endLine ? change.startLine + change.newLines : change.startLine;
}

function isAtOrIn(uri: string, file: string): boolean {
  return uri === file || uri.startsWith(`${file}/`);
}

function mapped(markers: Markers, change: (marker: Marker) => Marker): Markers {
  const result = markers.map(change);
  return sameMarkers(markers, result) ? markers : result;
}

function sameMarkers(one: Markers, other: Markers): boolean {
  return one.length === other.length && one.every((marker, index) => marker === other[index]);
}
