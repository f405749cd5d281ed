/** A function that is to be traced. */
export interface Marker {
  /** The document, as a URI text. */
  readonly uri: string;
  readonly function: string;
  /** 0-based line where the function's name was last seen. */
  readonly line: number;
  /** Stop in the tracer at each hit. */
  readonly stop: boolean;
}

/** A function in a document, its lines counted from 0. */
export interface FunctionRange {
  readonly name: string;
  /** The line of its name. */
  readonly line: number;
  /** First and last line that belong to it. */
  readonly first: number;
  readonly last: number;
}

/** A document has at most one marker for each function name. */
export function sameFunction(one: Marker, other: Marker): boolean {
  return one.uri === other.uri && one.function === other.function;
}

/** The markers in what was stored, leaving out what an older or broken store holds. */
export function markersFrom(stored: unknown): Marker[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(
    (each): each is Marker =>
      typeof each === 'object' &&
      each !== null &&
      typeof each.uri === 'string' &&
      typeof each.function === 'string' &&
      Number.isInteger(each.line) &&
      typeof each.stop === 'boolean',
  );
}
