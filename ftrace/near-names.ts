/**
 * The names most like a mistyped one, best first: few edits away, or one a part of the other. Case does not count; of a glob the
 * longest piece without wildcards does.
 */
export function nearNames(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const target = longestLiteral(wanted.toLowerCase());
  if (target === '') return [];
  const allowed = Math.max(1, Math.floor(target.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const candidate = name.toLowerCase();
    const edits = editDistance(target, candidate, allowed);
    if (edits <= allowed) scored.push({ name, score: edits });
    else if (target.length > 2 && (candidate.includes(target) || (candidate.length > 2 && target.includes(candidate)))) {
      scored.push({ name, score: allowed + Math.abs(candidate.length - target.length) });
    }
  }
  return scored
    .sort((one, other) => one.score - other.score || (one.name < other.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

function longestLiteral(pattern: string): string {
  return pattern.split(/[*?[\]!\\]/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
}

/** Insertions, deletions, changes and swaps of neighbours that lead from one text to the other; more than `most` is not counted out. */
function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      let edits = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change);
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (swapped) edits = Math.min(edits, beforeLast[column - 2]! + 1);
      current.push(edits);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length]!;
}
